import type { Db } from '../../lib/db.ts'
import type { CustomersDeps } from './customers.deps.ts'
import * as store from './customers.store.ts'
import * as evidence from './evidence.store.ts'
import { decideTie, matchUnionIds, type TieDecision, type TieFacts } from './tie.rules.ts'

/** A code never ties by itself, so only what can needs its evidence row. */
type Proof = { kind: 'none' | 'code' } | { kind: 'ticket' | 'manual'; evidenceId: number }
export type Pair = { accountId: number; externalUserId: string; proof: Proof; now: Date }

/** Decides whether an account and a contact are tied, and ties them if so. */
export async function considerPair(deps: CustomersDeps, db: Db, pair: Pair): Promise<TieDecision> {
  await store.lock(db, 'account', [pair.accountId])
  await store.lock(db, 'contact', [pair.externalUserId])
  const account = await store.getAccount(db, pair.accountId)
  const contact = await store.findContact(db, pair.externalUserId)
  const customer = await store.findByContact(db, pair.externalUserId)
  const shared = await evidence.findSharedPhone(db, pair)
  const siblings = await store.pageTiedSiblings(db, pair)
  const decision = decideTie({
    unionId: matchUnionIds(account.unionId, contact?.unionId, siblings.map((one) => one.unionId)),
    proof: pair.proof.kind,
    phone: toPhoneFact(shared, deps.trustPhoneClaim),
    accountTiedTo: account.contact === null ? 'nobody' : account.contact === pair.externalUserId ? 'this_contact' : 'another',
    contactTiedTo: customer && (await store.hasAccountOfApp(db, customer.id, account.app)) ? 'another' : 'nobody',
    ended: await isEnded(db, pair, [shared?.observedAt ?? null, ...siblings.filter((one) => one.unionId === account.unionId).map((one) => one.tiedAt)]),
  })
  if (decision.outcome.kind === 'refuse') await recordRefusal(deps, db, pair, decision)
  if (decision.outcome.kind === 'tie') await tie(deps, db, pair, { account, contact, customer, decision, sharedPhoneId: shared?.id ?? null })
  return decision
}

function toPhoneFact(shared: evidence.SharedPhone | undefined, trustPhoneClaim: boolean): TieFacts['phone'] {
  if (!shared) return 'none'
  if (shared.kind === 'phone_button') return 'button'
  if (shared.carded) return 'carded_claim'
  return trustPhoneClaim && shared.claimants === 1 ? 'trusted_claim' : 'none'
}

/** Ended, and since then neither added again nor any act of the customer: his phone stated, or bound by another account of his (D4). */
async function isEnded(db: Db, pair: Pair, acts: readonly (Date | null)[]): Promise<boolean> {
  const endedAt = await store.findPairEnding(db, pair.accountId, pair.externalUserId)
  if (endedAt === null || acts.some((act) => act !== null && act > endedAt)) return false
  const follows = await store.pageFollows(db, pair.externalUserId)
  return !follows.some((follow) => follow.endedAt === null && follow.followedAt > endedAt)
}

async function recordRefusal(deps: CustomersDeps, db: Db, pair: Pair, decision: TieDecision): Promise<void> {
  const reason = decision.outcome.kind === 'refuse' ? decision.outcome.reason : ''
  await store.insertHistory(db, { ...pair, decision: decision.row, outcome: 'refuse', actor: 'decision table', detail: { reason } })
  deps.log.warn({ accountId: pair.accountId, contact: pair.externalUserId, row: decision.row }, 'a binding was refused')
}

/** The row of evidence that the deciding row of the table stands on. */
async function findTyingEvidence(db: Db, { proof, accountId, externalUserId, now }: Pair, { decision, sharedPhoneId }: Side): Promise<number> {
  if (decision.row === 'equal unionids') {
    return evidence.insertPairEvidence(db, { kind: 'unionid', accountId, externalUserId, sourceId: `${String(accountId)}:${externalUserId}`, observedAt: now })
  }
  return 'evidenceId' in proof ? proof.evidenceId : sharedPhoneId!
}

type Side = { account: store.AccountRow; contact: store.ContactRow | undefined; customer: store.CustomerRow | undefined; decision: TieDecision; sharedPhoneId: number | null }

async function tie(deps: CustomersDeps, db: Db, pair: Pair, side: Side): Promise<void> {
  const { account, contact, customer, decision } = side
  const { externalUserId, now } = pair
  const evidenceId = await findTyingEvidence(db, pair, side)
  const customerId = customer?.id ?? (await store.insertCustomer(db, { contact: externalUserId, name: contact?.name ?? null, company: contact?.company ?? null, now }))
  const members = (await store.pageFollows(db, externalUserId)).filter((follow) => follow.endedAt === null)
  await store.insertTie(db, { customerId, account, externalUserId, evidenceId, boundBy: members[0]?.userId ?? 'customer', now })
  await store.refreshStatus(db, customerId)
  await store.insertHistory(db, { now, accountId: account.id, externalUserId, customerId, decision: decision.row, outcome: 'tie', actor: 'decision table', detail: { evidenceId } })
  await deps.facts.publish(db, [{ fact: 'customer.bound', customerId, accountId: account.id, externalUserId }])
}

type Ending = { by: 'customer' | 'admin'; actor: string; sourceId: string; now: Date }

/** Ends the binding of the person whose account this is: in every app, and its sessions at once (D10). Answers whether there was one. */
export async function untieAccount(deps: CustomersDeps, db: Db, { accountId, ...ending }: Ending & { accountId: number }): Promise<boolean> {
  const { contact } = await store.getAccount(db, accountId)
  return contact !== null && untieContact(deps, db, { externalUserId: contact, ...ending })
}

/** Ends the ties of every account of a contact. Answers whether there was one. */
export async function untieContact(deps: CustomersDeps, db: Db, { externalUserId, ...ending }: Ending & { externalUserId: string }): Promise<boolean> {
  const accounts = await store.pageAccountsOf(db, { externalUserId, unionId: null, phoneHmacs: [] })
  const accountIds = accounts.map((account) => account.id)
  await store.lock(db, 'account', accountIds)
  await store.lock(db, 'contact', [externalUserId])
  const customer = await store.findByContact(db, externalUserId)
  if (!customer || accountIds.length === 0) return false
  await untie(deps, db, { customerId: customer.id, externalUserId, accountIds }, ending)
  return true
}

type Tied = { customerId: number; externalUserId: string; accountIds: readonly number[] }

async function untie(deps: CustomersDeps, db: Db, { customerId, externalUserId, accountIds }: Tied, { by, actor, sourceId, now }: Ending): Promise<void> {
  await store.endTies(db, { customerId, accountIds, by: actor, now })
  await store.refreshStatus(db, customerId)
  await deps.sessions.endOf(db, accountIds)
  for (const accountId of accountIds) {
    await store.insertPairEnding(db, { accountId, externalUserId, by, now })
    await store.insertHistory(db, { now, accountId, externalUserId, customerId, decision: 'ended by a person', outcome: 'untie', actor })
  }
  await deps.facts.publish(db, [{ fact: 'customer.unbound', customerId, externalUserId, sourceId }])
}

/** A unionid learned later that differs: the permission rests until a person has looked (D15). */
export async function suspendOnMismatch(deps: CustomersDeps, db: Db, account: store.AccountRow, externalUserId: string, now: Date): Promise<void> {
  const contact = await store.findContact(db, externalUserId)
  const siblings = await store.pageTiedSiblings(db, { accountId: account.id, externalUserId })
  if (matchUnionIds(account.unionId, contact?.unionId, siblings.map((one) => one.unionId)) !== 'different' || account.customerId === null) return
  const customer = await store.findByContact(db, externalUserId)
  if (customer?.suspendedReason || (await evidence.isTiedManually(db, account.id))) return
  await store.setSuspended(db, account.customerId, 'unionid_mismatch', now)
  await store.insertReview(db, { kind: 'unionid_mismatch', externalUserId, customerId: account.customerId, now })
  await store.insertHistory(db, { now, accountId: account.id, externalUserId, customerId: account.customerId, decision: 'different unionids', outcome: 'suspend', actor: 'decision table' })
  deps.log.error({ customerId: account.customerId, contact: externalUserId }, 'a bound account and its contact have different unionids: the permission rests until an admin has looked')
}

