import { inTransaction } from '../../lib/db.ts'
import type { QuestionsDeps, Tx } from './questions.deps.ts'
import { CLAIM, decideClaim, findClaimWait } from './questions.rules.ts'
import * as store from './questions.store.ts'

export type Claimed =
  | { kind: 'found' }
  | { kind: 'not_found' }
  | { kind: 'not_allowed' }
  | { kind: 'too_often'; waitMs: number }

const KEPT_MS = 7 * CLAIM.dayMs

/**
 * 没看到订单？输入订单号: how a customer gets at an order of his that the table cannot tell (ownership.md, 3). Keeps
 * `order_claims`: when somebody tried, not what he typed. Woken by customers, and each day by the schedule that follows up
 * on who tried in vain. Tells nobody itself: it settles an order with `ownership`, or lets `customers` ask staff.
 */
export function createOrderClaims(deps: QuestionsDeps) {
  return {
    /** The customer types the number of an order. Unknown and not his are the same to him. */
    claim: (accountId: number, orderNo: string) => claim(deps, { accountId, typed: orderNo }),
    /** 找顾问: staff are asked at once about what is not clear. Answers whether the account may ask. */
    askAdvisor: (accountId: number) => askAdvisor(deps, accountId),
    /** Staff are asked for those who have tried in vain a day ago; forgets tries, and who was told of questions, older than a week. */
    followUp: () => followUp(deps),
  }
}
export type OrderClaims = ReturnType<typeof createOrderClaims>

type Try = { accountId: number; typed: string }

async function claim(deps: QuestionsDeps, { accountId, typed }: Try): Promise<Claimed> {
  return inTransaction(deps, async (tx): Promise<Claimed> => {
    const { db } = tx
    const claimant = await store.findClaimant(db, accountId)
    if (!claimant) return { kind: 'not_allowed' }
    await store.lockClaims(db, claimant.customerId)
    const now = tx.clock()
    const { customerId } = claimant
    const triedAt = await store.pageClaimTimes(db, {
      customerId,
      since: new Date(now.getTime() - CLAIM.dayMs),
    })
    const waitMs = findClaimWait(triedAt, now)
    if (waitMs > 0) return { kind: 'too_often', waitMs }
    const found = await lookFor(tx, { ...claimant, typed, now })
    await store.insertClaim(db, { customerId, accountId, found, now })
    return { kind: found ? 'found' : 'not_found' }
  })
}

async function lookFor(
  tx: Tx,
  { typed, now, ...claimant }: store.Claimant & { typed: string; now: Date },
): Promise<boolean> {
  const order = await store.findOrder(tx.db, typed)
  if (!order) return false
  await store.lockOrders(tx.db, [order.orderNo])
  const phoneHmacs = (await tx.ownership.pageOfProject(tx.db, order.projectId)).map(
    (party) => party.phoneHmac,
  )
  await tx.customers.lockNumbers(tx.db, [claimant.phoneHmac, ...phoneHmacs])
  const parties = await tx.ownership.pageOfProject(tx.db, order.projectId)
  const own = parties.find((party) => party.phoneHmac.equals(claimant.phoneHmac))
  const owner = await tx.ownership.findOwner(tx.db, { phoneHmac: claimant.phoneHmac, now })
  if (own && owner?.customerId === claimant.customerId)
    return claimOwn(tx, { party: own, owner, now })
  if (parties.some((party) => party.customerId === claimant.customerId && party.shown)) return true
  for (const party of parties) {
    const isProven =
      (await tx.ownership.findOwner(tx.db, { phoneHmac: party.phoneHmac, now })) !== undefined
    if (!isProven && party.state === 'waiting')
      await tx.customers.askWhose(tx.db, {
        phoneHmac: party.phoneHmac,
        claimantId: claimant.customerId,
        now,
      })
  }
  return false
}

type Own = {
  party: Awaited<ReturnType<QuestionsDeps['ownership']['pageOfProject']>>[number]
  owner: NonNullable<Awaited<ReturnType<QuestionsDeps['ownership']['findOwner']>>>
  now: Date
}

async function claimOwn(tx: Tx, { party, owner, now }: Own): Promise<boolean> {
  const { customerId, contact } = owner
  const { state, shown, decidedRow, phoneHmac } = party
  const decided = decideClaim({
    isOwnNumber: true,
    isInQuestion: await tx.ownership.isInQuestion(tx.db, { phoneHmac, contact }),
    state,
    isHis: party.customerId === customerId,
    shown,
    decidedRow,
    settled: party.settledHow !== null,
  })
  if (decided === 'ask')
    await tx.customers.askWhose(tx.db, { phoneHmac, now, ...(shown && { claimed: party.id }) })
  if (decided !== 'settle') return decided === 'found'
  await tx.ownership.settle(tx.db, {
    ids: [party.id],
    customerId,
    strength: 'strong',
    how: 'order_no',
    by: `customer:${String(customerId)}`,
    confirmed: true,
    now,
  })
  await tx.customers.considerNumbers(tx.db, { phoneHmacs: [phoneHmac], now })
  return true
}

async function askAdvisor(deps: QuestionsDeps, accountId: number): Promise<boolean> {
  const claimant = await store.findClaimant(deps.db, accountId)
  if (!claimant) return false
  await ask(deps, claimant)
  return true
}

const ask = (deps: QuestionsDeps, { phoneHmac }: store.Claimant) =>
  inTransaction(deps, async (tx) => {
    await tx.customers.lockNumbers(tx.db, [phoneHmac])
    const now = tx.clock()
    await tx.customers.askWhose(tx.db, { phoneHmac, now })
    await tx.customers.considerNumbers(tx.db, { phoneHmacs: [phoneHmac], now })
  })

async function followUp(deps: QuestionsDeps): Promise<void> {
  const now = deps.clock().getTime()
  const stuck = await store.pageStuck(deps.db, {
    from: new Date(now - 3 * CLAIM.dayMs),
    to: new Date(now - CLAIM.dayMs),
  })
  for (const claimant of stuck) await ask(deps, claimant)
  await store.deleteNoticesBefore(deps.db, new Date(now - KEPT_MS))
  await store.deleteClaimsBefore(deps.db, new Date(now - KEPT_MS))
}
