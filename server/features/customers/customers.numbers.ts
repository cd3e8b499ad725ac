import { maskPhone } from '../../../shared/phone.ts'
import type { Db } from '../../lib/db.ts'
import type { CustomersDeps } from './customers.deps.ts'
import * as store from './customers.store.ts'
import * as evidence from './evidence.store.ts'
import * as numbers from './numbers.store.ts'

export const keyOf = (phoneHmac: Buffer): string => phoneHmac.toString('base64')

/** Serialises what follows against other decisions about these numbers; take all at once, or two callers may wait for each other. */
export const lockNumbers = (db: Db, phoneHmacs: readonly Buffer[]): Promise<void> =>
  store.lock(db, 'phone', phoneHmacs.map(keyOf))

/**
 * Says of every order of these numbers whose it is (ownership.md, table A), and asks a member where names contradict each
 * other. `quietly`: nobody is asked. Hold the locks of the numbers.
 */
export async function considerNumbers(
  deps: CustomersDeps,
  db: Db,
  {
    phoneHmacs,
    now,
    quietly = false,
  }: { phoneHmacs: readonly Buffer[]; now: Date; quietly?: boolean },
): Promise<void> {
  const each = new Map(phoneHmacs.map((hmac) => [keyOf(hmac), hmac]))
  for (const key of [...each.keys()].toSorted())
    await considerNumber(deps, db, { phoneHmac: each.get(key)!, now, quietly })
}

async function considerNumber(
  deps: CustomersDeps,
  db: Db,
  { phoneHmac, now, quietly }: { phoneHmac: Buffer; now: Date; quietly: boolean },
): Promise<void> {
  const { asksStaff } = await deps.ownership.consider(db, phoneHmac, now)
  if (asksStaff && !quietly && (await askWhose(deps, db, { phoneHmac, now }))) {
    await deps.ownership.consider(db, phoneHmac, now) // what is open holds more than what opened it
  }
  await closeIfClear(deps, db, phoneHmac, now)
  await numbers.refreshNames(db, phoneHmac)
}

/** Something is still to be asked; thrown so that the question stays as it was. */
class StillUnclear extends Error {}

/** A question that has lost its reason, because the office mended what raised it, holds nobody's orders any longer. */
async function closeIfClear(
  deps: CustomersDeps,
  db: Db,
  phoneHmac: Buffer,
  now: Date,
): Promise<void> {
  const questionId = await numbers.findUnanswered(db, phoneHmac)
  if (questionId === undefined) return
  await db
    .transaction(async (db) => {
      await store.closeReview(db, {
        id: questionId,
        by: 'decision table',
        reason: 'nothing is left to ask',
        now,
      })
      await deps.ownership.consider(db, phoneHmac, now)
      if ((await deps.ownership.pageOfNumber(db, phoneHmac)).some((party) => !party.shown))
        throw new StillUnclear()
    })
    .catch((error: unknown) => {
      if (!(error instanceof StillUnclear)) throw error
    })
}

/**
 * Asks staff whose the orders of a number are: of the one who has it, or of `claimantId`, who named an order of a number
 * that nobody has proven. Once, and again only about other orders. Answers whether it was not open already.
 */
export async function askWhose(
  deps: CustomersDeps,
  db: Db,
  { phoneHmac, claimantId, now }: { phoneHmac: Buffer; claimantId?: number; now: Date },
): Promise<boolean> {
  const holder = await numbers.findHolder(db, phoneHmac)
  const person = claimantId === undefined ? holder : await store.findCustomer(db, claimantId)
  const unclear = (await deps.ownership.pageOfNumber(db, phoneHmac)).filter((party) => !party.shown)
  if (!holder || !person || unclear.length === 0) return false
  const detail = {
    orders: unclear.map(({ id, name }) => `${String(id)}:${name ?? ''}`),
    ...(claimantId !== undefined && { claimantId }),
  }
  const asked = await numbers.insertQuestion(db, {
    phoneHmac,
    phoneMasked: maskPhone(holder.phone),
    customerId: person.id,
    externalUserId: person.contact,
    detail,
    now,
  })
  if (asked !== undefined) await deps.facts.publish(db, [{ fact: 'number.asked', reviewId: asked }])
  return asked !== undefined
}

export type HandOver = {
  phone: evidence.Phone
  /** Since when somebody else has the number; null: after the last order that is surely the former owner's. */
  since: Date | null
  /** While nobody doubts the number, what was loaded within the time that a number rests stays with whom it was loaded for. */
  isDoubted: boolean
  /** Order numbers that go over in any case. */
  orders: readonly string[]
  /** Orders that a person was asked about and did not name: they go over to nobody. */
  leftOut?: readonly string[]
  /** He gets another number in this very transaction: his sessions are the caller's to end. */
  isReplaced?: boolean
  actor: string
  reason: string
  now: Date
}
export type HandedOver = {
  from: number | null
  since: Date
  moved: string[]
  stay: string[]
  held: string[]
  ended: number[]
}

/**
 * D20, the one verb for a number that changed hands: what proved it for its owner ends for good, what is surely his stays
 * his, and the rest is asked about anew when somebody proves the number. Hold the locks of owner and number.
 */
export async function handOver(
  deps: CustomersDeps,
  db: Db,
  { phone, orders, leftOut = [], actor, reason, now, ...hand }: HandOver,
): Promise<HandedOver> {
  const former = await store.findByPhone(db, phone.plain)
  if (!former)
    return { from: null, since: hand.since ?? now, moved: [], stay: [], held: [], ended: [] }
  const before = await store.readPermission(db, former.id)
  const owner = await deps.ownership.findOwner(db, phone.hmac, now)
  const since =
    hand.since ?? (await findSince(deps, db, { former, phone, isDoubted: hand.isDoubted, now }))
  if (former.contact !== null) {
    await numbers.insertAnswer(db, {
      kind: 'changed',
      externalUserId: former.contact,
      phoneHmac: phone.hmac,
      since,
      by: actor,
      reason,
      now,
    })
  }
  await evidence.revokePhone(db, {
    customerId: former.id,
    externalUserId: former.contact,
    phoneHmac: phone.hmac,
    reason: 'the number changed hands',
    now,
  })
  const waiting = await numbers.pageNoted(db, phone)
  await numbers.closeQuestions(db, { phoneHmac: phone.hmac, by: actor, reason, now })
  const { losers, ...released } = await deps.ownership.release(db, {
    phoneHmac: phone.hmac,
    from: former.id,
    since,
    orders,
    leftOut,
    by: actor,
    now,
  })
  await store.setPhone(db, former.id, null, now)
  await numbers.refreshNames(db, phone.hmac, [former.id, ...losers])
  await store.insertHistory(db, {
    now,
    customerId: former.id,
    externalUserId: former.contact,
    phoneMasked: phone.masked,
    decision: 'the number changed hands',
    outcome: 'hand over',
    actor,
    detail: { since: since.toISOString(), ...released },
  })
  if (before.mayQuery && hand.isReplaced !== true) await deps.sessions.endOf(db, before.accountIds)
  await deps.facts.publish(
    db,
    [...new Set([...waiting, ...(former.contact === null ? [] : [former.contact])])].map(
      (externalUserId) => ({ fact: 'number.free' as const, externalUserId }),
    ),
  )
  deps.log.info(
    { customerId: former.id, moved: released.moved.length, stay: released.stay.length },
    'a number changed hands',
  )
  return { from: former.id, since, ...released, ended: owner ? [former.id] : [] }
}

type Named = {
  phoneHmac: Buffer
  toExternalUserId: string
  orders: readonly string[]
  by: string
  now: Date
}

/** Orders that a person named at a hand-over are the next owner's, whomever they name, once he has proven the number. */
export async function giveNamed(
  deps: CustomersDeps,
  db: Db,
  { phoneHmac, toExternalUserId, orders, by, now }: Named,
): Promise<void> {
  const owner = await deps.ownership.findOwner(db, phoneHmac, now)
  if (owner?.contact !== toExternalUserId) return
  const named = (await deps.ownership.pageOfNumber(db, phoneHmac)).filter(({ orderNo }) =>
    orders.includes(orderNo),
  )
  const settlement = {
    customerId: owner.customerId,
    strength: 'strong',
    how: 'hand_over',
    by,
    confirmed: true,
    now,
  } as const
  await deps.ownership.settle(
    db,
    named.map(({ id }) => id),
    settlement,
  )
}

type Since = { former: store.CustomerRow; phone: evidence.Phone; isDoubted: boolean; now: Date }

/** Whoever never proved the number, or lost it, has had nothing since then. */
async function findSince(
  deps: CustomersDeps,
  db: Db,
  { former, phone, isDoubted, now }: Since,
): Promise<Date> {
  const owner = await deps.ownership.findOwner(db, phone.hmac, now)
  const inQuestion =
    isDoubted ||
    (await deps.ownership.isInQuestion(db, { phoneHmac: phone.hmac, contact: former.contact }))
  const at =
    owner?.provenAt ??
    (await evidence.findLastRevocation(db, { customerId: former.id, phoneHmac: phone.hmac })) ??
    now
  return deps.ownership.findSince(db, {
    phoneHmac: phone.hmac,
    customerId: former.id,
    at,
    isProven: owner !== undefined,
    isDoubted: inQuestion || !owner,
  })
}

/** Looks at a number of which the table knows nothing yet, or at which the settings have changed: nobody is asked. */
export async function reconsiderNumber(
  deps: CustomersDeps,
  db: Db,
  phoneHmac: Buffer,
  now: Date,
): Promise<void> {
  await lockNumbers(db, [phoneHmac])
  await considerNumbers(deps, db, { phoneHmacs: [phoneHmac], now, quietly: true })
}
