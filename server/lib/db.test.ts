import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { testDatabase } from '../test/database.ts'
import { lockKey, lockKeys, openDb } from './db.ts'
import { createLog } from './log.ts'

const printed: string[] = []
const real = console.log
beforeEach(() => {
  console.log = (...said: unknown[]) => void printed.push(said.join(' '))
})
afterEach(() => {
  console.log = real
})

test('what knex has to say is a line of our log, also while there is no database', async () => {
  const lines: string[] = []
  const log = createLog({
    level: 'debug',
    destination: { write: (line: string) => void lines.push(line) },
  })
  const away = openDb('postgres://nobody@127.0.0.1:1/nothing', { maxConnections: 1, log })
  await expect(away.raw('select 1')).rejects.toThrow()
  away.client.logger.deprecate('one way', 'another')
  await away.destroy()
  const said = lines.map((line) => JSON.parse(line) as { level: string; msg: string })
  expect(said.map(({ msg }) => msg)).toEqual([
    expect.stringContaining('Acquire connection error'),
    'one way is deprecated, please use another',
  ])
  expect(printed).toEqual([])
})

test('a pool for reads writes nothing, waits for nobody for ever, and plans once', async () => {
  const { connectionString } = await testDatabase()
  const reads = openDb(connectionString, { maxConnections: 1, prepare: true, forReads: true })
  try {
    await expect(reads('settings').insert({ key: 'x' })).rejects.toMatchObject({ code: '25006' })
    const asked = await Promise.all(
      ['plan_cache_mode', 'statement_timeout'].map(async (name) => {
        const { rows } = await reads.raw<{ rows: { value: string }[] }>(
          'select current_setting(?) as value',
          [name],
        )
        return rows[0]!.value
      }),
    )
    expect(asked).toEqual(['force_generic_plan', '10s'])
  } finally {
    await reads.destroy()
  }
})

test('what a transaction holds it does not ask for again; what it took behind a savepoint goes with that', async () => {
  const { db } = await testDatabase()
  const asked: unknown[] = []
  const note = ({ sql, bindings }: { sql: string; bindings: unknown[] }): void => {
    if (sql.includes('advisory')) asked.push(...bindings)
  }
  db.on('query', note)
  const isFree = async (key: string): Promise<boolean> => {
    const { rows } = await db.raw<{ rows: { free: boolean }[] }>(
      'select pg_try_advisory_lock(hashtextextended(?, 0)) as free',
      [key],
    )
    return rows[0]!.free
  }
  await db.transaction(async (outer) => {
    await lockKeys(outer, ['a', 'b'])
    await lockKeys(outer, ['c', 'b', 'a'])
    await lockKey(outer, 'c')
    const inner = await outer.transaction()
    await lockKey(inner, 'd')
    await inner.rollback()
    await lockKey(outer, 'd')
    expect(await isFree('d')).toBe(false)
  })
  await lockKey(db, 'a')
  await lockKey(db, 'a')
  db.removeListener('query', note)
  expect(asked).toEqual([['a', 'b'], ['c'], ['d'], ['d'], 'd', ['a'], ['a']])
})

test('who locks the same keys in any order waits for the other and never for ever', async () => {
  const { db } = await testDatabase()
  const keys = ['a', 'b', 'c', 'd', 'e', 'f']
  let inside = 0
  let most = 0
  const hold = (order: readonly string[]) =>
    db.transaction(async (transaction) => {
      await lockKeys(transaction, order)
      most = Math.max(most, ++inside)
      await transaction.raw('select pg_sleep(0.002)')
      inside -= 1
    })
  const orders = Array.from({ length: 40 }, (_, index) => [
    ...keys.slice(index % 6),
    ...keys.slice(0, index % 6),
  ])
  await Promise.all(
    orders.map((order, index) => hold(index % 2 === 0 ? order : order.toReversed())),
  )
  expect(most).toBe(1)
})
