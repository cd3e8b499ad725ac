import type { ContactRow, CustomerRow } from '../customers/records.ts'
import type { SharedPhone } from '../evidence/evidence.ts'
import * as store from './accounts.store.ts'
import type { Tx } from './ties.deps.ts'
import { decideTie, matchUnionIds, type TieDecision, type TieFacts } from './tie.rules.ts'
import * as ties from './ties.store.ts'

/** A code never ties by itself, so only what can needs its evidence row. */
type Proof = { kind: 'none' | 'code' } | { kind: 'ticket' | 'manual'; evidenceId: number }
/** `toldInChat`: the contact acts in its own chat, and the caller tells the result there. So it is while an attempt of the two is open, whoever ties them. */
export type Pair = {
  accountId: number
  externalUserId: string
  proof: Proof
  toldInChat?: boolean
  now: Date
}

/** What is known about a pair. */
type Known = {
  account: store.AccountRow
  contact: ContactRow | undefined
  customer: CustomerRow | undefined
  shared: SharedPhone | undefined
  siblings: readonly store.TiedSibling[]
}

/** Decides whether an account and a contact are tied, and ties them if so. */
export async function considerPair(tx: Tx, pair: Pair): Promise<TieDecision> {
  await tx.records.lock(tx.db, 'account', [pair.accountId])
  await tx.records.lock(tx.db, 'contact', [pair.externalUserId])
  const known = await readPair(tx, pair)
  const { account, customer, shared } = known
  const decision = decideTie(await toFacts(tx, pair, known))
  if (decision.outcome.kind === 'refuse') await recordRefusal(tx, pair, decision)
  if (shared?.kind === 'phone_claim' && customer && account.contact !== pair.externalUserId)
    await askAboutTrust(tx, { ...pair, customerId: customer.id })
  if (decision.outcome.kind === 'tie') await tie(tx, pair, { ...known, decision })
  return decision
}

const readPair = async (tx: Tx, pair: Pair): Promise<Known> => ({
  account: await store.getAccount(tx.db, pair.accountId),
  contact: await tx.records.findContact(tx.db, pair.externalUserId),
  customer: await tx.records.findByContact(tx.db, pair.externalUserId),
  shared: await tx.evidence.findSharedPhone(tx.db, pair),
  siblings: await store.pageTiedSiblings(tx.db, pair),
})

async function toFacts(tx: Tx, pair: Pair, known: Known): Promise<TieFacts> {
  const { account, contact, customer, shared, siblings } = known
  const unionId = matchUnionIds(
    account.unionId,
    contact?.unionId,
    siblings.map((one) => one.unionId),
  )
  return {
    unionId,
    proof: pair.proof.kind,
    phone: toPhoneFact(shared, tx.trustPhoneClaim),
    accountTiedTo:
      account.contact === null
        ? 'nobody'
        : account.contact === pair.externalUserId
          ? 'this_contact'
          : 'another',
    contactTiedTo:
      customer &&
      (await store.hasAccountOfApp(tx.db, { customerId: customer.id, app: account.app }))
        ? 'another'
        : 'nobody',
    ended: await isEnded(tx, pair, { ...known, isSameUser: unionId === 'equal' }),
  }
}

function toPhoneFact(shared: SharedPhone | undefined, trustPhoneClaim: boolean): TieFacts['phone'] {
  if (!shared) return 'none'
  if (shared.kind === 'phone_button') return 'button'
  if (shared.carded) return 'carded_claim'
  return trustPhoneClaim && shared.claimants === 1 ? 'trusted_claim' : 'none'
}

type Around = Pick<Known, 'account' | 'shared' | 'siblings'> & { isSameUser: boolean }

/**
 * Ended, by any account of that WeChat user, and since then neither added again nor any act of the customer (D4): his phone stated, or bound by
 * another account of his. A mere claim is the word of the very account that was turned away: it counts only for the same WeChat user, or
 * when that account had ended the pair itself, and until then no add helps it either.
 */
async function isEnded(
  tx: Tx,
  { accountId, externalUserId }: Pair,
  { account, isSameUser, shared, siblings }: Around,
): Promise<boolean> {
  const ending = await ties.findPairEnding(tx.db, {
    accountId,
    externalUserId,
    unionId: account.unionId ?? null,
  })
  if (!ending) return false
  const isSince = (at: Date): boolean => at > ending.at
  if (siblings.some((one) => one.byAct && one.unionId === account.unionId && isSince(one.tiedAt)))
    return false
  const isMereClaim = shared?.kind === 'phone_claim' && !isSameUser && ending.by !== 'customer'
  if (isMereClaim) return true
  if (shared && isSince(shared.observedAt)) return false
  return !(await tx.records.pageFollows(tx.db, externalUserId)).some(
    (follow) => follow.endedAt === null && isSince(follow.followedAt),
  )
}

/** Somebody was bound by his word alone, and now somebody else says the same: which of them is the customer, a person must say (D1). */
async function askAboutTrust(
  tx: Tx,
  { accountId, externalUserId, customerId, now }: Pair & { customerId: number },
): Promise<void> {
  if (!tx.trustPhoneClaim || !(await tx.evidence.isTiedByClaim(tx.db, customerId))) return
  await tx.reviews.ask(tx.db, {
    kind: 'claim_contested',
    externalUserId,
    customerId,
    detail: { accountId },
    now,
  })
}

/** Once, until something else is decided about the pair, unless somebody asked: each look at a contact comes by here. */
async function recordRefusal(tx: Tx, pair: Pair, decision: TieDecision): Promise<void> {
  const { accountId, externalUserId } = pair
  const isRepeated =
    pair.proof.kind === 'none' &&
    (await ties.wasLastRefused(tx.db, { accountId, externalUserId, decision: decision.row }))
  if (isRepeated) return
  const reason = decision.outcome.kind === 'refuse' ? decision.outcome.reason : ''
  await tx.records.insertHistory(tx.db, {
    ...pair,
    decision: decision.row,
    outcome: 'refuse',
    actor: 'decision table',
    detail: { reason },
  })
  tx.log.warn({ accountId, contact: externalUserId, row: decision.row }, 'a binding was refused')
  if (reason === 'unionid_mismatch')
    await tx.facts.publish(tx.db, [
      { fact: 'customer.unionids-differed', accountId, externalUserId },
    ])
}

type Decided = Known & { decision: TieDecision }

/** The row of evidence that the deciding row of the table stands on. */
async function findTyingEvidence(
  tx: Tx,
  { proof, accountId, externalUserId, now }: Pair,
  { decision, shared }: Decided,
): Promise<number> {
  if (decision.row === 'equal unionids') {
    return tx.evidence.record(tx.db, {
      kind: 'unionid',
      accountId,
      externalUserId,
      sourceId: `${String(accountId)}:${externalUserId}`,
      observedAt: now,
      ...((proof.kind !== 'none' || shared) && { reason: 'asked_for' }),
    })
  }
  return 'evidenceId' in proof ? proof.evidenceId : shared!.id
}

async function tie(tx: Tx, pair: Pair, decided: Decided): Promise<void> {
  const { account, contact, customer, decision } = decided
  const { externalUserId, now } = pair
  const evidenceId = await findTyingEvidence(tx, pair, decided)
  const customerId =
    customer?.id ??
    (await tx.records.insertCustomer(tx.db, {
      contact: externalUserId,
      company: contact?.company ?? null,
      now,
    }))
  const boundBy = await tx.evidence.findProver(tx.db, externalUserId)
  const toldInChat = pair.toldInChat ?? (await ties.hasOpenAttempt(tx.db, pair))
  const tieId = await ties.insertTie(tx.db, {
    customerId,
    account,
    externalUserId,
    evidenceId,
    tiedBy: decision.row,
    toldInChat,
    now,
  })
  await tx.records.setBound(tx.db, { customerId, openid: account.openid, boundBy, now })
  await tx.records.refreshStatus(tx.db, customerId)
  await tx.records.insertHistory(tx.db, {
    now,
    accountId: account.id,
    externalUserId,
    customerId,
    decision: decision.row,
    outcome: 'tie',
    actor: 'decision table',
    detail: { evidenceId },
  })
  await tx.facts.publish(tx.db, [
    { fact: 'customer.bound', customerId, accountId: account.id, externalUserId, tieId },
  ])
}
