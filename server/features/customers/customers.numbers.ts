import { maskPhone } from '../../../shared/phone.ts'
import { inTransaction } from '../../lib/db.ts'
import type { CustomersDeps, Tx } from './customers.deps.ts'
import type { Party } from '../ownership/ownership.ts'
import { lockNumbers } from './customers.locks.ts'
import * as store from './customers.store.ts'
import * as numbers from './numbers.store.ts'
import { keyOf } from './phone.rules.ts'

type Looked = { phoneHmacs: readonly Buffer[]; now: Date; quietly?: boolean }

/**
 * Says of every order of these numbers whose it is (ownership.md, table A), and asks a member where names contradict each
 * other. `quietly`: nobody is asked. Hold the locks of the numbers.
 */
export async function considerNumbers(
  tx: Tx,
  { phoneHmacs, now, quietly = false }: Looked,
): Promise<void> {
  const each = new Map(phoneHmacs.map((hmac) => [keyOf(hmac), hmac]))
  for (const key of [...each.keys()].toSorted())
    await considerNumber(tx, { phoneHmac: each.get(key)!, now, quietly })
}

type Look = { phoneHmac: Buffer; now: Date }

async function considerNumber(tx: Tx, { quietly, ...look }: Look & { quietly: boolean }) {
  const { phoneHmac } = look
  const { asksStaff } = await considerAndTidy(tx, look)
  if (asksStaff && !quietly && (await askWhose(tx, look))) {
    await tx.ownership.consider(tx.db, look) // what is open holds more than what opened it
  }
  await closeIfClear(tx, look)
  await numbers.refreshNames(tx.db, phoneHmac)
}

/** Whoever typed an order of a number that nobody had proven holds nothing of the one who has proven it since. */
async function considerAndTidy(tx: Tx, look: Look) {
  const considered = await tx.ownership.consider(tx.db, look)
  const reason = 'somebody has proven the number'
  const isMoot =
    considered.owner !== undefined && (await tx.reviews.closeOfClaimant(tx.db, { ...look, reason }))
  return isMoot ? tx.ownership.consider(tx.db, look) : considered
}

/** Something is still to be asked; thrown so that the question stays as it was. */
class StillUnclear extends Error {}

/** A question that has lost its reason, because the office mended what raised it, holds nobody's orders any longer. */
async function closeIfClear(tx: Tx, { phoneHmac, now }: Look): Promise<void> {
  const questionId = await tx.reviews.findUnanswered(tx.db, phoneHmac)
  if (questionId === undefined) return
  await inTransaction(tx, async (tx) => {
    await tx.reviews.close(tx.db, {
      id: questionId,
      by: 'decision table',
      reason: 'nothing is left to ask',
      now,
    })
    await tx.ownership.consider(tx.db, { phoneHmac, now })
    if ((await tx.ownership.pageOfNumber(tx.db, phoneHmac)).some(isUnclear))
      throw new StillUnclear()
  }).catch((error: unknown) => {
    if (!(error instanceof StillUnclear)) throw error
  })
}

const isUnclear = ({ shown, hidden }: Party): boolean => !shown && !hidden

export type Whose = { phoneHmac: Buffer; claimantId?: number; claimed?: number; now: Date }

/**
 * Asks staff whose the orders of a number are: of the one who has it, or of `claimantId`, who named an order of a number
 * that nobody has proven. `claimed`: a party that its number's owner named and another has: it is asked about although it
 * is clear whose it was. Once, and again only about other orders. Answers whether it was not open already.
 */
export async function askWhose(tx: Tx, whose: Whose): Promise<boolean> {
  const { phoneHmac, claimantId, claimed, now } = whose
  const holder = await numbers.findHolder(tx.db, phoneHmac)
  const person = claimantId === undefined ? holder : await store.findCustomer(tx.db, claimantId)
  const unclear = (await tx.ownership.pageOfNumber(tx.db, phoneHmac)).filter(
    (party) => isUnclear(party) || party.id === claimed,
  )
  if (!holder || !person || unclear.length === 0) return false
  const detail = {
    orders: unclear.map(({ id, name }) => `${String(id)}:${name ?? ''}`),
    ...(claimantId !== undefined && { claimantId }),
    ...(claimed !== undefined && { claimed: [claimed] }),
  }
  const asked = await tx.reviews.askAboutNumber(tx.db, {
    phoneHmac,
    phoneMasked: maskPhone(holder.phone),
    customerId: person.id,
    externalUserId: person.contact,
    detail,
    now,
  })
  if (asked === undefined && claimed !== undefined)
    await tx.reviews.addClaimed(tx.db, { phoneHmac, claimed })
  if (asked !== undefined)
    await tx.facts.publish(tx.db, [{ fact: 'number.asked', reviewId: asked }])
  return asked !== undefined
}

const AT_ONCE = 200

/** Undecided numbers leave the page that is read next by being decided; of all, the last one read says where to go on. */
export async function reconsiderNumbers(deps: CustomersDeps, all: boolean): Promise<void> {
  let after: Buffer = Buffer.alloc(0)
  for (let more = true; more;) {
    const page = all
      ? await deps.ownership.pageNumbers(deps.db, { after, limit: AT_ONCE })
      : await deps.ownership.pageUndecided(deps.db, AT_ONCE)
    for (const phoneHmac of page)
      await inTransaction(deps, (tx) => reconsiderNumber(tx, { phoneHmac, now: tx.clock() }))
    after = page.at(-1) ?? after
    more = page.length === AT_ONCE
  }
}

/** Looks at a number of which the table knows nothing yet, or at which the settings have changed: nobody is asked. */
async function reconsiderNumber(tx: Tx, { phoneHmac, now }: Look): Promise<void> {
  await lockNumbers(tx.db, [phoneHmac])
  await considerNumbers(tx, { phoneHmacs: [phoneHmac], now, quietly: true })
}
