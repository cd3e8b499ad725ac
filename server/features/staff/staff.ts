// The desk of the company's members: keeps staff_sessions, and staff_notices and staff_tie_notices (who was told of what, once).
// Woken by its pages and API, by a phone that was claimed, a tie made or ended, a number asked about, a member who left,
// and by the clock. Reads who waits to be added and whose phone is missing; confirms a phone at `customers` and `contacts`.
// Tells members by app message (notices.ts), by day only; signs them in through WeCom (sign-in.ts). No facts of its own.
import type { JssdkSignature, PhoneMissing, WaitingCustomer } from '../../../shared/api/staff.ts'
import { maskPhone } from '../../../shared/phone.ts'
import { isSameMember } from '../../../shared/userid.ts'
import type { Why } from '../../../shared/api/why.ts'
import { tellQuestion, tellWhy } from '../../../shared/why.ts'
import { inTransaction, type Db, type Within } from '../../lib/db.ts'
import { randomToken, sameText, type Secrets } from '../../lib/secrets.ts'
import type { Wecom } from '../../outside/wecom/wecom.ts'
import type { Audit } from '../audit/audit.ts'
import type { Contacts } from '../contacts/contacts.ts'
import type { Confirmed, Customers } from '../customers/customers.ts'
import type { Members } from '../members/members.ts'
import type { Reviews } from '../reviews/reviews.ts'
import { findChoices, findUnnoted, isOwnPage } from './staff.rules.ts'
import * as store from './staff.store.ts'

type Deps = {
  db: Db
  audit: Pick<Audit, 'record'>
  contacts: Pick<Contacts, 'refresh' | 'noteConfirmedPhone'>
  customers: Pick<Customers, 'confirmPhone'>
  reviews: Pick<Reviews, 'findOpen'>
  members: Pick<Members, 'nameOf'>
  secrets: Pick<Secrets, 'hmac'>
  platforms: Pick<Wecom, 'jssdk'>
  corpId: string
  agentId: number
  baseUrl: string | null
  clock: () => Date
}

type By = { userId: string; requestId: string }
export type Revealed =
  { kind: 'revealed'; phone: string } | { kind: 'not_waiting' } | { kind: 'too_many' }
export type Settled = Confirmed | { kind: 'unknown' }

/** Nobody adds more customers in an hour; who looks at more phones collects them. */
const REVEALS_PER_HOUR = 60
const HOUR_MS = 3_600_000
const MOST_LISTED = 500

/** What members see on their H5 pages: who waits to be added, and whose phone is still missing. */
export function createStaff(deps: Deps) {
  return {
    /** How a member is called; his userid while WeCom has told no name. */
    nameOf: async (userId: string): Promise<string> =>
      (await deps.members.nameOf(userId)) ?? userId,
    /** Customers who left a phone and are not added yet, one per phone: the member's own first, then who waits longest; phones masked. */
    listWaiting: async (userId: string): Promise<WaitingCustomer[]> =>
      (await store.pageWaiting(deps.db, { userId, now: deps.clock() })).map(toWaiting),
    /** The full phone of one of them, written down in the operation log. */
    reveal: (claimId: number, by: By) => reveal(deps, { claimId, ...by }),
    /** Contacts of this member whose phone is not noted, or not clear. */
    listPhonesMissing: (userId: string) => listPhonesMissing(deps, userId),
    /** The member says which number of his remark is the customer's own (D6): one tap, in the operation log. */
    confirmPhone: (tap: { reviewId: number; choice: string }, by: By) =>
      confirmPhone(deps, { ...tap, ...by }),
    /** Signatures for the JS-SDK on a page of ours; null for any other page. */
    signPage: (url: string) => signPage(deps, url),
  }
}
export type Staff = ReturnType<typeof createStaff>

const toWaiting = ({
  id,
  phone,
  name,
  contested,
  mine,
  since,
  expiresAt,
}: store.Waiting): WaitingCustomer => ({
  id,
  phoneMasked: maskPhone(phone),
  contested,
  mine,
  since: since.toISOString(),
  expiresAt: expiresAt.toISOString(),
  ...(name !== null && { name }),
})

async function reveal(
  deps: Deps,
  { claimId, userId, requestId }: By & { claimId: number },
): Promise<Revealed> {
  return inTransaction(deps, async (tx): Promise<Revealed> => {
    await store.lockReveals(tx.db, userId)
    const now = tx.clock()
    const found = await store.findWaitingPhone(tx.db, { id: claimId, now })
    if (!found) return { kind: 'not_waiting' }
    const since = new Date(now.getTime() - HOUR_MS)
    const others = await store.countOtherReveals(tx.db, { userId, claimId, since })
    if (others >= REVEALS_PER_HOUR) return { kind: 'too_many' }
    await tx.audit.record(tx.db, {
      operator: userId,
      operation: 'claim.phone_revealed',
      target: { type: 'claim', id: String(claimId) },
      before: null,
      after: { phone: found.phone },
      requestId,
      now,
    })
    return { kind: 'revealed', phone: found.phone }
  })
}

async function listPhonesMissing(deps: Deps, userId: string): Promise<PhoneMissing[]> {
  const unnoted = findUnnoted(await store.pagePhoneSearches(deps.db, userId))
    .slice(0, MOST_LISTED)
    .map(({ name, followedAt }) => ({
      kind: 'no_phone',
      ...describe({ why: tellWhy('phone_missing', 'staff'), name, since: followedAt }),
    }))
  const reviews = (await store.pageReviews(deps.db, userId)).map((review) =>
    toMissing(deps, review),
  )
  return [...unnoted, ...reviews]
}

const describe = ({ why, name, since }: { why: Why; name: string | null; since: Date }) => ({
  since: since.toISOString(),
  hint: why.nextStep,
  why,
  ...(name !== null && { name }),
})

function toMissing(
  deps: Deps,
  { id, kind, name, openedAt, remarkMobiles }: store.Review,
): PhoneMissing {
  const choices = findDistinct(findChoices(kind, remarkMobiles)).map((phone) => ({
    choice: toChoice(deps, { reviewId: id, phone }),
    phoneMasked: maskPhone(phone),
  }))
  return {
    kind,
    ...describe({ why: tellQuestion(kind), name, since: openedAt }),
    ...(choices.length > 0 && { reviewId: id, choices }),
  }
}

/** None while two of them look alike: nobody shall guess which he taps. */
const findDistinct = (phones: readonly string[]): readonly string[] =>
  new Set(phones.map(maskPhone)).size < phones.length ? [] : phones

/** Names a number without telling it; good for this question only. */
const toChoice = (
  { secrets }: Pick<Deps, 'secrets'>,
  { reviewId, phone }: { reviewId: number; phone: string },
): string => secrets.hmac('staff-choice', `${String(reviewId)}:${phone}`).toString('base64url')

type Tap = By & { reviewId: number; choice: string }

async function confirmPhone(deps: Deps, tap: Tap): Promise<Settled> {
  const { reviewId, userId } = tap
  const asked = await deps.reviews.findOpen(deps.db, { id: reviewId, userId })
  if (!asked) return { kind: 'unknown' }
  // The remark as it is now, if the member still has the contact: both may have changed since the page was shown.
  const contact = await deps.contacts.refresh(asked.externalUserId)
  const follow = contact?.follows.find((one) => isSameMember(one.userId, userId))
  if (!follow) return { kind: 'refused', reason: 'not_noted' }
  return inTransaction(deps, (tx) =>
    keepConfirmed(tx, { ...tap, asked, followedAt: follow.createdAt }),
  )
}

type Asked = { kind: string; externalUserId: string }

async function keepConfirmed(
  tx: Within<Deps>,
  {
    reviewId,
    choice,
    userId,
    requestId,
    asked,
    followedAt,
  }: Tap & { asked: Asked; followedAt: Date },
): Promise<Settled> {
  const now = tx.clock()
  const { externalUserId } = asked
  const isChosen = (phone: string): boolean =>
    findChoices(asked.kind, [phone]).length > 0 &&
    sameText(toChoice(tx, { reviewId, phone }), choice)
  const by = { reviewId, userId, followedAt, isChosen, now }
  const confirmed = await tx.customers.confirmPhone(tx.db, by)
  if (confirmed.kind !== 'confirmed') return confirmed
  const { phone } = confirmed
  await tx.contacts.noteConfirmedPhone(tx.db, { externalUserId, userId, phone })
  await tx.audit.record(tx.db, {
    operator: userId,
    operation: 'contact.phone_confirmed',
    target: { type: 'contact', id: externalUserId },
    before: { review: asked.kind },
    after: { phone },
    reason: "the member says that it is the customer's own number",
    requestId,
    now,
  })
  return confirmed
}

async function signPage(
  { platforms: { jssdk }, corpId, agentId, baseUrl, clock }: Deps,
  url: string,
): Promise<JssdkSignature | null> {
  if (baseUrl === null || !isOwnPage(url, baseUrl)) return null
  const stamp = { nonceStr: randomToken(128), timestamp: Math.floor(clock().getTime() / 1000), url }
  const [config, agentConfig] = await Promise.all([
    jssdk.sign('config', stamp),
    jssdk.sign('agentConfig', stamp),
  ])
  const { nonceStr, timestamp } = stamp
  return {
    config: { corpId, nonceStr, timestamp, signature: config },
    agentConfig: { corpId, agentId, nonceStr, timestamp, signature: agentConfig },
  }
}
