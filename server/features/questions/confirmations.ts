import { maskPhone } from '../../../shared/phone.ts'
import { isSameMember } from '../../../shared/userid.ts'
import { inTransaction } from '../../lib/db.ts'
import { inTransactionOrDry } from '../../lib/dry-run.ts'
import { sameText } from '../../lib/secrets.ts'
import type { Confirmed } from '../customers/customers.ts'
import type { StoredAnswer } from '../reviews/reviews.ts'
import { lockQuestion, record } from './answers.ts'
import type { QuestionsDeps, Tx } from './questions.deps.ts'
import { questionJobs } from './questions.jobs.ts'
import { findChoices, TAKE_BACK_MS } from './questions.rules.ts'
import * as store from './questions.store.ts'

/** A number of a remark, named without telling it; good for one question only. */
export type Choice = { choice: string; phoneMasked: string }
export type Confirming =
  | { kind: 'answered'; phoneMasked: string; effectiveAt: Date }
  | { kind: 'unknown' }
  /** He has said something else about the same customer, which counts in a moment. */
  | { kind: 'chosen' }
  | Extract<Confirmed, { kind: 'refused' }>

const SAID = "the member says that it is the customer's own number"

type Noted = { reviewId: number; kind: string; remarkMobiles: readonly string[] }
type Tap = { reviewId: number; choice: string; userId: string; requestId: string }

/** A member says which number of his own remark is the customer's (D6): it counts after ten seconds, as every answer does. */
export function createConfirmations(deps: QuestionsDeps) {
  return {
    /** The numbers among which the member may choose. */
    offer: (noted: Noted): Choice[] => offer(deps, noted),
    /** Stores which he chose; refused at once is what would be refused when it counts. */
    confirm: (tap: Tap) => confirm(deps, tap),
  }
}

/** None while two of them look alike: nobody shall guess which he taps. */
function offer(deps: QuestionsDeps, { reviewId, kind, remarkMobiles }: Noted): Choice[] {
  const choices = findChoices(kind, remarkMobiles).map((phone) => ({
    choice: toChoice(deps, { reviewId, phone }),
    phoneMasked: maskPhone(phone),
  }))
  return new Set(choices.map((one) => one.phoneMasked)).size < choices.length ? [] : choices
}

const toChoice = (
  { secrets }: Pick<QuestionsDeps, 'secrets'>,
  { reviewId, phone }: { reviewId: number; phone: string },
): string => secrets.hmac('staff-choice', `${String(reviewId)}:${phone}`).toString('base64url')

type Given = Tap & { externalUserId: string; followedAt: Date }

async function confirm(deps: QuestionsDeps, tap: Tap): Promise<Confirming> {
  const { reviewId: id, userId } = tap
  const asked = await deps.reviews.findOpen(deps.db, { id, userId })
  if (!asked) return { kind: 'unknown' }
  const { externalUserId } = asked
  const followedAt = await findFollowedAt(deps, { externalUserId, userId })
  if (!followedAt) return { kind: 'refused', reason: 'not_noted' }
  return inTransaction(deps, (tx) => keep(tx, { ...tap, externalUserId, followedAt }))
}

/** The remark is mirrored as it is now, if the member still has the contact: both may have changed since the page was shown. */
async function findFollowedAt(
  deps: QuestionsDeps,
  { externalUserId, userId }: { externalUserId: string; userId: string },
): Promise<Date | undefined> {
  const contact = await deps.contacts.refresh(externalUserId)
  return contact?.follows.find((one) => isSameMember(one.userId, userId))?.createdAt
}

async function keep(tx: Tx, given: Given): Promise<Confirming> {
  const { reviewId: id, externalUserId, userId } = given
  await tx.customers.lockPeople(tx.db, { externalUserIds: [externalUserId], phoneHmacs: [] })
  const question = await lockQuestion(tx, id)
  if (!question || question.closedAt !== null) return { kind: 'unknown' }
  const before = await store.findGiven(tx.db, { externalUserId, userId })
  if (before) return isSaidAgain(before, given) ? toAnswered(before) : { kind: 'chosen' }
  const now = tx.clock()
  const decide = { ...given, kind: question.kind, now }
  const tried = await inTransactionOrDry(tx, true, (dry) => decideChoice(dry, decide))
  if (tried.kind === 'unknown') return tried
  // Now not only to see: what stands against the number is asked of an admin.
  if (tried.kind === 'refused') return refuse(tx, decide)
  return writeChosen(tx, { ...decide, requestId: given.requestId, phone: tried.phone })
}

async function writeChosen(
  tx: Tx,
  {
    reviewId: id,
    kind,
    choice,
    phone,
    followedAt,
    userId,
    requestId,
    now,
  }: Deciding & { phone: string; requestId: string },
): Promise<Confirming> {
  const effectiveAt = new Date(now.getTime() + TAKE_BACK_MS)
  const phoneMasked = maskPhone(phone)
  const chosen = { choice, phoneMasked, followedAt: followedAt.toISOString() }
  const answer: StoredAnswer = { answer: 'same', chosen, reason: SAID }
  await tx.reviews.writeAnswer(tx.db, { id, answer, by: userId, now, effectiveAt })
  await tx.jobs.add(tx.db, [questionJobs.takeEffect.of({ id }, effectiveAt)])
  await record(tx, {
    id,
    operation: 'question.answered',
    before: null,
    after: { review: kind, phone },
    reason: SAID,
    by: { name: userId, requestId },
    now,
  })
  return { kind: 'answered', phoneMasked, effectiveAt }
}

const isSaidAgain = ({ id, chosen }: store.Given, { reviewId, choice }: Tap): boolean =>
  id === reviewId && sameText(chosen.choice, choice)

const toAnswered = ({ chosen, effectiveAt }: store.Given): Confirming => ({
  kind: 'answered',
  phoneMasked: chosen.phoneMasked,
  effectiveAt,
})

type Deciding = Omit<Given, 'requestId'> & { kind: string; now: Date }

const decideChoice = (
  tx: Tx,
  { reviewId, choice, kind, userId, followedAt, now }: Deciding,
): ReturnType<QuestionsDeps['customers']['confirmPhone']> =>
  tx.customers.confirmPhone(tx.db, {
    reviewId,
    userId,
    followedAt,
    isChosen: (phone) =>
      findChoices(kind, [phone]).length > 0 && sameText(toChoice(tx, { reviewId, phone }), choice),
    now,
  })

async function refuse(tx: Tx, deciding: Deciding): Promise<Confirming> {
  const refused = await decideChoice(tx, deciding)
  return refused.kind === 'confirmed' ? { kind: 'unknown' } : refused
}

/**
 * The ten seconds are over: proves the number he chose, if the remark and the follow are those of which he spoke. What does
 * not hold any more is asked again.
 */
export async function takeConfirmation(
  deps: QuestionsDeps,
  { id, externalUserId, answeredBy }: store.QuestionRow,
): Promise<void> {
  if (externalUserId === null || answeredBy === null) return
  const followedAt = await findFollowedAt(deps, { externalUserId, userId: answeredBy })
  await inTransaction(deps, async (tx) => {
    await tx.customers.lockPeople(tx.db, { externalUserIds: [externalUserId], phoneHmacs: [] })
    const question = await lockQuestion(tx, id)
    const now = tx.clock()
    const chosen = question?.answer?.chosen
    if (!question || !chosen || question.closedAt !== null || question.answeredBy !== answeredBy)
      return
    if (question.effectiveAt! > now)
      return tx.jobs.add(tx.db, [questionJobs.takeEffect.of({ id }, question.effectiveAt!)])
    const isSameFollow = followedAt?.toISOString() === chosen.followedAt
    const given = { reviewId: id, choice: chosen.choice, externalUserId, userId: answeredBy }
    const confirmed = isSameFollow
      ? await decideChoice(tx, { ...given, kind: question.kind, followedAt: followedAt!, now })
      : undefined
    if (confirmed?.kind === 'confirmed')
      return noteConfirmed(tx, { question, externalUserId, userId: answeredBy, ...confirmed, now })
    tx.log.warn(
      { question: id },
      'a number that a member confirmed does not hold any more: it is asked again',
    )
    await tx.reviews.clearAnswer(tx.db, { id })
  })
}

type Noting = {
  question: store.QuestionRow
  externalUserId: string
  userId: string
  phone: string
  now: Date
}

async function noteConfirmed(
  tx: Tx,
  { question, externalUserId, userId, phone, now }: Noting,
): Promise<void> {
  await tx.contacts.noteConfirmedPhone(tx.db, { externalUserId, userId, phone })
  await tx.audit.record(tx.db, {
    operator: userId,
    operation: 'contact.phone_confirmed',
    target: { type: 'contact', id: externalUserId },
    before: { review: question.kind },
    after: { phone },
    reason: SAID,
    requestId: `question:${String(question.id)}`,
    now,
  })
}
