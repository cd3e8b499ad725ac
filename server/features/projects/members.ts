import { isSameMember } from '../../../shared/userid.ts'
import { inTransaction } from '../../lib/db.ts'
import type { Audit } from '../audit/audit.ts'
import type { Members } from '../members/members.ts'
import type { ProjectsDeps } from './projects.deps.ts'
import * as store from './members.store.ts'

type Deps = Pick<ProjectsDeps, 'db' | 'clock'> & {
  audit: Audit
  members: Pick<Members, 'standingNow'>
}
export type HandOver = {
  from: string
  to: string
  dryRun: boolean
  by: { name: string; requestId: string; reason: string }
}
export type HandedOver =
  | { kind: 'handed_over'; orders: store.MembersOrder[] }
  /** `not_here`: who shall have them does not work here; `not_vouched`: WeCom cannot say now; `same`: he has them. */
  | { kind: 'refused'; reason: 'not_here' | 'not_vouched' | 'same' }

/** What one member was responsible for becomes another's: his orders, and with them what is asked about them. */
export const createMembersOrders = (deps: Deps) => ({
  /** A dry run says which orders those are and leaves everything as it is. */
  handOver: (hand: HandOver) => handOver(deps, hand),
})
export type MembersOrders = ReturnType<typeof createMembersOrders>

async function handOver(deps: Deps, { from, to, dryRun, by }: HandOver): Promise<HandedOver> {
  if (isSameMember(from, to)) return { kind: 'refused', reason: 'same' }
  const standing = await deps.members.standingNow(to)
  if (standing !== 'here')
    return { kind: 'refused', reason: standing === 'left' ? 'not_here' : 'not_vouched' }
  return inTransaction(deps, async (tx) => {
    const orders = await store.lockOrdersOf(tx.db, from)
    if (dryRun || orders.length === 0) return { kind: 'handed_over', orders }
    await store.giveOrders(tx.db, { ids: orders.map(({ id }) => id), from, to })
    await tx.audit.record(tx.db, {
      operator: by.name,
      requestId: by.requestId,
      operation: 'member.handed_over',
      target: { type: 'member', id: from },
      before: { orders: orders.map(({ id: _, ...order }) => order) },
      after: { to },
      reason: by.reason,
      now: tx.clock(),
    })
    return { kind: 'handed_over', orders }
  })
}
