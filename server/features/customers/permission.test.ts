import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { testDatabase, type TestDatabase } from '../../test/database.ts'

let database: TestDatabase
const PHONE = '13800138000'
const hmac = Buffer.from('hmac of the phone')
const contact = 'wmContact'

beforeAll(async () => {
  database = await testDatabase()
})
beforeEach(() => database.clear())

async function insert(table: string, row: object): Promise<number> {
  const [inserted] = await database.db(table).insert(row).returning<{ id: number }[]>('id')
  return inserted!.id
}

/** A customer of whom everything needed is there; each case below takes one thing away. */
async function proven() {
  const { db } = database
  const accountId = await insert('accounts', { app: 'miniprogram', openid: 'o1' })
  const customerId = await insert('customers', {
    phone: PHONE,
    phone_hmac: hmac,
    wework_userid: contact,
    binding_status: 'bound',
  })
  await insert('customer_accounts', {
    customer_id: customerId,
    account_id: accountId,
    app: 'miniprogram',
    external_userid: contact,
    evidence_id: 0,
    tied_at: new Date(),
  })
  const eventId = await insert('wework_customer_events', {
    event_type: 'add_external_contact',
    external_userid: contact,
    employee_userid: 'zhangsan',
    customer_phone: PHONE,
    add_way: 2,
  })
  const evidenceId = await insert('evidence', {
    kind: 'phone_search',
    external_userid: contact,
    member_userid: 'zhangsan',
    phone_hmac: hmac,
    event_id: eventId,
    observed_at: new Date(),
  })
  const mayQuery = async () =>
    (
      await db('account_access')
        .where({ account_id: accountId })
        .first<{ may_query: boolean } | undefined>('may_query')
    )?.may_query
  return { accountId, customerId, eventId, evidenceId, mayQuery }
}

describe("may query = customer, bound, and a live phone search with its event, or an admin's word", () => {
  test('with everything there', async () => expect(await (await proven()).mayQuery()).toBe(true))

  test.each<[string, string, 'customerId' | 'evidenceId' | 'eventId', object]>([
    ['the customer is not bound', 'customers', 'customerId', { binding_status: 'partial' }],
    [
      'the permission rests (D15)',
      'customers',
      'customerId',
      { suspended_reason: 'unionid_mismatch' },
    ],
    [
      'the phone was changed (D9)',
      'customers',
      'customerId',
      { phone: '13900139000', phone_hmac: Buffer.from('other') },
    ],
    ['the phone was taken away', 'customers', 'customerId', { phone: null, phone_hmac: null }],
    ['the contact was changed', 'customers', 'customerId', { wework_userid: 'wmOther' }],
    ['the evidence is revoked', 'evidence', 'evidenceId', { revoked_at: new Date() }],
    [
      'the evidence has ended',
      'evidence',
      'evidenceId',
      { valid_until: new Date(Date.now() - 1000) },
    ],
    ['the evidence is a claim, not a search', 'evidence', 'evidenceId', { kind: 'phone_claim' }],
    ['the event says another way of adding', 'wework_customer_events', 'eventId', { add_way: 1 }],
    [
      'the event is of another contact',
      'wework_customer_events',
      'eventId',
      { external_userid: 'wmOther' },
    ],
    [
      'the event has another phone',
      'wework_customer_events',
      'eventId',
      { customer_phone: '13900139000' },
    ],
    [
      'the event is not an add',
      'wework_customer_events',
      'eventId',
      { event_type: 'edit_external_contact' },
    ],
  ])('not when %s', async (_, table, id, change) => {
    const all = await proven()
    await database.db(table).where({ id: all[id] }).update(change)
    expect(await all.mayQuery()).toBe(false)
  })

  test('an account whose tie has ended reaches nothing', async () => {
    const { accountId, mayQuery } = await proven()
    await database
      .db('customer_accounts')
      .where({ account_id: accountId })
      .update({ ended_at: new Date() })
    expect(await mayQuery()).toBeUndefined()
  })

  test("an admin's word stands for the search, for that customer and phone only", async () => {
    const { customerId, evidenceId, mayQuery } = await proven()
    await database.db('evidence').where({ id: evidenceId }).update({ revoked_at: new Date() })
    const manual = await insert('evidence', {
      kind: 'manual',
      customer_id: customerId,
      phone_hmac: hmac,
      reason: '身份证核对',
      observed_at: new Date(),
    })
    expect(await mayQuery()).toBe(true)
    await database
      .db('evidence')
      .where({ id: manual })
      .update({ phone_hmac: Buffer.from('other') })
    expect(await mayQuery()).toBe(false)
    await database
      .db('evidence')
      .where({ id: manual })
      .update({ phone_hmac: hmac, customer_id: await insert('customers', {}) })
    expect(await mayQuery()).toBe(false)
  })
})

describe('one owner for each, whatever the code does', () => {
  test.each([
    ['phone', { phone: PHONE, phone_hmac: hmac }],
    ['contact', { wework_userid: contact }],
  ])('two customers cannot hold one %s', async (_, row) => {
    await proven()
    await expect(insert('customers', row)).rejects.toMatchObject({ code: '23505' })
  })

  test('one account cannot be tied to two customers, nor two accounts of an app to one', async () => {
    const { accountId, customerId } = await proven()
    const other = await insert('customers', {})
    const stranger = await insert('accounts', { app: 'miniprogram', openid: 'o2' })
    const tie = {
      app: 'miniprogram',
      external_userid: contact,
      evidence_id: 0,
      tied_at: new Date(),
    }
    await expect(
      insert('customer_accounts', { ...tie, customer_id: other, account_id: accountId }),
    ).rejects.toMatchObject({ code: '23505' })
    await expect(
      insert('customer_accounts', { ...tie, customer_id: customerId, account_id: stranger }),
    ).rejects.toMatchObject({ code: '23505' })
  })
})
