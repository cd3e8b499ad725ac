import type { Db } from '../../../server/lib/db.ts'
import * as binding from './binding.rules.ts'
import * as decided from './decided.rules.ts'
import { readNumbers } from './numbers.ts'
import * as store from './playground.store.ts'
import * as received from './received.rules.ts'
import type { SandboxControl } from './sandbox-control.ts'
import { fromCall } from './sent.rules.ts'
import { toTimeline, type Entry } from './timeline.rules.ts'

export type Sources = {
  db: Db
  sandbox: SandboxControl
  /** A callback's XML in our words. */
  read: (payload: string) => Parameters<typeof received.fromCallback>[0]['heard']
}
type Entries = Promise<(Entry | null)[]>

const MOST = 150

/** What the server received, decided and sent. */
export async function readTimeline(sources: Sources, after: Date): Promise<Entry[]> {
  const { db } = sources
  const entries = await Promise.all([
    readReceived(sources, after),
    readBinding(db, after),
    readDecided(db, after),
    readNumbers(db, after),
    readCarried(sources),
  ])
  return toTimeline(entries.flat(), { after: after.getTime(), most: MOST })
}

async function readReceived({ db, read }: Sources, after: Date): Entries {
  const [callbacks, messages, signIns, claims] = await Promise.all([
    store.pageCallbacks(db, after),
    store.pageMessages(db, after),
    store.pageSignIns(db, after),
    store.pageClaims(db, after),
  ])
  return [
    ...callbacks.map(({ payload, said, ...row }) =>
      said === null
        ? received.fromCallback({ ...row, heard: hear(read, payload) })
        : received.fromPush({ ...row, said }),
    ),
    ...messages.map(received.fromMessage),
    ...signIns.map(received.fromSignIn),
    ...claims.map(received.fromClaim),
  ]
}

async function readBinding(db: Db, after: Date): Entries {
  const [codes, attempts, tickets, tries] = await Promise.all([
    store.pageCodes(db, after),
    store.pageAttempts(db, after),
    store.pageTickets(db, after),
    store.pageWrongTries(db, after),
  ])
  return [
    ...codes.map(binding.fromCode),
    ...attempts.flatMap(binding.fromAttempt),
    ...tickets.flatMap(binding.fromTicket),
    ...tries.map(binding.fromWrongTry),
  ]
}

async function readDecided(db: Db, after: Date): Entries {
  const [evidence, decisions, follows, reviews, notices] = await Promise.all([
    store.pageEvidence(db, after),
    store.pageDecisions(db, after),
    store.pageFollowEvents(db, after),
    store.pageReviews(db, after),
    store.pageNotices(db, after),
  ])
  return [
    ...evidence.flatMap((row) => decided.fromEvidence(row, after.getTime())),
    ...decisions.map(decided.fromDecision),
    ...follows.map(decided.fromFollowEvent),
    ...reviews.map(decided.fromReview),
    ...notices.map(decided.fromNotice),
  ]
}

/** What the platform knows of the wire: our calls, and callbacks that did not arrive. */
async function readCarried({ sandbox }: Pick<Sources, 'sandbox'>): Entries {
  const [calls, deliveries] = await Promise.all([sandbox.calls(), sandbox.deliveries()])
  return [...calls.map(fromCall), ...deliveries.map(received.fromDelivery)]
}

/** What cannot be read is shown as something that came. */
function hear(read: Sources['read'], payload: string): ReturnType<Sources['read']> {
  try {
    return read(payload)
  } catch {
    return { kind: 'other' }
  }
}
