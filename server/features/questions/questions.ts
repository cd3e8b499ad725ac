import type { Question } from '../../../shared/api/questions.ts'
import { maskPhone, toPhones } from '../../../shared/phone.ts'
import { isSameMember } from '../../../shared/userid.ts'
import { toIsoDay } from '../../lib/days.ts'
import type { Party } from '../ownership/ownership.ts'
import { takeEffect } from './answers.ts'
import { adviseOn } from './advice.rules.ts'
import type { By, QuestionsDeps } from './questions.deps.ts'
import { questionJobs } from './questions.jobs.ts'
import { findEscalation, TAKE_BACK_MS } from './questions.rules.ts'
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

/** What people are asked about numbers and remarks, and what their answers do (ownership.md, semantics 2 to 7). */
export function createQuestions(deps: QuestionsDeps) {
  return {
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
    answer: (asked: Asked, answer: store.StoredAnswer, by: By) =>
      takeAnswer(deps, asked, answer, by),
    /** Takes an answer back that does not count yet: by who gave it, or by an admin. */
    takeBack: (asked: Asked, by: By) => takeBack(deps, asked, by),
    /** Carries out an answer whose time has come; does nothing when it was taken back. */
    takeEffect: (id: number) => takeEffect(deps, id),
    /** Carries out what a killed process left, and gives to admins what members have not answered in a working day. */
    sweep: () => sweep(deps),
    /** Somebody has looked at a review; opens no permission. */
    close: (id: number, reason: string, by: By) => close(deps, id, reason, by),
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
  const shown = rows.slice(0, limit)
  const items = await Promise.all(shown.map((row) => present(deps, row)))
  return { items, ...(rows.length > limit && { nextCursor: String(shown.at(-1)!.id) }) }
}

async function present(deps: QuestionsDeps, row: store.QuestionRow): Promise<Question> {
  const noted = row.memberUserid === null ? null : toPhones(row.remarkMobiles ?? []).map(maskPhone)
  return {
    id: row.id,
    kind: row.kind,
    advice: adviseOn(row.kind),
    openedAt: row.openedAt.toISOString(),
    canQuery: row.canQuery,
    ...(row.externalUserId !== null && { externalUserId: row.externalUserId }),
    ...(row.contactName !== null && { contactName: row.contactName }),
    ...(row.memberUserid !== null && { memberUserid: row.memberUserid }),
    ...(row.memberName !== null && { memberName: row.memberName }),
    ...(row.customerId !== null && { customerId: row.customerId }),
    ...(row.customerPhone !== null && { customerPhoneMasked: maskPhone(row.customerPhone) }),
    ...(noted !== null && { notedPhonesMasked: noted }),
    ...(row.phoneHmac !== null && (await presentNumber(deps, row, row.phoneHmac))),
  }
}

/** Both sides, so that a person can compare: the orders, and whom the number belongs to as far as we know. */
async function presentNumber(
  deps: QuestionsDeps,
  row: store.QuestionRow,
  phoneHmac: Buffer,
): Promise<Partial<Question>> {
  const parties = await deps.ownership.pageOfNumber(deps.db, phoneHmac)
  const { answer, answeredBy, answeredByName, answeredAt, effectiveAt, externalUserId } = row
  const add =
    externalUserId === null
      ? undefined
      : await store.findAdd(deps.db, { externalUserId, phoneHmac })
  const his = parties.filter((party) => party.customerId === row.customerId && party.shown)
  return {
    ...(row.phoneMasked !== null && { phoneMasked: row.phoneMasked }),
    orders: parties.filter((party) => !party.shown).map(presentOrder),
    ...(row.customerId !== null && {
      about: {
        customerId: row.customerId,
        names: [...new Set(his.flatMap((party) => party.name ?? []))],
        ...(row.contactName !== null && { contactName: row.contactName }),
        ...(externalUserId !== null && { externalUserId }),
        ...(add && { addedAt: add.at.toISOString(), addedBy: add.by }),
        ...(row.claimantId !== null && { isClaimant: true }),
      },
    }),
    ...(row.escalatedAt !== null && { escalated: true }),
    ...(answer &&
      answeredBy !== null &&
      answeredAt &&
      effectiveAt && {
        answer: {
          answer: answer.answer,
          by: answeredBy,
          ...(answeredByName !== null && { byName: answeredByName }),
          answeredAt: answeredAt.toISOString(),
          effectiveAt: effectiveAt.toISOString(),
          isEffective: row.closedAt !== null,
        },
      }),
  }
}

const presentOrder = ({
  orderNo,
  title,
  name,
  signedAt,
  beganAt,
}: Party): NonNullable<Question['orders']>[number] => ({
  orderNo,
  title,
  ...(name !== null && { name }),
  ...(signedAt !== null && { signedAt: signedAt.toISOString() }),
  loadedAt: beganAt.toISOString(),
})

/** Admins are asked everything. */
const findPart = async (
  db: QuestionsDeps['db'],
  { id, userId }: Asked,
): ReturnType<typeof store.findPart> =>
  userId === undefined ? 'asked' : store.findPart(db, { id, userId })

async function takeAnswer(
  deps: QuestionsDeps,
  asked: Asked,
  answer: store.StoredAnswer,
  by: By,
): Promise<Answered> {
  return deps.db.transaction(async (db): Promise<Answered> => {
    const now = deps.clock()
    const question = await store.lockQuestion(db, asked.id)
    const part = await findPart(db, asked)
    if (!question || part === undefined) return { kind: 'unknown' }
    if (question.phoneHmac === null) return { kind: 'other_kind' }
    if (question.answeredBy !== null)
      return { kind: 'taken', by: question.answeredByName ?? question.answeredBy }
    if (question.closedAt !== null) return { kind: 'unknown' }
    if (part === 'over') return { kind: 'for_admins' }
    if (answer.since !== undefined && new Date(answer.since) > now) return { kind: 'in_future' }
    const known = new Set(
      (await deps.ownership.pageOfNumber(db, question.phoneHmac)).map((party) => party.orderNo),
    )
    const strange = (answer.orders ?? []).filter((orderNo) => !known.has(orderNo))
    if (strange.length > 0) return { kind: 'unknown_orders', orderNos: strange }
    const effectiveAt = new Date(now.getTime() + TAKE_BACK_MS)
    await store.writeAnswer(db, asked.id, { answer, by: by.name, now, effectiveAt })
    await deps.jobs.add(db, [questionJobs.takeEffect.of({ id: asked.id }, effectiveAt)])
    await record(deps, db, 'question.answered', question, {
      before: null,
      after: answer,
      reason: answer.reason,
      by,
      now,
    })
    return { kind: 'answered', effectiveAt }
  })
}

async function takeBack(deps: QuestionsDeps, asked: Asked, by: By): Promise<TookBack> {
  return deps.db.transaction(async (db): Promise<TookBack> => {
    const now = deps.clock()
    const { id, userId } = asked
    const question = await store.lockQuestion(db, id)
    if (!question?.answer) return 'unknown'
    if (
      userId !== undefined &&
      (question.answeredBy === null || !isSameMember(question.answeredBy, userId))
    ) {
      return (await findPart(db, asked)) === undefined ? 'unknown' : 'not_yours'
    }
    if (question.closedAt !== null || question.effectiveAt! <= now) return 'too_late'
    await store.clearAnswer(db, id)
    await record(deps, db, 'question.answer_taken_back', question, {
      before: question.answer,
      after: null,
      reason: 'taken back in time',
      by,
      now,
    })
    return 'taken_back'
  })
}

type Entry = { before: object | null; after: object | null; reason: string; by: By; now: Date }

const record = (
  deps: QuestionsDeps,
  db: QuestionsDeps['db'],
  operation: string,
  { id }: store.QuestionRow,
  { before, after, reason, by, now }: Entry,
) =>
  deps.audit.record(db, {
    operator: by.name,
    operation,
    target: { type: 'review', id: String(id) },
    before,
    after,
    reason,
    ...(by.detail !== undefined && { detail: by.detail }),
    requestId: by.requestId,
    now,
  })

async function close(deps: QuestionsDeps, id: number, reason: string, by: By): Promise<boolean> {
  return deps.db.transaction(async (db) => {
    const now = deps.clock()
    const review = await deps.customers.closeReview(db, { id, by: by.name, reason, now })
    if (!review) return false
    await deps.audit.record(db, {
      operator: by.name,
      operation: 'review.closed',
      target: { type: 'review', id: String(id) },
      before: review,
      after: null,
      reason,
      ...(by.detail !== undefined && { detail: by.detail }),
      requestId: by.requestId,
      now,
    })
    return true
  })
}

async function sweep(deps: QuestionsDeps): Promise<void> {
  const now = deps.clock()
  await escalateLate(deps, now)
  const carriedOut = []
  for (const id of await store.pageOverdue(deps.db, now))
    carriedOut.push(...(await Promise.allSettled([takeEffect(deps, id)])))
  const failed = carriedOut.find((one) => one.status === 'rejected')
  if (failed) throw failed.reason // the others have not waited for it
}

async function escalateLate(deps: QuestionsDeps, now: Date): Promise<void> {
  const late = (await store.pageUnescalated(deps.db)).filter(
    ({ openedAt }) => findEscalation(openedAt, deps.timeZone) <= now,
  )
  const questions = await store.escalate(
    deps.db,
    late.map(({ id }) => id),
    now,
  )
  if (questions > 0)
    deps.log.warn(
      { questions },
      'members have not said in a working day whose a number is: admins are asked (GET /api/admin/questions)',
    )
}
