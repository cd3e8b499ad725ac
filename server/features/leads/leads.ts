import type { LeadState } from '../../../shared/advisors.ts'
import type { AdvisorAction, AdvisorCustomer, Lead } from '../../../shared/api/leads.ts'
import { inTransaction, type Db } from '../../lib/db.ts'
import { cutPage, type PageOf, type Place } from '../../lib/pages.ts'
import { act, type Doing } from './actions.ts'
import * as actions from './actions.store.ts'
import type { LeadsDeps, Operator } from './leads.deps.ts'
import { toAction, toLead } from './leads.present.ts'
import { REVEALS_PER_HOUR } from './leads.rules.ts'
import * as store from './leads.store.ts'

/** An action, as who tells the advisor of it needs it. */
export type Action = {
  actionId: string
  advisorId: string
  accountId: number
  actionType: actions.ActionRow['actionType']
  /** R2.17: it made a lead. */
  isNew: boolean
  customerName: string | null
  /** Of the page of the customer, if the lead is this advisor's; else `actionId` opens it. */
  leadId: string | null
  lastAt: Date
}
type Page<Item> = { items: Item[]; next: Place | undefined }
type OfAdvisor = { advisorId: string; id: string }
export type Change = { id: string; state?: LeadState; note?: string | null; operator: Operator }
export type Revealed =
  { kind: 'revealed'; phone: string } | { kind: 'unknown' } | { kind: 'too_many' }

/**
 * What customers do about advisors, and the leads that come of it: keeps `customeractions` and `leads`. Woken by customers,
 * and by advisors who look after their leads. Asks `bookings` to book and `phone-claims` to note a phone; tells
 * `advisor.called`. Whose a phone is, it never asks: a lead is what one account stated.
 */
export function createLeads(deps: LeadsDeps) {
  return {
    act: (doing: Doing) => act(deps, doing),
    /** A phone that was given with a booking is stated as on the page for it. */
    claimPhone: (about: { leadId: string; openid: string }) => claimPhone(deps, about),
    findAction: (actionId: string) => findAction(deps, actionId),
    /** What customers did about an advisor, the latest first. */
    listActionsFor: (advisorId: string, page: PageOf) => listActions(deps, { ...page, advisorId }),
    /** His leads, the latest first. */
    listFor: (advisorId: string, page: PageOf) => listLeads(deps, { ...page, advisorId }),
    /** Undefined: there is none, or it is another advisor's. */
    findFor: async (advisorId: string, id: string): Promise<Lead | undefined> => {
      const lead = await store.findOfAdvisor(deps.db, { advisorId, id })
      return lead && toLead(lead)
    },
    /** A customer of his, by a lead or an action of his. */
    findCustomerFor: (advisorId: string, id: string) => findCustomer(deps, { advisorId, id }),
    /** How it stands with a lead, and what he notes; in the operation log. */
    change: (advisorId: string, change: Change) => changeLead(deps, { ...change, advisorId }),
    /** The full phone, written down in the operation log. */
    reveal: (advisorId: string, { id, operator }: { id: string; operator: Operator }) =>
      reveal(deps, { advisorId, id, operator }),
    /** His leads become another's; answers how many. In the transaction of who hands over, and writes that down. */
    handOver: (db: Db, { dryRun, ...hand }: { from: string; to: string; dryRun: boolean }) =>
      dryRun ? store.countOfAdvisor(db, hand.from) : store.giveLeads(db, hand),
  }
}
export type Leads = ReturnType<typeof createLeads>

async function claimPhone(
  { db, claims }: Pick<LeadsDeps, 'db' | 'claims'>,
  { leadId, openid }: { leadId: string; openid: string },
): Promise<void> {
  const lead = await store.findLead(db, leadId)
  if (lead) await claims.claim({ id: lead.accountId, openid }, lead.phone)
}

async function findAction({ db }: LeadsDeps, actionId: string): Promise<Action | undefined> {
  const row = await actions.findAction(db, actionId)
  if (!row) return undefined
  const { advisorId, accountId, actionType, createdLead, customerName, leadId, lastAt } = row
  const about = { actionId, advisorId, accountId, actionType }
  return { ...about, isNew: createdLead, customerName, leadId, lastAt }
}

type Listing = PageOf & { advisorId: string }

async function listActions(
  { db }: LeadsDeps,
  { limit, ...page }: Listing,
): Promise<Page<AdvisorAction>> {
  const rows = await actions.pageOfAdvisor(db, { ...page, limit: limit + 1 })
  const { shown, last } = cutPage(rows, limit)
  return { items: shown.map(toAction), next: last && { at: last.lastAt, id: last.id } }
}

async function listLeads({ db }: LeadsDeps, { limit, ...page }: Listing): Promise<Page<Lead>> {
  const rows = await store.pageOfAdvisor(db, { ...page, limit: limit + 1 })
  const { shown, last } = cutPage(rows, limit)
  return { items: shown.map(toLead), next: last && { at: last.createdAt, id: last.id } }
}

/** More nobody reads on one page. */
const MOST = 50

async function findCustomer(
  { db, bookings }: LeadsDeps,
  { advisorId, id }: OfAdvisor,
): Promise<AdvisorCustomer | undefined> {
  const found = await findWho(db, { advisorId, id })
  if (!found) return undefined
  const { accountId, lead, name, phoneMasked } = found
  const customer = { accountId, advisorId, leadId: lead?.id ?? null }
  const [done, booked] = await Promise.all([
    actions.pageOfCustomer(db, { ...customer, limit: MOST }),
    bookings.listOfCustomer(customer),
  ])
  return { id, name, phoneMasked, lead, actions: done.map(toAction), bookings: booked }
}

type Who = Pick<AdvisorCustomer, 'name' | 'phoneMasked' | 'lead'> & { accountId: number }

/** Who stated no phone this time may have done so before: the lead is that of the account. */
async function findWho(db: Db, { advisorId, id }: OfAdvisor): Promise<Who | undefined> {
  const own = await store.findOfAdvisor(db, { advisorId, id })
  if (own) return toWho(own)
  const action = await actions.findAction(db, id)
  if (action?.advisorId !== advisorId) return undefined
  const latest = await store.findLatest(db, action)
  if (latest) return toWho(latest)
  const { accountId } = action
  const { customerName: name, phoneMasked } = toAction(action)
  return { accountId, name, phoneMasked, lead: null }
}

const toWho = (row: store.LeadRow): Who => {
  const lead = toLead(row)
  return { accountId: row.accountId, name: lead.name, phoneMasked: lead.phoneMasked, lead }
}

const changeLead = (
  deps: LeadsDeps,
  { advisorId, id, operator, ...said }: Change & { advisorId: string },
): Promise<Lead | undefined> =>
  inTransaction(deps, async (tx) => {
    const lead = await store.lockOfAdvisor(tx.db, { advisorId, id })
    if (!lead) return undefined
    const { state = lead.state } = said
    const note = said.note === undefined ? lead.note : said.note || null
    if (state === lead.state && note === lead.note) return toLead(lead)
    const now = tx.clock()
    await store.setLead(tx.db, { id, state, note, now })
    await tx.audit.record(tx.db, {
      operator: operator.name,
      operation: 'lead.changed',
      target: { type: 'lead', id },
      before: { state: lead.state, note: lead.note },
      after: { state, note },
      requestId: operator.requestId,
      now,
    })
    return toLead({ ...lead, state, note, updatedAt: now })
  })

const HOUR_MS = 3_600_000

const reveal = (
  deps: LeadsDeps,
  { operator, ...of }: OfAdvisor & { operator: Operator },
): Promise<Revealed> =>
  inTransaction(deps, async (tx): Promise<Revealed> => {
    await store.lockReveals(tx.db, operator.name)
    const lead = await store.findOfAdvisor(tx.db, of)
    if (!lead) return { kind: 'unknown' }
    const now = tx.clock()
    const others = await store.countOtherReveals(tx.db, {
      operator: operator.name,
      leadId: lead.id,
      since: new Date(now.getTime() - HOUR_MS),
    })
    if (others >= REVEALS_PER_HOUR) return { kind: 'too_many' }
    await tx.audit.record(tx.db, {
      operator: operator.name,
      operation: 'lead.phone_revealed',
      target: { type: 'lead', id: lead.id },
      before: null,
      after: { phone: lead.phone },
      requestId: operator.requestId,
      now,
    })
    return { kind: 'revealed', phone: lead.phone }
  })
