import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { testDatabase, type TestDatabase } from '../../test/database.ts'
import { findSharedPhone, isTiedByClaim, isTiedManually } from './evidence.store.ts'
import { revokeTickets } from './revocations.store.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
beforeEach(() => database.clear())

const now = new Date(Date.UTC(2026, 2, 2, 1))
const later = new Date(now.getTime() + 60_000)
const hmac = Buffer.from('p')

async function insert(table: string, row: object): Promise<number> {
  const [inserted] = await database.db(table).insert(row).returning<{ id: number }[]>('id')
  return inserted!.id
}
const insertAccount = (openid: string) => insert('accounts', { app: 'miniprogram', openid })

/** A contact whose phone a member has proven. */
async function proveContact(): Promise<void> {
  const eventId = await insert('wework_customer_events', {
    event_type: 'add_external_contact',
    external_userid: 'wm1',
    employee_userid: 'zhangsan',
    add_way: 2,
    followed_at: now,
  })
  await insert('evidence', {
    kind: 'phone_search',
    external_userid: 'wm1',
    member_userid: 'zhangsan',
    phone_hmac: hmac,
    event_id: eventId,
    observed_at: now,
  })
}

test.each([
  ['a claim', 'phone_claim', {}, 'phone_claim'],
  ['the button', 'phone_button', {}, 'phone_button'],
  ["an admin's word", 'manual', {}, undefined],
  ['a claim that ended', 'phone_claim', { revoked_at: now }, undefined],
  ['a claim whose time is over', 'phone_claim', { valid_until: now }, undefined],
  ['a claim of another number', 'phone_claim', { phone_hmac: Buffer.from('q') }, undefined],
])('an account shares the proven phone of a contact by %s: %s', async (_, kind, more, shared) => {
  await proveContact()
  const accountId = await insertAccount('o1')
  await insert('evidence', {
    kind,
    account_id: accountId,
    phone_hmac: hmac,
    observed_at: now,
    ...(kind === 'manual' && { customer_id: null, reason: '核对' }),
    ...more,
  })
  expect(
    (await findSharedPhone(database.db, { accountId, externalUserId: 'wm1', now }))?.kind,
  ).toBe(shared)
})

test('of several the latest is told', async () => {
  await proveContact()
  const accountId = await insertAccount('o1')
  const claim = { kind: 'phone_claim', account_id: accountId, phone_hmac: hmac, observed_at: now }
  await insert('evidence', { ...claim, source_id: '1' })
  const latest = await insert('evidence', { ...claim, source_id: '2' })
  expect((await findSharedPhone(database.db, { accountId, externalUserId: 'wm1', now }))?.id).toBe(
    latest,
  )
})

const CARD = {
  kind: 'ticket',
  reason: 'welcome_card',
  external_userid: 'wm1',
  observed_at: now,
  valid_until: later,
}

test.each([
  ['it opened the welcome card of this contact', {}, true],
  ["it opened its own attempt's card", { reason: null }, false],
  ['it opened the welcome card of another', { external_userid: 'wm2' }, false],
  ['somebody said that it was not he', { revoked_at: now }, false],
  ['that was too long ago', { valid_until: now }, false],
  ['it sent a code', { kind: 'kf_code' }, false],
])('a claim stands beside a card when %s', async (_, more, carded) => {
  await proveContact()
  const accountId = await insertAccount('o1')
  await insert('evidence', {
    kind: 'phone_claim',
    account_id: accountId,
    phone_hmac: hmac,
    observed_at: now,
    valid_until: later,
  })
  await insert('evidence', { ...CARD, account_id: accountId, ...more })
  expect(
    await findSharedPhone(database.db, { accountId, externalUserId: 'wm1', now }),
  ).toMatchObject({ kind: 'phone_claim', claimants: 1, carded })
})

test('who says that it was not he ends the cards that these accounts opened of him, and nothing else', async () => {
  const [his, other] = [await insertAccount('o1'), await insertAccount('o2')]
  const ended = await insert('evidence', { ...CARD, account_id: his })
  await insert('evidence', { ...CARD, account_id: his, external_userid: 'wm2' })
  await insert('evidence', { ...CARD, account_id: other })
  await insert('evidence', { ...CARD, account_id: his, kind: 'kf_code', reason: null })
  await revokeTickets(database.db, {
    accountIds: [his],
    externalUserId: 'wm1',
    reason: 'not_me',
    now,
  })
  expect(await database.db('evidence').whereNotNull('revoked_at').pluck('id')).toEqual([ended])
})

describe('what a tie stands on', () => {
  test.each([
    ['phone_claim', null, { manually: false, byClaim: true }],
    ['manual', null, { manually: true, byClaim: false }],
    ['ticket', null, { manually: false, byClaim: false }],
    ['phone_claim', now, { manually: false, byClaim: false }],
    ['manual', now, { manually: false, byClaim: false }],
  ])('is told by its evidence while it lasts: %s, ended at %s', async (kind, endedAt, told) => {
    const accountId = await insertAccount('o1')
    const customerId = await insert('customers', { wework_userid: 'wm1' })
    await insert('customer_accounts', {
      customer_id: customerId,
      account_id: accountId,
      app: 'miniprogram',
      external_userid: 'wm1',
      evidence_id: await insert('evidence', { ...CARD, kind, account_id: accountId }),
      tied_at: now,
      ended_at: endedAt,
    })
    expect({
      manually: await isTiedManually(database.db, accountId),
      byClaim: await isTiedByClaim(database.db, customerId),
    }).toEqual(told)
  })
})
