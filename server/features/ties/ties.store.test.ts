import { beforeAll, beforeEach, expect, test } from '@jest/globals'
import { testDatabase, type TestDatabase } from '../../test/database.ts'
import { clearBound } from '../customers/customers.store.ts'
import { endAlarm, raiseAlarm } from './platforms.store.ts'
import { endTies, findPairEnding, hasOpenAttempt, insertPairEnding } from './ties.store.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
beforeEach(() => database.clear())

const now = new Date(Date.UTC(2026, 2, 2, 1))

async function insert(table: string, row: object): Promise<number> {
  const [inserted] = await database.db(table).insert(row).returning<{ id: number }[]>('id')
  return inserted!.id
}

test.each([
  ['the one that was tied last: the other stands in its place', ['o2'], 'o1'],
  ['the one before: the last one stays', ['o1'], 'o2'],
  ['both: none is left', ['o1', 'o2'], null],
])('a customer row names an account that is still his; ended is %s', async (_, ended, left) => {
  const { db } = database
  const customerId = await insert('customers', {
    wework_userid: 'wm1',
    wechat_openid: 'o2',
    bound_at: now,
    bound_by: 'customer',
  })
  const ids = new Map<string, number>()
  for (const [index, app] of ['miniprogram', 'official'].entries()) {
    const openid = `o${String(index + 1)}`
    ids.set(openid, await insert('accounts', { app, openid }))
    await insert('customer_accounts', {
      customer_id: customerId,
      account_id: ids.get(openid),
      app,
      external_userid: 'wm1',
      evidence_id: 0,
      tied_at: new Date(now.getTime() + index),
    })
  }
  await endTies(db, {
    customerId,
    accountIds: ended.map((openid) => ids.get(openid)!),
    by: 'admin',
    now,
  })
  await clearBound(db, { customerId, now })
  expect(await db('customers').where({ id: customerId }).first('wechat_openid')).toEqual({
    wechat_openid: left,
  })
})

test('of two endings of a pair in the same instant the later word counts', async () => {
  const { db } = database
  const accountId = await insert('accounts', { app: 'miniprogram', openid: 'o1' })
  for (const by of ['customer', 'admin'] as const)
    await insertPairEnding(db, { accountId, externalUserId: 'wm1', by, now })
  expect(await findPairEnding(db, { accountId, externalUserId: 'wm1', unionId: null })).toEqual({
    at: now,
    by: 'admin',
  })
})

test('of two alarms one ends alone, and tells once that it was raised and that it is over', async () => {
  const { db } = await testDatabase()
  const now = new Date(Date.UTC(2026, 2, 2))
  expect(await raiseAlarm(db, { kind: 'one', now })).toBe(true)
  expect(await raiseAlarm(db, { kind: 'other', now })).toBe(true)
  expect(await raiseAlarm(db, { kind: 'one', now })).toBe(false)
  expect(await endAlarm(db, { kind: 'one', now })).toBe(true)
  expect(await endAlarm(db, { kind: 'one', now })).toBe(false)
  expect(await db('configuration_alarms').whereNull('ended_at').pluck('kind')).toEqual(['other'])
  expect(await raiseAlarm(db, { kind: 'one', now })).toBe(true)
})

test('an attempt is open until it ends, for its own pair, and told in the chat only when it began there', async () => {
  const { db } = database
  const [one, other] = [
    await insert('accounts', { app: 'miniprogram', openid: 'o1' }),
    await insert('accounts', { app: 'miniprogram', openid: 'o2' }),
  ]
  const begin = (id: number, more: object) =>
    db('pending_bindings').insert({
      id: `00000000-0000-4000-8000-00000000000${String(id)}`,
      account_id: one,
      external_userid: `wm${String(id)}`,
      open_kfid: 'wk1',
      via: 'kf_code',
      source_id: `m${String(id)}`,
      created_at: now,
      expires_at: now,
      ...more,
    })
  await begin(1, {})
  await begin(2, { state: 'expired', account_id: other, decided_at: now })
  await begin(3, { via: 'ticket', account_id: other })
  const isOpen = (accountId: number, externalUserId: string) =>
    hasOpenAttempt(db, { accountId, externalUserId })
  expect(await isOpen(one, 'wm1')).toBe(true)
  expect(await isOpen(other, 'wm1')).toBe(false)
  expect(await isOpen(one, 'wm2')).toBe(false)
  expect(await isOpen(other, 'wm2')).toBe(false)
  expect(await isOpen(other, 'wm3')).toBe(false)
})
