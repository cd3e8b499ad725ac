import type { Db } from '../../lib/db.ts'
import type { CustomersDeps } from './customers.deps.ts'
import * as store from './customers.store.ts'
import * as evidence from './evidence.store.ts'
import { decideTie, matchUnionIds, type TieDecision, type TieFacts } from './tie.rules.ts'

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

/** Decides whether an account and a contact are tied, and ties them if so. */
export async function considerPair(deps: CustomersDeps, db: Db, pair: Pair): Promise<TieDecision> {
  await store.lock(db, 'account', [pair.accountId])
  await store.lock(db, 'contact', [pair.externalUserId])
  const account = await store.getAccount(db, pair.accountId)
  const contact = await store.findContact(db, pair.externalUserId)
  const customer = await store.findByContact(db, pair.externalUserId)
  const shared = await evidence.findSharedPhone(db, pair)
  const siblings = await store.pageTiedSiblings(db, pair)
  const unionId = matchUnionIds(
    account.unionId,
    contact?.unionId,
    siblings.map((one) => one.unionId),
  )
  const decision = decideTie({
    unionId,
    proof: pair.proof.kind,
    phone: toPhoneFact(shared, deps.trustPhoneClaim),
    accountTiedTo:
      account.contact === null
        ? 'nobody'
        : account.contact === pair.externalUserId
          ? 'this_contact'
          : 'another',
    contactTiedTo:
      customer && (await store.hasAccountOfApp(db, customer.id, account.app))
        ? 'another'
        : 'nobody',
    ended: await isEnded(db, pair, { account, isSameUser: unionId === 'equal', shared, siblings }),
  })
  if (decision.outcome.kind === 'refuse') await recordRefusal(deps, db, pair, decision)
  if (shared?.kind === 'phone_claim' && customer && account.contact !== pair.externalUserId)
    await askAboutTrust(deps, db, { ...pair, customerId: customer.id })
  if (decision.outcome.kind === 'tie')
    await tie(deps, db, pair, {
      account,
      contact,
      customer,
      decision,
      sharedPhoneId: shared?.id ?? null,
    })
  return decision
}

function toPhoneFact(
  shared: evidence.SharedPhone | undefined,
  trustPhoneClaim: boolean,
): TieFacts['phone'] {
  if (!shared) return 'none'
  if (shared.kind === 'phone_button') return 'button'
  if (shared.carded) return 'carded_claim'
  return trustPhoneClaim && shared.claimants === 1 ? 'trusted_claim' : 'none'
}

type Around = {
  account: store.AccountRow
  isSameUser: boolean
  shared: evidence.SharedPhone | undefined
  siblings: readonly store.TiedSibling[]
}

/**
 * Ended, by any account of that WeChat user, and since then neither added again nor any act of the customer (D4): his phone stated, or bound by
 * another account of his. A mere claim is the word of the very account that was turned away: it counts only for the same WeChat user, or
 * when that account had ended the pair itself, and until then no add helps it either.
 */
async function isEnded(
  db: Db,
  { accountId, externalUserId }: Pair,
  { account, isSameUser, shared, siblings }: Around,
): Promise<boolean> {
  const ending = await store.findPairEnding(db, {
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
  return !(await store.pageFollows(db, externalUserId)).some(
    (follow) => follow.endedAt === null && isSince(follow.followedAt),
  )
}

/** Somebody was bound by his word alone, and now somebody else says the same: which of them is the customer, a person must say (D1). */
async function askAboutTrust(
  deps: CustomersDeps,
  db: Db,
  { accountId, externalUserId, customerId, now }: Pair & { customerId: number },
): Promise<void> {
  if (!deps.trustPhoneClaim || !(await evidence.isTiedByClaim(db, customerId))) return
  await store.insertReview(db, {
    kind: 'claim_contested',
    externalUserId,
    customerId,
    detail: { accountId },
    now,
  })
}

/** Once, until something else is decided about the pair, unless somebody asked: each look at a contact comes by here. */
async function recordRefusal(
  deps: CustomersDeps,
  db: Db,
  pair: Pair,
  decision: TieDecision,
): Promise<void> {
  if (pair.proof.kind === 'none' && (await store.wasLastRefused(db, pair, decision.row))) return
  const reason = decision.outcome.kind === 'refuse' ? decision.outcome.reason : ''
  await store.insertHistory(db, {
    ...pair,
    decision: decision.row,
    outcome: 'refuse',
    actor: 'decision table',
    detail: { reason },
  })
  deps.log.warn(
    { accountId: pair.accountId, contact: pair.externalUserId, row: decision.row },
    'a binding was refused',
  )
  if (reason === 'unionid_mismatch')
    await deps.facts.publish(db, [
      {
        fact: 'customer.unionids-differed',
        accountId: pair.accountId,
        externalUserId: pair.externalUserId,
      },
    ])
}

/** The row of evidence that the deciding row of the table stands on. */
async function findTyingEvidence(
  db: Db,
  { proof, accountId, externalUserId, now }: Pair,
  { decision, sharedPhoneId }: Side,
): Promise<number> {
  if (decision.row === 'equal unionids') {
    return evidence.insertPairEvidence(db, {
      kind: 'unionid',
      accountId,
      externalUserId,
      sourceId: `${String(accountId)}:${externalUserId}`,
      observedAt: now,
      ...((proof.kind !== 'none' || sharedPhoneId !== null) && { reason: 'asked_for' }),
    })
  }
  return 'evidenceId' in proof ? proof.evidenceId : sharedPhoneId!
}

type Side = {
  account: store.AccountRow
  contact: store.ContactRow | undefined
  customer: store.CustomerRow | undefined
  decision: TieDecision
  sharedPhoneId: number | null
}

async function tie(deps: CustomersDeps, db: Db, pair: Pair, side: Side): Promise<void> {
  const { account, contact, customer, decision } = side
  const { externalUserId, now } = pair
  const evidenceId = await findTyingEvidence(db, pair, side)
  const customerId =
    customer?.id ??
    (await store.insertCustomer(db, {
      contact: externalUserId,
      company: contact?.company ?? null,
      now,
    }))
  const boundBy = await evidence.findProver(db, externalUserId)
  const toldInChat = pair.toldInChat ?? (await store.hasOpenAttempt(db, pair))
  const tieId = await store.insertTie(db, {
    customerId,
    account,
    externalUserId,
    evidenceId,
    boundBy,
    tiedBy: decision.row,
    toldInChat,
    now,
  })
  await store.refreshStatus(db, customerId)
  await store.insertHistory(db, {
    now,
    accountId: account.id,
    externalUserId,
    customerId,
    decision: decision.row,
    outcome: 'tie',
    actor: 'decision table',
    detail: { evidenceId },
  })
  await deps.facts.publish(db, [
    { fact: 'customer.bound', customerId, accountId: account.id, externalUserId, tieId },
  ])
}

/** `customer`: by the account itself, in its app; `contact`: in the chat. */
type Ending = { by: 'customer' | 'contact' | 'admin'; actor: string; sourceId: string; now: Date }

/** `onlyFrom`: nothing ends when the account is tied to another contact by now. */
export async function untieAccount(
  deps: CustomersDeps,
  db: Db,
  { accountId, onlyFrom, ...ending }: Ending & { accountId: number; onlyFrom?: string },
): Promise<boolean> {
  const { contact } = await store.getAccount(db, accountId)
  if (contact === null || (onlyFrom !== undefined && contact !== onlyFrom)) return false
  return untieContact(deps, db, { externalUserId: contact, ...ending })
}

/** Ends the ties of every account of a contact. Answers whether there was one. */
export async function untieContact(
  deps: CustomersDeps,
  db: Db,
  { externalUserId, ...ending }: Ending & { externalUserId: string },
): Promise<boolean> {
  await store.lock(
    db,
    'account',
    (await store.pageAccountsTiedTo(db, externalUserId)).map(({ id }) => id),
  )
  await store.lock(db, 'contact', [externalUserId])
  // Read once more: whoever was being tied meanwhile had the contact's lock before us, and nobody has it now.
  return untieAll(
    deps,
    db,
    externalUserId,
    await store.pageAccountsTiedTo(db, externalUserId),
    ending,
  )
}

/** Ends the tie of one account, with those of the same WeChat user, and leaves the contact's own person alone. */
export async function untieWrong(
  deps: CustomersDeps,
  db: Db,
  { accountId, ...ending }: Ending & { accountId: number },
): Promise<boolean> {
  const account = await store.getAccount(db, accountId)
  if (account.contact === null) return false
  const contact = await store.findContact(db, account.contact)
  const isSame = (unionId: string | null): boolean =>
    unionId !== null && unionId === account.unionId && unionId !== contact?.unionId
  const tied = await store.pageAccountsTiedTo(db, account.contact)
  return untieAll(
    deps,
    db,
    account.contact,
    tied.filter(({ id, unionId }) => id === accountId || isSame(unionId)),
    ending,
  )
}

async function untieAll(
  deps: CustomersDeps,
  db: Db,
  externalUserId: string,
  accounts: readonly { id: number }[],
  ending: Ending,
): Promise<boolean> {
  const customer = await store.findByContact(db, externalUserId)
  if (!customer || accounts.length === 0) return false
  await untie(
    deps,
    db,
    { customerId: customer.id, externalUserId, accountIds: accounts.map(({ id }) => id) },
    ending,
  )
  return true
}

type Tied = { customerId: number; externalUserId: string; accountIds: readonly number[] }

async function untie(
  deps: CustomersDeps,
  db: Db,
  { customerId, externalUserId, accountIds }: Tied,
  { by, actor, sourceId, now }: Ending,
): Promise<void> {
  await store.endTies(db, { customerId, accountIds, by: actor, now })
  await store.refreshStatus(db, customerId)
  await deps.sessions.endOf(db, accountIds)
  if (by !== 'customer')
    await evidence.revokeTickets(db, { accountIds, externalUserId, reason: `ended by ${by}`, now })
  for (const accountId of accountIds) {
    await store.insertPairEnding(db, { accountId, externalUserId, by, now })
    await store.insertHistory(db, {
      now,
      accountId,
      externalUserId,
      customerId,
      decision: 'ended by a person',
      outcome: 'untie',
      actor,
    })
  }
  await deps.facts.publish(db, [
    { fact: 'customer.unbound', customerId, externalUserId, sourceId, by },
  ])
}

/** A unionid learned later that differs: the permission rests until a person has looked (D15); what he has accepted once is accepted. */
export async function suspendOnMismatch(
  deps: CustomersDeps,
  db: Db,
  account: store.AccountRow,
  externalUserId: string,
  now: Date,
): Promise<void> {
  const contact = await store.findContact(db, externalUserId)
  const siblings = (
    await store.pageTiedSiblings(db, { accountId: account.id, externalUserId })
  ).map((one) => one.unionId)
  if (
    matchUnionIds(account.unionId, contact?.unionId, siblings) !== 'different' ||
    account.customerId === null
  )
    return
  const customer = await store.findByContact(db, externalUserId)
  if (customer?.suspendedReason || (await evidence.isTiedManually(db, account.id))) return
  const detail = { account: account.unionId, contact: contact?.unionId ?? siblings.toSorted() }
  if (
    !(await store.insertReview(db, {
      kind: 'unionid_mismatch',
      externalUserId,
      customerId: account.customerId,
      detail,
      now,
    }))
  )
    return
  await store.setSuspended(db, account.customerId, 'unionid_mismatch', now)
  await store.insertHistory(db, {
    now,
    accountId: account.id,
    externalUserId,
    customerId: account.customerId,
    decision: 'different unionids',
    outcome: 'suspend',
    actor: 'decision table',
  })
  await deps.facts.publish(db, [
    { fact: 'customer.unionids-differed', accountId: account.id, externalUserId },
  ])
  deps.log.error(
    { customerId: account.customerId, contact: externalUserId },
    'a bound account and its contact have different unionids: the permission rests until an admin has looked',
  )
}
