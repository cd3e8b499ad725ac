import type { Lead } from '../../../shared/api/leads.ts'
import type { Db } from '../../lib/db.ts'
import { maskText } from '../../lib/log.ts'
import type { PageOf } from '../../lib/pages.ts'
import { act, type Doing } from './actions.ts'
import * as actions from './actions.store.ts'
import { changeLead, reveal, type Change } from './leads.deeds.ts'
import type { LeadsDeps, Operator } from './leads.deps.ts'
import { findCustomer, listActions, listLeads } from './leads.look.ts'
import { toLead } from './leads.present.ts'
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
    /** The advisor as whom an account may act: himself, while he is active. */
    findActing: async (accountId: number) => {
      const own = await deps.advisors.findOf(accountId)
      return own?.active === true ? toActing(own) : undefined
    },
    /** An action, for who tells the advisor of it. */
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

/** `operator`: how the operation log calls him. */
const toActing = ({ advisorId }: { advisorId: string }) => ({
  advisorId,
  operator: `advisor:${advisorId}`,
})

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
  const { advisorId, accountId, actionType, createdLead, leadId, lastAt } = row
  const about = { actionId, advisorId, accountId, actionType }
  const customerName = row.customerName && maskText(row.customerName)
  return { ...about, isNew: createdLead, customerName, leadId, lastAt }
}
