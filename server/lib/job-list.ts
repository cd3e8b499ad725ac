import type { Db } from './db.ts'

export type JobState = 'running' | 'failed' | 'retrying' | 'waiting'
export type ListedJob = {
  /** `runner-12` or `lane-34`: jobs lie in two tables. */
  id: string
  name: string
  state: JobState
  attempts: number
  maxAttempts: number
  runAt: Date
  createdAt: Date
  lastError: string | null
}

const STATE = `case when locked_at is not null then 'running' when attempts >= max_attempts then 'failed' when attempts > 0 then 'retrying' else 'waiting' end`
const COLUMNS = `${STATE} as state, attempts::int, max_attempts::int as "maxAttempts", run_at as "runAt", created_at as "createdAt", last_error as "lastError"`
const JOBS = `
  select 'runner-' || id as id, task_identifier as name, ${COLUMNS} from graphile_worker.jobs
  union all select 'lane-' || id, name, ${COLUMNS} from lane_jobs`

/** Where a page ends. */
export type JobMark = Pick<ListedJob, 'id' | 'runAt'> & { isTried: boolean }
export type JobsWanted = { state: JobState | null; after: JobMark | null; limit: number }

/** To the millisecond, which is all that a mark can tell. */
const PLACE = `state <> 'failed', date_trunc('milliseconds', "runAt"), id`

/** What is not done yet: that first which nobody tries any more, then what has waited longest. */
export async function pageJobs(db: Db, { state, after, limit }: JobsWanted): Promise<ListedJob[]> {
  const { rows } = await db.raw<{ rows: ListedJob[] }>(
    `
    select * from (${JOBS}) job where (:state::text is null or state = :state::text)
      and (:id::text is null or (${PLACE}) > (:isTried::boolean, :runAt::timestamptz, :id::text))
    order by ${PLACE} limit :limit`,
    { state, limit, ...(after ?? { id: null, isTried: null, runAt: null }) },
  )
  return rows
}

export type JobCounts = Record<JobState, number> & { oldestDueAt: Date | null }

/** How much there is of each, and since when the oldest that is due has waited. */
export async function countJobs(db: Db): Promise<JobCounts> {
  const { rows } = await db.raw<{ rows: JobCounts[] }>(`
    select count(*) filter (where state = 'running')::int as running, count(*) filter (where state = 'failed')::int as failed,
      count(*) filter (where state = 'retrying')::int as retrying, count(*) filter (where state = 'waiting')::int as waiting,
      min("runAt") filter (where state in ('waiting', 'retrying') and "runAt" <= now()) as "oldestDueAt"
    from (${JOBS}) job`)
  return rows[0]!
}

export async function findJob(db: Db, id: string): Promise<ListedJob | undefined> {
  const { rows } = await db.raw<{ rows: ListedJob[] }>(
    `select * from (${JOBS}) job where id = :id`,
    { id },
  )
  return rows[0]
}

const split = (id: string): { isLane: boolean; number: number } => {
  const [table, number] = id.split('-')
  return { isLane: table === 'lane', number: Number(number) }
}

/** Tries it again now, as if for the first time; answers false while it runs, or when it is done. */
export async function retryJob(db: Db, id: string): Promise<boolean> {
  const { isLane, number } = split(id)
  const { rows } = await db.raw<{ rows: unknown[] }>(
    isLane
      ? `update lane_jobs set attempts = 0, run_at = now() where id = ? and locked_by is null returning id`
      : `select id from graphile_worker.reschedule_jobs(array[?]::bigint[], run_at := now(), attempts := 0)`,
    [number],
  )
  return rows.length > 0
}

/** It is never done; answers false while it runs, or when it is done. */
export async function dismissJob(db: Db, id: string): Promise<boolean> {
  const { isLane, number } = split(id)
  const { rows } = await db.raw<{ rows: unknown[] }>(
    isLane
      ? `delete from lane_jobs where id = ? and locked_by is null returning id`
      : `select id from graphile_worker.complete_jobs(array[?]::bigint[])`,
    [number],
  )
  return rows.length > 0
}
