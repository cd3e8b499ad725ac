import { expect, test } from '@jest/globals'
import { testDatabase } from '../../test/database.ts'
import { insertClaim, pageStuck } from './questions.store.ts'

const NOW = new Date(Date.UTC(2026, 2, 2))
const ago = (hours: number): Date => new Date(NOW.getTime() - hours * 3_600_000)

test('stuck is who named an order in vain in that time and has found none since', async () => {
  const { db } = await testDatabase()
  const customers = await db('customers')
    .insert(['a', 'b', 'c', 'd'].map((hash) => ({ phone: hash, phone_hmac: Buffer.from(hash) })))
    .returning<{ id: number }[]>('id')
  const [account] = await db('accounts')
    .insert({ app: 'miniprogram', openid: 'o' })
    .returning<{ id: number }[]>('id')
  const claim = (at: number, found: boolean, hours: number) =>
    insertClaim(db, {
      customerId: customers[at]!.id,
      accountId: account!.id,
      found,
      now: ago(hours),
    })
  await claim(0, false, 25)
  await claim(1, true, 25)
  await claim(2, false, 25)
  await claim(2, true, 24)
  await claim(3, false, 27)
  const stuck = await pageStuck(db, { from: ago(26), to: ago(24) })
  expect(stuck.map(({ customerId }) => customerId)).toEqual([customers[0]!.id])
})
