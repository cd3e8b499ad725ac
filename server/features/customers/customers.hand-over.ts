import type { Phone } from '../evidence/evidence.ts'
import type { Tx } from './customers.deps.ts'
import * as store from './customers.store.ts'
import * as history from './history.store.ts'
import * as neighbours from './neighbours.store.ts'
import * as numbers from './numbers.store.ts'

export type HandOver = {
  phone: Phone
  /** Since when somebody else has the number; null: after the last order that is surely the former owner's. */
  since: Date | null
  /** While nobody doubts the number, what was loaded within the time that a number rests stays with whom it was loaded for. */
  isDoubted: boolean
  /** Order numbers that go over in any case. */
  orders: readonly string[]
  /** Orders that a person was asked about and did not name: they go over to nobody. */
  leftOut?: readonly string[]
  /** Said of the number, whoever has it, in a request that may be sent twice: the same once more is no news. */
  isOfNumber?: boolean
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
export async function handOver(tx: Tx, hand: HandOver): Promise<HandedOver> {
  const { phone, now } = hand
  const former = await store.findByPhone(tx.db, phone.plain)
  if (!former)
    return { from: null, since: hand.since ?? now, moved: [], stay: [], held: [], ended: [] }
  if (await wasSaidBefore(tx, { ...hand, former }))
    return { from: null, since: hand.since!, moved: [], stay: [], held: [], ended: [] }
  const before = await store.readPermission(tx.db, former.id)
  const owner = await tx.ownership.findOwner(tx.db, { phoneHmac: phone.hmac, now })
  const since = hand.since ?? (await findSince(tx, { ...hand, former }))
  await endProofs(tx, { ...hand, former, since })
  const waiting = await neighbours.pageNoted(tx.db, phone)
  const released = await release(tx, { ...hand, former, since })
  if (before.mayQuery && hand.isReplaced !== true) await tx.sessions.endOf(tx.db, before.accountIds)
  const freed = new Set([...waiting, ...(former.contact === null ? [] : [former.contact])])
  await tx.facts.publish(
    tx.db,
    [...freed].map((externalUserId) => ({ fact: 'number.free' as const, externalUserId })),
  )
  tx.log.info(
    { customerId: former.id, moved: released.moved.length, stay: released.stay.length },
    'a number changed hands',
  )
  return { from: former.id, since, ...released, ended: owner ? [former.id] : [] }
}

/** Who has the number since it was handed over does not lose it because that is said once more. */
const wasSaidBefore = async (
  tx: Tx,
  {
    phone,
    since,
    isOfNumber = false,
    former,
  }: Pick<HandOver, 'phone' | 'since' | 'isOfNumber'> & { former: store.CustomerRow },
): Promise<boolean> =>
  isOfNumber &&
  since !== null &&
  former.contact !== null &&
  (await numbers.wasSaidBefore(tx.db, { phoneHmac: phone.hmac, since, owner: former.contact }))

type From = { former: store.CustomerRow; since: Date }

/** Whatever said that the number is his says so no longer. */
async function endProofs(
  tx: Tx,
  { phone, former, since, actor, reason, now }: Omit<HandOver, 'since'> & From,
): Promise<void> {
  if (former.contact !== null) {
    await numbers.insertAnswer(tx.db, {
      kind: 'changed',
      externalUserId: former.contact,
      phoneHmac: phone.hmac,
      since,
      by: actor,
      reason,
      now,
    })
  }
  await tx.evidence.revokePhone(tx.db, {
    customerId: former.id,
    externalUserId: former.contact,
    phoneHmac: phone.hmac,
    since,
    reason: 'the number changed hands',
    now,
  })
}

/** Number and orders leave him, with what was asked about them. */
async function release(
  tx: Tx,
  {
    phone,
    orders,
    leftOut = [],
    actor,
    reason,
    now,
    former,
    since,
  }: Omit<HandOver, 'since'> & From,
) {
  await tx.reviews.closeAboutNumber(tx.db, { phoneHmac: phone.hmac, by: actor, reason, now })
  const { losers, ...released } = await tx.ownership.release(tx.db, {
    phoneHmac: phone.hmac,
    from: former.id,
    since,
    orders,
    leftOut,
    by: actor,
    now,
  })
  await store.setPhone(tx.db, { id: former.id, phone: null, now })
  await numbers.refreshNames(tx.db, phone.hmac, [former.id, ...losers])
  await history.insertHistory(tx.db, {
    now,
    customerId: former.id,
    externalUserId: former.contact,
    phoneMasked: phone.masked,
    decision: 'the number changed hands',
    outcome: 'hand over',
    actor,
    detail: { since: since.toISOString(), ...released },
  })
  return released
}

type Lost = { former: store.CustomerRow; phone: Phone; isDoubted: boolean; now: Date }

/** Whoever never proved the number, or lost it, has had nothing since then. */
async function findSince(tx: Tx, { former, phone, isDoubted, now }: Lost): Promise<Date> {
  const phoneHmac = phone.hmac
  const owner = await tx.ownership.findOwner(tx.db, { phoneHmac, now })
  const inQuestion =
    isDoubted || (await tx.ownership.isInQuestion(tx.db, { phoneHmac, contact: former.contact }))
  const at =
    owner?.provenAt ??
    (await tx.evidence.findLastRevocation(tx.db, { customerId: former.id, phoneHmac })) ??
    now
  return tx.ownership.findSince(tx.db, {
    phoneHmac,
    customerId: former.id,
    at,
    isProven: owner !== undefined,
    isDoubted: inQuestion || !owner,
  })
}

export type Named = {
  phoneHmac: Buffer
  toExternalUserId: string
  orders: readonly string[]
  by: string
  now: Date
}

/** Orders that a person named at a hand-over are the next owner's, whomever they name, once he has proven the number. */
export async function giveNamed(
  tx: Tx,
  { phoneHmac, toExternalUserId, orders, by, now }: Named,
): Promise<void> {
  const owner = await tx.ownership.findOwner(tx.db, { phoneHmac, now })
  if (owner?.contact !== toExternalUserId) return
  const named = (await tx.ownership.pageOfNumber(tx.db, phoneHmac)).filter(({ orderNo }) =>
    orders.includes(orderNo),
  )
  await tx.ownership.settle(tx.db, {
    ids: named.map(({ id }) => id),
    customerId: owner.customerId,
    strength: 'strong',
    how: 'hand_over',
    by,
    confirmed: true,
    now,
  })
}
