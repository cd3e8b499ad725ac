import { setTimeout as wait } from 'node:timers/promises'
import { createBatcher } from './batcher.ts'
import type { Db, Transaction } from './db.ts'
import * as table from './lanes.table.ts'
import type { Log } from './log.ts'

type Deps = {
  db: Db
  log: Log
  /** Kinds of jobs that somebody here does. */
  names: () => readonly string[]
  /** Does a job; a failure has been logged. */
  perform: (job: table.Claimed) => Promise<void>
}
type Lane = readonly table.Claimed[]
type Crew = ReturnType<typeof createCrew>
export type Lanes = ReturnType<typeof createLanes>

/** Lanes that a process works in at once, and how many it takes at a time. */
const AT_ONCE = 8
const TAKEN = { lanes: 50, jobs: 200 }
const POLL_MS = 1_000
/** A ring may come before the commit that it tells of, or while another process still holds the lane. */
const AGAIN_AFTER_MS = [10, 50, 200]
/** Later ones are found by the poll. */
const TIMED_MS = 60_000
const RETRY_MS = 500

/**
 * Durable jobs that run one after the other in their lane, whatever process takes them, with any number of lanes: a table
 * of what waits, from which each process takes some lanes at a time (docs/decisions/lanes.md). At least once, like all jobs.
 */
export function createLanes(deps: Deps) {
  let crew: Crew | undefined
  const ring = (): void => crew?.ring()
  return {
    /** In the caller's transaction, in the order given. */
    add: async (db: Db | Transaction, jobs: readonly table.LaneJob[]): Promise<void> => {
      if (jobs.length === 0) return
      await table.insertJobs(db, jobs)
      afterCommit(db, ring)
      for (const { runAt } of jobs) if (runAt) ringIn(runAt.getTime() - Date.now(), ring)
    },
    /** Jobs were added by another statement than `add`. */
    ring: (inMs: number): void => (inMs > 0 ? ringIn(inMs, ring) : ring()),
    /** Begins to work under the name of a presence lock that this process holds. */
    start: (worker: string): void => {
      crew = createCrew(deps, worker)
      crew.ring()
    },
    freeOrphans: async (): Promise<void> => {
      const freed = await table.freeOrphans(deps.db)
      if (freed === 0) return
      deps.log.warn({ jobs: freed }, 'jobs of a process that died were freed')
      ring()
    },
    /** Finishes the jobs under way, gives back what was only taken. */
    stop: async (): Promise<void> => crew?.stop(),
  }
}

function afterCommit(db: Db | Transaction, act: () => void): void {
  if ('executionPromise' in db) void db.executionPromise.then(act, () => {})
  else act()
}

function ringIn(inMs: number, ring: () => void): void {
  if (inMs > 0 && inMs < TIMED_MS) setTimeout(ring, inMs + 1).unref()
}

function createCrew(deps: Deps, worker: string) {
  const { db, log, names, perform } = deps
  const stopping = new AbortController()
  const book = createBook(deps, stopping.signal)
  const waiting: Lane[] = []
  const working = new Set<Promise<void>>()
  let look: Promise<void> | undefined
  let rung = false
  const later = createLater(lookForWork)
  const poll = setInterval(lookForWork, POLL_MS).unref()

  /** Whoever rings while it looks is looked after before it ends. */
  function lookForWork(): void {
    rung = true
    look ??= takeLanes()
      .catch((error: unknown) => log.warn({ err: error }, 'could not look for jobs'))
      .finally(() => {
        look = undefined
      })
  }
  async function takeLanes(): Promise<void> {
    while (rung && waiting.length === 0 && !stopping.signal.aborted) {
      rung = false
      const claimed = await table.claimJobs(db, { worker, names: names(), ...TAKEN })
      if (claimed.length > 0) rung = true
      waiting.push(...toLanes(claimed))
      putToWork()
    }
  }
  function putToWork(): void {
    while (working.size < AT_ONCE && waiting.length > 0) {
      const lane = workOff(waiting.shift()!, { perform, book, signal: stopping.signal }).finally(
        () => {
          working.delete(lane)
          putToWork()
          if (waiting.length === 0) lookForWork()
        },
      )
      working.add(lane)
    }
  }
  return {
    ring: (): void => {
      lookForWork()
      later.begin()
    },
    stop: async (): Promise<void> => {
      stopping.abort()
      clearInterval(poll)
      later.end()
      await look
      while (working.size > 0) await Promise.all(working)
    },
  }
}

type Book = ReturnType<typeof createBook>
type Work = Pick<Deps, 'perform'> & { book: Book; signal: AbortSignal }

/** What is not begun when the process stops is given back. */
async function workOff(lane: Lane, { perform, book, signal }: Work): Promise<void> {
  const noted: Promise<void>[] = []
  for (const job of lane) {
    if (signal.aborted) noted.push(book.release(job.id))
    else
      await perform(job).then(
        () => void noted.push(book.done(job.id)),
        (error: unknown) => book.failed(job.id, error),
      )
  }
  await Promise.all(noted)
}

/** Notes how jobs end. What is done must not stay locked while this process lives: the database may be away for a while. */
function createBook({ db, log }: Pick<Deps, 'db' | 'log'>, signal: AbortSignal) {
  const finish = createBatcher((ids: number[]) => table.deleteJobs(db, ids))
  const release = createBatcher((ids: number[]) => table.releaseJobs(db, ids))
  async function untilWritten(write: () => Promise<unknown>): Promise<void> {
    for (;;) {
      try {
        return void (await write())
      } catch (error) {
        log.warn({ err: error }, 'the end of a job could not be noted yet')
        if (signal.aborted) return
        await wait(RETRY_MS)
      }
    }
  }
  return {
    done: (id: number) => untilWritten(() => finish(id)),
    release: (id: number) => untilWritten(() => release(id)),
    failed: (id: number, thrown: unknown) =>
      untilWritten(() =>
        table.failJob(db, { id, error: thrown instanceof Error ? String(thrown) : typeof thrown }),
      ),
  }
}

/** The first of each lane decides whose turn it is. */
function toLanes(claimed: readonly table.Claimed[]): Lane[] {
  const lanes = new Map<string, table.Claimed[]>()
  for (const job of claimed) lanes.set(job.lane, [...(lanes.get(job.lane) ?? []), job])
  return [...lanes.values()]
}

/** Acts several times after it was begun last, however often it is begun. */
function createLater(act: () => void) {
  let timer: NodeJS.Timeout | undefined
  let at = 0
  const next = (): void => {
    const ms = AGAIN_AFTER_MS[at]
    timer = undefined
    if (ms === undefined) return
    at += 1
    timer = setTimeout(() => {
      act()
      next()
    }, ms).unref()
  }
  return {
    begin: (): void => {
      at = 0
      if (timer === undefined) next()
    },
    end: (): void => clearTimeout(timer),
  }
}
