import { beforeAll, expect, test } from '@jest/globals'
import { testDatabase, type TestDatabase } from './database.ts'
import { createScanWatch } from './scans.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
  await database.db('accounts').insert({ app: 'miniprogram', openid: 'o1', unionid: 'u1' })
  await database.db('kf_cursors').insert({ open_kfid: 'wk1', cursor: 'c' })
})

const scansOf = async (sql: string, allowed: string[] = []): Promise<string[]> => {
  const watch = createScanWatch(allowed)
  watch.note({ sql })
  return watch.findScans(database.connectionString)
}

test.each([
  ['a column without an index', 'select id from accounts where signed_in_at < $1'],
  ['one of two ways without', 'select id from accounts where unionid = $1 or signed_in_at < $2'],
  [
    'the two ways in two tables',
    'select a.id from accounts a left join live_ties t on t.account_id = a.id where a.unionid = $1 or t.external_userid = $2',
  ],
  ['what has no unionid', 'select id from accounts where unionid is null'],
  ['an update of the same kind', 'update accounts set openid = $1 where signed_in_at < $2'],
])('a statement that reads all of a table is found: %s', async (_, sql) => {
  expect(await scansOf(sql)).toEqual([expect.stringMatching(/^accounts: /)])
  expect(await scansOf(sql, ['from accounts', 'update accounts'])).toEqual([])
})

test.each([
  ['by its key', 'select id from accounts where id = $1'],
  ['by an index of some', 'select id from accounts where unionid = $1'],
  ['by either of two', 'select id from accounts where unionid = $1 or id = $2'],
  ['of a table that stays small', 'select cursor from kf_cursors where updated_at < $1'],
  ['of a table in which nothing was written', 'select id from projects where title = $1'],
])('one that an index leads to is not: %s', async (_, sql) => {
  expect(await scansOf(sql)).toEqual([])
})
