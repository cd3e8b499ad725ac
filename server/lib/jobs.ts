import { EventEmitter, once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import {
  Logger,
  run,
  type Runner,
  type Task,
  type TaskList,
  type WorkerEvents,
  type WorkerPool,
} from 'graphile-worker'
import type { Db, Transaction } from './db.ts'
import { createLanes, type Lanes } from './lanes.ts'
import type { Log } from './log.ts'
import { createPatientPool } from './patient-pool.ts'
import { announcePresence, HELD_BY_DEAD } from './presence.ts'

/** A durable order: done at least once, after the transaction that added it has committed. */
export type Job = {
  name: string
  payload: Record<string, unknown>
  /** Jobs of one queue run one after the other, whatever process takes them; there are a handful of queues. */
  queue?: string
  /** The same for any number of lanes: one per contact, say. */
  lane?: string
  /** A waiting job with this key is replaced; one that already runs is followed by another run. */
  key?: string
  runAt?: Date
  maxAttempts?: number
}
export type JobRun = { attempt: number; lastAttempt: boolean }
type JobHandler = Handled['handle']
/** Who does the jobs of a name; `job-kinds.ts` makes them from definitions. */
export type Handled = {
  name: string
  handle: (payload: Record<string, unknown>, run: JobRun) => Promise<void>
}
export type Jobs = ReturnType<typeof createJobs>

const ORPHAN_CHECK_MS = 5_000

type Deps = { connectionString: string; db: Db; log: Log; concurrency?: number }
type Due = { name: string; payload: Record<string, unknown>; attempts: number; maxAttempts: number }
type Perform = (due: Due) => Promise<void>

/**
 * Durable jobs (docs/decisions/jobs.md): those of a lane in a table of ours, all others on graphile-worker. Handlers may run
 * twice: the second time must be boring.
 */
export function createJobs(deps: Deps) {
  const handlers = new Map<string, JobHandler>()
  const perform = performer(handlers, deps.log)
  const names = (): string[] => [...handlers.keys()]
  const lanes = createLanes({ ...deps, names, perform })
  let stopWorking: (() => Promise<void>) | undefined
  return {
    /** Names who does jobs of a kind; before `start`. */
    handle: (handled: readonly Handled[]): void => {
      for (const { name, handle } of handled) handlers.set(name, handle)
    },
    /** Adds jobs in the caller's transaction; those of one queue, or of one lane, run in the order given. */
    add: async (db: Db | Transaction, jobs: readonly Job[]): Promise<void> => {
      const latest = latestByKey(jobs)
      await addToRunner(
        db,
        latest.filter(({ lane }) => lane === undefined),
      )
      await lanes.add(
        db,
        latest.flatMap(({ lane, ...job }) => (lane === undefined ? [] : { lane, ...job })),
      )
    },
    /** A job of a lane was added by another statement than `add`, due in so many milliseconds: this process looks for it then. */
    ring: (inMs: number): void => lanes.ring(inMs),
    /** Begins to work; resolves when this process listens for jobs. */
    start: async () => {
      stopWorking = await work(deps, { taskList: toTaskList(names(), perform), lanes })
    },
    /** Finishes running jobs and stops. */
    stop: async () => {
      await stopWorking?.()
    },
  }
}

/** The last failure of a job is an ERROR, the earlier ones a WARN. */
const performer =
  (handlers: ReadonlyMap<string, JobHandler>, log: Log): Perform =>
  async ({ name, payload, attempts, maxAttempts }) => {
    const lastAttempt = attempts >= maxAttempts
    try {
      await handlers.get(name)!(payload, { attempt: attempts, lastAttempt })
    } catch (error) {
      log[lastAttempt ? 'error' : 'warn'](
        { err: error, job: name, attempt: attempts },
        lastAttempt ? 'a job failed for good' : 'a job failed and will be tried again',
      )
      throw error
    }
  }

/** graphile-worker takes jobs by their time alone: each gets a time of its own, a microsecond after the one before. */
async function addToRunner(db: Db | Transaction, jobs: readonly Job[]): Promise<void> {
  if (jobs.length === 0) return
  const specs = jobs.map((job) => ({
    identifier: job.name,
    payload: job.payload,
    queue_name: job.queue ?? null,
    run_at: job.runAt?.toISOString() ?? null,
    max_attempts: job.maxAttempts ?? null,
    job_key: job.key ?? null,
  }))
  await db.raw(
    `
    select 1 from graphile_worker.add_jobs(array(
      select row(identifier, payload, queue_name, coalesce(run_at, clock_timestamp() + place * interval '1 microsecond'), max_attempts, job_key, null, null)::graphile_worker.job_spec
      from rows from (jsonb_to_recordset(?::jsonb) as (identifier text, payload json, queue_name text, run_at timestamptz, max_attempts smallint, job_key text))
        with ordinality as spec(identifier, payload, queue_name, run_at, max_attempts, job_key, place)
    ))`,
    [JSON.stringify(specs)],
  )
}

/** A batch that names a key twice is refused; the later one would have replaced the earlier one anyway. */
function latestByKey(jobs: readonly Job[]): Job[] {
  const keyed = new Map(jobs.map((job, index) => [job.key ?? index, job]))
  return [...keyed.values()]
}

async function work(
  deps: Deps,
  { taskList, lanes }: { taskList: TaskList; lanes: Lanes },
): Promise<() => Promise<void>> {
  const events = new EventEmitter() as WorkerEvents
  const created = once(events, 'pool:create') as Promise<[{ workerPool: WorkerPool }]>
  const pool = createPatientPool(deps.connectionString, { max: 6, log: deps.log })
  const runner = await run({
    pgPool: pool,
    concurrency: deps.concurrency ?? 8,
    noHandleSignals: true,
    pollInterval: 1_000,
    events,
    logger: toLogger(deps.log),
    taskList,
  })
  runner.promise.catch((error: unknown) => deps.log.error({ err: error }, 'the job runner stopped'))
  const [{ workerPool }] = await created
  let isStopping = false // a look after the workers have ended would throw
  events.on('pool:gracefulShutdown', () => {
    isStopping = true
  })
  events.on('job:complete', ({ job }) => {
    if (job.job_queue_id !== null)
      lookAgainSoon(() => {
        if (!isStopping) workerPool.nudge(1)
      })
  })
  const presence = await announcePresence(deps.connectionString, workerPool.id, deps.log)
  const freeAll = () => freeOrphans(deps, lanes)
  const orphanCheck = setInterval(() => void freeAll(), ORPHAN_CHECK_MS)
  await freeAll()
  lanes.start(workerPool.id)
  return async () => {
    clearInterval(orphanCheck)
    await withinLimit(Promise.all([stopRunner(runner), lanes.stop()]), deps.log)
    await pool.end()
    await presence.end()
  }
}

/**
 * A worker looks for its next job before the end of the last one has reached the database, so it finds that queue still
 * locked; without these looks the next job of the queue would wait for the poll, up to a second.
 */
function lookAgainSoon(look: () => void): void {
  for (const ms of [3, 12, 50]) setTimeout(look, ms).unref()
}

/** What is under way then is done again by whoever lives. */
const STOP_LIMIT_MS = 8_000

async function withinLimit(stopped: Promise<unknown>, log: Log): Promise<void> {
  const limit = new AbortController()
  const late = wait(STOP_LIMIT_MS, 'late', { signal: limit.signal }).catch(() => undefined)
  if ((await Promise.race([stopped, late])) === 'late')
    log.warn('jobs were still under way when this process stopped: they are done again')
  limit.abort()
}

async function stopRunner(runner: Runner): Promise<void> {
  await runner.stop()
  await runner.promise
}

/**
 * Jobs that a killed process held go back to the others. graphile-worker alone would wait four hours, because it
 * cannot know who died; the presence lock tells.
 */
async function freeOrphans({ db, log }: Deps, lanes: Lanes): Promise<void> {
  try {
    await lanes.freeOrphans()
    const { rows } = await db.raw<{ rows: { pools: string[] | null }[] }>(`
      with dead as (
        select array_agg(distinct locked_by) as pools from graphile_worker.jobs where ${HELD_BY_DEAD}
      )
      select pools, graphile_worker.force_unlock_workers(pools) from dead where pools is not null`)
    for (const row of rows) log.warn({ pools: row.pools }, 'jobs of a process that died were freed')
  } catch (error) {
    log.warn({ err: error }, 'could not look for jobs of dead processes')
  }
}

function toTaskList(names: readonly string[], perform: Perform): TaskList {
  const task: Task = (payload, { job }) =>
    perform({
      name: job.task_identifier,
      payload: payload as Record<string, unknown>,
      attempts: job.attempts,
      maxAttempts: job.max_attempts,
    })
  return Object.fromEntries(names.map((name) => [name, task]))
}

/** graphile-worker says a line per job; failures are logged by us, so only its warnings about itself are kept. */
function toLogger(log: Log): Logger {
  return new Logger(() => (level, message) => {
    if (level === 'error' && !message.startsWith('Failed task'))
      log.warn({ from: 'graphile-worker' }, message)
    else log.debug({ from: 'graphile-worker' }, message)
  })
}
