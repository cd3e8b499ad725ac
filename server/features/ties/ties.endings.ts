import * as store from './accounts.store.ts'
import type { Tx } from './ties.deps.ts'
import * as ties from './ties.store.ts'

/** `customer`: by the account itself, in its app; `contact`: in the chat. */
type Ending = { by: 'customer' | 'contact' | 'admin'; actor: string; sourceId: string; now: Date }

/** Ends the binding of the person whose account this is. `onlyFrom`: nothing ends when the account is tied to another contact by now. */
export async function untieAccount(
  tx: Tx,
  { accountId, onlyFrom, ...ending }: Ending & { accountId: number; onlyFrom?: string },
): Promise<boolean> {
  const { contact } = await store.getAccount(tx.db, accountId)
  if (contact === null || (onlyFrom !== undefined && contact !== onlyFrom)) return false
  return untieContact(tx, { externalUserId: contact, ...ending })
}

/** Ends the ties of every account of a contact; `tiedBefore`: of those only. Answers whether there was one. */
export async function untieContact(
  tx: Tx,
  { externalUserId, tiedBefore, ...ending }: Ending & { externalUserId: string; tiedBefore?: Date },
): Promise<boolean> {
  await tx.records.lock(tx.db, 'account', await pageTied(tx, externalUserId))
  await tx.records.lock(tx.db, 'contact', [externalUserId])
  // Read once more: whoever was being tied meanwhile had the contact's lock before us, and nobody has it now.
  const accountIds = await pageTied(tx, externalUserId, tiedBefore)
  return untie(tx, { externalUserId, accountIds, ...ending })
}

const pageTied = async (tx: Tx, externalUserId: string, before?: Date): Promise<number[]> =>
  (await store.pageAccountsTiedTo(tx.db, externalUserId))
    .filter(({ tiedAt }) => before === undefined || tiedAt < before)
    .map(({ id }) => id)

/** Ends the binding of a customer by an admin's word; what was asked about it is moot. */
export async function untieCustomer(
  tx: Tx,
  { customerId, ...ending }: Omit<Ending, 'by'> & { customerId: number },
): Promise<boolean> {
  const customer = await tx.records.findCustomer(tx.db, customerId)
  if (customer?.contact == null) return false
  if (!(await untieContact(tx, { externalUserId: customer.contact, by: 'admin', ...ending })))
    return false
  await tx.reviews.closeAboutCustomer(tx.db, {
    customerId,
    kind: 'unionid_mismatch',
    by: ending.actor,
    reason: 'unbound',
    now: ending.now,
  })
  return true
}

/** Ends the tie of one account, with those of the same WeChat user, and leaves the contact's own person alone. */
export async function untieWrong(
  tx: Tx,
  { accountId, ...ending }: Ending & { accountId: number },
): Promise<boolean> {
  const account = await store.getAccount(tx.db, accountId)
  if (account.contact === null) return false
  const contact = await tx.records.findContact(tx.db, account.contact)
  const isSame = (unionId: string | null): boolean =>
    unionId !== null && unionId === account.unionId && unionId !== contact?.unionId
  const tied = await store.pageAccountsTiedTo(tx.db, account.contact)
  return untie(tx, {
    externalUserId: account.contact,
    accountIds: tied
      .filter(({ id, unionId }) => id === accountId || isSame(unionId))
      .map(({ id }) => id),
    ...ending,
  })
}

async function untie(
  tx: Tx,
  {
    externalUserId,
    accountIds,
    ...ending
  }: Ending & { externalUserId: string; accountIds: readonly number[] },
): Promise<boolean> {
  const customer = await tx.records.findByContact(tx.db, externalUserId)
  if (!customer || accountIds.length === 0) return false
  const customerId = customer.id
  const { by, actor, sourceId, now } = ending
  await ties.endTies(tx.db, { customerId, accountIds, by: actor, now })
  await tx.records.clearBound(tx.db, { customerId, now })
  await tx.records.refreshStatus(tx.db, customerId)
  await tx.sessions.endOf(tx.db, accountIds)
  if (by !== 'customer')
    await tx.evidence.revokeTickets(tx.db, {
      accountIds,
      externalUserId,
      reason: `ended by ${by}`,
      now,
    })
  for (const accountId of accountIds)
    await recordEnding(tx, { ...ending, accountId, externalUserId, customerId })
  await tx.facts.publish(tx.db, [
    { fact: 'customer.unbound', customerId, externalUserId, sourceId, by },
  ])
  return true
}

async function recordEnding(
  tx: Tx,
  {
    by,
    actor,
    now,
    ...tied
  }: Ending & { accountId: number; externalUserId: string; customerId: number },
): Promise<void> {
  const { accountId, externalUserId, customerId } = tied
  await ties.insertPairEnding(tx.db, { accountId, externalUserId, by, now })
  await tx.records.insertHistory(tx.db, {
    now,
    accountId,
    externalUserId,
    customerId,
    decision: 'ended by a person',
    outcome: 'untie',
    actor,
  })
}

type Denial = {
  accountId: number
  externalUserId: string
  decision: 'not_me' | 'withdrawn'
  now: Date
}

/** Somebody said that this pair is not one person; equal unionids alone will not tie it again (D4). */
export async function denyPair(tx: Tx, { decision, ...pair }: Denial): Promise<void> {
  const { accountId, externalUserId, now } = pair
  await ties.insertPairEnding(tx.db, { ...pair, by: 'not_me' })
  await tx.evidence.revokeTickets(tx.db, {
    accountIds: [accountId],
    externalUserId,
    reason: decision,
    now,
  })
  await tx.records.insertHistory(tx.db, {
    ...pair,
    decision: decision === 'not_me' ? 'the contact said 不是我' : 'the contact recalled the code',
    outcome: 'refuse',
    actor: 'contact',
  })
}

type Phishing = { issuerId: number; openerId: number; externalUserId: string; now: Date }

/** An account opened a ticket made for another account: kept as an attempted phishing (D3). */
export const recordPhishing = (
  tx: Tx,
  { issuerId, openerId, externalUserId, now }: Phishing,
): Promise<unknown> =>
  tx.records.insertHistory(tx.db, {
    now,
    accountId: issuerId,
    externalUserId,
    actor: `account:${openerId}`,
    decision: 'another account opened the ticket',
    outcome: 'refuse',
    detail: { openedBy: openerId },
  })
