// Every verified callback of WeCom and push of the mini-program, once and durably: keeps callback_inbox, also the outcome of pushes of the official account.
// Woken by its routes and, in case the job that came with a callback was lost, each minute by the clock.
// Tells the rooms that listen: each answers with the jobs that a callback becomes.
import { inTransaction, type Db, type Within } from '../../lib/db.ts'
import { tryBehindSavepoint, tryItem } from '../../lib/item-fault.ts'
import type { Job, Jobs } from '../../lib/jobs.ts'
import type { Log } from '../../lib/log.ts'
import { sha256 } from '../../lib/secrets.ts'
import { buildXml, parseXml } from '../../lib/xml.ts'
import type { Erasures } from '../erasures/erasures.ts'
import type { OnPlatformEvent, PlatformEvent } from '../room.ts'
import { createBatcher } from '../../lib/batcher.ts'
import * as store from './callbacks.store.ts'

type Deps = {
  db: Db
  jobs: Pick<Jobs, 'add' | 'ring'>
  /** Reads a stored payload in our words, by whom it came from. */
  read: (callback: { source: string; payload: string }) => PlatformEvent
  erasures: Pick<Erasures, 'hold' | 'keepKnown'>
  clock: () => Date
  log: Log
}
type DrainDeps = Deps & { listeners: readonly OnPlatformEvent[] }
const DRAIN_AT_ONCE = 500
const KEPT_MS = 30 * 24 * 3_600_000

/** Keeps each verified callback once, durably, before the platform is told that it arrived. */
export function createCallbacks(deps: Deps) {
  const listeners: OnPlatformEvent[] = []
  const rhythm = createRhythm()
  const write = createBatcher(async (batch: store.Arrival[]) => {
    const drainInMs = rhythm.waitMs()
    await store.storeBatch(deps.db, { batch, drainInMs })
    deps.jobs.ring(drainInMs)
  })
  return {
    /** Before anything is drained; an event becomes the jobs of all who listen. */
    listen: (listener: OnPlatformEvent): void => void listeners.push(listener),
    /** Resolves when the callback is committed; rejects when it is not, so that the platform sends it again. */
    keep: (source: string, payload: string) => write({ hash: sha256(payload), source, payload }),
    /** What was decided on a push that is answered at once, if it came before; such a push itself is not kept, only its key. */
    findOutcome: async (source: string, key: string): Promise<unknown> => {
      const payload = await store.findPayload(deps.db, hashOf(source, key))
      return payload === undefined ? undefined : JSON.parse(String(parseXml(payload)['Outcome']))
    },
    /** Keeps the decision; false when a repetition of the push was faster, whose decision then counts. */
    keepOutcome: (
      db: Db,
      { source, key, outcome, now }: { source: string; key: string; outcome: object; now: Date },
    ): Promise<boolean> =>
      store.insertDrained(db, {
        hash: hashOf(source, key),
        source,
        payload: buildXml({ Outcome: JSON.stringify(outcome) }),
        now,
      }),
    /** Forgets callbacks older than 30 days. */
    tidy: () => store.deleteBefore(deps.db, new Date(deps.clock().getTime() - KEPT_MS)),
    /** Hands waiting callbacks to the listeners, all in one transaction with the jobs they become; one that nobody understands is set aside. */
    drain: () => rhythm.beat(() => drain({ ...deps, listeners })),
  }
}
export type Callbacks = ReturnType<typeof createCallbacks>

const hashOf = (source: string, key: string): Buffer => sha256(`${source}:${key}`)

async function drain(deps: DrainDeps): Promise<void> {
  for (let drained = DRAIN_AT_ONCE; drained === DRAIN_AT_ONCE;) {
    const tried = await tryItem(() => drainSome(deps, addTogether))
    drained = tried.kind === 'done' ? tried.value : await drainSome(deps, addSingly)
  }
}

/** After a drain the next one gathers for so long; the first after a pause comes at once. */
const GATHER_MS = 40

function createRhythm() {
  let drainedAt = -GATHER_MS
  return {
    waitMs: (): number => Math.max(0, Math.ceil(drainedAt + GATHER_MS - performance.now())),
    beat: async (act: () => Promise<void>): Promise<void> => {
      await act()
      drainedAt = performance.now()
    },
  }
}

type Heard = { id: number; event: PlatformEvent; jobs: Job[] }
type Aside = { id: number; reason: string }
type Tx = Within<DrainDeps>

async function drainSome(deps: DrainDeps, addAll: typeof addTogether): Promise<number> {
  const { count, aside } = await inTransaction(deps, async (tx) => {
    await tx.erasures.hold(tx.db)
    const waiting = await store.claimWaiting(tx.db, DRAIN_AT_ONCE)
    const all = waiting.map((callback) => hear(tx, callback))
    const heard = all.filter((one): one is Heard => 'jobs' in one)
    const now = tx.clock()
    const known = await tx.erasures.keepKnown(tx.db, { told: heard.map(toTold), now })
    const unheard = [
      ...all.filter((one): one is Aside => 'reason' in one),
      ...(await addAll(tx, known)),
    ]
    await store.markDrained(tx.db, { ids: heard.map(({ id }) => id), now })
    await store.emptyPayloads(
      tx.db,
      heard.filter((one) => !known.some(({ id }) => id === one.id)).map(({ id }) => id),
    )
    for (const { id, reason } of unheard) await store.setAside(tx.db, { id, reason, now })
    return { count: waiting.length, aside: unheard }
  })
  for (const one of aside)
    deps.log.error(one, 'a callback was set aside: nothing could be made of it')
  return count
}

/** Only an add is something that a contact has a part in: the other changes are the company's, or his going away. */
const toTold = (heard: Heard) => ({
  ...heard,
  externalUserId: heard.event.kind === 'contact-changed' ? heard.event.externalUserId : undefined,
  at: heard.event.kind === 'contact-changed' ? heard.event.at : NEVER,
  own: heard.event.kind === 'contact-changed' && heard.event.change === 'added',
})
const NEVER = new Date(0)

/** What the listeners make of a callback. Whatever goes wrong here is about this one callback. */
function hear(tx: Tx, { id, receivedAt, ...told }: store.Waiting): Heard | Aside {
  try {
    const event = tx.read(told)
    if (event.kind === 'other' && event.lacks !== undefined)
      return { id, reason: `lacks ${event.lacks}` }
    if (event.kind === 'other')
      tx.log.info(
        { event: event.event, changeType: event.changeType, msgType: event.msgType },
        'a callback that concerns no room',
      )
    return { id, event, jobs: tx.listeners.flatMap((toJobs) => toJobs(event, { id, receivedAt })) }
  } catch (error) {
    return { id, reason: error instanceof Error ? error.name : 'unreadable' }
  }
}

async function addTogether(tx: Tx, heard: readonly Heard[]): Promise<Aside[]> {
  await tx.jobs.add(
    tx.db,
    heard.flatMap(({ jobs }) => jobs),
  )
  return []
}

/** In order too, each behind a savepoint: the jobs of one cannot be added, those of the others can. */
async function addSingly(tx: Tx, heard: readonly Heard[]): Promise<Aside[]> {
  const aside: Aside[] = []
  for (const { id, jobs } of heard) {
    const tried = await tryBehindSavepoint(tx.db, (db) => tx.jobs.add(db, jobs))
    if (tried.kind === 'broken') aside.push({ id, reason: tried.reason })
  }
  return aside
}
