import { randomUUID } from 'node:crypto'
import type { Db } from '../../lib/db.ts'
import { sha256 } from '../../lib/secrets.ts'
import type { EventCode } from '../facts.ts'
import type { BindingDeps } from './binding.deps.ts'
import { bindingJobs } from './binding.jobs.ts'
import { findStop, noteWrong } from './binding.limits.ts'
import { CODE, CONFIRMATION_LIFE_MS } from './binding.rules.ts'
import * as codes from './codes.store.ts'
import * as pendings from './pending.store.ts'

/** How a contact used what the page showed. `hash` is base64, from hashTry or hashNonce. */
export type Use = {
  by: 'kf_code' | 'kf_link'
  hash: string
  externalUserId: string
  openKfId: string
  sentAt: Date
  msgid: string
  welcome?: EventCode
  /** A human has the chat: what is no code is for him. */
  toPeople?: boolean
}

/** `missed`: unknown, expired and used alike. `paused`, `to_people`: not even looked at. */
export type Redeemed = 'redeemed' | 'missed' | 'paused' | 'to_people'

/**
 * Uses the code or link, once, and opens an attempt of account and contact. One use ends the other live codes of the
 * account. A code that misses is answered in the chat, unless a human has it, and may pause the contact; a link that misses is
 * not a try.
 */
export async function redeem(deps: BindingDeps, db: Db, by: Use): Promise<Redeemed> {
  const now = deps.clock()
  const { externalUserId, openKfId, toPeople = false } = by
  const stop = by.by === 'kf_code' ? await findStop(db, { externalUserId, toPeople, now }) : null
  if (stop) return refuse(deps, db, by, stop.how, stop.how === 'paused' ? stop.until : null)
  const key: codes.CodeKey = {
    by: by.by === 'kf_code' ? 'code_hmac' : 'nonce_hash',
    hash: Buffer.from(by.hash, 'base64'),
  }
  const owner = await codes.findOwner(db, key)
  if (owner)
    await deps.customers.lock(db, {
      accountIds: [owner.accountId],
      externalUserIds: [externalUserId],
    })
  const code = owner && (await codes.redeemCode(db, key, by.sentAt, CODE.toleranceMs, now))
  if (!code && by.by === 'kf_link') return 'missed'
  if (!code) {
    const pausedUntil = await noteWrong(deps, db, {
      externalUserId,
      sourceId: by.msgid,
      codeHmac: key.hash,
      toPeople,
      now,
    })
    return refuse(deps, db, by, 'missed', pausedUntil)
  }
  await codes.endOthers(db, code.accountId, now)
  await deps.customers.recordEvidence(db, {
    kind: by.by,
    accountId: code.accountId,
    externalUserId,
    sourceId: by.msgid,
    observedAt: by.sentAt,
    validUntil: new Date(now.getTime() + CONFIRMATION_LIFE_MS),
  })
  await openAttempt(deps, db, {
    accountId: code.accountId,
    externalUserId,
    openKfId,
    via: by.by,
    bindCodeId: code.id,
    sourceId: by.msgid,
    welcome: by.welcome ?? null,
    now,
  })
  return 'redeemed'
}

type Refusal = Exclude<Redeemed, 'redeemed'>

/** The bot has nothing to say in a chat that a human has. */
async function refuse(
  deps: BindingDeps,
  db: Db,
  by: Use,
  how: Refusal,
  pausedUntil: Date | null,
): Promise<Redeemed> {
  const { externalUserId, openKfId, msgid: sourceId } = by
  if (!by.toPeople)
    await deps.chat.tellMissed(db, { externalUserId, openKfId, sourceId, pausedUntil })
  return how
}

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
export async function openAttempt(
  deps: BindingDeps,
  db: Db,
  { now, ...attempt }: Attempt,
): Promise<void> {
  const id = randomUUID()
  await pendings.openPending(db, {
    reason: 'checking',
    ...attempt,
    id,
    createdAt: now,
    expiresAt: new Date(now.getTime() + CONFIRMATION_LIFE_MS),
  })
  const { externalUserId } = attempt
  await deps.jobs.add(db, [bindingJobs.settle.of({ pendingId: id, externalUserId })])
}

/** Only the contact that was asked can deny, also after the tap; a second time changes nothing. */
export async function deny(
  deps: BindingDeps,
  db: Db,
  by: { pendingId: string; externalUserId: string },
): Promise<boolean> {
  const pending = await pendings.findPending(db, by.pendingId)
  if (pending?.externalUserId !== by.externalUserId) return false
  if (pending.state !== 'bound') return endOpen(deps, db, pending, 'not_me')
  // The tap came, and then somebody saw that it was not he: the same button takes it back.
  return deps.customers.untieAccount(db, {
    accountId: pending.accountId,
    onlyFrom: by.externalUserId,
    by: 'contact',
    actor: 'contact',
    sourceId: pending.id,
    now: deps.clock(),
  })
}

async function endOpen(
  deps: BindingDeps,
  db: Db,
  pending: pendings.Pending,
  end: 'not_me' | 'withdrawn',
): Promise<boolean> {
  const { id, accountId, externalUserId, openKfId } = pending
  await deps.customers.lock(db, { accountIds: [accountId], externalUserIds: [externalUserId] })
  const now = deps.clock()
  if (!(await pendings.movePending(db, id, { state: 'refused', reason: end, now }))) return false
  await deps.customers.denyPair(db, { accountId, externalUserId, decision: end, now })
  await deps.facts.publish(db, [
    { fact: 'binding.ended', pendingId: id, end, externalUserId, openKfId },
  ])
  return true
}

/** A customer who recalls the message with his code takes it back, if nothing has been bound by it yet. */
export async function withdraw(
  deps: BindingDeps,
  db: Db,
  by: { msgid: string; externalUserId: string },
): Promise<boolean> {
  const pending = await pendings.findOpenOfContact(db, by.externalUserId, deps.clock())
  if (pending?.sourceId !== by.msgid) return false
  return endOpen(deps, db, pending, 'withdrawn')
}

/** Reasons of an attempt whose confirmation has not reached the chat. */
const UNSENT: ReadonlySet<string | null> = new Set(['say_anything', 'human_serving', 'card_opened'])

/**
 * The chat opened for us (a message, or the code that comes with entering or with the end of a human's session): the
 * confirmation that could not be sent is asked for again.
 */
export async function remind(
  deps: BindingDeps,
  db: Db,
  { externalUserId, event }: { externalUserId: string; event: EventCode | null },
): Promise<boolean> {
  const pending = await pendings.findOpenOfContact(db, externalUserId, deps.clock())
  if (!pending || !UNSENT.has(pending.reason)) return false
  await askToConfirm(deps, db, pending, event)
  return true
}

/**
 * Makes a one-time ticket for the chat of this contact and asks kf to send it. What the page says changes only when it has
 * been sent, or could not be (D23).
 */
export async function askToConfirm(
  deps: BindingDeps,
  db: Db,
  pending: pendings.Pending,
  event: EventCode | null = null,
): Promise<void> {
  const now = deps.clock()
  const ticketId = randomUUID()
  const tokenHash = sha256(deps.secrets.deriveToken('ticket', ticketId))
  await pendings.movePending(db, pending.id, {
    reason: pending.reason,
    now,
    lifeMs: CONFIRMATION_LIFE_MS,
  })
  await pendings.insertTicket(db, {
    id: ticketId,
    tokenHash,
    pendingId: pending.id,
    externalUserId: pending.externalUserId,
    issuedAt: now,
    expiresAt: new Date(now.getTime() + CONFIRMATION_LIFE_MS),
  })
  await deps.chat.askToConfirm(db, {
    pendingId: pending.id,
    ticketId,
    externalUserId: pending.externalUserId,
    openKfId: pending.openKfId,
    eventCode: event?.code ?? null,
    eventUntil: event?.until ?? null,
  })
}
