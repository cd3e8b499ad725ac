import * as store from './accounts.store.ts'
import type { Tx } from './ties.deps.ts'
import { matchUnionIds } from './tie.rules.ts'

type Tied = { account: store.AccountRow; externalUserId: string; now: Date }

/** A unionid learned later that differs: the permission rests until a person has looked (D15); what he has accepted once is accepted. */
export async function suspendOnMismatch(
  tx: Tx,
  { account, externalUserId, now }: Tied,
): Promise<void> {
  const { customerId } = account
  const detail = await findMismatch(tx, { account, externalUserId })
  if (!detail || customerId === null) return
  const customer = await tx.records.findByContact(tx.db, externalUserId)
  if (customer?.suspendedReason || (await tx.evidence.isTiedManually(tx.db, account.id))) return
  const isAsked = await tx.reviews.ask(tx.db, {
    kind: 'unionid_mismatch',
    externalUserId,
    customerId,
    detail,
    now,
  })
  if (isAsked) await suspend(tx, { accountId: account.id, externalUserId, customerId, now })
}

/** The unionids that differ, if they do. */
async function findMismatch(
  tx: Tx,
  { account, externalUserId }: Omit<Tied, 'now'>,
): Promise<object | undefined> {
  const contact = await tx.records.findContact(tx.db, externalUserId)
  const siblings = (
    await store.pageTiedSiblings(tx.db, { accountId: account.id, externalUserId })
  ).map((one) => one.unionId)
  return matchUnionIds(account.unionId, contact?.unionId, siblings) === 'different'
    ? { account: account.unionId, contact: contact?.unionId ?? siblings.toSorted() }
    : undefined
}

type Suspended = { accountId: number; externalUserId: string; customerId: number; now: Date }

async function suspend(tx: Tx, tied: Suspended): Promise<void> {
  const { accountId, externalUserId, customerId, now } = tied
  await tx.records.setSuspended(tx.db, { id: customerId, reason: 'unionid_mismatch', now })
  await tx.records.insertHistory(tx.db, {
    ...tied,
    decision: 'different unionids',
    outcome: 'suspend',
    actor: 'decision table',
  })
  await tx.facts.publish(tx.db, [{ fact: 'customer.unionids-differed', accountId, externalUserId }])
  tx.log.error(
    { customerId, contact: externalUserId },
    'a bound account and its contact have different unionids: the permission rests until an admin has looked',
  )
}
