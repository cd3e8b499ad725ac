import type { MemberHandedOver } from '../../../shared/api/members.ts'
import { isSameMember } from '../../../shared/userid.ts'
import { inTransaction, type Within } from '../../lib/db.ts'
import type { Advisors } from '../advisors/advisors.ts'
import type { Audit } from '../audit/audit.ts'
import type { Bookings } from '../bookings/bookings.ts'
import type { Leads } from '../leads/leads.ts'
import type { Members } from '../members/members.ts'
import type { ProjectsDeps } from './projects.deps.ts'
import * as store from './members.store.ts'

type Deps = Pick<ProjectsDeps, 'db' | 'clock'> & {
  audit: Audit
  members: Pick<Members, 'standingNow'>
  advisors: Pick<Advisors, 'findOfMember'>
  leads: Pick<Leads, 'handOver'>
  bookings: Pick<Bookings, 'handOver'>
}
type Tx = Within<Deps>
export type HandOver = {
  from: string
  to: string
  dryRun: boolean
  by: { name: string; requestId: string; reason: string }
}
type AsAdvisor = MemberHandedOver['advisor']
export type HandedOver =
  | { kind: 'handed_over'; orders: store.MembersOrder[]; advisor: AsAdvisor }
  /** `not_here`: who shall have them does not work here; `not_vouched`: WeCom cannot say now; `same`: he has them. */
  | { kind: 'refused'; reason: 'not_here' | 'not_vouched' | 'same' }

/** What one member was responsible for becomes another's: his orders, with what is asked about them, and what he had as an advisor. */
export const createMembersOrders = (deps: Deps) => ({
  /** A dry run says what that is and leaves everything as it is. */
  handOver: (hand: HandOver) => handOver(deps, hand),
})
export type MembersOrders = ReturnType<typeof createMembersOrders>

async function handOver(deps: Deps, hand: HandOver): Promise<HandedOver> {
  const { from, to, dryRun } = hand
  if (isSameMember(from, to)) return { kind: 'refused', reason: 'same' }
  const standing = await deps.members.standingNow(to)
  if (standing !== 'here')
    return { kind: 'refused', reason: standing === 'left' ? 'not_here' : 'not_vouched' }
  return inTransaction(deps, async (tx) => {
    const orders = await store.lockOrdersOf(tx.db, from)
    if (!dryRun) await store.giveOrders(tx.db, { ids: orders.map(({ id }) => id), from, to })
    const advisor = await handOverAdvisor(tx, hand)
    if (!dryRun && isAny({ orders, advisor })) await record(tx, { ...hand, orders, advisor })
    return { kind: 'handed_over', orders, advisor }
  })
}

const isAny = ({ orders, advisor }: Pick<Handed, 'orders' | 'advisor'>): boolean =>
  orders.length > 0 ||
  (advisor !== undefined && advisor.leads + advisor.bookings + advisor.cancelled > 0)

/** Of who is an advisor; without another one to look after them, leads and bookings stay where they are. */
async function handOverAdvisor(tx: Tx, { from, to, dryRun }: HandOver): Promise<AsAdvisor> {
  const [own, other] = [
    await tx.advisors.findOfMember(from, tx.db),
    await tx.advisors.findOfMember(to, tx.db),
  ]
  if (!own) return undefined
  if (!other?.active) return { to: null, leads: 0, bookings: 0, cancelled: 0 }
  const hand = { from: own.advisorId, to: other.advisorId, dryRun }
  // Bookings first: they hold their customers, who come to their leads after that.
  const booked = await tx.bookings.handOver(tx.db, hand)
  return { to: other.advisorId, leads: await tx.leads.handOver(tx.db, hand), ...booked }
}

type Handed = HandOver & { orders: store.MembersOrder[]; advisor: AsAdvisor }

const record = (tx: Tx, { from, to, by, orders, advisor }: Handed) =>
  tx.audit.record(tx.db, {
    operator: by.name,
    requestId: by.requestId,
    operation: 'member.handed_over',
    target: { type: 'member', id: from },
    before: { orders: orders.map(({ id: _, ...order }) => order) },
    after: { to, ...(advisor && { advisor }) },
    reason: by.reason,
    now: tx.clock(),
  })
