import type { BindingEnd } from '../facts.ts'
import type { Db } from '../../lib/db.ts'
import { sha256 } from '../../lib/secrets.ts'
import { askToConfirm, openAttempt } from './binding.attempts.ts'
import type { BindingDeps } from './binding.deps.ts'
import { bindingJobs } from './binding.jobs.ts'
import * as pendings from './pending.store.ts'

/** The unionid of the contact could not be learned yet; the job is tried again (D15). */
export class ContactUnknown extends Error {}

/** Looks who the contact is, then lets the table decide about an open attempt. */
export async function settle(deps: BindingDeps, pendingId: string): Promise<void> {
  const open = await pendings.findPending(deps.db, pendingId)
  if (open?.state !== 'open') return
  await deps.contacts.identify(open.externalUserId)
  await deps.db.transaction(async (db) => {
    const pending = await lockPending(deps, db, open)
    if (pending?.state !== 'open') return
    const now = deps.clock()
    if (pending.expiresAt <= now)
      return void (await pendings.movePending(db, pending.id, {
        state: 'expired',
        reason: 'code_expired',
        now,
      }))
    // Who opened a welcome card may be somebody else, and never have been in the chat: there is no result to tell there.
    const toldInChat = pending.reason !== 'card_opened'
    const { accountId, externalUserId } = pending
    const { outcome } = await deps.customers.considerPair(db, {
      accountId,
      externalUserId,
      proof: { kind: 'code' },
      toldInChat,
      now,
    })
    if (outcome.kind === 'wait')
      throw new ContactUnknown('the unionid of the contact is not known yet')
    if (outcome.kind === 'ask') await askToConfirm(deps, db, pending)
    else if (outcome.kind === 'tie' && !toldInChat)
      await pendings.movePending(db, pending.id, { state: 'bound', reason: null, now })
    else await end(deps, db, pending, outcome.kind === 'refuse' ? outcome.reason : 'bound', now)
  })
}

async function lockPending(
  deps: BindingDeps,
  db: Db,
  { id, accountId, externalUserId }: pendings.Pending,
): Promise<pendings.Pending | undefined> {
  await deps.customers.lock(db, { accountIds: [accountId], externalUserIds: [externalUserId] })
  return pendings.findPending(db, id)
}

async function end(
  deps: BindingDeps,
  db: Db,
  pending: pendings.Pending,
  how: BindingEnd,
  now: Date,
): Promise<void> {
  const moved = await pendings.movePending(
    db,
    pending.id,
    how === 'bound'
      ? { state: 'bound', reason: null, now }
      : { state: 'refused', reason: how, now },
  )
  if (moved)
    await deps.facts.publish(db, [
      {
        fact: 'binding.ended',
        pendingId: pending.id,
        end: how,
        externalUserId: pending.externalUserId,
        openKfId: pending.openKfId,
      },
    ])
}

/** Answers whether the ticket was good for anything; the page then reads its status. */
export async function openTicket(
  deps: BindingDeps,
  accountId: number,
  token: string,
): Promise<boolean> {
  const ticket = await pendings.findTicket(deps.db, sha256(token))
  if (ticket?.kind === 'welcome') return openWelcome(deps, accountId, ticket)
  const issued =
    ticket?.pendingId == null ? undefined : await pendings.findPending(deps.db, ticket.pendingId)
  if (!ticket || !issued) return false
  return deps.db.transaction(async (db) => {
    await deps.customers.lock(db, {
      accountIds: [issued.accountId, accountId],
      externalUserIds: [issued.externalUserId],
    })
    const pending = (await pendings.findPending(db, issued.id))!
    // A second tap on one's own finished confirmation is good news, not an error.
    if (pending.state === 'bound' && pending.accountId === accountId) return true
    const now = deps.clock()
    if (pending.state !== 'open' || pending.expiresAt <= now) return false
    const isIssuer = pending.accountId === accountId
    if (
      !(await pendings.redeemTicket(db, ticket.id, accountId, isIssuer ? 'issuer' : 'other', now))
    )
      return false
    const evidenceId = await deps.customers.recordEvidence(db, {
      kind: 'ticket',
      accountId,
      externalUserId: pending.externalUserId,
      sourceId: ticket.id,
      observedAt: now,
      ...(!isIssuer && { validUntil: pending.expiresAt }),
    })
    if (isIssuer) await finish(deps, db, pending, evidenceId, now)
    else await uncover(deps, db, pending, { accountId, ticketId: ticket.id, now })
    return true
  })
}

/**
 * A welcome card: the first to open it wins, and is not yet believed, because cards can be forwarded. With the phone
 * stated by the same account, before or after, it binds; else it begins a binding like a typed code (E4).
 */
async function openWelcome(
  deps: BindingDeps,
  accountId: number,
  ticket: pendings.Ticket,
): Promise<boolean> {
  const { externalUserId } = ticket
  return deps.db.transaction(async (db) => {
    await deps.customers.lock(db, { accountIds: [accountId], externalUserIds: [externalUserId] })
    const now = deps.clock()
    if (!(await pendings.redeemTicket(db, ticket.id, accountId, 'opener', now)))
      return (await pendings.findTicketUser(db, ticket.id)) === accountId
    await deps.customers.recordEvidence(db, {
      kind: 'ticket',
      accountId,
      externalUserId,
      sourceId: ticket.id,
      observedAt: now,
      validUntil: ticket.expiresAt,
      reason: 'welcome_card',
    })
    const { outcome } = await deps.customers.considerPair(db, {
      accountId,
      externalUserId,
      proof: { kind: 'code' },
      now,
    })
    if (outcome.kind === 'tie' || outcome.kind === 'already') return true
    await openAttempt(deps, db, {
      accountId,
      externalUserId,
      openKfId: deps.openKfId,
      via: 'ticket',
      reason: 'card_opened',
      bindCodeId: null,
      sourceId: ticket.id,
      welcome: null,
      now,
    })
    return true
  })
}

async function finish(
  deps: BindingDeps,
  db: Db,
  pending: pendings.Pending,
  evidenceId: number,
  now: Date,
): Promise<void> {
  const { accountId, externalUserId } = pending
  const { outcome } = await deps.customers.considerPair(db, {
    accountId,
    externalUserId,
    proof: { kind: 'ticket', evidenceId },
    toldInChat: true,
    now,
  })
  if (outcome.kind === 'refuse') return end(deps, db, pending, outcome.reason, now)
  if (outcome.kind === 'tie' || outcome.kind === 'already')
    return end(deps, db, pending, 'bound', now)
  // The account learned a unionid after it was asked and the contact's is unknown: settle looks again.
  await deps.jobs.add(db, [bindingJobs.settle.of({ pendingId: pending.id, externalUserId })])
}

/**
 * Somebody else's code was sent from this chat: the attempt burns, both are told, and whoever opened the ticket begins
 * a binding of his own, which again needs a tap in this chat (D3).
 */
async function uncover(
  deps: BindingDeps,
  db: Db,
  pending: pendings.Pending,
  opener: { accountId: number; ticketId: string; now: Date },
): Promise<void> {
  const { externalUserId, openKfId } = pending
  const { now } = opener
  await end(deps, db, pending, 'opened_by_other', now)
  await deps.customers.recordPhishing(db, {
    issuerId: pending.accountId,
    openerId: opener.accountId,
    externalUserId,
    now,
  })
  deps.log.warn(
    { issuer: pending.accountId, opener: opener.accountId, contact: externalUserId },
    'a bind code was used from the chat of another person',
  )
  await openAttempt(deps, db, {
    accountId: opener.accountId,
    externalUserId,
    openKfId,
    via: 'ticket',
    bindCodeId: null,
    sourceId: opener.ticketId,
    welcome: null,
    now,
  })
}
