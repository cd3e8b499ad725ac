import { randomUUID } from 'node:crypto'
import type { AccountRow } from '../ties/ties.ts'
import type { Tx } from './customers.deps.ts'
import { handOver } from './customers.hand-over.ts'
import { joinPhone } from './customers.join.ts'
import { lockForPhone, lockNumbers } from './customers.locks.ts'
import { considerNumbers } from './customers.numbers.ts'
import { closeVouchedFor } from './customers.prove.ts'
import * as store from './customers.store.ts'
import * as neighbours from './neighbours.store.ts'

export type Decision = {
  accountId: number
  externalUserId: string
  phone: string
  reason: string
  operator: string
  override: boolean
  now: Date
}
export type Conflict = 'account_taken' | 'contact_taken' | 'phone_taken' | 'contact_has_other_phone'
export type ManualBind =
  { kind: 'bound'; customerId: number } | { kind: 'conflict'; conflicts: [Conflict, ...Conflict[]] }

/** E7: an admin decided that account, contact and phone are one person. Without `override` nobody else loses anything. */
export async function bindManually(tx: Tx, decision: Decision): Promise<ManualBind> {
  const concerned = await lockConcerned(tx, decision)
  const conflicts = await findConflicts(tx, decision)
  const [first, ...others] = conflicts
  if (first !== undefined && !decision.override)
    return { kind: 'conflict', conflicts: [first, ...others] }
  await clear(tx, decision, conflicts)
  const customerId = await bind(tx, decision)
  await closeQuestions(tx, { ...decision, customerId })
  await considerNumbers(tx, { phoneHmacs: concerned, now: decision.now })
  return { kind: 'bound', customerId }
}

/** The numbers that the decision is about, locked. */
async function lockConcerned(tx: Tx, { externalUserId, phone }: Decision): Promise<Buffer[]> {
  const before = await store.findByContact(tx.db, externalUserId)
  const concerned = [
    tx.evidence.hashPhone(phone),
    ...(before?.phone == null ? [] : [tx.evidence.hashPhone(before.phone)]),
    ...(await tx.reviews.findNumbersAbout(tx.db, externalUserId)),
  ]
  await lockNumbers(tx.db, concerned)
  return concerned
}

/** Nothing stands in the way any more. */
async function bind(tx: Tx, decision: Decision): Promise<number> {
  const { accountId, externalUserId, reason, operator, now } = decision
  const phone = tx.evidence.toPhone(decision.phone)
  const contact = (await neighbours.findContact(tx.db, externalUserId))!
  await joinPhone(tx, { contact, phone, now })
  const { id: customerId } = (await store.findByContact(tx.db, externalUserId))!
  await store.setSuspended(tx.db, { id: customerId, reason: null, now })
  const evidenceId = await tx.evidence.recordManual(tx.db, {
    accountId,
    externalUserId,
    customerId,
    phone,
    reason,
    sourceId: newSourceId(operator),
    observedAt: now,
  })
  const proof = { kind: 'manual', evidenceId } as const
  await tx.ties.considerPair(tx.db, { accountId, externalUserId, proof, now })
  return customerId
}

async function closeQuestions(
  tx: Tx,
  { externalUserId, customerId, operator: by, reason, now }: Decision & { customerId: number },
): Promise<void> {
  await closeVouchedFor(tx, { externalUserId, by, reason, now })
  await tx.reviews.closeAboutCustomer(tx.db, {
    customerId,
    kind: 'unionid_mismatch',
    by,
    reason,
    now,
  })
}

async function findConflicts(
  tx: Tx,
  { accountId, externalUserId, phone }: Decision,
): Promise<Conflict[]> {
  const account = await tx.ties.getAccount(tx.db, accountId)
  const byContact = await store.findByContact(tx.db, externalUserId)
  const byPhone = await store.findByPhone(tx.db, phone)
  const others = await pageRivals(tx, { account, externalUserId })
  return [
    account.contact !== null && account.contact !== externalUserId && ('account_taken' as const),
    others.length > 0 && ('contact_taken' as const),
    byPhone?.contact != null && byPhone.contact !== externalUserId && ('phone_taken' as const),
    byContact?.phone != null && byContact.phone !== phone && ('contact_has_other_phone' as const),
  ].filter((conflict) => conflict !== false)
}

/** Takes away what stands in the way, each with its own trace in the history. */
async function clear(tx: Tx, decision: Decision, conflicts: readonly Conflict[]): Promise<void> {
  const { accountId, externalUserId, phone, operator, now } = decision
  const ending = {
    by: 'admin' as const,
    actor: operator,
    sourceId: `override:${String(now.getTime())}`,
    now,
  }
  if (conflicts.includes('account_taken')) await tx.ties.untieWrong(tx.db, { accountId, ...ending })
  const account = await tx.ties.getAccount(tx.db, accountId)
  const byContact = await store.findByContact(tx.db, externalUserId)
  if (byContact && conflicts.includes('contact_taken')) {
    for (const { id } of await pageRivals(tx, { account, externalUserId }))
      await tx.ties.untieWrong(tx.db, { accountId: id, ...ending })
  }
  if (conflicts.includes('phone_taken')) await giveUp(tx, { ...decision, phone, isDoubted: true })
  if (byContact?.phone != null && conflicts.includes('contact_has_other_phone'))
    await giveUp(tx, { ...decision, phone: byContact.phone, isDoubted: false })
}

type Withdrawal = Pick<Decision, 'operator' | 'reason' | 'now'> & { customerId: number }

/**
 * What admins said of his number (E7) was wrong. Unless a search says the same, he never had it, and keeps nothing that was
 * his by it: not even what he would keep of a number that changed hands.
 */
export async function withdrawVouching(
  tx: Tx,
  { customerId, operator, reason, now }: Withdrawal,
): Promise<void> {
  const customer = await store.findCustomer(tx.db, customerId)
  if (customer?.phone == null) return
  const phoneHmac = tx.evidence.hashPhone(customer.phone)
  const concerned = await lockForPhone(tx, { ...customer, wanted: phoneHmac })
  const since = await tx.evidence.revokeManual(tx.db, { customerId, phoneHmac, reason, now })
  if (since === null) return
  const externalUserId = customer.contact ?? ''
  const held = { externalUserId, customerId, phoneHmac, now }
  if (!(await tx.evidence.hasPhoneProof(tx.db, held))) {
    const orders = (await tx.ownership.pageOfNumber(tx.db, phoneHmac))
      .filter((party) => party.customerId === customerId)
      .map(({ orderNo }) => orderNo)
    const { phone } = customer
    await giveUp(tx, { phone, operator, reason, now, since, orders, isDoubted: true })
  }
  await considerNumbers(tx, { phoneHmacs: concerned, now })
}

type GivenUp = Pick<Decision, 'phone' | 'operator' | 'reason' | 'now'> & {
  since?: Date | null
  orders?: readonly string[]
  isDoubted: boolean
  isReplaced?: boolean
}

/** An admin's word takes a number from whoever has it; nobody is named who would have it now. */
export const giveUp = (
  tx: Tx,
  {
    phone,
    operator,
    reason,
    now,
    since = null,
    orders = [],
    isDoubted,
    isReplaced = false,
  }: GivenUp,
) =>
  handOver(tx, {
    phone: tx.evidence.toPhone(phone),
    since,
    orders,
    actor: operator,
    reason,
    now,
    isDoubted,
    isReplaced,
  })

type Beside = { account: AccountRow; externalUserId: string }

/** Accounts of the contact that cannot be the same person's: another of that app, or of another WeChat user (D15). */
async function pageRivals(tx: Tx, { account, externalUserId }: Beside) {
  const isOther = (unionId: string | null): boolean =>
    unionId !== null && account.unionId != null && unionId !== account.unionId
  return (await tx.ties.pageAccountsTiedTo(tx.db, externalUserId)).filter(
    ({ id, app, unionId }) => id !== account.id && (app === account.app || isOther(unionId)),
  )
}

/** An admin's word is nobody else's, and no other of his, however fast he speaks. */
export const newSourceId = (operator: string): string => `${operator}:${randomUUID()}`
