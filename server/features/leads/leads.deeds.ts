import type { Lead, LeadBody } from '../../../shared/api/leads.ts'
import { inTransaction } from '../../lib/db.ts'
import type { LeadsDeps, Operator } from './leads.deps.ts'
import { toLead } from './leads.present.ts'
import { REVEALS_PER_HOUR } from './leads.rules.ts'
import * as store from './leads.store.ts'

type OfAdvisor = { advisorId: string; id: string }
/** A field left out stays. */
export type Change = LeadBody & { id: string; operator: Operator }
export type Revealed =
  { kind: 'revealed'; phone: string } | { kind: 'unknown' } | { kind: 'too_many' }

/** Undefined: there is none, or it is another advisor's. */
export const changeLead = (
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

/** Counted before it is told, by whoever acts: one at a time. */
export const reveal = (
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
