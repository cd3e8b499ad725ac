import type { Db } from '../../lib/db.ts'
import type { PersonalTable } from './personal-data.store.ts'
import type { Keys } from './whose.store.ts'

export type DataRow = Record<string, unknown>

/** What a table tells of a person, by the names of its columns. */
export const pageRows = (
  db: Db,
  { table: { table, of, shown, beside = {} }, keys }: { table: PersonalTable; keys: Keys },
): Promise<DataRow[]> =>
  db
    .raw<{ rows: DataRow[] }>(
      `select ${[
        ...Object.entries(beside).map(([name, expression]) => `${expression} as ${name}`),
        ...shown.split(' ').map((name) => `t.${name}`),
      ].join(', ')} from ${table} t where ${of} order by 1`,
      { ...keys },
    )
    .then(({ rows }) => rows)
