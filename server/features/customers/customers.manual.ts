import { randomUUID } from 'node:crypto'
import type { Db } from '../../lib/db.ts'
import type { CustomersDeps } from './customers.deps.ts'
import { considerPair, untieWrong } from './customers.pairs.ts'
import { considerNumbers, handOver, lockNumbers } from './customers.numbers.ts'
import { closeTapQuestions, hmacOfPhone, joinPhone, toPhone } from './customers.phones.ts'
import * as store from './customers.store.ts'
import * as evidence from './evidence.store.ts'
import * as numbers from './numbers.store.ts'

type Decision = {
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
  { kind: 'bound'; customerId: number } | { kind: 'conflict'; conflicts: Conflict[] }

/** E7: an admin decided that account, contact and phone are one person. Without `override` nobody else loses anything. */
export async function bindManually(
  deps: CustomersDeps,
  db: Db,
  decision: Decision,
): Promise<ManualBind> {
  const { accountId, externalUserId, phone, reason, operator, now } = decision
  const plain = toPhone(deps, phone)
  const before = await store.findByContact(db, externalUserId)
  const concerned = [
    plain.hmac,
    ...(before?.phone == null ? [] : [hmacOfPhone(deps, before.phone)]),
    ...(await numbers.findReviewNumbers(db, externalUserId)),
  ]
  await lockNumbers(db, concerned)
  const conflicts = await findConflicts(db, decision)
  if (conflicts.length > 0 && !decision.override) return { kind: 'conflict', conflicts }
  await clear(deps, db, decision, conflicts)
  const contact = (await store.findContact(db, externalUserId))!
  await joinPhone(deps, db, contact, plain, now)
  const customer = (await store.findByContact(db, externalUserId))!
  await store.setSuspended(db, customer.id, null, now)
  const evidenceId = await evidence.insertManual(db, {
    accountId,
    externalUserId,
    customerId: customer.id,
    phone: plain,
    reason,
    sourceId: newSourceId(decision.operator),
    observedAt: now,
  })
  await considerPair(deps, db, {
    accountId,
    externalUserId,
    proof: { kind: 'manual', evidenceId },
    now,
  })
  await closeTapQuestions(db, { externalUserId, by: operator, reason, now })
  await store.closeReviewsOfCustomer(db, {
    customerId: customer.id,
    kind: 'unionid_mismatch',
    by: operator,
    reason,
    now,
  })
  await considerNumbers(deps, db, { phoneHmacs: concerned, now })
  return { kind: 'bound', customerId: customer.id }
}

async function findConflicts(
  db: Db,
  { accountId, externalUserId, phone }: Decision,
): Promise<Conflict[]> {
  const account = await store.getAccount(db, accountId)
  const byContact = await store.findByContact(db, externalUserId)
  const byPhone = await store.findByPhone(db, phone)
  const others = await pageRivals(db, account, externalUserId)
  return [
    account.contact !== null && account.contact !== externalUserId && ('account_taken' as const),
    others.length > 0 && ('contact_taken' as const),
    byPhone?.contact != null && byPhone.contact !== externalUserId && ('phone_taken' as const),
    byContact?.phone != null && byContact.phone !== phone && ('contact_has_other_phone' as const),
  ].filter((conflict) => conflict !== false)
}

/** Takes away what stands in the way, each with its own trace in the history. */
async function clear(
  deps: CustomersDeps,
  db: Db,
  decision: Decision,
  conflicts: readonly Conflict[],
): Promise<void> {
  const { accountId, externalUserId, phone, operator, now } = decision
  const ending = {
    by: 'admin' as const,
    actor: operator,
    sourceId: `override:${String(now.getTime())}`,
    now,
  }
  if (conflicts.includes('account_taken')) await untieWrong(deps, db, { accountId, ...ending })
  const account = await store.getAccount(db, accountId)
  const byContact = await store.findByContact(db, externalUserId)
  if (byContact && conflicts.includes('contact_taken')) {
    for (const { id } of await pageRivals(db, account, externalUserId))
      await untieWrong(deps, db, { accountId: id, ...ending })
  }
  if (conflicts.includes('phone_taken'))
    await handOver(deps, db, { ...toHandOver(deps, decision, phone), isDoubted: true })
  if (byContact?.phone != null && conflicts.includes('contact_has_other_phone'))
    await handOver(deps, db, { ...toHandOver(deps, decision, byContact.phone), isDoubted: false })
}

const toHandOver = (
  deps: CustomersDeps,
  { operator, reason, now }: Pick<Decision, 'operator' | 'reason' | 'now'>,
  phone: string,
) => ({ phone: toPhone(deps, phone), since: null, orders: [], actor: operator, reason, now })

/** Accounts of the contact that cannot be the same person's: another of that app, or of another WeChat user (D15). */
async function pageRivals(db: Db, account: store.AccountRow, externalUserId: string) {
  const isOther = (unionId: string | null): boolean =>
    unionId !== null && account.unionId != null && unionId !== account.unionId
  return (await store.pageAccountsTiedTo(db, externalUserId)).filter(
    ({ id, app, unionId }) => id !== account.id && (app === account.app || isOther(unionId)),
  )
}

/** `since`: when he gave the former number up; null: nobody said. */
type PhoneChange = {
  customerId: number
  phone: string
  proven: boolean
  since: Date | null
  reason: string
  operator: string
  now: Date
}

/** Contact and numbers that another phone for a customer concerns, all at once: whoever waits for one of them holds none of the others. */
export async function lockForPhone(
  deps: CustomersDeps,
  db: Db,
  { contact, phone }: store.CustomerRow,
  wanted: Buffer,
): Promise<Buffer[]> {
  if (contact !== null) await store.lock(db, 'contact', [contact])
  const named = contact === null ? [] : await numbers.findReviewNumbers(db, contact)
  const concerned = [wanted, ...(phone === null ? [] : [hmacOfPhone(deps, phone)]), ...named]
  await lockNumbers(db, concerned)
  return concerned
}

/**
 * D9: the new phone must be earned again, unless the admin vouches for it (E7); the tie stays, and what is surely his. The
 * former number is handed over (D20): to nobody yet.
 */
export async function changePhone(
  deps: CustomersDeps,
  db: Db,
  change: PhoneChange,
): Promise<'changed' | 'unknown' | 'phone_taken'> {
  const { customerId, proven, operator, now } = change
  const phone = toPhone(deps, change.phone)
  const customer = await store.findCustomer(db, customerId)
  if (!customer) return 'unknown'
  const concerned = await lockForPhone(deps, db, customer, phone.hmac)
  const owner = await store.findByPhone(db, change.phone)
  if (owner && owner.id !== customerId) return 'phone_taken'
  const before = await store.readPermission(db, customerId)
  if (customer.phone !== null && customer.phone !== change.phone) {
    await handOver(deps, db, {
      ...toHandOver(deps, change, customer.phone),
      since: change.since,
      isDoubted: false,
      isReplaced: true,
    })
  }
  await store.setPhone(db, customerId, phone, now)
  if (proven) await vouch(db, change, customer.contact, phone)
  await considerNumbers(deps, db, { phoneHmacs: concerned, now })
  await store.insertHistory(db, {
    now,
    customerId,
    externalUserId: customer.contact,
    phoneMasked: phone.masked,
    decision: 'an admin changed the phone',
    outcome: proven ? 'prove phone' : 'change phone',
    actor: operator,
  })
  if (before.mayQuery && !(await store.readPermission(db, customerId)).mayQuery)
    await deps.sessions.endOf(db, before.accountIds)
  return 'changed'
}

/** E7 for a phone alone. */
async function vouch(
  db: Db,
  { customerId, reason, operator, now }: PhoneChange,
  contact: string | null,
  phone: evidence.Phone,
): Promise<void> {
  const sourceId = newSourceId(operator)
  await evidence.insertManual(db, {
    accountId: null,
    externalUserId: contact,
    customerId,
    phone,
    reason,
    sourceId,
    observedAt: now,
  })
  if (contact !== null)
    await closeTapQuestions(db, { externalUserId: contact, by: operator, reason, now })
}

/** An admin's word is nobody else's, and no other of his, however fast he speaks. */
const newSourceId = (operator: string): string => `${operator}:${randomUUID()}`
