import { EventEmitter, once } from 'node:events'
import {
  Logger,
  run,
  type Runner,
  type Task,
  type TaskList,
  type WorkerEvents,
  type WorkerPool,
} from 'graphile-worker'
import pg from 'pg'
import type { Db, Transaction } from './db.ts'
import type { Log } from './log.ts'
import { createPatientPool } from './patient-pool.ts'

/** A durable order: done at least once, after the transaction that added it has committed. */
export type Job = {
  name: string
  payload: Record<string, unknown>
  /** Jobs of one queue run one after the other, whatever process takes them. */
  queue?: string
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

/**
 * Durable jobs on graphile-worker (docs/decisions/jobs.md). Handlers may run twice: the second time must be boring.
 */
export function createJobs(deps: {
  connectionString: string
  db: Db
  log: Log
  concurrency?: number
}) {
  const handlers = new Map<string, JobHandler>()
  let stopWorking: (() => Promise<void>) | undefined
  return {
    /** Names who does jobs of a kind; before `start`. */
    handle: (handled: readonly Handled[]): void => {
      for (const { name, handle } of handled) handlers.set(name, handle)
    },
    /** Adds jobs in one statement, in the caller's transaction; those of one queue run in the order given. */
    add: (db: Db | Transaction, jobs: readonly Job[]) => addJobs(db, jobs),
    /** Begins to work; resolves when this process listens for jobs. */
    start: async () => {
      stopWorking = await work(deps, handlers)
    },
    /** Finishes running jobs and stops. */
    stop: async () => {
      await stopWorking?.()
    },
  }
}

/** graphile-worker takes jobs by their time alone: each gets a time of its own, a microsecond after the one before. */
async function addJobs(db: Db | Transaction, jobs: readonly Job[]): Promise<void> {
  if (jobs.length === 0) return
  const specs = latestByKey(jobs).map((job) => ({
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

/** graphile-worker refuses a batch that names a key twice; the later one would have replaced the earlier one anyway. */
function latestByKey(jobs: readonly Job[]): Job[] {
  const keyed = new Map(jobs.map((job, index) => [job.key ?? index, job]))
  return [...keyed.values()]
}

async function work(
  deps: { connectionString: string; db: Db; log: Log; concurrency?: number },
  handlers: ReadonlyMap<string, JobHandler>,
) {
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
    taskList: toTaskList(handlers, deps.log),
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
  const orphanCheck = setInterval(() => void freeOrphans(deps.db, deps.log), ORPHAN_CHECK_MS)
  await freeOrphans(deps.db, deps.log)
  return async () => {
    clearInterval(orphanCheck)
    await stopRunner(runner)
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

async function stopRunner(runner: Runner): Promise<void> {
  await runner.stop()
  await runner.promise
}

/**
 * Holds a lock named after our worker pool for as long as this process lives: kill -9 frees it at once. A connection
 * that breaks while the process lives is opened again, or the others would take over jobs that are under way.
 */
async function announcePresence(
  connectionString: string,
  poolId: string,
  log: Log,
): Promise<{ end: () => Promise<void> }> {
  let ended = false
  let client = await holdPresence(connectionString, poolId, renew)
  async function renew(): Promise<void> {
    for (let attempt = 0; !ended; attempt += 1) {
      await new Promise((resolve) => setTimeout(resolve, Math.min(100 * 2 ** attempt, 2_000)))
      try {
        client = await holdPresence(connectionString, poolId, renew)
        return log.warn('the connection that marks this process as alive was lost and is back')
      } catch (error) {
        log.warn({ err: error }, 'the connection that marks this process as alive is lost')
      }
    }
  }
  return {
    end: async () => {
      ended = true
      await client.end()
    },
  }
}

async function holdPresence(
  connectionString: string,
  poolId: string,
  lost: () => Promise<void>,
): Promise<pg.Client> {
  const client = new pg.Client({ connectionString, application_name: 'jindutong presence' })
  let held = false
  // pg tells a broken connection as `error` and then `end`; our own end() comes as `end` alone, after `ended` is set.
  client.on('error', () => {})
  client.on('end', () => {
    if (held) void lost()
  })
  await client.connect()
  await client.query('select pg_advisory_lock(hashtextextended($1, 0))', [poolId])
  held = true
  return client
}

/**
 * Jobs that a killed process held go back to the others. graphile-worker alone would wait four hours, because it
 * cannot know who died; the presence lock tells.
 */
async function freeOrphans(db: Db, log: Log): Promise<void> {
  try {
    const { rows } = await db.raw<{ rows: { pools: string[] | null }[] }>(`
      with dead as (
        select array_agg(distinct j.locked_by) as pools from graphile_worker.jobs j
        where j.locked_by is not null and j.locked_at < now() - interval '3 seconds'
          and not exists (
            select 1 from pg_locks l
            where l.locktype = 'advisory' and l.granted and l.objsubid = 1
              and l.database = (select oid from pg_database where datname = current_database())
              and (l.classid::bigint << 32 | l.objid::bigint) = hashtextextended(j.locked_by, 0))
      )
      select pools, graphile_worker.force_unlock_workers(pools) from dead where pools is not null`)
    for (const row of rows) log.warn({ pools: row.pools }, 'jobs of a process that died were freed')
  } catch (error) {
    log.warn({ err: error }, 'could not look for jobs of dead processes')
  }
}

function toTaskList(handlers: ReadonlyMap<string, JobHandler>, log: Log): TaskList {
  const toTask = ([name, handler]: [string, JobHandler]): [string, Task] => [
    name,
    async (payload, helpers) => {
      const { attempts, max_attempts: maxAttempts } = helpers.job
      const lastAttempt = attempts >= maxAttempts
      try {
        await handler(payload as Record<string, unknown>, { attempt: attempts, lastAttempt })
      } catch (error) {
        log[lastAttempt ? 'error' : 'warn'](
          { err: error, job: name, attempt: attempts },
          lastAttempt ? 'a job failed for good' : 'a job failed and will be tried again',
        )
        throw error
      }
    },
  ]
  return Object.fromEntries([...handlers].map(toTask))
}

/** graphile-worker says a line per job; failures are logged by us, so only its warnings about itself are kept. */
function toLogger(log: Log): Logger {
  return new Logger(() => (level, message) => {
    if (level === 'error' && !message.startsWith('Failed task'))
      log.warn({ from: 'graphile-worker' }, message)
    else log.debug({ from: 'graphile-worker' }, message)
  })
}
