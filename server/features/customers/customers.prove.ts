import { toPhones } from '../../../shared/phone.ts'
import type { Phone } from '../evidence/evidence.ts'
import type { Tx } from './customers.deps.ts'
import { joinPhone, type JoinRefusal } from './customers.join.ts'
import { lockNumbers } from './customers.locks.ts'
import * as store from './customers.store.ts'
import * as history from './history.store.ts'
import type { ContactRow, FollowRow } from './neighbours.store.ts'
import { ADDED_OTHERWISE, ANSWERED_BY_TAP, keyOf, type RemarkQuestion } from './phone.rules.ts'

/** A follow of a contact, whose remark notes numbers. */
export type Add = { contact: ContactRow; follow: FollowRow; now: Date }

/** E5 for a phone of this follow, and the customer it belongs to; answers why not, or null. */
export async function proveByFollow(
  tx: Tx,
  { contact, follow, plain, now }: Add & { plain: string },
): Promise<JoinRefusal | null> {
  const { externalUserId } = contact
  const phone = tx.evidence.toPhone(plain)
  await lockNumbers(tx.db, [phone.hmac])
  const refused = await joinPhone(tx, { contact, phone, now })
  if (refused !== null) return refused
  const isNew = await tx.evidence.recordPhoneSearch(tx.db, {
    externalUserId,
    userId: follow.userId,
    phone,
    eventId: follow.eventId!,
    observedAt: now,
  })
  if (isNew) await recordProof(tx, { externalUserId, userId: follow.userId, phone, now })
  return null
}

type Proof = { externalUserId: string; userId: string; phone: Phone; now: Date }

async function recordProof(tx: Tx, { externalUserId, userId, phone, now }: Proof): Promise<void> {
  const { id: customerId } = (await store.findByContact(tx.db, externalUserId))!
  await store.setProver(tx.db, { customerId, userId })
  await history.insertHistory(tx.db, {
    now,
    externalUserId,
    customerId,
    phoneMasked: phone.masked,
    decision: 'phone search by the member',
    outcome: 'prove phone',
    actor: userId,
  })
  await tx.facts.publish(tx.db, [{ fact: 'customer.phone-proven', customerId, externalUserId }])
}

/** Asks once for the same add and the same numbers, and not at all while an admin vouches for the customer's phone. */
export async function askPerson(
  tx: Tx,
  { contact, follow, kind, now }: Add & { kind: RemarkQuestion },
): Promise<void> {
  if (await tx.evidence.isVouchedFor(tx.db, contact.externalUserId)) return
  await tx.reviews.ask(tx.db, {
    kind,
    externalUserId: contact.externalUserId,
    userId: follow.userId,
    detail: toDetail(tx, follow),
    now,
  })
}

/** What a person is asked about: this add, with these numbers. */
export const toDetail = (tx: Tx, follow: FollowRow) => ({
  followedAt: follow.followedAt,
  noted: toNoted(tx, follow)
    .map(({ hmac }) => keyOf(hmac))
    .toSorted(),
})

/** The numbers that a remark notes. */
export const toNoted = (tx: Tx, { remarkMobiles }: FollowRow) =>
  toPhones(remarkMobiles).map((phone) => ({ phone, hmac: tx.evidence.hashPhone(phone) }))

type Answer = { externalUserId: string; userId?: string; by: string; reason: string; now: Date }

/** An admin vouches for the contact's number: neither members nor admins need to look any more. */
export const closeVouchedFor = (tx: Tx, answer: Answer) =>
  tx.reviews.closeAboutContact(tx.db, { ...answer, kinds: [...ANSWERED_BY_TAP, ADDED_OTHERWISE] })

/** Somebody has said whose the number is: nobody needs to answer any more. */
export const closeTapQuestions = (tx: Tx, answer: Answer) =>
  tx.reviews.closeAboutContact(tx.db, { ...answer, kinds: ANSWERED_BY_TAP })
