import { maskPhone, toPhones } from '../../../shared/phone.ts'
import { isSameMember } from '../../../shared/userid.ts'
import type { Db } from '../../lib/db.ts'
import type { CustomersDeps } from './customers.deps.ts'
import { considerNumbers, handOver, keyOf, lockNumbers } from './customers.numbers.ts'
import * as store from './customers.store.ts'
import * as evidence from './evidence.store.ts'
import * as numbers from './numbers.store.ts'
import {
  ABOUT_OTHERS,
  ANSWERED_BY_TAP,
  decideJoin,
  findNoProof,
  findPhoneProof,
  type PhoneJoin,
  type PhoneProof,
  type RemarkQuestion,
} from './phone.rules.ts'

/** Finds what the follows of a contact prove about its phone (E5), takes back what no longer holds, and joins customers. */
export async function considerPhones(
  deps: CustomersDeps,
  db: Db,
  contact: store.ContactRow,
  now: Date,
): Promise<void> {
  const follows = await store.pageFollows(db, contact.externalUserId)
  const proven = await evidence.pageLivePhoneSearches(db, contact.externalUserId)
  const concerned = await pageConcerned(deps, db, contact.externalUserId, follows, proven)
  await lockNumbers(db, concerned)
  const denials = await numbers.pageDenials(db, contact.externalUserId)
  const isFollowed = follows.some((follow) => follow.endedAt === null)
  const isLive = (row: evidence.PhoneSearchRow) =>
    follows.some(
      (follow) =>
        isSameMember(follow.userId, row.userId) &&
        follow.eventId === row.eventId &&
        (follow.endedAt === null || (follow.transferredAt !== null && isFollowed)),
    )
  await evidence.revoke(
    db,
    proven.filter((row) => !isLive(row)).map((row) => row.id),
    'the member no longer follows the contact',
    now,
  )
  let live = proven.filter(isLive)
  const customer = await store.findByContact(db, contact.externalUserId)
  const claimedByAccounts = customer ? await store.pageClaimedPhones(db, customer.id, now) : []
  const standing = follows
    .filter(({ endedAt, eventId }) => endedAt === null && eventId !== null)
    .map((follow) => ({ follow, noted: toNoted(deps, follow) }))
  for (const { follow, noted } of standing) {
    const proof = findPhoneProof({
      ...follow,
      contactType: contact.type,
      claimedByAccounts,
      ...(await describeNoted(deps, db, { follow, noted, live, denials })),
    })
    if (await applyPhoneProof(deps, db, contact, follow, proof, now))
      live = await evidence.pageLivePhoneSearches(db, contact.externalUserId)
  }
  const noted = standing.map(({ follow }) => ({
    userId: follow.userId,
    detail: toDetail(deps, follow),
  }))
  await numbers.closeMoot(db, {
    externalUserId: contact.externalUserId,
    kinds: ABOUT_OTHERS,
    noted,
    now,
  })
  if (isFollowed) await ensurePartial(db, contact, now)
  await considerNumbers(deps, db, { phoneHmacs: concerned, now })
}

/** The numbers that a contact's follows note, that it has proven, that its customer has, and that are asked about: whatever a look at it may change. */
async function pageConcerned(
  deps: CustomersDeps,
  db: Db,
  externalUserId: string,
  follows: readonly store.FollowRow[],
  proven: readonly evidence.PhoneSearchRow[],
): Promise<Buffer[]> {
  const customer = await store.findByContact(db, externalUserId)
  const own = customer?.phone == null ? [] : [hmacOfPhone(deps, customer.phone)]
  return [
    ...follows.flatMap((follow) => toNoted(deps, follow).map(({ hmac }) => hmac)),
    ...proven.map((row) => row.phoneHmac),
    ...own,
    ...(await numbers.findReviewNumbers(db, externalUserId)),
  ]
}

type Noted = {
  follow: store.FollowRow
  noted: readonly { phone: string; hmac: Buffer }[]
  live: readonly evidence.PhoneSearchRow[]
  denials: readonly { phoneHmac: Buffer; at: Date }[]
}

/** What is known about the numbers that a follow notes. */
async function describeNoted(deps: CustomersDeps, db: Db, { follow, noted, live, denials }: Noted) {
  const { goLiveAt } = await deps.settings.read(db)
  const hmacs = noted.map(({ hmac }) => hmac)
  const isNoted = (row: evidence.PhoneSearchRow): boolean =>
    hmacs.some((hmac) => hmac.equals(row.phoneHmac))
  const own = live.filter((row) => isSameMember(row.userId, follow.userId))
  const isProvenBy = (rows: readonly evidence.PhoneSearchRow[], hmac: Buffer): boolean =>
    rows.some((row) => row.phoneHmac.equals(hmac))
  return {
    fromBeforeGoLive:
      goLiveAt !== null &&
      follow.followedAt < new Date(goLiveAt) &&
      (await store.wasLoadedBefore(db, new Date(goLiveAt), hmacs)),
    contradictsMember: live.some(
      (row) => !isSameMember(row.userId, follow.userId) && !isNoted(row),
    ),
    provenPhones: noted.filter(({ hmac }) => isProvenBy(own, hmac)).map(({ phone }) => phone),
    deniedPhones: noted
      .filter(({ hmac }) =>
        denials.some((denial) => denial.phoneHmac.equals(hmac) && follow.followedAt <= denial.at),
      )
      .map(({ phone }) => phone),
    confirmedPhone:
      noted.find(({ hmac }) =>
        isProvenBy(
          own.filter((row) => row.confirmed),
          hmac,
        ),
      )?.phone ?? null,
  }
}

const toNoted = (deps: CustomersDeps, { remarkMobiles }: store.FollowRow) =>
  toPhones(remarkMobiles).map((phone) => ({ phone, hmac: hmacOfPhone(deps, phone) }))

/** A contact that staff added is a customer of whom one side is known (D2). */
async function ensurePartial(db: Db, contact: store.ContactRow, now: Date): Promise<void> {
  if (await store.findByContact(db, contact.externalUserId)) return
  const id = await store.insertCustomer(db, {
    contact: contact.externalUserId,
    company: contact.company,
    now,
  })
  await store.refreshStatus(db, id)
}

/** Answers whether the follow now proves a phone. */
async function applyPhoneProof(
  deps: CustomersDeps,
  db: Db,
  contact: store.ContactRow,
  follow: store.FollowRow,
  proof: PhoneProof,
  now: Date,
): Promise<boolean> {
  if (proof.kind === 'none') return false
  const question =
    proof.kind === 'review'
      ? proof.reason
      : await proveByFollow(deps, db, contact, follow, proof.phone, now)
  if (question !== null) await askPerson(deps, db, contact, follow, question, now)
  else
    await closeTapQuestions(db, {
      externalUserId: contact.externalUserId,
      userId: follow.userId,
      by: 'decision table',
      reason: 'the number is proven',
      now,
    })
  return question === null
}

type JoinRefusal = Extract<PhoneJoin, { kind: 'review' }>['reason']

/** E5 for a phone of this follow, and the customer it belongs to; answers why not, or null. */
async function proveByFollow(
  deps: CustomersDeps,
  db: Db,
  contact: store.ContactRow,
  follow: store.FollowRow,
  plain: string,
  now: Date,
): Promise<JoinRefusal | null> {
  const { externalUserId } = contact
  const phone = toPhone(deps, plain)
  await lockNumbers(db, [phone.hmac])
  const refused = await joinPhone(deps, db, contact, phone, now)
  if (refused !== null) return refused
  if (
    !(await evidence.insertPhoneSearch(db, {
      externalUserId,
      userId: follow.userId,
      phone,
      eventId: follow.eventId!,
      observedAt: now,
    }))
  )
    return null
  const customer = await store.findByContact(db, externalUserId)
  await store.setProver(db, customer!.id, follow.userId)
  await store.insertHistory(db, {
    now,
    externalUserId,
    customerId: customer!.id,
    phoneMasked: phone.masked,
    decision: 'phone search by the member',
    outcome: 'prove phone',
    actor: follow.userId,
  })
  await deps.facts.publish(db, [
    { fact: 'customer.phone-proven', customerId: customer!.id, externalUserId },
  ])
  return null
}

type Confirmation = {
  userId: string
  followedAt: Date
  isChosen: (phone: string) => boolean
  now: Date
}
export type Confirmed =
  | { kind: 'confirmed'; phone: string }
  /** not_noted: the number is no longer in the remark; the others: only an admin can decide that. */
  | { kind: 'refused'; reason: 'not_noted' | 'number_changed_hands' | JoinRefusal }

/** The member who searched says of a number in his remark that it is the customer's own: E5 for what nobody may take for granted (D6). */
export async function confirmPhone(
  deps: CustomersDeps,
  db: Db,
  contact: store.ContactRow,
  { userId, followedAt, isChosen, now }: Confirmation,
): Promise<Confirmed> {
  const follow = (await store.pageFollows(db, contact.externalUserId)).find(
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
  if (!follow || phone === undefined) return { kind: 'refused', reason: 'not_noted' }
  const phoneHmac = hmacOfPhone(deps, phone)
  const denials = await numbers.pageDenials(db, contact.externalUserId)
  if (
    denials.some((denial) => denial.phoneHmac.equals(phoneHmac) && follow.followedAt <= denial.at)
  )
    return { kind: 'refused', reason: 'number_changed_hands' }
  const refused = await proveByFollow(deps, db, contact, follow, phone, now)
  if (refused !== null) {
    await askPerson(deps, db, contact, follow, refused, now)
    return { kind: 'refused', reason: refused }
  }
  await evidence.confirmPhoneSearch(db, {
    externalUserId: contact.externalUserId,
    userId,
    phoneHmac,
  })
  await numbers.insertAnswer(db, {
    kind: 'same',
    externalUserId: contact.externalUserId,
    phoneHmac,
    by: userId,
    reason: 'confirmed by the member',
    now,
  })
  await store.insertHistory(db, {
    now,
    externalUserId: contact.externalUserId,
    phoneMasked: maskPhone(phone),
    decision: 'the member confirmed the number',
    outcome: 'prove phone',
    actor: userId,
  })
  return { kind: 'confirmed', phone }
}

/** Asks once for the same add and the same numbers, and not at all while an admin vouches for the customer's phone. */
async function askPerson(
  deps: CustomersDeps,
  db: Db,
  contact: store.ContactRow,
  follow: store.FollowRow,
  kind: RemarkQuestion,
  now: Date,
): Promise<void> {
  if (await evidence.isVouchedFor(db, contact.externalUserId)) return
  await store.insertReview(db, {
    kind,
    externalUserId: contact.externalUserId,
    userId: follow.userId,
    detail: toDetail(deps, follow),
    now,
  })
}

/** What a person is asked about: this add, with these numbers. */
const toDetail = (deps: CustomersDeps, follow: store.FollowRow) => ({
  followedAt: follow.followedAt,
  noted: toNoted(deps, follow)
    .map(({ hmac }) => keyOf(hmac))
    .toSorted(),
})

/** An admin has vouched for the phone: nobody needs to answer any more. */
export const closeTapQuestions = (
  db: Db,
  answer: { externalUserId: string; userId?: string; by: string; reason: string; now: Date },
) => store.closeReviewsOf(db, { ...answer, kinds: ANSWERED_BY_TAP })

/** Brings contact and phone into one customer row; answers why not, or null. */
export async function joinPhone(
  deps: CustomersDeps,
  db: Db,
  contact: store.ContactRow,
  phone: evidence.Phone,
  now: Date,
): Promise<JoinRefusal | null> {
  const { externalUserId } = contact
  const byContact = (await store.findByContact(db, externalUserId)) ?? null
  const owner = (await store.findByPhone(db, phone.plain)) ?? null
  const contactProven =
    owner?.contact != null &&
    (await evidence.hasPhoneProof(db, {
      externalUserId: owner.contact,
      customerId: owner.id,
      phoneHmac: phone.hmac,
      now,
    }))
  const namesDiffer =
    byContact !== null &&
    (await deps.ownership.namesDiffer(db, { customerId: byContact.id, phoneHmac: phone.hmac }))
  const decided = decideJoin({
    byContact,
    byPhone: owner && { ...owner, contactProven },
    namesDiffer,
  })
  switch (decided.kind) {
    case 'same':
      return null
    case 'review':
      return decided.reason
    case 'create':
      await store.insertCustomer(db, { contact: externalUserId, phone, now })
      break
    case 'give_phone':
      await store.setPhone(db, decided.id, phone, now)
      break
    case 'give_contact':
      await store.setContact(db, decided.id, externalUserId, now)
      break
    case 'merge':
      await store.merge(db, decided.survivor, decided.loser, now)
      await deps.ownership.moveHolder(db, { from: decided.loser, to: decided.survivor })
      break
    case 'recycled':
      await takeFromFormer(deps, db, decided.formerOwner, phone, now)
      if (decided.id === null)
        await store.insertCustomer(db, { contact: externalUserId, phone, now })
      else await store.setPhone(db, decided.id, phone, now)
  }
  const customer = await store.findByContact(db, externalUserId)
  await store.refreshStatus(db, customer!.id)
  await store.insertHistory(db, {
    now,
    externalUserId,
    customerId: customer!.id,
    phoneMasked: phone.masked,
    decision: `contact and phone: ${decided.kind}`,
    outcome: 'join',
    actor: 'decision table',
  })
  return null
}

/** Nothing proved the number for him any more when it was proven for somebody else. */
async function takeFromFormer(
  deps: CustomersDeps,
  db: Db,
  formerOwner: number,
  phone: evidence.Phone,
  now: Date,
): Promise<void> {
  await handOver(deps, db, {
    phone,
    since: null,
    isDoubted: true,
    orders: [],
    actor: 'decision table',
    reason: 'proven for somebody else',
    now,
  })
  await store.insertReviewOfCustomer(db, {
    kind: 'phone_recycled',
    customerId: formerOwner,
    detail: {},
    now,
  })
  deps.log.warn({ formerOwner }, 'a phone number went to a new person')
}

/** The customer of a normalised phone, made when unknown. */
export async function resolvePhone(
  deps: CustomersDeps,
  db: Db,
  phone: string,
  now: Date,
): Promise<{ customerId: number; phoneHmac: Buffer }> {
  const hmac = hmacOfPhone(deps, phone)
  await lockNumbers(db, [hmac])
  return { customerId: await store.upsertByPhone(db, { plain: phone, hmac }, now), phoneHmac: hmac }
}

export const hmacOfPhone = (deps: CustomersDeps, phone: string): Buffer =>
  deps.secrets.hmac('phone', phone)

/** A normalised phone in the three ways in which it is used. */
export const toPhone = (deps: CustomersDeps, plain: string): evidence.Phone => ({
  plain,
  hmac: hmacOfPhone(deps, plain),
  masked: maskPhone(plain),
})
