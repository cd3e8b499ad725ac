import type { Question } from '../../../shared/api/questions.ts'
import { isSameMember } from '../../../shared/userid.ts'
import { inTransaction, type Db } from '../../lib/db.ts'
import { cutPage } from '../../lib/pages.ts'
import { toIsoDay } from '../../../shared/days.ts'
import type { StoredAnswer } from '../reviews/reviews.ts'
import { lockQuestion, record, carryOut } from './answers.ts'
import { createConfirmations, takeConfirmation } from './confirmations.ts'
import type { By, QuestionsDeps, Tx } from './questions.deps.ts'
import { questionJobs } from './questions.jobs.ts'
import { findEscalation, isAskedAbout, TAKE_BACK_MS, toAsked } from './questions.rules.ts'
import { present } from './questions.present.ts'
import * as store from './questions.store.ts'

type Listed = { items: Question[]; nextCursor?: string }
export type Answered =
  | { kind: 'answered'; effectiveAt: Date }
  | { kind: 'unknown' }
  | { kind: 'taken'; by: string }
  /** Members did not know, or had a working day: admins answer it. */
  | { kind: 'for_admins' }
  /** Questions about remarks have an answer of their own. */
  | { kind: 'other_kind' }
  | { kind: 'unknown_orders'; orderNos: string[] }
  | { kind: 'in_future' }
export type TookBack = 'taken_back' | 'unknown' | 'too_late' | 'not_yours'
/** Of a member: only what he is asked himself. */
type Asked = { id: number; userId?: string }
/** A member who has something to answer, how much, and the day of which he is told so. */
export type Untold = store.Untold & { day: string }

/**
 * What people are asked about numbers and remarks, and what their answers do (ownership.md, semantics 2 to 7). Keeps the
 * answers in `reviews`, which `customers` opens, with `question_notices`; `order-claims` keeps `order_claims`. Woken by staff
 * and admins, by the job of an answer whose time has come, and by the sweep. Tells nobody: `customers` and `ownership` are
 * asked to carry out what was answered, and `contacts` to look at a remark again.
 */
export function createQuestions(deps: QuestionsDeps) {
  return {
    ...createConfirmations(deps),
    /** Open ones oldest first, answered ones newest first. */
    list: (page: { state: 'open' | 'answered'; cursor: number | null; limit: number }) =>
      list(deps, page),
    /** Open questions about numbers that this member is asked. */
    listFor: async (userId: string): Promise<Question[]> =>
      Promise.all((await store.pageAskedOf(deps.db, userId)).map((row) => present(deps, row))),
    /** Takes members who have something to answer and were not told so today: whoever gets them tells them. */
    claimUntold: (now: Date) => claimUntold(deps, now),
    /** A member certainly was not told. */
    releaseUntold: async (untold: Untold): Promise<void> => {
      await store.releaseUntold(deps.db, untold)
    },
    /** Stores an answer; it counts after ten seconds. The first answer wins. */
    answer: (asked: Asked, answer: StoredAnswer, by: By) =>
      takeAnswer(deps, { ...asked, answer, by }),
    /** Takes an answer back that does not count yet: by who gave it, or by an admin. */
    takeBack: (asked: Asked, by: By) => takeBack(deps, { ...asked, by }),
    /** Carries out an answer whose time has come; does nothing when it was taken back. */
    takeEffect: (id: number) => takeEffect(deps, id),
    /** Carries out what a killed process left, and gives to admins what members have not answered in a working day. */
    sweep: () => sweep(deps),
    /** Somebody has looked at a review; opens no permission. */
    close: (id: number, reason: string, by: By) => close(deps, { id, reason, by }),
  }
}
export type Questions = ReturnType<typeof createQuestions>

async function claimUntold(deps: QuestionsDeps, now: Date): Promise<Untold[]> {
  const day = toIsoDay(now, deps.timeZone)
  return (await store.claimUntold(deps.db, { day, now })).map((untold) => ({ ...untold, day }))
}

async function list(
  deps: QuestionsDeps,
  { state, cursor, limit }: { state: 'open' | 'answered'; cursor: number | null; limit: number },
): Promise<Listed> {
  const rows = await store.pageQuestions(deps.db, { state, after: cursor, limit: limit + 1 })
  const { shown, last } = cutPage(rows, limit)
  const items = await Promise.all(shown.map((row) => present(deps, row)))
  return { items, ...(last && { nextCursor: String(last.id) }) }
}

/** Admins are asked everything. */
const findPart = async (db: Db, { id, userId }: Asked): ReturnType<typeof store.findPart> =>
  userId === undefined ? 'asked' : store.findPart(db, { id, userId })

type Given = Asked & { answer: StoredAnswer; by: By }

const takeAnswer = (deps: QuestionsDeps, given: Given): Promise<Answered> =>
  inTransaction(deps, async (tx) => {
    const now = tx.clock()
    const question = await lockQuestion(tx, given.id)
    const part = await findPart(tx.db, given)
    if (!question || part === undefined) return { kind: 'unknown' }
    const refused = await findRefusal(tx, { ...given, question, part, now })
    if (refused) return refused
    const { id, answer, by } = given
    const effectiveAt = new Date(now.getTime() + TAKE_BACK_MS)
    const asked = await pageAsked(tx, { ...given, question })
    await tx.reviews.writeAnswer(tx.db, {
      id,
      answer: { ...answer, asked },
      by: by.name,
      now,
      effectiveAt,
    })
    await tx.jobs.add(tx.db, [questionJobs.takeEffect.of({ id }, effectiveAt)])
    await record(tx, {
      id,
      operation: 'question.answered',
      before: null,
      after: answer,
      reason: answer.reason,
      by,
      now,
    })
    return { kind: 'answered', effectiveAt }
  })

/** What the question is about now, and what the answer names besides. */
async function pageAsked(
  tx: Tx,
  { answer, question }: Given & { question: store.QuestionRow },
): Promise<string[]> {
  const parties = await tx.ownership.pageOfNumber(tx.db, question.phoneHmac!)
  return parties
    .filter(
      (party) => isAskedAbout(question, party) || answer.orders?.includes(party.orderNo) === true,
    )
    .map(toAsked)
}

type Checked = Given & {
  question: store.QuestionRow
  part: Awaited<ReturnType<typeof store.findPart>>
  now: Date
}

/** Why the answer does not count, if it does not. */
async function findRefusal(
  tx: Tx,
  { answer, question, part, now }: Checked,
): Promise<Answered | undefined> {
  if (question.phoneHmac === null) return { kind: 'other_kind' }
  if (question.answeredBy !== null)
    return { kind: 'taken', by: question.answeredByName ?? question.answeredBy }
  if (question.closedAt !== null) return { kind: 'unknown' }
  if (part === 'over') return { kind: 'for_admins' }
  if (answer.since !== undefined && new Date(answer.since) > now) return { kind: 'in_future' }
  const parties = await tx.ownership.pageOfNumber(tx.db, question.phoneHmac)
  const known = new Set(parties.map((party) => party.orderNo))
  const strange = (answer.orders ?? []).filter((orderNo) => !known.has(orderNo))
  return strange.length > 0 ? { kind: 'unknown_orders', orderNos: strange } : undefined
}

const takeBack = (deps: QuestionsDeps, { by, ...asked }: Asked & { by: By }): Promise<TookBack> =>
  inTransaction(deps, async (tx) => {
    const now = tx.clock()
    const { id, userId } = asked
    const question = await lockQuestion(tx, id)
    if (!question?.answer) return 'unknown'
    if (userId !== undefined && !isBy(question, userId))
      return (await findPart(tx.db, asked)) === undefined ? 'unknown' : 'not_yours'
    if (question.closedAt !== null || question.effectiveAt! <= now) return 'too_late'
    await tx.reviews.clearAnswer(tx.db, { id })
    await record(tx, {
      id,
      operation: 'question.answer_taken_back',
      before: question.answer,
      after: null,
      reason: 'taken back in time',
      by,
      now,
    })
    return 'taken_back'
  })

const isBy = ({ answeredBy }: store.QuestionRow, userId: string): boolean =>
  answeredBy !== null && isSameMember(answeredBy, userId)

type Closing = { id: number; reason: string; by: By }

const close = (deps: QuestionsDeps, { id, reason, by }: Closing): Promise<boolean> =>
  inTransaction(deps, async (tx) => {
    const now = tx.clock()
    const before = await tx.customers.closeReview(tx.db, { id, by: by.name, reason, now })
    if (!before) return false
    await record(tx, { id, operation: 'review.closed', before, after: null, reason, by, now })
    return true
  })

async function takeEffect(deps: QuestionsDeps, id: number): Promise<void> {
  const question = await store.findQuestion(deps.db, id)
  if (!question?.answer || question.closedAt !== null) return
  await (question.phoneHmac === null ? takeConfirmation : carryOut)(deps, question)
}

async function sweep(deps: QuestionsDeps): Promise<void> {
  const now = deps.clock()
  await escalateLate(deps, now)
  const carriedOut = []
  for (const id of await deps.reviews.pageOverdue(deps.db, now))
    carriedOut.push(...(await Promise.allSettled([takeEffect(deps, id)])))
  const failed = carriedOut.find((one) => one.status === 'rejected')
  if (failed) throw failed.reason // the others have not waited for it
}

async function escalateLate(deps: QuestionsDeps, now: Date): Promise<void> {
  const late = (await deps.reviews.pageUnescalated(deps.db)).filter(
    ({ openedAt }) => findEscalation(openedAt, deps.timeZone) <= now,
  )
  const questions = await deps.reviews.escalate(deps.db, { ids: late.map(({ id }) => id), now })
  if (questions > 0)
    deps.log.warn(
      { questions },
      'members have not said in a working day whose a number is: admins are asked (GET /api/admin/questions)',
    )
}
