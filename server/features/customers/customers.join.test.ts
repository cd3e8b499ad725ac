import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { testDatabase, type TestDatabase } from '../../test/database.ts'
import { moveEvidence } from '../evidence/evidence.store.ts'
import { moveHolder } from '../ownership/ownership.store.ts'
import { moveReviews } from '../reviews/reviews.store.ts'
import { moveTies } from '../ties/ties.store.ts'
import { merge as mergeCustomers } from './customers.join.ts'
import { findByContact, isBoundContact } from './customers.store.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
beforeEach(() => database.clear())

const PHONE = '13800138000'
const hmac = Buffer.from('hmac of the phone')
const now = new Date(Date.UTC(2026, 2, 2, 1))
const rooms = {
  evidence: { move: moveEvidence },
  ties: { moveTies },
  ownership: { moveHolder },
  reviews: { move: moveReviews },
}

async function insert(table: string, row: object): Promise<number> {
  const [inserted] = await database.db(table).insert(row).returning<{ id: number }[]>('id')
  return inserted!.id
}

const merge = (survivor: number, loser: number): Promise<void> =>
  database.db.transaction((db) => mergeCustomers({ db, ...rooms }, { survivor, loser, now }))

/** An imported customer, known by his phone, and one known by his contact; they turn out to be one. */
async function twoOfOne(
  phoneMore: object = {},
  contactMore: object = {},
): Promise<{ survivor: number; loser: number }> {
  const survivor = await insert('customers', { phone: PHONE, phone_hmac: hmac, ...phoneMore })
  const loser = await insert('customers', {
    wework_userid: 'wm1',
    binding_status: 'bound',
    bound_at: now,
    bound_by: 'customer',
    wechat_openid: 'o1',
    ...contactMore,
  })
  return { survivor, loser }
}

describe('two customers who are one', () => {
  test('the survivor has the contact, the accounts and the evidence of both; the other leads to it, also for those merged into him before', async () => {
    const { db } = database
    const { survivor, loser } = await twoOfOne()
    const former = await insert('customers', { merged_into: loser })
    const accountId = await insert('accounts', { app: 'miniprogram', openid: 'o1' })
    await insert('customer_accounts', {
      customer_id: loser,
      account_id: accountId,
      app: 'miniprogram',
      external_userid: 'wm1',
      evidence_id: 0,
      tied_at: now,
    })
    await insert('evidence', {
      kind: 'manual',
      customer_id: loser,
      phone_hmac: hmac,
      reason: '核对',
      observed_at: now,
    })
    await merge(survivor, loser)
    expect(
      await db('customers')
        .where({ id: survivor })
        .first('phone', 'wework_userid', 'bound_by', 'wechat_openid', 'merged_into'),
    ).toEqual({
      phone: PHONE,
      wework_userid: 'wm1',
      bound_by: 'customer',
      wechat_openid: 'o1',
      merged_into: null,
    })
    expect(
      await db('customers').whereIn('id', [loser, former]).orderBy('id').pluck('merged_into'),
    ).toEqual([survivor, survivor])
    expect([
      await db('customer_accounts').pluck('customer_id'),
      await db('evidence').pluck('customer_id'),
    ]).toEqual([[survivor], [survivor]])
  })

  test.each([
    ['the one known by his contact', {}, { suspended_reason: 'unionid_mismatch' }],
    ['the one known by his phone', { suspended_reason: 'unionid_mismatch' }, {}],
    ['neither', {}, {}],
  ])('rest when one of them rests: %s', async (_, phoneMore, contactMore) => {
    const { survivor, loser } = await twoOfOne(phoneMore, contactMore)
    await merge(survivor, loser)
    const { suspended_reason: reason } = await database
      .db('customers')
      .where({ id: survivor })
      .first<{ suspended_reason: string | null }>('suspended_reason')
    const resting: { suspended_reason?: string } = { ...phoneMore, ...contactMore }
    expect(reason).toBe(resting.suspended_reason ?? null)
  })

  test('are asked about once: what is open about both is closed for the other, all else goes with him', async () => {
    const { survivor, loser } = await twoOfOne()
    const asked = { kind: 'unionid_mismatch', external_userid: 'wm1', opened_at: now }
    await database.db('reviews').insert([
      { ...asked, customer_id: survivor },
      { ...asked, customer_id: loser },
      { ...asked, customer_id: loser, kind: 'several_phones' },
    ])
    await merge(survivor, loser)
    const reviews = await database
      .db('reviews')
      .orderBy('id')
      .select<{ customer_id: number; closed_at: Date | null }[]>('customer_id', 'closed_at')
    expect(reviews.map((row) => [row.customer_id, row.closed_at !== null])).toEqual([
      [survivor, false],
      [survivor, true],
      [survivor, false],
    ])
  })
})

test("a contact is the customer's who is left after a merger, and bound only while he is", async () => {
  const { db } = database
  const { survivor, loser } = await twoOfOne()
  await merge(survivor, loser)
  expect(await findByContact(db, 'wm1')).toMatchObject({ id: survivor, phone: PHONE })
  const stands = async (row: object): Promise<boolean> => {
    await db('customers').where({ id: survivor }).update(row)
    return isBoundContact(db, 'wm1')
  }
  expect([
    await stands({ binding_status: 'bound' }),
    await stands({ binding_status: 'partial' }),
    await isBoundContact(db, 'wm2'),
  ]).toEqual([true, false, false])
})
