import { expect, test } from '@jest/globals'
import { testDatabase } from '../test/database.ts'
import { lockKeys } from './db.ts'

test('who locks the same keys in any order waits for the other and never for ever', async () => {
  const { db } = await testDatabase()
  const keys = ['a', 'b', 'c', 'd', 'e', 'f']
  let inside = 0
  let most = 0
  const hold = (order: readonly string[]) => db.transaction(async (transaction) => {
    await lockKeys(transaction, order)
    most = Math.max(most, ++inside)
    await transaction.raw('select pg_sleep(0.002)')
    inside -= 1
  })
  const orders = Array.from({ length: 40 }, (_, index) => [...keys.slice(index % 6), ...keys.slice(0, index % 6)])
  await Promise.all(orders.map((order, index) => hold(index % 2 === 0 ? order : order.toReversed())))
  expect(most).toBe(1)
})
