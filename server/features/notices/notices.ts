// What customers are told by subscribe messages, and by what else where they have not consented. Keeps `notices`, how each was
// sent, the ledger of consents (`notice_consents`), what WeChat's push said of messages, and alarms. Woken by
// `project.stage-changed`, by the message push of the mini-program (through the letterbox), by customers' mini-programs and by
// programs of the company. Asks `kf` and the official account to say what they may; tells `customer.not-reached`.
import type { JobRun } from '../../lib/jobs.ts'
import { noteAsked, noteReceipts, noteReported, noteTurnedOff } from './consents.ts'
import * as ledger from './ledger.store.ts'
import { sendMessage, type Asked } from './messages.ts'
import type { NoticesDeps } from './notices.deps.ts'
import { claimUnreached, resolveDoubt, send, tellStage } from './stages.ts'
import * as stages from './stages.store.ts'
import { checkTemplates, listFor } from './templates.ts'

const KEPT_MS = 30 * 24 * 3_600_000

type About = { noticeId: number; accountId: number }

/** Tells customers what has happened, each thing once, by the first way that is open. */
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
    /** Tells one account of one thing, by the first way that is open. */
    send: (about: About, run: JobRun) => send(deps, about, run),
    /** Looks what became of a message whose answer was lost. */
    resolve: (about: About, run: JobRun) => resolveDoubt(deps, about, run),
    /** Sends what a program of the company asks for (R2.8), at once. */
    sendMessage: (asked: Asked) => sendMessage(deps, asked),
    /** Customers whom members are to tell, because no message reached them; taken. */
    claimUnreached: (now: Date) => claimUnreached(deps, now),
    /** Members were certainly not told: they may be told again. */
    releaseUnreached: (noticeIds: readonly number[]) => stages.releaseUnreached(deps.db, noticeIds),
    /** Holds the templates of the settings against those at WeChat. */
    checkTemplates: () => checkTemplates(deps),
    /** Forgets what WeChat said of messages long ago. */
    tidy: () => ledger.deleteReceiptsBefore(deps.db, new Date(deps.clock().getTime() - KEPT_MS)),
  }
}
export type Notices = ReturnType<typeof createNotices>
export type { Unreached } from './stages.ts'
