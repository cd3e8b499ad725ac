import type { Db } from '../lib/db.ts'

/** The only file of the tests that knows the tables of jobs: those of lanes, and those of the job runner. */
type Order = { payload?: object; key?: string; maxAttempts?: number }

/** Has a job done as soon as may be. */
export const addJob = (db: Db, name: string, { payload = {}, key, maxAttempts }: Order = {}) =>
  db.raw(
    'select graphile_worker.add_job(:name, :payload::json, job_key => :key, max_attempts => :maxAttempts)',
    { name, payload: JSON.stringify(payload), key: key ?? null, maxAttempts: maxAttempts ?? null },
  )

const COLUMNS = 'id, run_at, attempts, max_attempts, last_error, key, locked_at, locked_by'
const ALL_JOBS = `(
  select ${COLUMNS}, task_identifier as name from graphile_worker.jobs
  union all select ${COLUMNS}, name from lane_jobs) as jobs`

/** A query of the jobs that are not done yet; `like` is a name, or the beginning of names with `%`. */
export const listJobs = (db: Db, like = '%') => db.from(db.raw(ALL_JOBS)).whereLike('name', like)

/** What waits for its time is done now. */
export const runJobsNow = async (db: Db, like = '%'): Promise<void> => {
  await db.raw(
    `select graphile_worker.reschedule_jobs(array(
      select id from graphile_worker.jobs where task_identifier like ? and locked_at is null)::bigint[], run_at := now())`,
    [like],
  )
  await db('lane_jobs')
    .whereLike('name', like)
    .whereNull('locked_at')
    .update({ run_at: db.fn.now() })
}

const ofRunner = (db: Db, { set, name }: { set: string; name: string }) =>
  db.raw(
    `update graphile_worker._private_jobs j set ${set} from graphile_worker._private_tasks t where t.id = j.task_id and t.identifier = ?`,
    [name],
  )

/** What failed is not tried again for an hour. */
export const putOff = (db: Db, name: string) =>
  db.raw(
    `
    update graphile_worker._private_jobs j set run_at = now() + interval '1 hour'
    from graphile_worker._private_tasks t where t.id = j.task_id and t.identifier = ?`,
    [name],
  )

/** What failed is tried again now. */
export const tryAgain = async (db: Db, name: string): Promise<void> => {
  await ofRunner(db, { set: 'run_at = now()', name })
  await db('lane_jobs').where({ name }).update({ run_at: db.fn.now() })
}

/** The next try is the last one. */
export const leaveOneTry = async (db: Db, name: string): Promise<void> => {
  await ofRunner(db, { set: 'attempts = max_attempts - 1', name })
  await db('lane_jobs')
    .where({ name })
    .update({ attempts: db.raw('max_attempts - 1') })
}

/** There is no other try. */
export const giveUp = (db: Db, name: string) =>
  ofRunner(db, { set: 'attempts = max_attempts', name })

/** What a killed process held looks abandoned for longer than it is. */
export const ageLocks = async (db: Db): Promise<void> => {
  for (const table of ['graphile_worker._private_jobs', 'lane_jobs'])
    await db.raw(
      `update ${table} set locked_at = locked_at - interval '10 seconds' where locked_at is not null`,
    )
}

/** What waits longer than a moment waits a moment; `which` is a condition of the table of jobs. */
export const hurryJobs = async (db: Db, which: string): Promise<void> => {
  const isLater = `${which} and locked_at is null and run_at > now() + interval '0.2 s'`
  await db.raw(`select graphile_worker.reschedule_jobs(array(
    select id from (select *, task_identifier as name from graphile_worker.jobs) as jobs where ${isLater})::bigint[], run_at := now() + interval '0.2 s')`)
  await db.raw(`update lane_jobs set run_at = now() + interval '0.2 s' where ${isLater}`)
}
