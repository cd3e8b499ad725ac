import { beforeAll, expect, test } from '@jest/globals'
import { testDatabase } from '../../test/database.ts'
import type { Db } from '../../lib/db.ts'
import { createReasons } from './reasons.ts'

let db: Db
beforeAll(async () => {
  ;({ db } = await testDatabase())
})

const CASES = {
  status: ['bound', 'partial'],
  suspended: [false, true],
  tie: ['live', 'ended', 'none'],
  proof: [
    'search',
    'search without its event',
    'search revoked',
    'search over',
    'search of another number',
    'word of an admin',
    'none',
  ],
  order: ['none', 'shown', 'not shown', 'held', 'waiting', 'hidden', "somebody else's"],
} as const
type Case = { [Axis in keyof typeof CASES]: (typeof CASES)[Axis][number] }

const each = (): Case[] =>
  CASES.status.flatMap((status) =>
    CASES.suspended.flatMap((suspended) =>
      CASES.tie.flatMap((tie) =>
        CASES.proof.flatMap((proof) =>
          CASES.order.map((order) => ({ status, suspended, tie, proof, order })),
        ),
      ),
    ),
  )

const now = new Date()
const hmacOf = (n: number) => Buffer.from(`number ${String(n)}`)
const phoneOf = (n: number) => `138${String(n).padStart(8, '0')}`
const contactOf = (n: number) => `wm${String(n)}`
const hour = (hours: number) => new Date(now.getTime() + hours * 3_600_000)

/** One customer for each case, by its number; answers their ids. */
async function settleIn(cases: readonly Case[]): Promise<number[]> {
  const insert = async (table: string, rows: object[]): Promise<any[]> =>
    db.batchInsert(table, rows, 200).returning<any>('id' as never)
  const people = await insert(
    'customers',
    cases.map(({ status, suspended }, n) => ({
      phone: phoneOf(n),
      phone_hmac: hmacOf(n),
      wework_userid: contactOf(n),
      binding_status: status,
      suspended_reason: suspended ? 'unionid_mismatch' : null,
    })),
  )
  const ids = people.map(({ id }: { id: number }) => id)
  const accounts = await insert(
    'accounts',
    cases.map((_, n) => ({ app: 'miniprogram', openid: `o${String(n)}` })),
  )
  await insert(
    'customer_accounts',
    cases.flatMap(({ tie }, n) =>
      tie === 'none'
        ? []
        : {
            customer_id: ids[n],
            account_id: accounts[n].id,
            app: 'miniprogram',
            external_userid: contactOf(n),
            evidence_id: 0,
            tied_at: now,
            ended_at: tie === 'ended' ? now : null,
            ended_by: tie === 'ended' ? 'customer' : null,
          },
    ),
  )
  const events = await insert(
    'wework_customer_events',
    cases.map((_, n) => ({
      event_type: 'add_external_contact',
      external_userid: contactOf(n),
      employee_userid: 'zhangsan',
      customer_phone: phoneOf(n),
      add_way: 2,
    })),
  )
  await insert(
    'evidence',
    cases.flatMap((one, n) => toEvidence(one.proof, { n, id: ids[n]!, event: events[n].id })),
  )
  const orders = await insert(
    'projects',
    cases.map(({ order }, n) => ({
      order_no: `SO-${String(n)}`,
      title: '订单',
      status: '施工中',
      content_hash: Buffer.from('x'),
      updated_at: now,
      ...(order === 'hidden' && { hidden_at: now, hidden_reason: '试单' }),
    })),
  )
  await insert(
    'project_parties',
    cases.flatMap(({ order }, n) => toParty(order, { n, id: ids[n]!, projectId: orders[n].id })),
  )
  return ids
}

function toEvidence(
  proof: Case['proof'],
  { n, id, event }: { n: number; id: number; event: number },
) {
  if (proof === 'none') return []
  const base = { phone_hmac: hmacOf(n), observed_at: now }
  if (proof === 'word of an admin') return { ...base, kind: 'manual', customer_id: id }
  return {
    ...base,
    kind: 'phone_search',
    external_userid: contactOf(n),
    member_userid: 'zhangsan',
    event_id: proof === 'search without its event' ? null : event,
    ...(proof === 'search revoked' && { revoked_at: now, revoked_reason: 'x' }),
    ...(proof === 'search over' && { valid_until: hour(-1) }),
    ...(proof === 'search of another number' && { phone_hmac: Buffer.from('another') }),
  }
}

function toParty(
  order: Case['order'],
  { n, id, projectId }: { n: number; id: number; projectId: string },
) {
  if (order === 'none') return []
  const base = { project_id: projectId, role: 'owner', phone_hmac: hmacOf(n), created_at: now }
  if (order === 'held' || order === 'waiting') return { ...base, state: order }
  const shown = order === 'shown' || order === 'hidden'
  const attached = { ...base, state: 'attached', strength: 'weak', customer_id: id, shown }
  return order === "somebody else's"
    ? { ...base, phone_hmac: Buffer.from('x'), state: 'held' }
    : attached
}

type Truth = { canQuery: boolean; sees: boolean }
/** What `account_access` and the list of projects say, and not what was meant by the case. */
async function readTruths(ids: readonly number[]): Promise<Truth[]> {
  const may = new Set<number>(
    await db('account_access').where('may_query', true).pluck('customer_id'),
  )
  const seen = new Set<number>(await db('shown_orders').pluck('customer_id'))
  return ids.map((id) => ({ canQuery: may.has(id), sees: may.has(id) && seen.has(id) }))
}

test('whatever is so of a customer, the reason says of his permission and his orders what the views say', async () => {
  const cases = each()
  const ids = await settleIn(cases)
  const explainFollows = () => Promise.resolve([])
  const reasons = createReasons({
    customers: { explainFollows },
    timeZone: 'Asia/Shanghai',
    clock: () => now,
  })
  const told = await reasons.explain(db, ids)
  const truths = await readTruths(ids)
  const codes = new Set<string>()
  for (const [n, one] of cases.entries()) {
    const { code, mayQuery } = told.get(ids[n]!)!
    codes.add(code)
    const says = {
      canQuery: ['may_query', 'no_order', 'order_held'].includes(code),
      sees: code === 'may_query',
    }
    expect([one, says]).toEqual([one, truths[n]])
    expect([one, mayQuery]).toEqual([one, says.canQuery])
    const isUnclear = one.order === 'not shown' || one.order === 'held' || one.order === 'waiting'
    if (says.canQuery && !says.sees)
      expect([one, code]).toEqual([one, isUnclear ? 'order_held' : 'no_order'])
    expect([one, code === 'suspended']).toEqual([one, one.suspended])
  }
  expect(codes).toEqual(
    new Set([
      'may_query',
      'no_order',
      'order_held',
      'suspended',
      'not_added',
      'no_phone_stated',
      'phone_in_question',
      'not_bound',
      'ended',
    ]),
  )
})
