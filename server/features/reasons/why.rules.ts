import type { WhyCode } from '../../../shared/api/why.ts'
import { toMoment } from '../../../shared/days.ts'
import type { Stated } from '../../../shared/why-customer.ts'
import type { PhoneProof } from '../customers/customers.ts'

export type WhyFacts = {
  /** An account of his is tied to his contact. */
  tied: boolean
  /** `account_access` says so of one of his accounts. */
  mayQuery: boolean
  suspended: boolean
  /** The last tie was ended, and there has been none since. */
  ended: boolean
  /** A member who works here follows the contact now. */
  followed: boolean
  /** What each follow proves (phone.rules). */
  proofs: readonly PhoneProof[]
  /** A live proof of the number that he has. */
  proven: boolean
  /** People are asked about his number. */
  inQuestion: boolean
  /** He has stated a phone that waits for a member. */
  phoneStated: boolean
  shownOrders: number
  /** Those that people must say something about first: whose they are (table A), or that they are his (table B). */
  heldOrders: number
}

/** What an account has said its phone is. */
export type Claim = { status: 'waiting' | 'bound' | 'expired'; expiresAt: Date }

/** A claim that ran out is worth a word for so long. */
const RAN_OUT_MS = 7 * 24 * 3_600_000

export const isLive = (claim: Claim | null, now: Date): boolean =>
  claim?.status === 'waiting' && claim.expiresAt > now

/** Whether the phone that he has stated waits with the members, for people; one that came true or gave way says nothing. */
export function toStated(
  claim: Claim | null,
  { now, timeZone }: { now: Date; timeZone: string },
): Stated {
  if (claim === null || claim.status === 'bound') return 'none'
  if (isLive(claim, now)) return { until: toMoment(claim.expiresAt, timeZone) }
  const overMs = now.getTime() - claim.expiresAt.getTime()
  return overMs >= 0 && overMs < RAN_OUT_MS ? 'over' : 'none'
}

/** The one thing that stands in the way first, as an admin would look for it: the number before the tie, the tie before the orders. */
export function findWhy(facts: WhyFacts): WhyCode {
  if (facts.suspended) return 'suspended'
  if (facts.mayQuery) return findWhyOfOrders(facts)
  if (!facts.proven) return findWhyOfNumber(facts)
  if (facts.tied) return 'phone_in_question'
  return facts.ended ? 'ended' : 'not_bound'
}

function findWhyOfOrders({
  shownOrders,
  heldOrders,
}: Pick<WhyFacts, 'shownOrders' | 'heldOrders'>): WhyCode {
  if (shownOrders > 0) return 'may_query'
  return heldOrders > 0 ? 'order_held' : 'no_order'
}

/**
 * The same of an account, as far as it is told without a look at its customer: what is held is absent for him, and who is
 * tied to nobody learns of himself alone.
 */
export function findWhyOfAccount({
  mayQuery,
  sees,
  ended,
}: {
  mayQuery: boolean
  sees: boolean
  ended: boolean
}): WhyCode {
  if (mayQuery) return findWhyOfOrders({ shownOrders: sees ? 1 : 0, heldOrders: 0 })
  return ended ? 'ended' : 'not_bound'
}

/** Why a follow proves nothing: that first which is nearest to a proof. */
const NEAREST = [
  [
    'phone_in_question',
    (proof) => proof.kind !== 'none' || proof.reason === 'number_changed_hands',
  ],
  ['phone_missing', (proof) => proof.kind === 'none' && proof.reason === 'no_phone'],
  ['customer_searched', (proof) => proof.kind === 'none' && proof.reason === 'customer_searched'],
  ['added_otherwise', () => true],
] as const satisfies readonly (readonly [WhyCode, (proof: PhoneProof) => boolean])[]

function findWhyOfNumber({ inQuestion, followed, proofs, tied, phoneStated }: WhyFacts): WhyCode {
  if (inQuestion) return 'phone_in_question'
  if (!followed) return tied && !phoneStated ? 'no_phone_stated' : 'not_added'
  for (const [code, fits] of NEAREST) if (proofs.some(fits)) return code
  return 'not_added'
}
