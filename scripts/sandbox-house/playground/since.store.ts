import type { Db } from '../../../server/lib/db.ts'

/** No more than one screen holds. */
export const MOST = 120

/** Newest first. */
export const since = (
  db: Db,
  { table, column, after }: { table: string; column: string; after: Date },
) => db(table).where(column, '>', after).orderBy(column, 'desc').limit(MOST)
