import { randomUUID } from 'node:crypto'
import { inTransaction } from '../../lib/db.ts'
import { sha256 } from '../../lib/secrets.ts'
import type { BindingEnd, EventCode } from '../facts.ts'
import type { BindingDeps, BindingTx } from './binding.deps.ts'
import { bindingJobs } from './binding.jobs.ts'
import { CONFIRMATION_LIFE_MS, HUMAN_SESSION_MS } from './binding.rules.ts'
import * as pendings from './pending.store.ts'
import { findTicketKind, insertTicket } from './tickets.store.ts'

type Attempt = {
  accountId: number
  externalUserId: string
  openKfId: string
  via: pendings.Pending['via']
  reason?: 'card_opened'
  bindCodeId: number | null
  sourceId: string
  welcome: EventCode | null
  now: Date
}

/** Opens an attempt; the decision follows as a job, because it may have to ask WeCom who the contact is. */
export async function openAttempt(tx: BindingTx, { now, ...attempt }: Attempt): Promise<void> {
  const id = randomUUID()
  await pendings.openPending(tx.db, {
    reason: 'checking',
    ...attempt,
    id,
    createdAt: now,
    expiresAt: new Date(now.getTime() + CONFIRMATION_LIFE_MS),
  })
  const { externalUserId } = attempt
  await tx.jobs.add(tx.db, [bindingJobs.settle.of({ pendingId: id, externalUserId })])
}

type End = { pending: pendings.Pending; how: BindingEnd; now: Date }

/** Ends an attempt, and has it told in the chat; answers whether it still was open. */
export async function end(tx: BindingTx, { pending, how, now }: End): Promise<boolean> {
  const { id, externalUserId, openKfId } = pending
  const moved = await pendings.movePending(tx.db, {
    id,
    state: how === 'bound' ? 'bound' : 'refused',
    reason: how === 'bound' ? null : how,
    now,
  })
  if (moved)
    await tx.facts.publish(tx.db, [
      { fact: 'binding.ended', pendingId: id, end: how, externalUserId, openKfId },
    ])
  return moved
}

/**
 * What an account had open when it was tied, by whatever way. In a chat where a code or link waited for its tap the tie was
 * counted on being told by that attempt (D22); of all else nobody is told.
 */
export const endOfTied = (
  deps: BindingDeps,
  tied: { accountId: number; externalUserId: string },
): Promise<void> =>
  inTransaction(deps, async (tx) => {
    const ended = await pendings.endAttemptsOfTied(tx.db, { ...tied, now: tx.clock() })
    const toTell = ended.filter(({ state, via }) => state === 'bound' && via !== 'ticket')
    await tx.facts.publish(
      tx.db,
      toTell.map(({ id: pendingId, externalUserId, openKfId }) => ({
        fact: 'binding.ended' as const,
        pendingId,
        end: 'bound' as const,
        externalUserId,
        openKfId,
      })),
    )
  })

/** Only the contact that was asked can deny, also after the tap; a second time changes nothing. */
export async function deny(
  tx: BindingTx,
  { pendingId, externalUserId }: { pendingId: string; externalUserId: string },
): Promise<boolean> {
  const pending = await pendings.findPending(tx.db, pendingId)
  if (pending?.externalUserId !== externalUserId) return false
  if (pending.state !== 'bound' && (await endByContact(tx, { pending, how: 'not_me' }))) return true
  if ((await pendings.findPending(tx.db, pendingId))?.state !== 'bound') return false
  // The tap came, maybe at the same moment, and then somebody saw that it was not he: the same button takes it back.
  return tx.ties.untieAccount(tx.db, {
    accountId: pending.accountId,
    onlyFrom: externalUserId,
    by: 'contact',
    actor: 'contact',
    sourceId: pending.id,
    now: tx.clock(),
  })
}

/** A customer who recalls the message with his code takes it back, if nothing has been bound by it yet. */
export async function withdraw(
  tx: BindingTx,
  { msgid, externalUserId }: { msgid: string; externalUserId: string },
): Promise<boolean> {
  const pending = await pendings.findOpenOfContact(tx.db, { externalUserId, now: tx.clock() })
  if (pending?.sourceId !== msgid) return false
  return endByContact(tx, { pending, how: 'withdrawn' })
}

async function endByContact(
  tx: BindingTx,
  { pending, how }: { pending: pendings.Pending; how: 'not_me' | 'withdrawn' },
): Promise<boolean> {
  const { accountId, externalUserId } = pending
  await tx.ties.lock(tx.db, { accountIds: [accountId], externalUserIds: [externalUserId] })
  const now = tx.clock()
  if (!(await end(tx, { pending, how, now }))) return false
  await tx.ties.denyPair(tx.db, { accountId, externalUserId, decision: how, now })
  return true
}

/** Reasons of an attempt whose confirmation has not reached the chat. */
const UNSENT: ReadonlySet<string | null> = new Set(['say_anything', 'human_serving', 'card_opened'])

/**
 * The chat opened for us (a message, or the code that comes with entering or with the end of a human's session): the
 * confirmation that could not be sent is asked for again.
 */
export async function remind(
  tx: BindingTx,
  { externalUserId, event }: { externalUserId: string; event: EventCode | null },
): Promise<boolean> {
  const pending = await pendings.findOpenOfContact(tx.db, { externalUserId, now: tx.clock() })
  if (!pending || !UNSENT.has(pending.reason)) return false
  await askToConfirm(tx, { pending, event })
  return true
}

/**
 * Makes a one-time ticket for the chat of this contact and asks kf to send it. What the page says changes only when it has
 * been sent, or could not be (D23).
 */
export async function askToConfirm(
  tx: BindingTx,
  { pending, event }: { pending: pendings.Pending; event: EventCode | null },
): Promise<void> {
  const { id: pendingId, externalUserId, openKfId, reason } = pending
  const now = tx.clock()
  const ticketId = randomUUID()
  const tokenHash = sha256(tx.secrets.deriveToken('ticket', ticketId))
  await pendings.movePending(tx.db, { id: pendingId, reason, now, lifeMs: CONFIRMATION_LIFE_MS })
  await insertTicket(tx.db, {
    id: ticketId,
    tokenHash,
    pendingId,
    externalUserId,
    issuedAt: now,
    expiresAt: new Date(now.getTime() + CONFIRMATION_LIFE_MS),
  })
  await tx.chat.askToConfirm(tx.db, {
    pendingId,
    ticketId,
    externalUserId,
    openKfId,
    eventCode: event?.code ?? null,
    eventUntil: event?.until ?? null,
  })
}

export type Blocked = { pendingId: string; reason: 'say_anything' | 'human_serving' }

/** Who opened a welcome card is not sent to a chat he may never have seen: his page keeps saying what else he can do. */
export async function noteBlocked(
  deps: BindingDeps,
  { pendingId, reason }: Blocked,
): Promise<void> {
  const pending = await pendings.findPending(deps.db, pendingId)
  if (reason === 'say_anything' && pending?.reason === 'card_opened') return
  await pendings.movePending(deps.db, {
    id: pendingId,
    reason,
    now: deps.clock(),
    ...(reason === 'human_serving' && { lifeMs: HUMAN_SESSION_MS }),
  })
}

/** For so long a card that nobody tapped in time is worth a word of its own. */
const RAN_OUT_MS = 24 * 3_600_000

/** How far the attempt of this contact is; `ran_out`: its card was not tapped in time; null: there is none. */
export async function findAttempt(
  deps: BindingDeps,
  externalUserId: string,
): Promise<'checking' | 'card_sent' | 'blocked' | 'ran_out' | null> {
  const now = deps.clock()
  const pending = await pendings.findLatestOfContact(deps.db, externalUserId)
  if (!pending) return null
  const isOpen = pending.state === 'open' && pending.expiresAt > now
  if (pending.state === 'expired' || (pending.state === 'open' && !isOpen))
    return now.getTime() - pending.expiresAt.getTime() < RAN_OUT_MS ? 'ran_out' : null
  if (!isOpen) return null
  if (pending.reason === 'checking') return 'checking'
  return pending.reason === 'awaiting_tap' ? 'card_sent' : 'blocked'
}

/** With what an attempt began: in the chat, with the card of an advisor's welcome, or with the tap that foiled another's attempt. */
export async function findOrigin(
  deps: BindingDeps,
  pendingId: string,
): Promise<'chat' | 'welcome' | 'foiled'> {
  const pending = await pendings.findPending(deps.db, pendingId)
  if (pending?.via !== 'ticket') return 'chat'
  return (await findTicketKind(deps.db, pending.sourceId)) === 'welcome' ? 'welcome' : 'foiled'
}
