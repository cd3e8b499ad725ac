import type { Db } from '../lib/db.ts'

/** The only file of the tests that knows the tables of the job runner. */
type Order = { payload?: object; key?: string; maxAttempts?: number }

/** Has a job done as soon as may be. */
export const addJob = (db: Db, name: string, { payload = {}, key, maxAttempts }: Order = {}) =>
  db.raw(
    'select graphile_worker.add_job(:name, :payload::json, job_key => :key, max_attempts => :maxAttempts)',
    { name, payload: JSON.stringify(payload), key: key ?? null, maxAttempts: maxAttempts ?? null },
  )

/** A query of the jobs that are not done yet; `like` is a name, or the beginning of names with `%`. */
export const listJobs = (db: Db, like = '%') =>
  db('graphile_worker.jobs').whereLike('task_identifier', like)

/** What waits for its time is done now. */
export const runJobsNow = (db: Db, like = '%') =>
  db.raw(
    `select graphile_worker.reschedule_jobs(array(
      select id from graphile_worker.jobs where task_identifier like ? and locked_at is null)::bigint[], run_at := now())`,
    [like],
  )

/** What failed is tried again now. */
export const tryAgain = (db: Db, name: string) =>
  db.raw(
    `
    update graphile_worker._private_jobs j set run_at = now()
    from graphile_worker._private_tasks t where t.id = j.task_id and t.identifier = ?`,
    [name],
  )

/** The next try is the last one. */
export const leaveOneTry = (db: Db, name: string) =>
  db.raw(
    `
    update graphile_worker._private_jobs j set attempts = max_attempts - 1
    from graphile_worker._private_tasks t where t.id = j.task_id and t.identifier = ?`,
    [name],
  )

/** What a killed process held looks abandoned for longer than it is. */
export const ageLocks = (db: Db) =>
  db.raw(
    `update graphile_worker._private_jobs set locked_at = locked_at - interval '10 seconds' where locked_at is not null`,
  )

/** What waits longer than a moment waits a moment; `which` is a condition of the table of jobs. */
export const hurryJobs = (db: Db, which: string) =>
  db.raw(`select graphile_worker.reschedule_jobs(array(
    select id from graphile_worker.jobs
    where ${which} and locked_at is null and run_at > now() + interval '0.2 s')::bigint[], run_at := now() + interval '0.2 s')`)
