import type { Db } from '../../lib/db.ts'
import type { Party } from '../ownership/ownership.ts'
import type { QuestionsDeps } from './questions.deps.ts'
import { questionJobs } from './questions.jobs.ts'
import * as store from './questions.store.ts'

type Effect = {
  question: store.QuestionRow
  answer: store.StoredAnswer
  phoneHmac: Buffer
  by: string
  now: Date
  locked: Map<string, number[]>
}

/**
 * Carries out an answer: orders, people and numbers are locked in that order, then question and owner are read again
 * (ownership.md, 10), because both may have changed while it could be taken back.
 */
export async function takeEffect(deps: QuestionsDeps, id: number): Promise<void> {
  const seen = await store.findQuestion(deps.db, id)
  if (!seen?.answer || !seen.phoneHmac || seen.closedAt !== null) return
  const { phoneHmac, answer: given, externalUserId } = seen
  await deps.db.transaction(async (db) => {
    await store.lockOrders(
      db,
      (await deps.ownership.pageOfNumber(db, phoneHmac)).map((party) => party.orderNo),
    )
    const externalUserIds = [externalUserId, given.toExternalUserId].flatMap(
      (contact) => contact ?? [],
    )
    const locked = await deps.customers.lockPeople(db, { externalUserIds, phoneHmacs: [phoneHmac] })
    const question = await store.lockQuestion(db, id)
    const now = deps.clock()
    if (!question?.answer || question.closedAt !== null) return
    if (question.effectiveAt! > now)
      return deps.jobs.add(db, [questionJobs.takeEffect.of({ id }, question.effectiveAt!)])
    await apply(deps, db, {
      question,
      answer: question.answer,
      phoneHmac,
      by: question.answeredBy!,
      now,
      locked,
    })
  })
}

async function apply(deps: QuestionsDeps, db: Db, effect: Effect): Promise<void> {
  const { question, answer, now, by } = effect
  if (answer.answer === 'unknown') {
    deps.log.warn(
      { question: question.id },
      'who was asked does not know whose a number is: admins are asked (GET /api/admin/questions)',
    )
    return void (await store.clearAnswer(db, question.id, { escalatedAt: now }))
  }
  if (!(await isStillAbout(deps, db, effect))) {
    deps.log.warn(
      { question: question.id },
      'a number was given to somebody else while the answer about it waited: it is asked again',
    )
    return void (await store.clearAnswer(db, question.id))
  }
  await store.closeAnswered(db, question.id, { by, reason: answer.reason, now })
  if (answer.answer === 'same') await keep(deps, db, effect)
  else if (question.claimantId === null) await handOver(deps, db, effect)
}

/** An answer is about one person: whoever has the number, or, where nobody has proven it, who named an order of it. */
async function isStillAbout(
  deps: QuestionsDeps,
  db: Db,
  { question, phoneHmac, now }: Effect,
): Promise<boolean> {
  const owner = await deps.ownership.findOwner(db, phoneHmac, now)
  return question.claimantId === null
    ? owner === undefined || owner.customerId === question.customerId
    : owner === undefined
}

/** 是这位客户的: those named are his for good; the others that were asked about stay held until a person says more. */
async function keep(
  deps: QuestionsDeps,
  db: Db,
  { question, answer, phoneHmac, by, now }: Effect,
): Promise<void> {
  const isOthers = ({ customerId, orderNo }: Party): boolean =>
    customerId !== null &&
    customerId !== question.customerId &&
    !(answer.orders?.includes(orderNo) ?? false)
  const unclear = (await deps.ownership.pageOfNumber(db, phoneHmac)).filter(
    (party) => !party.shown && !isOthers(party),
  )
  const isNamed = ({ orderNo }: Party): boolean => answer.orders?.includes(orderNo) ?? true
  const customerId = question.customerId!
  await deps.ownership.settle(
    db,
    unclear.filter(isNamed).map(({ id }) => id),
    { customerId, strength: 'strong', how: 'answer', by, confirmed: true, now },
  )
  await deps.ownership.holdBack(
    db,
    unclear.filter((party) => !isNamed(party)).map(({ id }) => id),
    { by, now },
  )
  if (question.externalUserId !== null && question.claimantId === null) {
    await deps.customers.keepNumber(db, {
      externalUserId: question.externalUserId,
      phoneHmac,
      by,
      reason: answer.reason,
      now,
    })
  }
  await deps.customers.considerNumbers(db, { phoneHmacs: [phoneHmac], now })
}

type Named = { phoneHmac: Buffer; named: readonly string[] | undefined }

/** What was asked about and not named: the answer says nothing of these. */
async function findLeftOut(
  deps: QuestionsDeps,
  db: Db,
  { phoneHmac, named }: Named,
): Promise<string[]> {
  if (named === undefined) return []
  const unclear = (await deps.ownership.pageOfNumber(db, phoneHmac)).filter((party) => !party.shown)
  return unclear.map(({ orderNo }) => orderNo).filter((orderNo) => !named.includes(orderNo))
}

/** 号码换人了. */
async function handOver(
  deps: QuestionsDeps,
  db: Db,
  { question, answer, phoneHmac, by, now, locked }: Effect,
): Promise<void> {
  if (question.customerPhone === null) return
  const { moved, stay, held } = await deps.customers.handOver(db, {
    phone: question.customerPhone,
    since: answer.since === undefined ? null : new Date(answer.since),
    isDoubted: true,
    orders: answer.orders ?? [],
    leftOut: await findLeftOut(deps, db, { phoneHmac, named: answer.orders }),
    actor: by,
    reason: answer.reason,
    now,
  })
  const { toExternalUserId } = answer
  if (toExternalUserId !== undefined) {
    await deps.customers.considerContact(
      db,
      toExternalUserId,
      locked.get(toExternalUserId) ?? [],
      now,
    )
    await deps.customers.giveNamed(db, {
      phoneHmac,
      toExternalUserId,
      orders: answer.orders ?? [],
      by,
      now,
    })
  }
  await deps.customers.considerNumbers(db, { phoneHmacs: [phoneHmac], now })
  await deps.audit.record(db, {
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
