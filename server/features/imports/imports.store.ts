import type { ImportQuery } from '../../../shared/api/imports.ts'
import type { Db } from '../../lib/db.ts'
import type { Header } from './columns.rules.ts'
import type { Format } from './order-file.ts'

export type NewImport = Pick<ImportQuery, 'mode' | 'dryRun'> & {
  format: Format
  header: Header | null
  operator: string
  requestId: string
  now: Date
}
export type StoredImport = {
  id: number
  format: Format
  mode: 'append' | 'replace'
  dryRun: boolean
  state: 'waiting' | 'running' | 'finished' | 'stopped' | 'failed'
  rows: number
  operator: string
  requestId: string
  createdAt: Date
  startedAt: Date | null
  finishedAt: Date | null
}

const COLUMNS = {
  id: 'id',
  format: 'format',
  mode: 'mode',
  dryRun: 'dry_run',
  state: 'state',
  rows: 'rows',
  operator: 'operator',
  requestId: 'request_id',
  createdAt: 'created_at',
  startedAt: 'started_at',
  finishedAt: 'finished_at',
} as const

export async function insertImport(db: Db, row: NewImport): Promise<number> {
  const [stored] = await db('imports')
    .insert({
      format: row.format,
      mode: row.mode,
      dry_run: row.dryRun,
      state: 'waiting',
      header: row.header && JSON.stringify(row.header),
      rows: 0,
      operator: row.operator,
      request_id: row.requestId,
      created_at: row.now,
    })
    .returning<{ id: number }[]>('id')
  return stored!.id
}

export type NewRow = { line: number; orderNo: string | null; cells: unknown }

export const insertRows = (db: Db, id: number, rows: readonly NewRow[]) =>
  db.raw(
    `
    insert into import_rows (import_id, line, order_no, cells)
    select :id, r.line, r."orderNo", r.cells
    from jsonb_to_recordset(:rows::jsonb) as r (line integer, "orderNo" text, cells jsonb)`,
    { id, rows: JSON.stringify(rows) },
  )

export const setRows = (db: Db, id: number, rows: number) =>
  db('imports').where({ id }).update({ rows })

export const pageImports = (db: Db, { before, limit }: { before: number | null; limit: number }) =>
  db('imports')
    .modify((query) => {
      if (before !== null) void query.where('id', '<', before)
    })
    .orderBy('id', 'desc')
    .limit(limit)
    .select<StoredImport[]>(COLUMNS)

export const findImport = (db: Db, id: number) =>
  db('imports')
    .where({ id })
    .first<(StoredImport & { header: Header | null }) | undefined>({
      ...COLUMNS,
      header: 'header',
    })

export type Counts = {
  done: number
  created: number
  changed: number
  unchanged: number
  skipped: number
  rejected: number
  attached: number
  waiting: number
  held: number
  withoutName: number
}

export async function countRows(db: Db, id: number): Promise<Counts> {
  const { rows } = await db.raw<{ rows: [Counts] }>(
    `
    select count(outcome)::int as done,
      count(*) filter (where outcome = 'created')::int as created, count(*) filter (where outcome = 'changed')::int as changed,
      count(*) filter (where outcome = 'unchanged')::int as unchanged, count(*) filter (where outcome = 'skipped')::int as skipped,
      count(*) filter (where outcome = 'rejected')::int as rejected,
      count(*) filter (where state = 'attached')::int as attached, count(*) filter (where state = 'waiting')::int as waiting,
      count(*) filter (where state = 'held')::int as held, count(*) filter (where not named)::int as "withoutName"
    from import_rows where import_id = :id`,
    { id },
  )
  return rows[0]
}

/** When an import begins, goes on after a failure, ends or is given up; answers whether it was in one of these states. */
export async function moveImport(
  db: Db,
  {
    id,
    from,
    to,
    now,
  }: { id: number; from: readonly StoredImport['state'][]; to: StoredImport['state']; now: Date },
): Promise<boolean> {
  const moved = await db('imports')
    .where({ id })
    .whereIn('state', from)
    .update({
      state: to,
      ...(to === 'running' && { started_at: db.raw('coalesce(started_at, ?)', [now]) }),
      ...((to === 'finished' || to === 'stopped') && { finished_at: now }),
    })
  return moved > 0
}

/** `first`: the line where the same order stands before it. */
export type WaitingRow = { line: number; cells: unknown; first: number | null }

export async function pageWaiting(db: Db, id: number, limit: number): Promise<WaitingRow[]> {
  const { rows } = await db.raw<{ rows: WaitingRow[] }>(
    `
    select r.line, r.cells, (
      select e.line from import_rows e
      where e.import_id = r.import_id and e.order_no = r.order_no and e.line < r.line order by e.line limit 1
    ) as first
    from import_rows r where r.import_id = :id and r.outcome is null order by r.line limit :limit`,
    { id, limit },
  )
  return rows
}

export type Outcome =
  | { outcome: 'created' | 'changed' | 'unchanged'; state: string; named: boolean }
  | { outcome: 'skipped' }
  | { outcome: 'rejected'; reason: string }

/**
 * What was in the file is not needed any more, but to correct it. Answers false when the row was settled before, or the import
 * has been stopped: then it is not to be loaded.
 */
export async function settleRow(
  db: Db,
  { id, line, ...row }: Outcome & { id: number; line: number },
): Promise<boolean> {
  const settled = await db('import_rows')
    .where({ import_id: id, line })
    .whereNull('outcome')
    .whereRaw(`exists (select 1 from imports where id = ? and state = 'running')`, [id])
    .update({ ...row, ...(row.outcome !== 'rejected' && { cells: null }) })
  return settled > 0
}

export type RejectedRow = { line: number; cells: unknown; reason: string }

export const pageRejected = (
  db: Db,
  { id, after, limit }: { id: number; after: number; limit: number },
) =>
  db('import_rows')
    .where({ import_id: id })
    .where('line', '>', after)
    .whereRaw(`outcome = 'rejected'`)
    .orderBy('line')
    .limit(limit)
    .select<RejectedRow[]>('line', 'cells', 'reason')

export const deleteImports = (db: Db, before: Date) =>
  db('imports').where('created_at', '<', before).delete()
