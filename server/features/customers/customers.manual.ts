import { maskPhone } from '../../../shared/phone.ts'
import type { Db } from '../../lib/db.ts'
import type { CustomersDeps } from './customers.deps.ts'
import { considerPair, untieWrong } from './customers.pairs.ts'
import { closeQuestions, hmacOfPhone, joinPhone } from './customers.phones.ts'
import * as store from './customers.store.ts'
import * as evidence from './evidence.store.ts'

type Decision = { accountId: number; externalUserId: string; phone: string; reason: string; operator: string; override: boolean; now: Date }
export type Conflict = 'account_taken' | 'contact_taken' | 'phone_taken' | 'contact_has_other_phone'
export type ManualBind = { kind: 'bound'; customerId: number } | { kind: 'conflict'; conflicts: Conflict[] }

/** E7: an admin decided that account, contact and phone are one person. Without `override` nobody else loses anything. */
export async function bindManually(deps: CustomersDeps, db: Db, decision: Decision): Promise<ManualBind> {
  const { accountId, externalUserId, phone, reason, operator, now } = decision
  const plain = { plain: phone, hmac: hmacOfPhone(deps, phone), masked: maskPhone(phone) }
  await store.lock(db, 'phone', [plain.hmac.toString('base64')])
  const conflicts = await findConflicts(db, decision)
  if (conflicts.length > 0 && !decision.override) return { kind: 'conflict', conflicts }
  await clear(deps, db, decision, conflicts)
  const contact = (await store.findContact(db, externalUserId))!
  await joinPhone(deps, db, contact, plain, now)
  const customer = (await store.findByContact(db, externalUserId))!
  await store.setSuspended(db, customer.id, null, now)
  const evidenceId = await evidence.insertManual(db, { accountId, externalUserId, customerId: customer.id, phone: plain, reason, sourceId: `${operator}:${String(now.getTime())}`, observedAt: now })
  await considerPair(deps, db, { accountId, externalUserId, proof: { kind: 'manual', evidenceId }, now })
  await closeQuestions(db, { externalUserId, by: operator, reason, now })
  await store.closeReviewsOfCustomer(db, { customerId: customer.id, kind: 'unionid_mismatch', by: operator, reason, now })
  return { kind: 'bound', customerId: customer.id }
}

async function findConflicts(db: Db, { accountId, externalUserId, phone }: Decision): Promise<Conflict[]> {
  const account = await store.getAccount(db, accountId)
  const byContact = await store.findByContact(db, externalUserId)
  const byPhone = await store.findByPhone(db, phone)
  const others = await pageRivals(db, account, externalUserId)
  return [
    account.contact !== null && account.contact !== externalUserId && 'account_taken' as const,
    others.length > 0 && 'contact_taken' as const,
    byPhone?.contact != null && byPhone.contact !== externalUserId && 'phone_taken' as const,
    byContact?.phone != null && byContact.phone !== phone && 'contact_has_other_phone' as const,
  ].filter((conflict) => conflict !== false)
}

/** Takes away what stands in the way, each with its own trace in the history. */
async function clear(deps: CustomersDeps, db: Db, decision: Decision, conflicts: readonly Conflict[]): Promise<void> {
  const { accountId, externalUserId, phone, operator, now } = decision
  const ending = { by: 'admin' as const, actor: operator, sourceId: `override:${String(now.getTime())}`, now }
  if (conflicts.includes('account_taken')) await untieWrong(deps, db, { accountId, ...ending })
  const account = await store.getAccount(db, accountId)
  const byContact = await store.findByContact(db, externalUserId)
  if (byContact && conflicts.includes('contact_taken')) {
    for (const { id } of await pageRivals(db, account, externalUserId)) await untieWrong(deps, db, { accountId: id, ...ending })
  }
  if (conflicts.includes('phone_taken')) await takePhone(deps, db, (await store.findByPhone(db, phone))!, now)
  if (byContact && conflicts.includes('contact_has_other_phone')) await takePhone(deps, db, byContact, now)
}

/** Accounts of the contact that cannot be the same person's: another of that app, or of another WeChat user (D15). */
async function pageRivals(db: Db, account: store.AccountRow, externalUserId: string) {
  const isOther = (unionId: string | null): boolean => unionId !== null && account.unionId != null && unionId !== account.unionId
  return (await store.pageAccountsTiedTo(db, externalUserId)).filter(({ id, app, unionId }) => id !== account.id && (app === account.app || isOther(unionId)))
}

/** With what proved it, and the sessions that lived by it: whoever gets the number back must earn it again. */
async function takePhone(deps: CustomersDeps, db: Db, { id, contact }: store.CustomerRow, now: Date): Promise<void> {
  const before = await store.readPermission(db, id)
  if (before.mayQuery) await deps.sessions.endOf(db, before.accountIds)
  await store.setPhone(db, id, null, now)
  await evidence.revokePhoneProofs(db, { customerId: id, externalUserId: contact, keeps: null, reason: 'an admin gave the phone to somebody else', now })
}

type PhoneChange = { customerId: number; phone: string; proven: boolean; reason: string; operator: string; now: Date }

/** D9: the new phone must be earned again, unless the admin vouches for it (E7); tie and projects stay. */
export async function changePhone(deps: CustomersDeps, db: Db, change: PhoneChange): Promise<'changed' | 'unknown' | 'phone_taken'> {
  const phone = { plain: change.phone, hmac: hmacOfPhone(deps, change.phone), masked: maskPhone(change.phone) }
  const customer = await store.findCustomer(db, change.customerId)
  if (!customer) return 'unknown'
  if (customer.contact !== null) await store.lock(db, 'contact', [customer.contact])
  await store.lock(db, 'phone', [phone.hmac.toString('base64')])
  const owner = await store.findByPhone(db, change.phone)
  if (owner && owner.id !== customer.id) return 'phone_taken'
  const before = await store.readPermission(db, customer.id)
  await store.setPhone(db, customer.id, phone, change.now)
  await evidence.revokePhoneProofs(db, { customerId: customer.id, externalUserId: customer.contact, keeps: phone.hmac, reason: 'an admin changed the phone', now: change.now })
  if (change.proven) {
    await evidence.insertManual(db, { accountId: null, externalUserId: customer.contact, customerId: customer.id, phone, reason: change.reason, sourceId: `${change.operator}:${String(change.now.getTime())}`, observedAt: change.now })
    if (customer.contact !== null) await closeQuestions(db, { externalUserId: customer.contact, by: change.operator, reason: change.reason, now: change.now })
  }
  await store.insertHistory(db, { now: change.now, customerId: customer.id, externalUserId: customer.contact, phoneMasked: phone.masked, decision: 'an admin changed the phone', outcome: change.proven ? 'prove phone' : 'change phone', actor: change.operator })
  if (before.mayQuery && !(await store.readPermission(db, customer.id)).mayQuery) await deps.sessions.endOf(db, before.accountIds)
  return 'changed'
}
