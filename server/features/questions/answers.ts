import { inTransaction } from '../../lib/db.ts'
import type { Party } from '../ownership/ownership.ts'
import type { StoredAnswer } from '../reviews/reviews.ts'
import type { By, QuestionsDeps, Tx } from './questions.deps.ts'
import { questionJobs } from './questions.jobs.ts'
import { isAnswered, isAskedAbout } from './questions.rules.ts'
import * as store from './questions.store.ts'

type Effect = {
  question: store.QuestionRow
  answer: StoredAnswer
  phoneHmac: Buffer
  by: string
  now: Date
  locked: Map<string, number[]>
}

/** Whoever answers, takes back or acts on an answer comes one after the other. */
export async function lockQuestion(tx: Tx, id: number): Promise<store.QuestionRow | undefined> {
  await tx.reviews.lock(tx.db, id)
  return store.findQuestion(tx.db, id)
}

type Entry = {
  id: number
  operation: string
  before: object | null
  after: object | null
  reason: string
  by: By
  now: Date
}

/** What people did with a question, in the operation log. */
export const record = (tx: Tx, { id, by, ...entry }: Entry) =>
  tx.audit.record(tx.db, {
    ...entry,
    operator: by.name,
    target: { type: 'review', id: String(id) },
    ...(by.detail !== undefined && { detail: by.detail }),
    requestId: by.requestId,
  })

/**
 * Carries out an answer about a number: orders, people and numbers are locked in that order, then question and owner are read again
 * (ownership.md, 10), because both may have changed while it could be taken back.
 */
export async function carryOut(deps: QuestionsDeps, seen: store.QuestionRow): Promise<void> {
  const { id, phoneHmac, answer: given, externalUserId } = seen
  if (!given || !phoneHmac) return
  await inTransaction(deps, async (tx) => {
    const { db } = tx
    await store.lockOrders(
      db,
      (await tx.ownership.pageOfNumber(db, phoneHmac)).map((party) => party.orderNo),
    )
    const externalUserIds = [externalUserId, given.toExternalUserId].flatMap(
      (contact) => contact ?? [],
    )
    const locked = await tx.customers.lockPeople(db, { externalUserIds, phoneHmacs: [phoneHmac] })
    const question = await lockQuestion(tx, id)
    const now = tx.clock()
    if (!question?.answer || question.closedAt !== null) return
    if (question.effectiveAt! > now)
      return tx.jobs.add(db, [questionJobs.takeEffect.of({ id }, question.effectiveAt!)])
    await apply(tx, {
      question,
      answer: question.answer,
      phoneHmac,
      by: question.answeredBy!,
      now,
      locked,
    })
  })
}

async function apply(tx: Tx, effect: Effect): Promise<void> {
  const { question, answer, now, by } = effect
  if (answer.answer === 'unknown') {
    tx.log.warn(
      { question: question.id },
      'who was asked does not know whose a number is: admins are asked (GET /api/admin/questions)',
    )
    return void (await tx.reviews.clearAnswer(tx.db, { id: question.id, escalatedAt: now }))
  }
  if (!(await isStillAbout(tx, effect))) {
    tx.log.warn(
      { question: question.id },
      'a number was given to somebody else while the answer about it waited: it is asked again',
    )
    return void (await tx.reviews.clearAnswer(tx.db, { id: question.id }))
  }
  await tx.reviews.close(tx.db, { id: question.id, by, reason: answer.reason, now })
  if (answer.answer === 'same') await keep(tx, effect)
  else if (question.claimantId === null) await handOver(tx, effect)
}

/** An answer is about one person: whoever has the number, or, where nobody has proven it, who named an order of it. */
async function isStillAbout(tx: Tx, { question, phoneHmac, now }: Effect): Promise<boolean> {
  const owner = await tx.ownership.findOwner(tx.db, { phoneHmac, now })
  return question.claimantId === null
    ? owner === undefined || owner.customerId === question.customerId
    : owner === undefined
}

/** 是这位客户的: those named are his for good; the others that were asked about stay held until a person says more. */
async function keep(tx: Tx, { question, answer, phoneHmac, by, now }: Effect): Promise<void> {
  const isOthers = (party: Party): boolean =>
    (party.customerId === null
      ? tx.ownership.isOfErased(party)
      : party.customerId !== question.customerId) &&
    !(answer.orders?.includes(party.orderNo) ?? false)
  const unclear = (await tx.ownership.pageOfNumber(tx.db, phoneHmac)).filter(
    (party) => isAskedAbout(question, party) && isAnswered(answer, party) && !isOthers(party),
  )
  const isNamed = ({ orderNo }: Party): boolean => answer.orders?.includes(orderNo) ?? true
  const customerId = question.customerId!
  await tx.ownership.settle(tx.db, {
    ids: unclear.filter(isNamed).map(({ id }) => id),
    customerId,
    strength: 'strong',
    how: 'answer',
    by,
    confirmed: true,
    now,
  })
  await tx.ownership.holdBack(tx.db, {
    ids: unclear.filter((party) => !isNamed(party)).map(({ id }) => id),
    by,
    now,
  })
  if (question.externalUserId !== null && question.claimantId === null) {
    await tx.customers.keepNumber(tx.db, {
      externalUserId: question.externalUserId,
      phoneHmac,
      by,
      reason: answer.reason,
      now,
    })
  }
  await tx.customers.considerNumbers(tx.db, { phoneHmacs: [phoneHmac], now })
}

type Named = { orders: string[]; leftOut: string[] }

/** What the answer names, and what was asked about and not named: it says nothing of these. */
async function findNamed(
  tx: Tx,
  { answer, phoneHmac }: Pick<Effect, 'answer' | 'phoneHmac'>,
): Promise<Named> {
  const { orders: named } = answer
  if (named === undefined) return { orders: [], leftOut: [] }
  const answered = (await tx.ownership.pageOfNumber(tx.db, phoneHmac)).filter((party) =>
    isAnswered(answer, party),
  )
  const isNamed = ({ orderNo }: Party): boolean => named.includes(orderNo)
  return {
    orders: answered.filter(isNamed).map(({ orderNo }) => orderNo),
    leftOut: answered
      .filter((party) => !party.shown && !isNamed(party))
      .map(({ orderNo }) => orderNo),
  }
}

/** 号码换人了. */
async function handOver(
  tx: Tx,
  { question, answer, phoneHmac, by, now, locked }: Effect,
): Promise<void> {
  if (question.customerPhone === null) return
  const { orders, leftOut } = await findNamed(tx, { answer, phoneHmac })
  const { moved, stay, held } = await tx.customers.handOver(tx.db, {
    phone: question.customerPhone,
    since: answer.since === undefined ? null : new Date(answer.since),
    isDoubted: true,
    orders,
    leftOut,
    actor: by,
    reason: answer.reason,
    now,
  })
  const { toExternalUserId } = answer
  if (toExternalUserId !== undefined) {
    await tx.customers.considerContact(tx.db, {
      externalUserId: toExternalUserId,
      lockedAccountIds: locked.get(toExternalUserId) ?? [],
      now,
    })
    await tx.customers.giveNamed(tx.db, {
      phoneHmac,
      toExternalUserId,
      orders,
      by,
      now,
    })
  }
  await tx.customers.considerNumbers(tx.db, { phoneHmacs: [phoneHmac], now })
  await tx.audit.record(tx.db, {
    operator: by,
    operation: 'number.handed_over',
    target: { type: 'review', id: String(question.id) },
    before: null,
    after: { moved, stay, held },
    reason: answer.reason,
    requestId: `question:${String(question.id)}`,
    now,
  })
}
