import type { CustomerCard, ManualBindBody } from '../../../shared/api/remedies.ts'
import { maskPhone } from '../../../shared/phone.ts'
import type { Db } from '../../lib/db.ts'
import type { Audit } from '../audit/audit.ts'
import type { Binding } from '../binding/binding.ts'
import type { Contacts } from '../contacts/contacts.ts'
import type { Conflict, Customers } from '../customers/customers.ts'
import * as store from './remedies.store.ts'

type Deps = {
  db: Db
  customers: Pick<Customers, 'lock' | 'bindManually' | 'changePhone' | 'resume' | 'untieCustomer' | 'closeReview'>
  contacts: Pick<Contacts, 'refresh'>
  binding: Pick<Binding, 'liftStop'>
  audit: Audit
  clock: () => Date
}
/** Who acts: the key that was used, and the person named with it. */
export type Operator = { key: string; userid?: string | undefined; requestId: string }
type Remedy = { reason: string; operator: Operator }
export type ManualOutcome = { kind: 'bound'; card: CustomerCard } | { kind: 'unknown'; what: 'account' | 'contact' } | { kind: 'conflict'; conflicts: Conflict[] }

/** What a person mends by hand (R0.60, R0.79). Everything here has a reason and leaves before and after in the operation log. */
export function createRemedies(deps: Deps) {
  return {
    bindManually: (body: ManualBindBody, operator: Operator) => bindManually(deps, body, operator),
    unbind: (customerId: number, remedy: Remedy) => mend(deps, customerId, 'customer.unbound', remedy, (db, actor, now) =>
      deps.customers.untieCustomer(db, { customerId, actor, sourceId: remedy.operator.requestId, now })),
    changePhone: (customerId: number, change: { phone: string; proven: boolean }, remedy: Remedy) => changePhone(deps, customerId, change, remedy),
    resume: (customerId: number, remedy: Remedy) => mend(deps, customerId, 'customer.resumed', remedy, (db, operator, now) => deps.customers.resume(db, { customerId, operator, now })),
    liftStop: (externalUserId: string, remedy: Remedy) => liftStop(deps, externalUserId, remedy),
    findByPhone: (phone: string) => store.pageCards(deps.db, { phone }),
    listReviews: () => store.pageReviews(deps.db),
    closeReview: (id: number, remedy: Remedy) => closeReview(deps, id, remedy),
  }
}
export type Remedies = ReturnType<typeof createRemedies>

const nameOf = ({ key, userid }: Operator): string => userid ?? key
const findCard = async (db: Db, id: number): Promise<CustomerCard | null> => (await store.pageCards(db, { id }))[0] ?? null

async function bindManually(deps: Deps, body: ManualBindBody, operator: Operator): Promise<ManualOutcome> {
  // What WeCom says now, so that the decision stands on today's contact; an unknown one may just not have been mirrored.
  await deps.contacts.refresh(body.weworkUserid)
  const accountId = await store.findAccountId(deps.db, body.wechatOpenid)
  if (accountId === undefined) return { kind: 'unknown', what: 'account' }
  if (!(await store.isKnownContact(deps.db, body.weworkUserid))) return { kind: 'unknown', what: 'contact' }
  return deps.db.transaction(async (db) => {
    const now = deps.clock()
    await deps.customers.lock(db, { accountIds: [accountId, ...(await store.pageAccountsAround(db, body.weworkUserid))], externalUserIds: [body.weworkUserid] })
    const before = await store.pageCards(db, { around: { accountId, externalUserId: body.weworkUserid, phone: body.customerPhone } })
    const bound = await deps.customers.bindManually(db, {
      accountId, externalUserId: body.weworkUserid, phone: body.customerPhone, reason: body.reason, override: body.override, operator: body.operatorUserid, now,
    })
    if (bound.kind === 'conflict') return bound
    const card = (await findCard(db, bound.customerId))!
    await deps.audit.record(db, {
      operator: body.operatorUserid, operation: 'customer.bound_manually', target: { type: 'customer', id: String(bound.customerId) },
      before: { customers: before }, after: card, reason: body.reason, detail: `key ${operator.key}`, requestId: operator.requestId, now,
    })
    return { kind: 'bound', card }
  })
}

/** One remedy to one customer, with its entry in the operation log; null when there is no such customer. */
async function mend(deps: Deps, customerId: number, operation: string, { reason, operator }: Remedy, deed: (db: Db, actor: string, now: Date) => Promise<unknown>): Promise<CustomerCard | null> {
  return deps.db.transaction(async (db) => {
    const before = await findCard(db, customerId)
    if (!before) return null
    const now = deps.clock()
    await deed(db, nameOf(operator), now)
    const after = (await findCard(db, customerId))!
    await deps.audit.record(db, { operator: nameOf(operator), operation, target: { type: 'customer', id: String(customerId) }, before, after, reason, detail: `key ${operator.key}`, requestId: operator.requestId, now })
    return after
  })
}

async function changePhone(deps: Deps, customerId: number, change: { phone: string; proven: boolean }, remedy: Remedy): Promise<CustomerCard | null | 'phone_taken'> {
  let refused = false
  const card = await mend(deps, customerId, 'customer.phone_changed', remedy, async (db, operator, now) => {
    refused = (await deps.customers.changePhone(db, { customerId, ...change, reason: remedy.reason, operator, now })) === 'phone_taken'
    if (refused) throw new PhoneTaken(maskPhone(change.phone))
  }).catch((error: unknown) => {
    if (error instanceof PhoneTaken) return null
    throw error
  })
  return refused ? 'phone_taken' : card
}
/** Ends the transaction, so that nothing of a refused change remains. */
class PhoneTaken extends Error {}

async function liftStop(deps: Deps, externalUserId: string, { reason, operator }: Remedy): Promise<boolean> {
  return deps.db.transaction(async (db) => {
    const now = deps.clock()
    const before = await deps.binding.liftStop(db, externalUserId)
    await deps.audit.record(db, {
      operator: nameOf(operator), operation: 'contact.code_stop_lifted', target: { type: 'contact', id: externalUserId }, before, after: { tries: 0, pauses: 0 },
      reason, detail: `key ${operator.key}`, requestId: operator.requestId, now,
    })
    return before.pauses > 0
  })
}

async function closeReview(deps: Deps, id: number, { reason, operator }: Remedy): Promise<boolean> {
  return deps.db.transaction(async (db) => {
    const now = deps.clock()
    const review = await deps.customers.closeReview(db, { id, by: nameOf(operator), reason, now })
    if (!review) return false
    await deps.audit.record(db, { operator: nameOf(operator), operation: 'review.closed', target: { type: 'review', id: String(id) }, before: review, after: null, reason, detail: `key ${operator.key}`, requestId: operator.requestId, now })
    return true
  })
}
