import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import type { ActionType } from '../../../shared/advisors.ts'
import { createLog } from '../../lib/log.ts'
import { queued } from '../../test/locks.ts'
import { testDatabase, type TestDatabase } from '../../test/database.ts'
import { howMany } from '../../test/long.ts'
import { createChance } from '../../test/numbers/chance.ts'
import { createAdvisors, type Advisors } from '../advisors/advisors.ts'
import { createAudit } from '../audit/audit.ts'
import { createBookings } from '../bookings/bookings.ts'
import type { Fact } from '../facts.ts'
import type { Doing } from './actions.ts'
import { LIMITS } from './leads.rules.ts'
import { createLeads } from './leads.ts'
import * as store from './leads.store.ts'

const SEED = Number(process.env['PROPERTY_SEED'] ?? Date.now() % 1_000_000_000)
const MINUTE = 60_000
const PHONE = '13800138000'
const BOOKING = { date: '2026-05-20', part: 'morning', service: '上门量尺' } as const

let database: TestDatabase
let now = 0
let told: Fact[] = []

beforeAll(async () => {
  database = await testDatabase()
})
beforeEach(async () => {
  await database.clear()
  now = Date.parse('2026-03-02T01:00:00Z')
  told = []
})

/** The two rooms as one process has them, without who listens. */
function openDesk() {
  const given = {
    db: database.db,
    audit: createAudit(),
    clock: () => new Date(now),
    timeZone: 'Asia/Shanghai',
    facts: {
      publish: (_: unknown, facts: readonly Fact[]) => Promise.resolve(void told.push(...facts)),
    },
    jobs: { add: () => Promise.resolve() },
    log: createLog({ level: 'silent' }),
  }
  const advisors = createAdvisors({ ...given, media: {} } as never) as Advisors
  const bookings = createBookings({ ...given, advisors })
  const claims = { claim: () => Promise.reject(new Error('nobody claims here')) }
  return { bookings, leads: createLeads({ ...given, advisors, bookings, claims }) }
}

async function createAccount(): Promise<Doing['account']> {
  const openid = randomUUID()
  const [row] = await database
    .db('accounts')
    .insert({ app: 'miniprogram', openid })
    .returning<{ id: number }[]>('id')
  return { id: row!.id, openid }
}

const createAdvisor = (id: string, active = true) =>
  database
    .db('advisors')
    .insert({ id, name: id, active, created_at: new Date(now), updated_at: new Date(now) })

type Said = Partial<Omit<Doing, 'account'>>
const doingOf = (account: Doing['account'], said: Said = {}): Doing => ({
  account,
  advisorId: 'a',
  actionType: 'view_resume',
  name: null,
  phone: null,
  booking: null,
  ...said,
})

describe('R2.20 the advisor is called', () => {
  const called = () => told.map((fact) => (fact.fact === 'advisor.called' ? fact.actionId : 'else'))

  test('by what is new, in the transaction that keeps it; not by what is repeated', async () => {
    const { leads } = openDesk()
    await createAdvisor('a')
    const account = await createAccount()
    const view = doingOf(account)
    const first = await leads.act(view)
    await leads.act(view)
    await leads.act({ ...view, name: '王' })
    expect(called()).toEqual([first.kind === 'recorded' && first.actionId])
    const withPhone = await leads.act({ ...view, phone: PHONE })
    await leads.act({ ...view, phone: PHONE })
    expect(called().slice(1)).toEqual([withPhone.kind === 'recorded' && withPhone.actionId])
    now += LIMITS.quietMs
    await leads.act(view)
    expect(called()).toHaveLength(3)
  })

  test('by a booking once, however often it is asked for; its steps are told by themselves', async () => {
    const { leads, bookings } = openDesk()
    await createAdvisor('a')
    const account = await createAccount()
    const asked = doingOf(account, { actionType: 'book_service', booking: { ...BOOKING } })
    const done = await leads.act(asked)
    await Promise.all(Array.from({ length: 5 }, () => leads.act(asked)))
    const bookingId = done.kind === 'recorded' ? done.bookingId! : ''
    await bookings.cancel(account.id, bookingId)
    await bookings.cancel(account.id, bookingId)
    const moveId = expect.any(Number)
    expect(told).toEqual([
      { fact: 'advisor.called', actionId: done.kind === 'recorded' && done.actionId },
      { fact: 'booking.moved', bookingId, moveId },
    ])
    const moved = told[1] as Extract<Fact, { fact: 'booking.moved' }>
    expect(await bookings.findMove(moved.moveId)).toEqual({
      bookingId,
      moveId: moved.moveId,
      advisorId: 'a',
      accountId: account.id,
      state: 'cancelled',
      current: 'cancelled',
      by: 'customer',
      day: BOOKING.date,
      part: 'morning',
      service: BOOKING.service,
      customerName: null,
      leadId: null,
      actionId: done.kind === 'recorded' && done.actionId,
    })
    expect(await bookings.findMove(4711)).toBeUndefined()
  })

  test('never by a look at a project, nor by himself, nor by one account all day', async () => {
    const { leads } = openDesk()
    await createAdvisor('a')
    const account = await createAccount()
    const view = doingOf(account)
    await leads.act({ ...view, actionType: 'view_project', phone: PHONE })
    await database.db('advisors').update({ account_id: account.id })
    expect(await leads.act(view)).toEqual({ kind: 'refused', reason: 'own' })
    await database.db('advisors').update({ account_id: null })
    expect(told).toEqual([])
    for (let times = 0; times < 2 * LIMITS.toldPerDay; times += 1) {
      await leads.act(view)
      now += LIMITS.quietMs
    }
    expect(told).toHaveLength(LIMITS.toldPerDay)
    await leads.act({ ...view, phone: '13800138001' })
    expect(told).toHaveLength(LIMITS.toldPerDay + 1)
  })

  test('of an action is known who did what, whether he is new, and how he calls himself', async () => {
    const { leads } = openDesk()
    await createAdvisor('a')
    await createAdvisor('b')
    const account = await createAccount()
    const doing = doingOf(account, { actionType: 'contact_advisor', name: '王', phone: PHONE })
    const done = await leads.act(doing)
    if (done.kind !== 'recorded') throw new Error('it is recorded')
    const { actionId, lead } = done
    expect(await leads.findAction(actionId)).toEqual({
      actionId,
      advisorId: 'a',
      accountId: account.id,
      actionType: 'contact_advisor',
      isNew: true,
      customerName: '王',
      leadId: lead!.id,
      lastAt: new Date(now),
    })
    const other = await leads.act({ ...doing, advisorId: 'b', name: null })
    if (other.kind !== 'recorded') throw new Error('it is recorded')
    // The lead is the other's: its page is not for this one.
    expect(await leads.findAction(other.actionId)).toMatchObject({
      isNew: false,
      customerName: '王',
      leadId: null,
    })
    expect(await leads.findAction(randomUUID())).toBeUndefined()
  })
})

test('what fails on the way leaves nothing: no lead, no action, nobody told', async () => {
  const { leads } = openDesk()
  await createAdvisor('a')
  const account = await createAccount()
  await database.db.raw(`
    create function refuse() returns trigger language plpgsql as $$ begin raise exception 'the disk is full'; end $$;
    create trigger refuse before insert on booking_moves execute function refuse()`)
  const doing = doingOf(account, {
    actionType: 'book_service',
    booking: { ...BOOKING },
    phone: PHONE,
  })
  try {
    await expect(leads.act(doing)).rejects.toThrow('the disk is full')
  } finally {
    await database.db.raw('drop trigger refuse on booking_moves; drop function refuse()')
  }
  for (const table of ['leads', 'customeractions', 'bookings'])
    expect(await database.db(table)).toEqual([])
  expect(told).toEqual([])
  expect(await leads.act(doing)).toMatchObject({ kind: 'recorded', createdLead: true })
})

test('a number of a lead that is taken is not given again', async () => {
  await createAdvisor('a')
  const [one, other] = [await createAccount(), await createAccount()]
  const lead = (account: Doing['account'], customerNo: string) =>
    store.insertLead(database.db, {
      id: randomUUID(),
      accountId: account.id,
      phone: PHONE,
      customerNo,
      name: null,
      advisorId: 'a',
      remark: '',
      now: new Date(now),
    })
  expect(await lead(one, 'CUS00000000001')).toMatchObject({ customerNo: 'CUS00000000001' })
  expect(await lead(other, 'CUS00000000001')).toBeUndefined()
  expect(await lead(other, 'CUS00000000002')).toMatchObject({ phone: PHONE })
})

describe('an advisor who leaves', () => {
  test('hands his leads and open bookings over; what the customer has with both ends, and he is told', async () => {
    const { leads, bookings } = openDesk()
    await createAdvisor('a')
    await createAdvisor('b')
    const [one, other] = [await createAccount(), await createAccount()]
    const visit = { actionType: 'book_service', booking: { ...BOOKING }, phone: PHONE } as const
    const ids: string[] = []
    for (const doing of [
      doingOf(one, { ...visit, name: '王' }),
      doingOf(one, { ...visit, booking: { ...BOOKING, part: 'evening' } }),
      doingOf(other, visit),
      doingOf(one, { ...visit, advisorId: 'b' }),
    ]) {
      const done = await leads.act(doing)
      ids.push((done.kind === 'recorded' && done.bookingId) || '')
    }
    const [clash, , closed] = ids
    await bookings.cancel(other.id, closed!)
    told = []
    const hand = { from: 'a', to: 'b' }
    const give = (dryRun: boolean) =>
      database.db.transaction(async (db) => [
        await bookings.handOver(db, { ...hand, dryRun }),
        await leads.handOver(db, { ...hand, dryRun }),
      ])
    expect(await give(true)).toEqual([{ bookings: 1, cancelled: 1 }, 2])
    const page = { limit: 10, after: null }
    expect((await leads.listFor('a', page)).items).toHaveLength(2)
    expect(await give(false)).toEqual([{ bookings: 1, cancelled: 1 }, 2])
    expect(await give(false)).toEqual([{ bookings: 0, cancelled: 0 }, 0])
    expect((await leads.listFor('a', page)).items).toEqual([])
    expect((await leads.listFor('b', page)).items).toHaveLength(2)
    const his = await bookings.listFor('b', { ...page, from: null })
    expect(his.items.map(({ state, part }) => `${part} ${state}`).toSorted()).toEqual([
      'evening 新',
      'morning 新',
    ])
    expect(told).toEqual([{ fact: 'booking.moved', bookingId: clash, moveId: expect.any(Number) }])
    const moved = told[0] as Extract<Fact, { fact: 'booking.moved' }>
    expect(await bookings.findMove(moved.moveId)).toMatchObject({
      by: 'office',
      state: 'cancelled',
    })
    // What the customer did and booked before comes along with the lead.
    const { items } = await leads.listFor('b', page)
    const wang = items.find(({ name }) => name === '王')!
    const customer = await leads.findCustomerFor('b', wang.id)
    expect(customer!.actions).toHaveLength(3)
    expect(customer!.bookings).toHaveLength(3)
  })

  test("while his customer books the same with the other: it is one booking, the other advisor's", async () => {
    const { leads, bookings } = openDesk()
    await createAdvisor('a')
    await createAdvisor('b')
    const account = await createAccount()
    const visit = { actionType: 'book_service', booking: { ...BOOKING }, phone: PHONE } as const
    const first = await leads.act(doingOf(account, visit))
    const hand = { from: 'a', to: 'b', dryRun: false }
    const again = await database.db.transaction(async (db) => {
      await bookings.handOver(db, hand)
      await leads.handOver(db, hand)
      const booked = leads.act(doingOf(account, { ...visit, advisorId: 'b' }))
      await queued(database.db, 1)
      return { booked }
    })
    const { bookingId } = first as Extract<typeof first, { kind: 'recorded' }>
    expect(await again.booked).toMatchObject({ kind: 'recorded', bookingId })
  })
})

test(`R2.12 R2.26 leads are the pairs of account and phone that were stated, whatever happens in which order (seed ${String(SEED)})`, async () => {
  const { leads } = openDesk()
  const chance = createChance(SEED)
  for (const [id, active] of [
    ['a', true],
    ['b', true],
    ['gone', false],
  ] as const)
    await createAdvisor(id, active)
  const accounts = await Promise.all(Array.from({ length: 4 }, createAccount))
  const PHONES = [
    '13800138000',
    '+86 138-0013-8000',
    '13900139000',
    '13700137000',
    '12345',
    '',
    null,
  ]
  const TYPES: ActionType[] = ['view_resume', 'contact_advisor', 'view_project', 'book_service']
  const stated = new Set<string>()
  const created: string[] = []
  const refused = new Set<string>()
  const draw = (): Doing => {
    const actionType = chance.pick(TYPES)
    const booking = { ...BOOKING, part: chance.pick(['morning', 'evening'] as const) }
    return doingOf(chance.pick(accounts), {
      advisorId: chance.pick(['a', 'b', 'b', 'gone', 'nobody']),
      actionType,
      phone: chance.pick(PHONES),
      booking: actionType === 'book_service' ? booking : null,
    })
  }
  for (let step = 0; step < howMany(60, 600); step += 1) {
    const batch = Array.from({ length: 1 + chance.below(5) }, draw)
    const answers = await Promise.all(batch.map((doing) => leads.act(doing)))
    for (const [at, answer] of answers.entries()) {
      const { account, phone } = batch[at]!
      if (answer.kind !== 'recorded') {
        if (answer.kind === 'refused') refused.add(answer.reason)
        continue
      }
      const pair = answer.lead && `${String(account.id)} ${answer.lead.phone}`
      expect(pair !== null).toBe(/138|139|137/.test(phone ?? ''))
      if (pair !== null) stated.add(pair)
      if (answer.createdLead) created.push(pair!)
    }
    now += chance.below(20) * MINUTE
  }
  const kept = await database.db('leads').orderBy('created_at')
  const pairs = kept.map((row) => `${String(row.account_id)} ${String(row.phone)}`)
  expect(pairs.toSorted()).toEqual([...stated].toSorted())
  expect(created.toSorted()).toEqual([...stated].toSorted())
  expect(refused).toEqual(new Set(['unknown_advisor']))
  expect(new Set(kept.map((row) => row.customer_no)).size).toBe(kept.length)
  for (const row of kept) expect(['a', 'b']).toContain(row.advisor_id)
  const open = await database.db('bookings').whereIn('state', ['new', 'contacted', 'confirmed'])
  const visits = open.map((row) => [row.account_id, row.advisor_id, row.part].join())
  expect(new Set(visits).size).toBe(visits.length)
})
