import { sqlState, type Db, type Transaction } from './db.ts'
import type { Job } from './jobs.ts'
import { HELD_BY_DEAD } from './presence.ts'

export type LaneJob = Job & { lane: string }
export type Claimed = {
  id: number
  lane: string
  name: string
  payload: Record<string, unknown>
  attempts: number
  maxAttempts: number
}

const MOST_ATTEMPTS = 25

/**
 * A waiting job of the same key gives way; each gets a time of its own, a microsecond after the one before. Written in the
 * order of the keys, so that two who add the same never wait for each other.
 */
export const insertJobs = (db: Db | Transaction, jobs: readonly LaneJob[]) =>
  db.raw(
    `
    insert into lane_jobs (lane, name, payload, key, run_at, max_attempts)
    select lane, name, payload, key, coalesce(run_at, clock_timestamp() + place * interval '1 microsecond'), coalesce(max_attempts, ${String(MOST_ATTEMPTS)})
    from rows from (jsonb_to_recordset(?::jsonb) as (lane text, name text, payload jsonb, key text, run_at timestamptz, max_attempts smallint))
      with ordinality as job(lane, name, payload, key, run_at, max_attempts, place)
    order by key, place
    on conflict (key) where key is not null and locked_by is null do update set
      lane = excluded.lane, payload = excluded.payload, run_at = excluded.run_at, max_attempts = excluded.max_attempts,
      attempts = 0, last_error = null`,
    [
      JSON.stringify(
        jobs.map(({ lane, name, payload, key, runAt, maxAttempts }) => ({
          lane,
          name,
          payload,
          key: key ?? null,
          run_at: runAt?.toISOString() ?? null,
          max_attempts: maxAttempts ?? null,
        })),
      ),
    ],
  )

type Claim = { worker: string; names: readonly string[]; lanes: number; jobs: number }

/** So many waiting jobs are looked over for lanes that nobody works in. */
const WINDOW = 1_000

/**
 * Takes all that is due in some lanes. Who locks a lane looks at it in a statement of its own: only that one sees what
 * another process has committed before it let go of the lock.
 */
export const claimJobs = (db: Db, { worker, names, lanes, jobs }: Claim): Promise<Claimed[]> =>
  db.transaction(async (trx) => {
    const { rows: free } = await trx.raw<{ rows: { lane: string }[] }>(
      `
      with due as (
        select lane from (
          select w.lane, w.run_at, w.id from lane_jobs w
          where w.locked_by is null and w.attempts < w.max_attempts and w.run_at <= statement_timestamp()
            and w.name = any(?::text[])
            and not exists (select 1 from lane_jobs b where b.lane = w.lane and b.locked_by is not null)
          order by w.run_at, w.id limit ${String(WINDOW)}) waiting
        group by lane order by min(run_at), min(id) limit ?
      )
      select lane from due where pg_try_advisory_xact_lock(hashtextextended('lane:' || lane, 0))`,
      [[...names], lanes],
    )
    if (free.length === 0) return []
    const { rows: claimed } = await trx.raw<{ rows: Claimed[] }>(
      `
      with due as (
        select w.id from lane_jobs w
        where w.lane = any(?::text[]) and w.locked_by is null and w.attempts < w.max_attempts
          and w.run_at <= statement_timestamp() and w.name = any(?::text[])
          and not exists (select 1 from lane_jobs b where b.lane = w.lane and b.locked_by is not null)
        order by w.run_at, w.id limit ?
      ), taken as (
        update lane_jobs set locked_by = ?, locked_at = now(), attempts = attempts + 1
        where id = any(array(select id from due))
        returning id, lane, name, payload, run_at, attempts, max_attempts
      )
      select id, lane, name, payload, attempts, max_attempts as "maxAttempts" from taken order by run_at, id`,
      [free.map(({ lane }) => lane), [...names], jobs, worker],
    )
    return claimed
  })

export const deleteJobs = (db: Db, ids: readonly number[]) =>
  db.raw('delete from lane_jobs where id = any(?::bigint[])', [[...ids]])

/** Jobs that were taken and not begun. */
export const releaseJobs = (db: Db, ids: readonly number[]) =>
  giveBack(db, { where: 'id = any(?::bigint[])', values: [[...ids]], attempts: 'attempts - 1' })

type Failed = { id: number; error: string }

/** It is tried again after exp(attempts) seconds, as the job runner does; what came with its key meanwhile stands for it. */
export async function failJob(db: Db, { id, error }: Failed): Promise<void> {
  try {
    await db.raw(
      `
      update lane_jobs set locked_by = null, locked_at = null, last_error = ?,
        run_at = greatest(now(), run_at) + exp(least(attempts, 10)) * interval '1 second'
      where id = ?`,
      [error, id],
    )
  } catch (thrown) {
    if (sqlState(thrown) !== '23505') throw thrown
    await deleteJobs(db, [id])
  }
}

/** What killed processes were doing is done again; answers how much that is. */
export const freeOrphans = (db: Db): Promise<number> =>
  giveBack(db, { where: HELD_BY_DEAD, values: [], attempts: 'attempts' })

type GivenBack = { where: string; values: readonly number[][]; attempts: string }

const giveBack = (db: Db, { where, values, attempts }: GivenBack): Promise<number> =>
  db.transaction(async (trx) => {
    await trx.raw(
      `delete from lane_jobs where ${where} and key in (select w.key from lane_jobs w where w.locked_by is null)`,
      [...values],
    )
    const { rowCount } = await trx.raw<{ rowCount: number }>(
      `update lane_jobs set locked_by = null, locked_at = null, attempts = ${attempts} where ${where}`,
      [...values],
    )
    return rowCount
  })
