import type { CustomerCard } from '../../../shared/api/remedies.ts'
import { inTransaction } from '../../lib/db.ts'
import { nameOf, type RemediesDeps, type Remedy, type Tx } from './remedies.deps.ts'
import * as store from './remedies.store.ts'

/** Why there is nothing to mend, or what is in the way. */
export type Refusal = 'not_bound' | 'not_suspended' | 'same_phone' | 'phone_taken'
export type Mended =
  | { kind: 'mended'; card: CustomerCard }
  | { kind: 'unknown' }
  | { kind: 'refused'; reason: Refusal }

type OfCustomer = Remedy & { customerId: number }
type Mending = OfCustomer & {
  operation: string
  action: (by: { actor: string; now: Date }, before: CustomerCard) => Promise<Refusal | null>
}

/** One remedy to one customer, with its entry in the operation log; an action that refuses has done nothing and leaves none. */
async function mend(
  tx: Tx,
  { customerId, operation, reason, operator, action }: Mending,
): Promise<Mended> {
  const before = await store.findCard(tx.db, customerId)
  if (!before) return { kind: 'unknown' }
  const now = tx.clock()
  const refused = await action({ actor: nameOf(operator), now }, before)
  if (refused !== null) return { kind: 'refused', reason: refused }
  const card = (await store.findCard(tx.db, customerId))!
  await tx.audit.record(tx.db, {
    operator: nameOf(operator),
    operation,
    target: { type: 'customer', id: String(customerId) },
    before,
    after: card,
    reason,
    detail: `key ${operator.key}`,
    requestId: operator.requestId,
    now,
  })
  return { kind: 'mended', card }
}

/** What a remedy is decided on: nobody changes it before the transaction ends. Undefined when there is no such customer. */
async function hold(tx: Tx, { customerId, phone }: { customerId: number; phone?: string }) {
  await tx.ties.lock(tx.db, await store.findTies(tx.db, customerId))
  if (phone !== undefined) await tx.customers.lockForPhone(tx.db, { customerId, phone })
  return store.lockCustomer(tx.db, customerId)
}

/** With the tie ends what admins said of his number: if the contact was the wrong one, so was their word for it. */
export const unbind = (deps: RemediesDeps, remedy: OfCustomer): Promise<Mended> =>
  inTransaction(deps, async (tx) => {
    const { customerId, operator, reason } = remedy
    await tx.ties.lock(tx.db, await store.findTies(tx.db, customerId))
    return mend(tx, {
      ...remedy,
      operation: 'customer.unbound',
      action: async (by, { bindingStatus }) => {
        if (bindingStatus !== 'bound') return 'not_bound'
        await tx.customers.withdrawVouching(tx.db, {
          customerId,
          operator: by.actor,
          reason,
          now: by.now,
        })
        const ending = { ...by, customerId, sourceId: operator.requestId }
        return (await tx.ties.untieCustomer(tx.db, ending)) ? null : 'not_bound'
      },
    })
  })

/** A permission that rests counts again. */
export const resume = (deps: RemediesDeps, remedy: OfCustomer): Promise<Mended> =>
  inTransaction(deps, async (tx) => {
    const { customerId } = remedy
    const held = await hold(tx, { customerId })
    return mend(tx, {
      ...remedy,
      operation: 'customer.resumed',
      action: async ({ actor, now }) => {
        if (held?.suspendedReason == null) return 'not_suspended'
        await tx.customers.resume(tx.db, { customerId, operator: actor, now })
        return null
      },
    })
  })

export type PhoneChange = { phone: string; proven: boolean; since: Date | null }

/** The same phone is a change only when the admin vouches for it. */
export const changePhone = (
  deps: RemediesDeps,
  { phone, proven, since, ...remedy }: PhoneChange & OfCustomer,
): Promise<Mended> =>
  inTransaction(deps, async (tx) => {
    const { customerId, reason } = remedy
    const held = await hold(tx, { customerId, phone })
    return mend(tx, {
      ...remedy,
      operation: 'customer.phone_changed',
      action: async ({ actor, now }) => {
        if (held?.phone === phone && !proven) return 'same_phone'
        const change = { customerId, phone, proven, since, reason, operator: actor, now }
        const changed = await tx.customers.changePhone(tx.db, change)
        return changed === 'phone_taken' ? changed : null
      },
    })
  })
