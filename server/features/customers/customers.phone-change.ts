import type { Phone } from '../evidence/evidence.ts'
import type { Tx } from './customers.deps.ts'
import { merge } from './customers.join.ts'
import { lockForPhone } from './customers.locks.ts'
import { giveUp, newSourceId } from './customers.manual.ts'
import { considerNumbers } from './customers.numbers.ts'
import { closeVouchedFor } from './customers.prove.ts'
import * as store from './customers.store.ts'
import * as history from './history.store.ts'

/** `since`: when he gave the former number up; null: nobody said. */
export type PhoneChange = {
  customerId: number
  phone: string
  proven: boolean
  since: Date | null
  reason: string
  operator: string
  now: Date
}
type Outcome = 'changed' | 'unknown' | 'phone_taken'

/**
 * D9: the new phone must be earned again, unless the admin vouches for it (E7); the tie stays, and what is surely his. The
 * former number is handed over (D20): to nobody yet.
 */
export async function changePhone(tx: Tx, change: PhoneChange): Promise<Outcome> {
  const { customerId, proven, now } = change
  const phone = tx.evidence.toPhone(change.phone)
  const customer = await store.findCustomer(tx.db, customerId)
  if (!customer) return 'unknown'
  const concerned = await lockForPhone(tx, { ...customer, wanted: phone.hmac })
  const owner = await store.findByPhone(tx.db, change.phone)
  const isTaken = owner !== undefined && owner.id !== customerId
  if (isTaken && !(proven && (await isMereNumber(tx, { owner, customerId, phone, now }))))
    return 'phone_taken'
  const before = await store.readPermission(tx.db, customerId)
  if (customer.phone !== null && customer.phone !== change.phone)
    await giveUp(tx, { ...change, phone: customer.phone, isDoubted: false, isReplaced: true })
  if (isTaken) await merge(tx, { survivor: customerId, loser: owner.id, now })
  await store.setPhone(tx.db, { id: customerId, phone, now })
  if (proven) await vouch(tx, { ...change, phone, contact: customer.contact })
  await considerNumbers(tx, { phoneHmacs: concerned, now })
  await record(tx, { ...change, phone, contact: customer.contact })
  if (before.mayQuery && !(await store.readPermission(tx.db, customerId)).mayQuery)
    await tx.sessions.endOf(tx.db, before.accountIds)
  return 'changed'
}

type Met = { owner: store.CustomerRow; customerId: number; phone: Phone; now: Date }

/** Nobody has it: the office has loaded orders for it, and they do not name somebody else. A typing mistake must not take them: an admin vouches. */
const isMereNumber = async (tx: Tx, { owner, customerId, phone, now }: Met): Promise<boolean> =>
  owner.contact === null &&
  !(await tx.evidence.hasPhoneProof(tx.db, {
    externalUserId: '',
    customerId: owner.id,
    phoneHmac: phone.hmac,
    now,
  })) &&
  !(await tx.ownership.namesDiffer(tx.db, { customerId, phoneHmac: phone.hmac }))

type Changed = Omit<PhoneChange, 'phone'> & { phone: Phone; contact: string | null }

/** E7 for a phone alone. */
async function vouch(
  tx: Tx,
  { customerId, contact, phone, reason, operator, now }: Changed,
): Promise<void> {
  await tx.evidence.recordManual(tx.db, {
    accountId: null,
    externalUserId: contact,
    customerId,
    phone,
    reason,
    sourceId: newSourceId(operator),
    observedAt: now,
  })
  if (contact !== null)
    await closeVouchedFor(tx, { externalUserId: contact, by: operator, reason, now })
}

const record = (tx: Tx, { customerId, contact, phone, proven, operator, now }: Changed) =>
  history.insertHistory(tx.db, {
    now,
    customerId,
    externalUserId: contact,
    phoneMasked: phone.masked,
    decision: 'an admin changed the phone',
    outcome: proven ? 'prove phone' : 'change phone',
    actor: operator,
  })
