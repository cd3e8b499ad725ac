import { findNoProof, type Add, type NoSearch } from '../../../shared/add-way.ts'
import { toPhones } from '../../../shared/phone.ts'

const SEEN_IN_TIME_MS = 24 * 3_600_000

export type FollowFacts = Add & {
  remarkMobiles: readonly string[]
  /** The valid remark mobiles when there first were any, and when we saw them. */
  firstMobiles: readonly string[] | null
  mobilesSeenAt: Date | null
  followedAt: Date
  /** The follow and an order loaded for its number are older than the day on which the company went live: then no look can have been in time (D6). */
  fromBeforeGoLive: boolean
  /** Another member's search proved a phone of the same contact that is not noted here. */
  contradictsMember: boolean
  /** Phones that the tied account itself states (E6). */
  claimedByAccounts: readonly string[]
  /** Numbers that this very follow has proven already: looking again does not make them late. */
  provenPhones: readonly string[]
  /** Numbers of which a person has said, since this follow began, that they are not this contact's any more (D20). */
  deniedPhones: readonly string[]
  /** The remark mobile of which this member said, by his own tap, that it is the customer's (D6). */
  confirmedPhone: string | null
}

export type NoProof = NoSearch | 'no_phone' | 'number_changed_hands'
export type ReviewReason =
  'several_phones' | 'phone_seen_late' | 'phone_changed' | 'members_disagree' | 'claim_differs'
/** What the member who searched may answer by himself; what stands against another proof is for an admin. */
export const ANSWERED_BY_TAP = [
  'several_phones',
  'phone_seen_late',
  'phone_changed',
  'claim_differs',
] as const satisfies readonly ReviewReason[]
export type TapQuestion = (typeof ANSWERED_BY_TAP)[number]
/** What a remark says against somebody else's number or orders: no more, once the remark or the follow is another. */
export const ABOUT_OTHERS = ['phone_proven_for_other_contact', 'names_differ'] as const
/** A member asks admins to vouch for somebody whom he has added in a way that proves nothing. */
export const ADDED_OTHERWISE = 'added_otherwise'
export type RemarkQuestion =
  ReviewReason | 'contact_has_other_phone' | (typeof ABOUT_OTHERS)[number]
export type PhoneProof =
  | { kind: 'proven'; phone: string }
  | { kind: 'none'; reason: NoProof }
  | { kind: 'review'; reason: ReviewReason }

/**
 * E5: does this follow prove a phone of the contact? Only a search by the member himself, for a WeChat user, with
 * exactly one valid remark mobile, seen within 24 h of the add and unchanged since, or confirmed by that member (D5, D6).
 */
export function findPhoneProof(follow: FollowFacts): PhoneProof {
  const noProof = findNoProof(follow)
  if (noProof !== null) return { kind: 'none', reason: noProof }
  if (follow.confirmedPhone !== null) return { kind: 'proven', phone: follow.confirmedPhone }
  const [phone, ...more] = toPhones(follow.remarkMobiles)
  if (phone === undefined || follow.mobilesSeenAt === null)
    return { kind: 'none', reason: 'no_phone' }
  if (more.length > 0) return { kind: 'review', reason: 'several_phones' }
  if (follow.deniedPhones.includes(phone)) return { kind: 'none', reason: 'number_changed_hands' }
  if (toPhones(follow.firstMobiles ?? []).join() !== phone)
    return { kind: 'review', reason: 'phone_changed' }
  const isLate = follow.mobilesSeenAt.getTime() - follow.followedAt.getTime() > SEEN_IN_TIME_MS
  if (isLate && !follow.fromBeforeGoLive && !follow.provenPhones.includes(phone))
    return { kind: 'review', reason: 'phone_seen_late' }
  if (follow.contradictsMember) return { kind: 'review', reason: 'members_disagree' }
  if (follow.claimedByAccounts.some((claimed) => claimed !== phone))
    return { kind: 'review', reason: 'claim_differs' }
  return { kind: 'proven', phone }
}

export type JoinFacts = {
  /** The customer who holds this contact. */
  byContact: { id: number; phone: string | null } | null
  /** The customer who holds this phone. */
  byPhone: { id: number; contact: string | null; contactProven: boolean } | null
  /** The orders of the two name different people. */
  namesDiffer: boolean
}
export type PhoneJoin =
  | { kind: 'same'; id: number }
  | { kind: 'create' }
  | { kind: 'give_phone'; id: number }
  | { kind: 'give_contact'; id: number }
  | { kind: 'merge'; survivor: number; loser: number }
  | { kind: 'recycled'; formerOwner: number; id: number | null }
  | {
      kind: 'review'
      reason: 'contact_has_other_phone' | 'phone_proven_for_other_contact' | 'names_differ'
    }

/** Which customer row a proven pair contact - phone makes, joins or must not touch (D14). */
export function decideJoin({ byContact, byPhone, namesDiffer }: JoinFacts): PhoneJoin {
  if (byContact && byPhone && byContact.id === byPhone.id) return { kind: 'same', id: byContact.id }
  if (byContact?.phone) return { kind: 'review', reason: 'contact_has_other_phone' }
  if (byPhone?.contact === null && namesDiffer) return { kind: 'review', reason: 'names_differ' }
  if (!byPhone) return byContact ? { kind: 'give_phone', id: byContact.id } : { kind: 'create' }
  if (byPhone.contact === null) {
    return byContact
      ? { kind: 'merge', survivor: byPhone.id, loser: byContact.id }
      : { kind: 'give_contact', id: byPhone.id }
  }
  if (byPhone.contactProven) return { kind: 'review', reason: 'phone_proven_for_other_contact' }
  return { kind: 'recycled', formerOwner: byPhone.id, id: byContact?.id ?? null }
}

/** A number where only text can name it: the key of its lock, and in what people are asked. */
export const keyOf = (phoneHmac: Buffer): string => phoneHmac.toString('base64')
