import { beforeAll, beforeEach, expect, test } from '@jest/globals'
import { testDatabase, type TestDatabase } from '../../test/database.ts'
import { findSharedPhone } from './evidence.store.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
beforeEach(() => database.clear())

const now = new Date(Date.UTC(2026, 2, 2, 1))
test.each([
  ['a claim', 'phone_claim', {}, 'phone_claim'],
  ['the button', 'phone_button', {}, 'phone_button'],
  ["an admin's word", 'manual', {}, undefined],
  ['a claim that ended', 'phone_claim', { revoked_at: now }, undefined],
  ['a claim whose time is over', 'phone_claim', { valid_until: now }, undefined],
])('an account shares the proven phone of a contact by %s: %s', async (_, kind, more, shared) => {
  const { db } = database
  const hmac = Buffer.from('p')
  const [account] = await db('accounts')
    .insert({ app: 'miniprogram', openid: 'o1' })
    .returning<{ id: number }[]>('id')
  const [event] = await db('wework_customer_events')
    .insert({
      event_type: 'add_external_contact',
      external_userid: 'wm1',
      employee_userid: 'zhangsan',
      add_way: 2,
      followed_at: now,
    })
    .returning<{ id: number }[]>('id')
  await db('evidence').insert([
    {
      kind: 'phone_search',
      external_userid: 'wm1',
      member_userid: 'zhangsan',
      phone_hmac: hmac,
      event_id: event!.id,
      observed_at: now,
    },
    {
      kind,
      account_id: account!.id,
      phone_hmac: hmac,
      observed_at: now,
      ...(kind === 'manual' && { customer_id: null, reason: '核对' }),
      ...more,
    },
  ])
  expect(
    (await findSharedPhone(db, { accountId: account!.id, externalUserId: 'wm1', now }))?.kind,
  ).toBe(shared)
})
