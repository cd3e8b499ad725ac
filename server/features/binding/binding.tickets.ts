import { randomUUID } from 'node:crypto'
import type { TicketAnswer } from '../../../shared/api/binding.ts'
import { inTransaction } from '../../lib/db.ts'
import { sha256 } from '../../lib/secrets.ts'
import { end, findOrigin, openAttempt } from './binding.attempts.ts'
import { bindingJobs } from './binding.jobs.ts'
import type { BindingDeps, BindingTx } from './binding.deps.ts'
import { WELCOME_TICKET_MS } from './binding.rules.ts'
import { findPending, findWelcome, type Pending } from './pending.store.ts'
import * as tickets from './tickets.store.ts'

/** The one-time ticket of a welcome card. */
export async function issueWelcomeTicket(
  deps: BindingDeps,
  to: { externalUserId: string; userId: string },
): Promise<string> {
  const id = randomUUID()
  const ticket = deps.secrets.deriveToken('ticket', id)
  const issuedAt = deps.clock()
  await tickets.insertWelcomeTicket(deps.db, {
    id,
    tokenHash: sha256(ticket),
    ...to,
    issuedAt,
    expiresAt: new Date(issuedAt.getTime() + WELCOME_TICKET_MS),
  })
  return ticket
}

export async function describeTicket(
  deps: BindingDeps,
  token: string,
): Promise<TicketAnswer | null> {
  const found = await tickets.findTicket(deps.db, sha256(token))
  if (!found || found.usedAt !== null || found.expiresAt <= deps.clock()) return null
  const advisorName = await tickets.findAdvisorName(deps.db, found.id)
  return { kind: found.kind, ...(advisorName !== null && { advisorName }) }
}

export async function readConfirmation(
  deps: BindingDeps,
  { pendingId, ticketId }: { pendingId: string; ticketId: string },
) {
  const pending = await findPending(deps.db, pendingId)
  const now = deps.clock()
  if (pending?.state !== 'open' || pending.expiresAt <= now) return null
  // Ordered once more meanwhile: one item to tap is enough.
  if ((await tickets.findLatestTicket(deps.db, pendingId)) !== ticketId) return null
  return {
    ticket: deps.secrets.deriveToken('ticket', ticketId),
    welcomeCode: await findWelcome(deps.db, { id: pendingId, now }),
    origin: await findOrigin(deps, pendingId),
  }
}

/** The welcome code of an attempt, while nothing has been ordered to be sent with it. */
export const readWelcome = async (deps: BindingDeps, pendingId: string): Promise<string | null> =>
  (await tickets.findLatestTicket(deps.db, pendingId)) === null
    ? findWelcome(deps.db, { id: pendingId, now: deps.clock() })
    : null

/** Answers whether the ticket was good for anything; the page then reads its status. */
export async function openTicket(
  deps: BindingDeps,
  { accountId, token }: { accountId: number; token: string },
): Promise<boolean> {
  const ticket = await tickets.findTicket(deps.db, sha256(token))
  if (ticket?.kind === 'welcome')
    return inTransaction(deps, (tx) => openWelcome(tx, { accountId, ticket }))
  const issued =
    ticket?.pendingId == null ? undefined : await findPending(deps.db, ticket.pendingId)
  if (!ticket || !issued) return false
  return inTransaction(deps, (tx) => openConfirmation(tx, { accountId, ticket, issued }))
}

type Opened = { accountId: number; ticket: tickets.Ticket }

async function openConfirmation(
  tx: BindingTx,
  { accountId, ticket, issued }: Opened & { issued: Pending },
): Promise<boolean> {
  await tx.ties.lock(tx.db, {
    accountIds: [issued.accountId, accountId],
    externalUserIds: [issued.externalUserId],
  })
  const pending = (await findPending(tx.db, issued.id))!
  // A second tap on one's own finished confirmation is good news, not an error.
  if (pending.state === 'bound' && pending.accountId === accountId) return true
  const now = tx.clock()
  if (pending.state !== 'open' || pending.expiresAt <= now) return false
  const isIssuer = pending.accountId === accountId
  const use = { id: ticket.id, accountId, outcome: isIssuer ? 'issuer' : 'other', now } as const
  if (!(await tickets.redeemTicket(tx.db, use))) return false
  const evidenceId = await tx.evidence.record(tx.db, {
    kind: 'ticket',
    accountId,
    externalUserId: pending.externalUserId,
    sourceId: ticket.id,
    observedAt: now,
    ...(!isIssuer && { validUntil: pending.expiresAt }),
  })
  if (isIssuer) await finish(tx, { pending, evidenceId, now })
  else await uncover(tx, { pending, openerId: accountId, ticketId: ticket.id, now })
  return true
}

/**
 * A welcome card: the first to open it wins, and is not yet believed, because cards can be forwarded. With the phone
 * stated by the same account, before or after, it binds; else it begins a binding like a typed code (E4).
 */
async function openWelcome(tx: BindingTx, { accountId, ticket }: Opened): Promise<boolean> {
  const { id: sourceId, externalUserId } = ticket
  await tx.ties.lock(tx.db, { accountIds: [accountId], externalUserIds: [externalUserId] })
  const now = tx.clock()
  if (!(await tickets.redeemTicket(tx.db, { id: sourceId, accountId, outcome: 'opener', now })))
    return (await tickets.findTicketUser(tx.db, sourceId)) === accountId
  const pair = { accountId, externalUserId }
  await tx.evidence.record(tx.db, {
    kind: 'ticket',
    ...pair,
    sourceId,
    observedAt: now,
    validUntil: ticket.expiresAt,
    reason: 'welcome_card',
  })
  const { outcome } = await tx.ties.considerPair(tx.db, {
    ...pair,
    proof: { kind: 'code' },
    now,
  })
  if (outcome.kind === 'tie' || outcome.kind === 'already') return true
  await openAttempt(tx, {
    ...pair,
    openKfId: tx.openKfId,
    reason: 'card_opened',
    ...byTicket(sourceId),
    now,
  })
  return true
}

const byTicket = (ticketId: string) =>
  ({ via: 'ticket', bindCodeId: null, sourceId: ticketId, welcome: null }) as const

async function finish(
  tx: BindingTx,
  { pending, evidenceId, now }: { pending: Pending; evidenceId: number; now: Date },
): Promise<void> {
  const { accountId, externalUserId } = pending
  const { outcome } = await tx.ties.considerPair(tx.db, {
    accountId,
    externalUserId,
    proof: { kind: 'ticket', evidenceId },
    toldInChat: true,
    now,
  })
  if (outcome.kind === 'refuse') await end(tx, { pending, how: outcome.reason, now })
  else if (outcome.kind === 'tie' || outcome.kind === 'already')
    await end(tx, { pending, how: 'bound', now })
  // The account learned a unionid after it was asked and the contact's is unknown: settle looks again.
  else await tx.jobs.add(tx.db, [bindingJobs.settle.of({ pendingId: pending.id, externalUserId })])
}

type Uncovered = { pending: Pending; openerId: number; ticketId: string; now: Date }

/**
 * Somebody else's code was sent from this chat: the attempt burns, both are told, and whoever opened the ticket begins
 * a binding of his own, which again needs a tap in this chat (D3).
 */
async function uncover(
  tx: BindingTx,
  { pending, openerId, ticketId, now }: Uncovered,
): Promise<void> {
  const { accountId: issuerId, externalUserId, openKfId } = pending
  await end(tx, { pending, how: 'opened_by_other', now })
  await tx.ties.recordPhishing(tx.db, { issuerId, openerId, externalUserId, now })
  tx.log.warn(
    { issuer: issuerId, opener: openerId, contact: externalUserId },
    'a bind code was used from the chat of another person',
  )
  await openAttempt(tx, {
    accountId: openerId,
    externalUserId,
    openKfId,
    ...byTicket(ticketId),
    now,
  })
}
