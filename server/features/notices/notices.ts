// What customers and advisors are told by subscribe messages, and by what else where they have not consented. Keeps `notices`,
// how each was sent, the ledger of consents (`notice_consents`), what WeChat's push said of messages, and alarms. Woken by
// `project.stage-changed`, `advisor.called` and `booking.moved`, by the message push of the mini-program (through the letterbox),
// by the mini-programs of people and by programs of the company. One kind of notice is one small module (kinds.ts): what it says
// and which ways it has; telling.ts goes them. Asks `kf` and the official account to say what they may; tells
// `customer.not-reached` and `advisor.not-reached`.
import type { JobRun } from '../../lib/jobs.ts'
import { noteAsked, noteReceipts, noteReported, noteTurnedOff } from './consents.ts'
import { tellAction } from './advisor-actions.ts'
import { tellMove } from './bookings.ts'
import * as ledger from './ledger.store.ts'
import { sendMessage, type Asked } from './messages.ts'
import type { NoticesDeps } from './notices.deps.ts'
import { tellStage } from './stages.ts'
import { claim, noteUntold, resolveDoubt, send } from './telling.ts'
import { checkTemplates, listFor } from './templates.ts'

const KEPT_MS = 30 * 24 * 3_600_000

type About = { noticeId: number; accountId: number | null }

/** Tells people what has happened, each thing once, by the first way that is open. */
export function createNotices(given: Omit<NoticesDeps, 'upSince'>) {
  const deps: NoticesDeps = { ...given, upSince: given.clock() }
  return {
    /** What an account may consent to, and what it has left. */
    listFor: (accountId: number) => listFor(deps, accountId),
    /** His own mini-program says what he answered. */
    noteReported: (reported: Parameters<typeof noteReported>[1]) => noteReported(deps, reported),
    /** WeChat says what he accepted. */
    noteAsked: (pushed: Parameters<typeof noteAsked>[1]) => noteAsked(deps, pushed),
    /** WeChat says what he turned off in the settings. */
    noteTurnedOff: (pushed: Parameters<typeof noteTurnedOff>[1]) => noteTurnedOff(deps, pushed),
    /** WeChat says what became of messages. */
    noteReceipts: (pushed: Parameters<typeof noteReceipts>[1]) => noteReceipts(deps, pushed),
    /** A project is at another stage: orders to tell everybody who may see it. */
    tellStage: (moved: Parameters<typeof tellStage>[1]) => tellStage(deps, moved),
    /** A customer did something about an advisor: orders to tell him. */
    tellAction: (called: Parameters<typeof tellAction>[1]) => tellAction(deps, called),
    /** A booking was made or moved: orders to tell the other side. */
    tellMove: (moved: Parameters<typeof tellMove>[1]) => tellMove(deps, moved),
    /** Tells one account of one thing, by the first way that is open. */
    send: (about: About, run: JobRun) => send(deps, about, run),
    /** Looks what became of a message whose answer was lost. */
    resolve: (about: About & { accountId: number }, run: JobRun) => resolveDoubt(deps, about, run),
    /** Sends what a program of the company asks for (R2.8), at once. */
    sendMessage: (asked: Asked) => sendMessage(deps, asked),
    /** Customers whom members are to tell, because no message reached them; taken. */
    claimUnreached: async (now: Date) =>
      (await claim(deps, 'customer.not-reached', now)).map(({ noticeId, unreached }) => ({
        noticeId,
        ...unreached,
      })),
    /** What advisors are to be told as members, because no subscribe message reached them; taken. */
    claimForAdvisors: async (now: Date) =>
      (await claim(deps, 'advisor.not-reached', now)).map(({ noticeId, line }) => ({
        noticeId,
        ...line,
      })),
    /** Members were certainly not told: they may be told again. */
    releaseFromMembers: (noticeIds: readonly number[]) =>
      ledger.releaseFromMembers(deps.db, noticeIds),
    /** There is no such member. */
    noteUntold: (noticeIds: readonly number[]) => noteUntold(deps, noticeIds),
    /** Holds the templates of the settings against those at WeChat. */
    checkTemplates: () => checkTemplates(deps),
    /** Forgets what WeChat said of messages long ago. */
    tidy: () => ledger.deleteReceiptsBefore(deps.db, new Date(deps.clock().getTime() - KEPT_MS)),
  }
}
export type Notices = ReturnType<typeof createNotices>
export type { Unreached } from './kind.ts'
