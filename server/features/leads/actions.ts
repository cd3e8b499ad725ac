import { randomInt, randomUUID } from 'node:crypto'
import type { ActionType } from '../../../shared/advisors.ts'
import type { BookingIn } from '../../../shared/api/leads.ts'
import { normalisePhone } from '../../../shared/phone.ts'
import { inTransaction } from '../../lib/db.ts'
import * as actions from './actions.store.ts'
import type { LeadsDeps, Tx } from './leads.deps.ts'
import { leadJobs } from './leads.jobs.ts'
import * as rules from './leads.rules.ts'
import * as store from './leads.store.ts'

/** What somebody does about an advisor, and says with it. */
export type Doing = {
  account: { id: number; openid: string }
  advisorId: string
  actionType: ActionType
  /** As he stated them; null: not. */
  name: string | null
  phone: string | null
  /** Of a `book_service`. */
  booking: BookingIn | null
}
export type Done = {
  kind: 'recorded'
  actionId: string
  createdLead: boolean
  /** Of the phone that he stated with it, if it is one. */
  lead: { id: string; customerNo: string; source: string; phone: string } | null
  bookingId: string | null
}
export type Acted =
  | Done
  | { kind: 'refused'; reason: 'unknown_advisor' | 'own' | 'day' | 'service' }
  | { kind: 'too_often'; waitMs: number }

/** R2.5, R2.20: records what an account does about an advisor, and makes a lead of a phone that it states first. */
export const act = (deps: LeadsDeps, doing: Doing): Promise<Acted> =>
  inTransaction(deps, async (tx): Promise<Acted> => {
    await actions.lockAccount(tx.db, doing.account.id)
    const now = tx.clock()
    const seen = await look(tx, doing, now)
    const { flow } = rules.decideFlow(seen.facts)
    if (flow.kind === 'refused') return flow
    if (seen.booking?.kind === 'refused') return seen.booking
    const { actionType } = doing
    const waitMs = rules.findActionWait(seen.recent, { actionType, lead: flow.lead, now })
    if (flow.action === 'new' && waitMs > 0) return { kind: 'too_often', waitMs }
    return carryOut(tx, { ...doing, seen, flow, now })
  })

type Seen = {
  facts: rules.FlowFacts
  recent: readonly rules.Recent[]
  /** The action that this one repeats. */
  goingOn: string | undefined
  phone: string | null
  stated: store.LeadRow | undefined
  booking: Awaited<ReturnType<Tx['bookings']['look']>> | null
}

async function look(tx: Tx, doing: Doing, now: Date): Promise<Seen> {
  const { account, advisorId } = doing
  const advisor = await tx.advisors.find(advisorId, tx.db)
  const phone = doing.phone === null ? null : normalisePhone(doing.phone)
  const own = { accountId: account.id, phone: phone ?? '' }
  const stated = phone === null ? undefined : await store.findStated(tx.db, own)
  const since = new Date(now.getTime() - rules.LIMITS.dayMs)
  const recent = await actions.pageRecent(tx.db, { accountId: account.id, since })
  const booking = doing.booking && (await tx.bookings.look(tx.db, toWish(doing, doing.booking)))
  const booked = booking?.kind === 'may_book' ? booking.booking?.actionId : undefined
  const goingOn = booked ?? rules.findGoingOn(recent, { ...doing, now })?.actionId
  const facts: rules.FlowFacts = {
    advisor: rules.toWhose(advisor, account.id),
    phone: rules.toPhoneFact({ said: doing.phone, phone, isKnown: stated !== undefined }),
    repeated: goingOn !== undefined,
  }
  return { facts, recent, goingOn, phone, stated, booking }
}

const toWish = (
  { account, advisorId }: Pick<Doing, 'account' | 'advisorId'>,
  { date, part, service }: BookingIn,
) => ({
  accountId: account.id,
  advisorId,
  day: date,
  part,
  service,
})

type Work = Doing & { seen: Seen; flow: Extract<rules.Flow, { kind: 'recorded' }>; now: Date }

async function carryOut(tx: Tx, work: Work): Promise<Done> {
  const { account, advisorId, actionType, seen, flow, now } = work
  const lead = await keepLead(tx, work)
  const createdLead = flow.lead === 'created'
  const actionId = await keepAction(tx, { ...work, leadId: lead?.id ?? null, createdLead })
  const bookingId = await keepBooking(tx, { ...work, actionId, leadId: lead?.id ?? null })
  const asked = { advisorId, actionType, lead: flow.lead, now }
  if (flow.tells && rules.isTold(seen.recent, asked))
    await tx.facts.publish(tx.db, [{ fact: 'advisor.called', actionId }])
  // As the form for phones would take it, and in a transaction of its own: whatever it answers, the visit is booked.
  if (lead && bookingId !== null)
    await tx.jobs.add(tx.db, [leadJobs.claimPhone.of({ leadId: lead.id, openid: account.openid })])
  return { kind: 'recorded', actionId, createdLead, lead, bookingId }
}

/** The lead of the phone that he stated, if it is one. Its name is what the account said last with this phone. */
async function keepLead(tx: Tx, work: Work): Promise<Done['lead']> {
  const { seen, flow, name, now } = work
  if (flow.lead === 'none') return null
  if (flow.lead === 'created') return createLead(tx, { ...work, phone: seen.phone! })
  const lead = seen.stated!
  if (name !== null && name !== lead.name) await store.setName(tx.db, { id: lead.id, name, now })
  return lead
}

async function createLead(
  tx: Tx,
  { account, advisorId, actionType, name, phone, now }: Work & { phone: string },
): Promise<store.LeadRow> {
  const row = {
    id: randomUUID(),
    accountId: account.id,
    phone,
    name,
    advisorId,
    remark: rules.toRemark(actionType, { now, timeZone: tx.timeZone }),
    now,
  }
  for (;;) {
    const customerNo = rules.toCustomerNo(randomInt(rules.CUSTOMER_NUMBERS))
    const made = await store.insertLead(tx.db, { ...row, customerNo })
    if (made) return made
  }
}

type Kept = Work & { leadId: string | null }

async function keepAction(tx: Tx, kept: Kept & { createdLead: boolean }): Promise<string> {
  const { account, advisorId, actionType, seen, flow, leadId, createdLead, now } = kept
  const stated = { leadId, customerName: kept.name, now }
  if (flow.action === 'counted') {
    await actions.countAction(tx.db, { ...stated, id: seen.goingOn! })
    return seen.goingOn!
  }
  const id = randomUUID()
  const about = { accountId: account.id, advisorId, actionType }
  await actions.insertAction(tx.db, { ...stated, ...about, id, createdLead })
  return id
}

async function keepBooking(
  tx: Tx,
  { account, advisorId, booking, seen, name, actionId, leadId }: Kept & { actionId: string },
): Promise<string | null> {
  if (booking === null || seen.booking?.kind !== 'may_book') return null
  return tx.bookings.book(tx.db, {
    ...toWish({ account, advisorId }, booking),
    id: seen.booking.booking?.id,
    actionId,
    leadId,
    customerName: name,
    note: booking.note || null,
  })
}
