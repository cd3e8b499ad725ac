import { randomInt, randomUUID } from 'node:crypto'
import type {
  BindCodeAnswer,
  BindingStatusAnswer,
  TicketAnswer,
} from '../../../shared/api/binding.ts'
import { readBindCode } from '../../../shared/phone.ts'
import type { Db } from '../../lib/db.ts'
import { randomToken, sha256 } from '../../lib/secrets.ts'
import { chooseDigits, findWait } from './binding.limits.ts'
import { CODE, HUMAN_SESSION_MS, KEPT_MS, toStatus, WELCOME_TICKET_MS } from './binding.rules.ts'
import type { BindingDeps } from './binding.deps.ts'
import { deny, redeem, remind, withdraw, type Redeemed, type Use } from './binding.attempts.ts'
import { openTicket, settle } from './binding.confirm.ts'
import { LIMITS } from './limits.rules.ts'
import { deleteOldTries, forgetTries } from './limits.store.ts'
import { hasWaiting } from './claims.store.ts'
import * as codes from './codes.store.ts'
import * as pendings from './pending.store.ts'

/** Bind codes, bind links and tickets: from "this account shows a code" to "this contact is that account" (D3). */
export function createBinding(deps: BindingDeps) {
  return {
    /** A new code with its link, unless the last one is too fresh. At most two are live: an older third gives way. */
    issueCode: (accountId: number) => issueCode(deps, accountId),
    /** What the bind page polls. */
    statusOf: (accountId: number) => statusOf(deps, accountId),
    /** Keyed hash of a message that is a try, or null when it is none; the digits themselves go no further. */
    hashTry: (text: string): string | null => {
      const code = readBindCode(text)
      return code === null ? null : deps.secrets.hmac('bind code', code).toString('base64')
    },
    /** Hash of the nonce of a bind link. */
    hashNonce: (nonce: string): string => sha256(nonce).toString('base64'),
    /** A contact used a code or a link (E1, E2), in the caller's transaction. */
    redeem: (db: Db, by: Use): Promise<Redeemed> => redeem(deps, db, by),
    /** Looks who the contact is and runs the table for an open attempt. Throws while the unionid cannot be looked up. */
    settle: (pendingId: string) => settle(deps, pendingId),
    /** 不是我: burns the attempt, in the caller's transaction. */
    deny: (db: Db, by: { pendingId: string; externalUserId: string }) => deny(deps, db, by),
    /** The contact wrote something while its confirmation could not be sent: sends it again. Answers whether there was one. */
    remind: (db: Db, chat: Parameters<typeof remind>[2]) => remind(deps, db, chat),
    /** The customer recalled the message with his code: the attempt ends. */
    withdraw: (db: Db, by: { msgid: string; externalUserId: string }) => withdraw(deps, db, by),
    /** An attempt of this contact: still being checked, waiting for its tap, or for a chat that lets us send; null: none. */
    findOpenAttempt: async (
      externalUserId: string,
    ): Promise<'checking' | 'card_sent' | 'blocked' | null> => {
      const pending = await pendings.findOpenOfContact(deps.db, externalUserId, deps.clock())
      if (!pending) return null
      return pending.reason === 'checking'
        ? 'checking'
        : pending.reason === 'awaiting_tap'
          ? 'card_sent'
          : 'blocked'
    },
    /** The customer ends the binding in the mini-program; its sessions end too (D10). */
    unbind: (accountId: number, requestId: string) =>
      deps.db.transaction((db) =>
        deps.customers.untieAccount(db, {
          accountId,
          by: 'customer',
          actor: `account:${String(accountId)}`,
          sourceId: requestId,
          now: deps.clock(),
        }),
      ),
    /** The chat could not be written to; the page says what to do. */
    noteBlocked: (pendingId: string, reason: 'say_anything' | 'human_serving') =>
      noteBlocked(deps, pendingId, reason),
    /** The confirmation has reached the chat. */
    noteAsked: (pendingId: string) =>
      pendings.movePending(deps.db, pendingId, { reason: 'awaiting_tap', now: deps.clock() }),
    /** The account is tied to the contact now: attempts that have become pointless end, and nobody is told. */
    endAttempts: (tied: { accountId: number; externalUserId: string }) =>
      pendings.endAttemptsOfTied(deps.db, { ...tied, now: deps.clock() }),
    /** Ends what is past its time: codes that no message can meet any more, attempts, old tries. */
    tidy: async (): Promise<void> => {
      const now = deps.clock()
      await codes.expireCodes(deps.db, new Date(now.getTime() - CODE.messageTooOldMs), now)
      await pendings.expireAttempts(deps.db, now)
      await deleteOldTries(deps.db, new Date(now.getTime() - LIMITS.pause.rememberedMs))
    },
    /** Deletes what ended a month ago: evidence and history tell of it without these. */
    forget: () => pendings.forgetEnded(deps.db, new Date(deps.clock().getTime() - KEPT_MS)),
    /** Lets a paused contact try again; answers what was forgotten. */
    liftStop: (db: Db, externalUserId: string) => forgetTries(db, externalUserId),
    /** What the confirmation in the chat needs, or null when the attempt is over or another confirmation of it was ordered. */
    readConfirmation: (pendingId: string, ticketId: string) =>
      readConfirmation(deps, pendingId, ticketId),
    /** The unspent welcome code of an attempt, or null: the only way to write to a chat in which nobody has written. */
    readWelcome: (pendingId: string) =>
      pendings.findUnspentWelcome(deps.db, pendingId, deps.clock()),
    /** Whether an attempt began with a card, not with a code or link. */
    isByCard: async (pendingId: string): Promise<boolean> =>
      (await pendings.findPending(deps.db, pendingId))?.via === 'ticket',
    /** The one-time ticket of a welcome card, told once. */
    issueWelcomeTicket: async (to: { externalUserId: string; userId: string }): Promise<string> => {
      const id = randomUUID()
      const ticket = deps.secrets.deriveToken('ticket', id)
      const issuedAt = deps.clock()
      await pendings.insertWelcomeTicket(deps.db, {
        id,
        tokenHash: sha256(ticket),
        ...to,
        issuedAt,
        expiresAt: new Date(issuedAt.getTime() + WELCOME_TICKET_MS),
      })
      return ticket
    },
    /** What a ticket is for, before it is used; null for one that is good for nothing. */
    describeTicket: (ticket: string) => describeTicket(deps, ticket),
    /** An account opens a ticket (E4): finishes its own binding, or uncovers somebody else's (D3). */
    openTicket: (accountId: number, ticket: string) => openTicket(deps, accountId, ticket),
  }
}
export type Binding = ReturnType<typeof createBinding>

export type Issued =
  { kind: 'issued'; answer: BindCodeAnswer } | { kind: 'too_soon'; waitMs: number }

async function issueCode(deps: BindingDeps, accountId: number): Promise<Issued> {
  const [link, servedByPeople] = await Promise.all([
    deps.platforms.kfLink(),
    deps.isServedByPeople(),
  ])
  const nonce = randomToken(128)
  const issuedAt = deps.clock()
  const expiresAt = new Date(issuedAt.getTime() + CODE.lifeMs)
  return deps.db.transaction(async (db): Promise<Issued> => {
    await deps.customers.lock(db, { accountIds: [accountId], externalUserIds: [] })
    const waitMs = await findWait(db, accountId, issuedAt)
    if (waitMs > 0) return { kind: 'too_soon', waitMs }
    await codes.supersedeOlder(db, accountId, CODE.liveAtMost - 1, issuedAt)
    const digits = await chooseDigits(deps, db, issuedAt)
    const bindCode = await insertUnusedCode(deps, db, {
      accountId,
      digits,
      nonceHash: sha256(nonce),
      issuedAt,
      expiresAt,
    })
    return {
      kind: 'issued',
      answer: {
        bindCode,
        expiresAt: expiresAt.toISOString(),
        kfUrl: `${link}&scene_param=${nonce}`,
        corpId: deps.corpId,
        ...(servedByPeople && { servedByPeople }),
      },
    }
  })
}

type Unnumbered = Omit<codes.NewCode, 'codeHmac'>

/** Random until one is free: with 100 live codes the first misses once in 10,000 times. */
async function insertUnusedCode(deps: BindingDeps, db: Db, row: Unnumbered): Promise<string> {
  const notReusedSince = new Date(row.issuedAt.getTime() - CODE.notReissuedForMs)
  for (;;) {
    const code = String(randomInt(10 ** row.digits)).padStart(row.digits, '0')
    const codeHmac = deps.secrets.hmac('bind code', code)
    if (await codes.insertCode(db, { ...row, codeHmac }, notReusedSince)) return code
  }
}

async function describeTicket(deps: BindingDeps, ticket: string): Promise<TicketAnswer | null> {
  const found = await pendings.findTicket(deps.db, sha256(ticket))
  if (!found || found.usedAt !== null || found.expiresAt <= deps.clock()) return null
  const advisorName = await pendings.findAdvisorName(deps.db, found.id)
  return { kind: found.kind, ...(advisorName !== null && { advisorName }) }
}

/** Who opened a welcome card is not sent to a chat he may never have seen: his page keeps saying what else he can do. */
async function noteBlocked(
  deps: BindingDeps,
  pendingId: string,
  reason: 'say_anything' | 'human_serving',
): Promise<void> {
  const pending = await pendings.findPending(deps.db, pendingId)
  if (reason === 'say_anything' && pending?.reason === 'card_opened') return
  await pendings.movePending(deps.db, pendingId, {
    reason,
    now: deps.clock(),
    ...(reason === 'human_serving' && { lifeMs: HUMAN_SESSION_MS }),
  })
}

async function statusOf(deps: BindingDeps, accountId: number): Promise<BindingStatusAnswer> {
  const now = deps.clock()
  const [standing, latestCode, latestAttempt, phoneStated] = await Promise.all([
    deps.customers.standingOf(deps.db, accountId),
    codes.findLatestCode(deps.db, accountId),
    pendings.findLatestPending(deps.db, accountId),
    hasWaiting(deps.db, accountId, now),
  ])
  return toStatus({
    tiedAt: standing?.tiedAt ?? null,
    mayQuery: standing?.mayQuery ?? false,
    latestCode: latestCode ?? null,
    latestAttempt: latestAttempt ?? null,
    phoneStated,
    now,
  })
}

async function readConfirmation(deps: BindingDeps, pendingId: string, ticketId: string) {
  const pending = await pendings.findPending(deps.db, pendingId)
  const now = deps.clock()
  if (pending?.state !== 'open' || pending.expiresAt <= now) return null
  // Ordered once more meanwhile: one item to tap is enough.
  if ((await pendings.findLatestTicket(deps.db, pendingId)) !== ticketId) return null
  return {
    ticket: deps.secrets.deriveToken('ticket', ticketId),
    welcomeCode: await pendings.findWelcome(deps.db, pendingId, now),
    byCard: pending.via === 'ticket',
  }
}
