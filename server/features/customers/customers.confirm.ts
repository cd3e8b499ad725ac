import { findNoProof } from '../../../shared/add-way.ts'
import { maskPhone, toPhones } from '../../../shared/phone.ts'
import { isSameMember } from '../../../shared/userid.ts'
import { considerContact } from './customers.contact.ts'
import type { Tx } from './customers.deps.ts'
import type { JoinRefusal } from './customers.join.ts'
import { lockPeople } from './customers.locks.ts'
import { askPerson, closeTapQuestions, proveByFollow } from './customers.prove.ts'
import * as history from './history.store.ts'
import * as neighbours from './neighbours.store.ts'
import * as numbers from './numbers.store.ts'

type Confirmation = {
  userId: string
  followedAt: Date
  isChosen: (phone: string) => boolean
  now: Date
}
/** `followedAt`: since when, as WeCom has just said, the member has the contact. */
export type Tap = Confirmation & { reviewId: number }
export type Confirmed =
  | { kind: 'confirmed'; phone: string }
  /** not_noted: the number is no longer in the remark; the others: only an admin can decide that. */
  | { kind: 'refused'; reason: 'not_noted' | 'number_changed_hands' | JoinRefusal }

/** A member says by one tap which number of his remark is the contact's own, and all that follows from it. */
export async function confirmByTap(
  tx: Tx,
  { reviewId, ...confirmation }: Tap,
): Promise<Confirmed | { kind: 'unknown' }> {
  const { userId, now } = confirmation
  const asked = { id: reviewId, userId }
  const review = await tx.reviews.findOpen(tx.db, asked)
  const contact = review && (await neighbours.findContact(tx.db, review.externalUserId))
  if (!contact) return { kind: 'unknown' }
  const { externalUserId } = contact
  const locked = await lockPeople(tx, { externalUserIds: [externalUserId], phoneHmacs: [] })
  if (!(await tx.reviews.findOpen(tx.db, asked))) return { kind: 'unknown' } // answered while we waited
  const confirmed = await confirmPhone(tx, { ...confirmation, contact })
  if (confirmed.kind === 'refused') return confirmed
  await closeTapQuestions(tx, {
    externalUserId,
    userId,
    by: userId,
    reason: 'confirmed by the member',
    now,
  })
  const lockedAccountIds = locked.get(externalUserId)!
  await considerContact(tx, { externalUserId, lockedAccountIds, now })
  return confirmed
}

type OfContact = Confirmation & { contact: neighbours.ContactRow }

/** The member who searched says of a number in his remark that it is the customer's own: E5 for what nobody may take for granted (D6). */
async function confirmPhone(tx: Tx, confirmation: OfContact): Promise<Confirmed> {
  const { contact, userId, now } = confirmation
  const chosen = await findChosen(tx, confirmation)
  if (!chosen) return { kind: 'refused', reason: 'not_noted' }
  const { follow, phone } = chosen
  const phoneHmac = tx.evidence.hashPhone(phone)
  const denials = await numbers.pageDenials(tx.db, contact.externalUserId)
  const isDenied = denials.some(
    (denial) => denial.phoneHmac.equals(phoneHmac) && follow.followedAt <= denial.at,
  )
  if (isDenied) return { kind: 'refused', reason: 'number_changed_hands' }
  const add = { contact, follow, now }
  const refused = await proveByFollow(tx, { ...add, plain: phone })
  if (refused !== null) {
    await askPerson(tx, { ...add, kind: refused })
    return { kind: 'refused', reason: refused }
  }
  const { externalUserId } = contact
  await recordConfirmation(tx, { externalUserId, userId, phone, phoneHmac, now })
  return { kind: 'confirmed', phone }
}

/** The follow of that member that can prove a phone, and the number of its remark that he chose. */
async function findChosen(tx: Tx, { contact, userId, followedAt, isChosen }: OfContact) {
  const follow = (await neighbours.pageFollows(tx.db, contact.externalUserId)).find(
    (one) =>
      isSameMember(one.userId, userId) &&
      one.followedAt.getTime() === followedAt.getTime() &&
      one.endedAt === null &&
      one.eventId !== null,
  )
  const phone =
    follow && findNoProof({ ...follow, contactType: contact.type }) === null
      ? toPhones(follow.remarkMobiles).find(isChosen)
      : undefined
  return follow && phone !== undefined ? { follow, phone } : undefined
}

type Own = { externalUserId: string; userId: string; phone: string; phoneHmac: Buffer; now: Date }

async function recordConfirmation(
  tx: Tx,
  { externalUserId, userId, phone, phoneHmac, now }: Own,
): Promise<void> {
  await tx.evidence.confirmPhoneSearch(tx.db, { externalUserId, userId, phoneHmac })
  await numbers.insertAnswer(tx.db, {
    kind: 'same',
    externalUserId,
    phoneHmac,
    by: userId,
    reason: 'confirmed by the member',
    now,
  })
  await history.insertHistory(tx.db, {
    now,
    externalUserId,
    phoneMasked: maskPhone(phone),
    decision: 'the member confirmed the number',
    outcome: 'prove phone',
    actor: userId,
  })
}
