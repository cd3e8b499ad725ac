// From "this account shows a code" to "this contact is that account" (D3): keeps pending_bindings (attempts) and tickets.
// Woken by `kf` (a code or link was used, denied, recalled; the chat is open), by whoever opens a ticket, by its own jobs
// and the clock. Lets `bind-codes` use the code up and `ties` decide; asks `contacts` who the contact is.
// Tells `kf` what to say: `binding.code-missed`, `binding.confirmation-asked`, `binding.ended`. The tie itself is told
// by `ties` as `customer.bound`.
import type { BindingStatusAnswer } from '../../../shared/api/binding.ts'
import type { Why } from '../../../shared/api/why.ts'
import { inTransaction, type Db } from '../../lib/db.ts'
import { gather } from '../../lib/gather.ts'
import type { EventCode } from '../facts.ts'
import * as attempts from './binding.attempts.ts'
import type { BindingDeps } from './binding.deps.ts'
import { redeem, type Use } from './binding.redeem.ts'
import { KEPT_MS, toStatus } from './binding.rules.ts'
import { settle } from './binding.settle.ts'
import * as tickets from './binding.tickets.ts'
import * as pendings from './pending.store.ts'
import { forgetTickets } from './tickets.store.ts'

/** Attempts and tickets: what lies between a code that was used and a tie. */
export function createBinding(deps: BindingDeps) {
  return {
    /** What the bind page polls. */
    statusOf: gather((accountIds: readonly number[]) => pageStatuses(deps, accountIds)),
    /** A contact used a code or a link (E1, E2), in the caller's transaction. */
    redeem: (db: Db, use: Use) => redeem({ ...deps, db }, use),
    /** Looks who the contact is and runs the table for an open attempt. Throws while the unionid cannot be looked up. */
    settle: (pendingId: string) => settle(deps, pendingId),
    /** 不是我: burns the attempt, in the caller's transaction. */
    deny: (db: Db, by: { pendingId: string; externalUserId: string }) =>
      attempts.deny({ ...deps, db }, by),
    /** The contact wrote something while its confirmation could not be sent: sends it again. Answers whether there was one. */
    remind: (db: Db, chat: { externalUserId: string; event: EventCode | null }) =>
      attempts.remind({ ...deps, db }, chat),
    /** The customer recalled the message with his code: the attempt ends. */
    withdraw: (db: Db, by: { msgid: string; externalUserId: string }) =>
      attempts.withdraw({ ...deps, db }, by),
    /** How far the attempt of this contact is: being checked, waiting for its tap or for a chat that lets us send, or run out; null: none. */
    findAttempt: (externalUserId: string) => attempts.findAttempt(deps, externalUserId),
    /** Which of these contacts have one. */
    pageAttempting: pendings.pageAttempting,
    /** The customer ends the binding in the mini-program; its sessions end too (D10). */
    unbind: (accountId: number, requestId: string) => unbind(deps, { accountId, requestId }),
    /** The chat could not be written to; the page says what to do. */
    noteBlocked: (pendingId: string, reason: attempts.Blocked['reason']) =>
      attempts.noteBlocked(deps, { pendingId, reason }),
    /** The confirmation has reached the chat. */
    noteAsked: (pendingId: string) =>
      pendings.movePending(deps.db, { id: pendingId, reason: 'awaiting_tap', now: deps.clock() }),
    /** The account is tied to the contact now: attempts that have become pointless end. */
    endAttempts: (tied: { accountId: number; externalUserId: string }) =>
      attempts.endOfTied(deps, tied),
    /** Ends what is past its time: codes that no message can meet any more, attempts, old tries. */
    tidy: async (): Promise<void> => {
      await deps.bindCodes.tidy()
      await pendings.expireAttempts(deps.db, deps.clock())
    },
    /** Deletes what ended a month ago: evidence and history tell of it without these. */
    forget: () => forget(deps),
    /** What the confirmation in the chat needs, or null when the attempt is over or another confirmation of it was ordered. */
    readConfirmation: (pendingId: string, ticketId: string) =>
      tickets.readConfirmation(deps, { pendingId, ticketId }),
    /** The unspent welcome code of an attempt, or null: the only way to write to a chat in which nobody has written. */
    readWelcome: (pendingId: string) => tickets.readWelcome(deps, pendingId),
    /** With what an attempt began: a code or link in the chat, the card of a welcome, or the tap that foiled another's. */
    findOrigin: (pendingId: string) => attempts.findOrigin(deps, pendingId),
    /** Whether its contact has been told within a day already that an attempt of somebody else's was foiled. */
    wasFoiledBefore: (pendingId: string) => pendings.wasFoiledBefore(deps.db, pendingId),
    /** The one-time ticket of a welcome card, told once. */
    issueWelcomeTicket: (to: { externalUserId: string; userId: string }) =>
      tickets.issueWelcomeTicket(deps, to),
    /** What a ticket is for, before it is used; null for one that is good for nothing. */
    describeTicket: (token: string) => tickets.describeTicket(deps, token),
    /** An account opens a ticket (E4): finishes its own binding, or uncovers somebody else's (D3). */
    openTicket: (accountId: number, token: string) =>
      tickets.openTicket(deps, { accountId, token }),
  }
}
export type Binding = ReturnType<typeof createBinding>

async function pageStatuses(
  deps: BindingDeps,
  accountIds: readonly number[],
): Promise<BindingStatusAnswer[]> {
  const now = deps.clock()
  const [standings, codes, latest, claiming] = await Promise.all([
    deps.ties.pageStandings(deps.reads, accountIds),
    deps.bindCodes.pageLatest(deps.reads, accountIds),
    pendings.pageLatestPendings(deps.reads, accountIds),
    pendings.pageClaiming(deps.reads, { accountIds, now }),
  ])
  const whys = await tellStuck(deps, standings)
  return accountIds.map((id) => {
    const isHis = ({ accountId }: { accountId: number }): boolean => accountId === id
    return toStatus({
      tiedAt: standings.find(isHis)?.tiedAt ?? null,
      why: whys.get(id) ?? null,
      latestCode: codes.find(isHis) ?? null,
      latestAttempt: latest.find(isHis) ?? null,
      phoneStated: claiming.has(id),
      now,
    })
  })
}

type Standings = Awaited<ReturnType<BindingDeps['ties']['pageStandings']>>

/** Why those who are tied see no projects, if they see none. */
async function tellStuck(
  { reasons, reads }: BindingDeps,
  standings: Standings,
): Promise<Map<number, Why>> {
  const stuck = standings.filter(({ mayQuery }) => !mayQuery)
  const whys = stuck.map(async (standing): Promise<[number, Why]> => [
    standing.accountId,
    (await reasons.tellAccount(reads, { ...standing, sees: false, ended: false })).why,
  ])
  return new Map(await Promise.all(whys))
}

const unbind = (
  deps: BindingDeps,
  { accountId, requestId }: { accountId: number; requestId: string },
): Promise<boolean> =>
  inTransaction(deps, (tx) =>
    tx.ties.untieAccount(tx.db, {
      accountId,
      by: 'customer',
      actor: `account:${String(accountId)}`,
      sourceId: requestId,
      now: tx.clock(),
    }),
  )

/** In this order: a ticket points to its attempt, and that to its code. */
async function forget(deps: BindingDeps): Promise<void> {
  const before = new Date(deps.clock().getTime() - KEPT_MS)
  await forgetTickets(deps.db, before)
  await pendings.forgetPendings(deps.db, before)
  await deps.bindCodes.forget(before)
}
