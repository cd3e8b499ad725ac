import type { CustomerCard, ManualBindBody } from '../../../shared/api/remedies.ts'
import type { Db } from '../../lib/db.ts'
import type { Audit } from '../audit/audit.ts'
import type { Binding } from '../binding/binding.ts'
import type { Contacts } from '../contacts/contacts.ts'
import type { Conflict, Customers } from '../customers/customers.ts'
import { adviseOn } from './remedies.rules.ts'
import * as store from './remedies.store.ts'

type Deps = {
  db: Db
  customers: Pick<Customers, 'lock' | 'lockPhones' | 'bindManually' | 'changePhone' | 'resume' | 'untieCustomer' | 'closeReview'>
  contacts: Pick<Contacts, 'refresh'>
  binding: Pick<Binding, 'liftStop'>
  audit: Audit
  clock: () => Date
}
/** Who acts: the key that was used, and the person named with it. */
export type Operator = { key: string; userid?: string | undefined; requestId: string }
type Remedy = { reason: string; operator: Operator }
export type ManualOutcome = { kind: 'bound'; card: CustomerCard } | { kind: 'unknown'; what: 'account' | 'contact' } | { kind: 'conflict'; conflicts: Conflict[] }
/** Why there is nothing to mend, or what is in the way. */
export type Refusal = 'not_bound' | 'not_suspended' | 'same_phone' | 'phone_taken'
export type Mended = { kind: 'mended'; card: CustomerCard } | { kind: 'unknown' } | { kind: 'refused'; reason: Refusal }
export type Lifted = 'lifted' | 'tries_forgotten' | 'nothing' | 'unknown'

/** What a person mends by hand (R0.60, R0.79). Everything here has a reason and leaves before and after in the operation log. */
export function createRemedies(deps: Deps) {
  return {
    bindManually: (body: ManualBindBody, operator: Operator) => bindManually(deps, body, operator),
    unbind: (customerId: number, remedy: Remedy) => unbind(deps, customerId, remedy),
    changePhone: (customerId: number, change: PhoneChange, remedy: Remedy) => changePhone(deps, customerId, change, remedy),
    resume: (customerId: number, remedy: Remedy) => resume(deps, customerId, remedy),
    liftStop: (externalUserId: string, remedy: Remedy) => liftStop(deps, externalUserId, remedy),
    find: (by: { phone: string } | { externalUserId: string }) => store.pageCards(deps.db, by),
    listReviews: async () => (await store.pageReviews(deps.db)).map((review) => ({ ...review, advice: adviseOn(review.kind) })),
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
    await deps.customers.lock(db, await store.findAround(db, { accountId, externalUserId: body.weworkUserid, phone: body.customerPhone }))
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

type Mending = { customerId: number; operation: string; remedy: Remedy; deed: (by: { actor: string; now: Date }) => Promise<Refusal | null> }

/** One remedy to one customer, with its entry in the operation log; a deed that refuses has done nothing and leaves none. */
async function mend(deps: Deps, db: Db, { customerId, operation, remedy: { reason, operator }, deed }: Mending): Promise<Mended> {
  const before = await findCard(db, customerId)
  if (!before) return { kind: 'unknown' }
  const now = deps.clock()
  const refused = await deed({ actor: nameOf(operator), now })
  if (refused !== null) return { kind: 'refused', reason: refused }
  const card = (await findCard(db, customerId))!
  await deps.audit.record(db, { operator: nameOf(operator), operation, target: { type: 'customer', id: String(customerId) }, before, after: card, reason, detail: `key ${operator.key}`, requestId: operator.requestId, now })
  return { kind: 'mended', card }
}

/** What a remedy is decided on: nobody changes it before the transaction ends. Undefined when there is no such customer. */
async function hold(deps: Deps, db: Db, customerId: number, phones: readonly string[] = []) {
  await deps.customers.lock(db, await store.findTies(db, customerId))
  await deps.customers.lockPhones(db, phones)
  return store.lockCustomer(db, customerId)
}

/** No hold(): untying takes its own locks, and says afterwards whether there was a tie. */
const unbind = (deps: Deps, customerId: number, remedy: Remedy): Promise<Mended> => deps.db.transaction((db) => mend(deps, db, {
  customerId, operation: 'customer.unbound', remedy,
  deed: async ({ actor, now }) => ((await deps.customers.untieCustomer(db, { customerId, actor, sourceId: remedy.operator.requestId, now })) ? null : 'not_bound'),
}))

const resume = (deps: Deps, customerId: number, remedy: Remedy): Promise<Mended> => deps.db.transaction(async (db) => {
  const held = await hold(deps, db, customerId)
  return mend(deps, db, {
    customerId, operation: 'customer.resumed', remedy,
    deed: async ({ actor, now }) => {
      if (held?.suspendedReason == null) return 'not_suspended'
      await deps.customers.resume(db, { customerId, operator: actor, now })
      return null
    },
  })
})

type PhoneChange = { phone: string; proven: boolean }

/** The same phone is a change only when the admin vouches for it. */
const changePhone = (deps: Deps, customerId: number, { phone, proven }: PhoneChange, remedy: Remedy): Promise<Mended> => deps.db.transaction(async (db) => {
  const held = await hold(deps, db, customerId, [phone])
  return mend(deps, db, {
    customerId, operation: 'customer.phone_changed', remedy,
    deed: async ({ actor, now }) => {
      if (held?.phone === phone && !proven) return 'same_phone'
      const changed = await deps.customers.changePhone(db, { customerId, phone, proven, reason: remedy.reason, operator: actor, now })
      return changed === 'phone_taken' ? changed : null
    },
  })
})

async function liftStop(deps: Deps, externalUserId: string, { reason, operator }: Remedy): Promise<Lifted> {
  return deps.db.transaction(async (db) => {
    const now = deps.clock()
    const before = await deps.binding.liftStop(db, externalUserId)
    if (before.tries + before.pauses === 0) return (await store.isKnownContact(db, externalUserId)) ? 'nothing' : 'unknown'
    await deps.audit.record(db, {
      operator: nameOf(operator), operation: 'contact.code_stop_lifted', target: { type: 'contact', id: externalUserId }, before, after: { tries: 0, pauses: 0 },
      reason, detail: `key ${operator.key}`, requestId: operator.requestId, now,
    })
    return before.pauses > 0 ? 'lifted' : 'tries_forgotten'
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
