import { beforeAll, expect, test } from '@jest/globals'
import { testDatabase, type TestDatabase } from '../test/database.ts'
import { forEveryOne, itemFault, tryItem } from './item-fault.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
  await database.db.raw(
    'create table items (id text constraint items_id_key unique, body jsonb, n smallint constraint items_small check (n < 100))',
  )
  await database.db('items').insert({ id: 'taken' })
})

const failureOf = (action: () => Promise<unknown>): Promise<unknown> =>
  action().then(
    () => undefined,
    (error: unknown) => error,
  )

test.each<[string, string, object]>([
  ['a NUL in a text', '22021', { id: 'a\u0000' }],
  ['a NUL in jsonb', '22P05', { body: JSON.stringify('\u0000') }],
  ['half a character in jsonb', '22P02', { body: '"\\ud800"' }],
  ['a number out of range', '22003', { n: 1e9 }],
  ['a collision', '23505 items_id_key', { id: 'taken' }],
  ['a broken rule', '23514 items_small', { n: 100 }],
  [
    'a key that no index takes',
    '54000',
    { id: Array.from({ length: 900 }, (_, at) => `${String(at * 7919)}${Math.sin(at)}`).join('') },
  ],
])("%s is the item's fault: %s", async (_, reason, row) => {
  expect(itemFault(await failureOf(() => database.db('items').insert(row)))).toBe(reason)
})

test("a value that our own code cannot use is the item's fault", async () => {
  expect(itemFault(await failureOf(async () => new Date(Number.NaN).toISOString()))).toBe(
    'RangeError',
  )
})

test.each<[string, () => Promise<unknown>]>([
  [
    'a connection that was ended',
    async () =>
      database.db.transaction((db) => db.raw('select pg_terminate_backend(pg_backend_pid())')),
  ],
  [
    'a statement that took too long',
    async () =>
      database.db.transaction(async (db) => {
        await db.raw(`set local statement_timeout = 5`)
        await db.raw('select pg_sleep(2)')
      }),
  ],
  ['a column that is not there', async () => database.db('items').insert({ unheard_of: 1 })],
  [
    'a server that does not answer',
    async () => {
      throw Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })
    },
  ],
  [
    'a connection that broke',
    async () => {
      throw new Error('Connection terminated unexpectedly')
    },
  ],
])("%s is nobody's fault, and is thrown", async (_, action) => {
  await expect(tryItem(action)).rejects.toBeDefined()
})

test('everybody gets his turn, and the first failure is thrown at the end', async () => {
  const done: number[] = []
  await expect(
    forEveryOne([1, 2, 3, 4], async (item) => {
      if (item % 2 === 0) throw new Error(`not ${String(item)}`)
      done.push(item)
    }),
  ).rejects.toThrow('not 2')
  expect(done).toEqual([1, 3])
})
