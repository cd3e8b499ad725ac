import type { CustomerCard, ManualBindBody } from '../../../shared/api/remedies.ts'
import { inTransaction } from '../../lib/db.ts'
import type { Conflict } from '../customers/customers.ts'
import type { Operator, RemediesDeps, Tx } from './remedies.deps.ts'
import * as store from './remedies.store.ts'

export type ManualOutcome =
  | { kind: 'bound'; card: CustomerCard }
  | { kind: 'unknown'; what: 'account' | 'contact' }
  | { kind: 'conflict'; conflicts: [Conflict, ...Conflict[]] }

type Wanted = ManualBindBody & { operator: Operator }

/** An admin's word that account, contact and phone are one person. */
export async function bindManually(deps: RemediesDeps, wanted: Wanted): Promise<ManualOutcome> {
  // What WeCom says now, so that the decision stands on today's contact; an unknown one may just not have been mirrored.
  await deps.contacts.refresh(wanted.weworkUserid)
  const accountId = await store.findAccountId(deps.db, wanted.wechatOpenid)
  if (accountId === undefined) return { kind: 'unknown', what: 'account' }
  if (!(await store.isKnownContact(deps.db, wanted.weworkUserid)))
    return { kind: 'unknown', what: 'contact' }
  return inTransaction(deps, (tx) => bind(tx, { ...wanted, accountId }))
}

async function bind(tx: Tx, wanted: Wanted & { accountId: number }): Promise<ManualOutcome> {
  const { accountId, weworkUserid, customerPhone, reason, override, operatorUserid } = wanted
  const now = tx.clock()
  const around = { accountId, externalUserId: weworkUserid, phone: customerPhone }
  await tx.ties.lock(tx.db, await store.findAround(tx.db, around))
  const before = await store.pageCards(tx.db, { around })
  const bound = await tx.customers.bindManually(tx.db, {
    ...around,
    reason,
    override,
    operator: operatorUserid,
    now,
  })
  if (bound.kind === 'conflict') return bound
  const card = (await store.findCard(tx.db, bound.customerId))!
  await tx.audit.record(tx.db, {
    operator: operatorUserid,
    operation: 'customer.bound_manually',
    target: { type: 'customer', id: String(bound.customerId) },
    before: { customers: before },
    after: card,
    reason,
    detail: `key ${wanted.operator.key}`,
    requestId: wanted.operator.requestId,
    now,
  })
  return { kind: 'bound', card }
}
