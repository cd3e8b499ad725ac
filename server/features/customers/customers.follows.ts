import { findNoProof } from '../../../shared/add-way.ts'
import { isSameMember } from '../../../shared/userid.ts'
import type { PhoneSearchRow } from '../evidence/evidence.ts'
import type { Tx } from './customers.deps.ts'
import { lockNumbers } from './customers.locks.ts'
import { considerNumbers } from './customers.numbers.ts'
import {
  askPerson,
  closeTapQuestions,
  proveByFollow,
  toDetail,
  toNoted,
  type Add,
} from './customers.prove.ts'
import * as store from './customers.store.ts'
import * as neighbours from './neighbours.store.ts'
import * as numbers from './numbers.store.ts'
import { ABOUT_OTHERS, ADDED_OTHERWISE, findPhoneProof, type PhoneProof } from './phone.rules.ts'

type Look = { contact: neighbours.ContactRow; now: Date }
type Follows = readonly neighbours.FollowRow[]
type Denials = Awaited<ReturnType<typeof numbers.pageDenials>>

/** Finds what the follows of a contact prove about its phone (E5), takes back what no longer holds, and joins customers. */
export async function considerPhones(tx: Tx, { contact, now }: Look): Promise<void> {
  const { externalUserId } = contact
  const follows = await neighbours.pageFollows(tx.db, externalUserId)
  const proven = await tx.evidence.pageLivePhoneSearches(tx.db, externalUserId)
  const concerned = await pageConcerned(tx, { externalUserId, follows, proven })
  await lockNumbers(tx.db, concerned)
  const denials = await numbers.pageDenials(tx.db, externalUserId)
  const live = await revokeEnded(tx, { follows, proven, now })
  if (live.length < proven.length) await freeNumber(tx, { externalUserId, now })
  const standing = follows.filter(({ endedAt, eventId }) => endedAt === null && eventId !== null)
  await proveAll(tx, { contact, standing, live, denials, now })
  await tx.reviews.closeMoot(tx.db, {
    externalUserId,
    kinds: [...ABOUT_OTHERS, ADDED_OTHERWISE],
    noted: [
      ...standing.map((follow) => ({ userId: follow.userId, detail: toDetail(tx, follow) })),
      ...(await pageUnproven(tx, { contact, follows })),
    ],
    now,
  })
  if (isFollowed(follows)) await ensurePartial(tx, { contact, now })
  await considerNumbers(tx, { phoneHmacs: concerned, now })
}

const isFollowed = (follows: Follows): boolean => follows.some(({ endedAt }) => endedAt === null)

type Concerning = {
  externalUserId: string
  follows: Follows
  proven: readonly PhoneSearchRow[]
}

/** The numbers that a contact's follows note, that it has proven, that its customer has, and that are asked about: whatever a look at it may change. */
async function pageConcerned(
  tx: Tx,
  { externalUserId, follows, proven }: Concerning,
): Promise<Buffer[]> {
  const customer = await store.findByContact(tx.db, externalUserId)
  const own = customer?.phone == null ? [] : [tx.evidence.hashPhone(customer.phone)]
  return [
    ...follows.flatMap((follow) => toNoted(tx, follow).map(({ hmac }) => hmac)),
    ...proven.map((row) => row.phoneHmac),
    ...own,
    ...(await tx.reviews.findNumbersAbout(tx.db, externalUserId)),
  ]
}

/** A search counts while its follow stands, or was handed to a member who still follows; answers those that count. */
async function revokeEnded(
  tx: Tx,
  { follows, proven, now }: Omit<Concerning, 'externalUserId'> & { now: Date },
): Promise<PhoneSearchRow[]> {
  const isLive = (row: PhoneSearchRow) =>
    follows.some(
      (follow) =>
        isSameMember(follow.userId, row.userId) &&
        follow.eventId === row.eventId &&
        (follow.endedAt === null || (follow.transferredAt !== null && isFollowed(follows))),
    )
  await tx.evidence.revoke(tx.db, {
    ids: proven.filter((row) => !isLive(row)).map((row) => row.id),
    reason: 'the member no longer follows the contact',
    now,
  })
  return proven.filter(isLive)
}

/** Whose remark notes a number that its owner can prove no more may have it: he is looked at again, whichever came first. */
async function freeNumber(
  tx: Tx,
  { externalUserId, now }: { externalUserId: string; now: Date },
): Promise<void> {
  const customer = await store.findByContact(tx.db, externalUserId)
  if (customer?.phone == null) return
  const phone = tx.evidence.toPhone(customer.phone)
  const of = { externalUserId, customerId: customer.id, phoneHmac: phone.hmac, now }
  if (await tx.evidence.hasPhoneProof(tx.db, of)) return
  const noted = await neighbours.pageNoted(tx.db, phone)
  await tx.facts.publish(
    tx.db,
    noted
      .filter((other) => other !== externalUserId)
      .map((other) => ({ fact: 'number.free' as const, externalUserId: other })),
  )
}

type Standing = Look & {
  standing: Follows
  live: readonly PhoneSearchRow[]
  denials: Denials
}

/** What one follow proves counts for those that are looked at after it. */
async function proveAll(
  tx: Tx,
  { contact, standing, live: before, denials, now }: Standing,
): Promise<void> {
  const { externalUserId } = contact
  const customer = await store.findByContact(tx.db, externalUserId)
  const claimedByAccounts = customer
    ? await neighbours.pageClaimedPhones(tx.db, { customerId: customer.id, now })
    : []
  let live = before
  for (const follow of standing) {
    const proof = await judge(tx, { contact, follow, live, denials, claimedByAccounts })
    if (await applyPhoneProof(tx, { contact, follow, proof, now }))
      live = await tx.evidence.pageLivePhoneSearches(tx.db, externalUserId)
  }
}

type Judged = Noting & { contact: neighbours.ContactRow; claimedByAccounts: readonly string[] }

const judge = async (
  tx: Tx,
  { contact, claimedByAccounts, ...noting }: Judged,
): Promise<PhoneProof> =>
  findPhoneProof({
    ...noting.follow,
    contactType: contact.type,
    claimedByAccounts,
    ...(await describeNoted(tx, noting)),
  })

/** What each follow of a contact proves as things stand, and why not: for people who ask; decides nothing. */
export async function explainFollows(
  tx: Tx,
  { externalUserId, now }: { externalUserId: string; now: Date },
): Promise<PhoneProof[]> {
  const contact = await neighbours.findContact(tx.db, externalUserId)
  if (!contact) return []
  const follows = await neighbours.pageFollows(tx.db, externalUserId)
  const live = await tx.evidence.pageLivePhoneSearches(tx.db, externalUserId)
  const denials = await numbers.pageDenials(tx.db, externalUserId)
  const customer = await store.findByContact(tx.db, externalUserId)
  const claimedByAccounts = customer
    ? await neighbours.pageClaimedPhones(tx.db, { customerId: customer.id, now })
    : []
  const standing = follows.filter(({ endedAt }) => endedAt === null)
  return Promise.all(
    standing.map((follow) => judge(tx, { contact, follow, live, denials, claimedByAccounts })),
  )
}

type Noting = {
  follow: neighbours.FollowRow
  live: readonly PhoneSearchRow[]
  denials: Denials
}

/** What is known about the numbers that a follow notes. */
async function describeNoted(tx: Tx, { follow, live, denials }: Noting) {
  const { goLiveAt } = await tx.settings.read(tx.db)
  const noted = toNoted(tx, follow)
  const hmacs = noted.map(({ hmac }) => hmac)
  const isNoted = (row: PhoneSearchRow): boolean => hmacs.some((hmac) => hmac.equals(row.phoneHmac))
  const own = live.filter((row) => isSameMember(row.userId, follow.userId))
  const confirmed = own.filter((row) => row.confirmed)
  return {
    fromBeforeGoLive:
      goLiveAt !== null &&
      follow.followedAt < new Date(goLiveAt) &&
      (await neighbours.wasLoadedBefore(tx.db, {
        goLiveAt: new Date(goLiveAt),
        phoneHmacs: hmacs,
      })),
    contradictsMember: live.some(
      (row) => !isSameMember(row.userId, follow.userId) && !isNoted(row),
    ),
    provenPhones: noted.filter(({ hmac }) => isProvenBy(own, hmac)).map(({ phone }) => phone),
    deniedPhones: noted
      .filter(({ hmac }) =>
        denials.some((denial) => denial.phoneHmac.equals(hmac) && follow.followedAt <= denial.at),
      )
      .map(({ phone }) => phone),
    confirmedPhone: noted.find(({ hmac }) => isProvenBy(confirmed, hmac))?.phone ?? null,
  }
}

const isProvenBy = (rows: readonly PhoneSearchRow[], hmac: Buffer): boolean =>
  rows.some((row) => row.phoneHmac.equals(hmac))

/** Adds that prove nothing, by which admins may be asked to vouch: none once his number is proven, or that follow is over. */
async function pageUnproven(
  tx: Tx,
  { contact, follows }: { contact: neighbours.ContactRow; follows: Follows },
) {
  const { externalUserId } = contact
  const isProven =
    (await tx.evidence.pageLivePhoneSearches(tx.db, externalUserId)).length > 0 ||
    (await tx.evidence.isVouchedFor(tx.db, externalUserId))
  return follows
    .filter(
      (follow) =>
        !isProven &&
        follow.endedAt === null &&
        findNoProof({ ...follow, contactType: contact.type }) !== null,
    )
    .map(({ userId, followedAt }) => ({ userId, detail: { followedAt } }))
}

/** A contact that staff added is a customer of whom one side is known (D2). */
async function ensurePartial(tx: Tx, { contact, now }: Look): Promise<void> {
  if (await store.findByContact(tx.db, contact.externalUserId)) return
  const id = await store.insertCustomer(tx.db, {
    contact: contact.externalUserId,
    company: contact.company,
    now,
  })
  await store.refreshStatus(tx.db, id)
}

/** Answers whether the follow now proves a phone. */
async function applyPhoneProof(
  tx: Tx,
  { proof, ...add }: Add & { proof: PhoneProof },
): Promise<boolean> {
  if (proof.kind === 'none') return false
  const question =
    proof.kind === 'review' ? proof.reason : await proveByFollow(tx, { ...add, plain: proof.phone })
  if (question !== null) await askPerson(tx, { ...add, kind: question })
  else
    await closeTapQuestions(tx, {
      externalUserId: add.contact.externalUserId,
      userId: add.follow.userId,
      by: 'decision table',
      reason: 'the number is proven',
      now: add.now,
    })
  return question === null
}
