import type { Db } from '../lib/db.ts'
import { waitFor } from './wait.ts'

/** Stands where a decision about these people would stand (`contact:...`, as `lock` of customers.store.ts has it), until the answer is called. */
export async function holdPeople(db: Db, key: string): Promise<() => Promise<unknown>> {
  const transaction = await db.transaction()
  await transaction.raw('select pg_advisory_xact_lock(hashtextextended(?, 0))', [key])
  return () => transaction.rollback()
}

/** Whoever wants to write there (share, exclusive), or look at it too (access exclusive), waits until the answer is called. */
export async function holdTable(
  db: Db,
  table: string,
  mode: 'share' | 'exclusive' | 'access exclusive',
): Promise<() => Promise<unknown>> {
  const transaction = await db.transaction()
  await transaction.raw(`lock table ${table} in ${mode} mode`)
  return () => transaction.rollback()
}

/** Until so many wait for a lock, of whatever kind, or for one on this table. */
export const queued = (db: Db, count: number, table?: string) =>
  waitFor(`${String(count)} who wait for ${table ?? 'a lock'}`, async () => {
    const { rows } = await db.raw<{ rows: unknown[] }>(
      `select 1 from pg_locks where not granted and database = (select oid from pg_database where datname = current_database())
    and (?::text is null or relation = ?::regclass)`,
      [table ?? null, table ?? null],
    )
    return rows.length >= count
  })
