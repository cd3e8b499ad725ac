import { toPage } from '../../lib/pages.ts'
import { inTransaction, type Db } from '../../lib/db.ts'
import type { JobRun, Jobs } from '../../lib/jobs.ts'
import type { Spooled } from '../../lib/spool.ts'
import type { Audit } from '../audit/audit.ts'
import { openFile } from './open-file.ts'
import { FileRefused } from './order-file.ts'
import { importJobs } from './imports.jobs.ts'
import * as store from './imports.store.ts'
import { loadRows, type LoadDeps } from './load-rows.ts'
import { toCsv } from './rejected.ts'
import { toNewRows } from './take-rows.ts'

export type ImportsDeps = LoadDeps & {
  jobs: Pick<Jobs, 'add'>
  audit: Audit
}
export type Operator = { name: string; requestId: string }
type Wanted = Pick<store.NewImport, 'mode' | 'dryRun'> & {
  others: 'refuse' | 'ignore'
  charset: string | undefined
  by: Operator
}
/** `reason`: why nothing of the file was taken, for whoever made it. */
type Taken = { kind: 'taken'; id: number; rows: number } | { kind: 'refused'; reason: string }
export type Progress = store.StoredImport & store.Counts

const KEPT_MS = 7 * 24 * 60 * 60_000
const AT_ONCE = 1_000

/**
 * Files of many orders: keeps `imports` and `import_rows`. A file is taken whole or not at all; its rows are then loaded one by
 * one, each with its outcome in the transaction of its load, so that it makes no difference where a process dies. Woken by the
 * office. Tells nobody: each order is loaded like any other.
 */
export function createImports(deps: ImportsDeps) {
  const { db } = deps
  return {
    /** Takes a file of orders; they are loaded soon. */
    take: (file: Spooled, wanted: Wanted) => take(deps, file, wanted),
    /** The newest first. */
    list: async ({ before, limit }: { before: number | null; limit: number }) => {
      const found = await store.pageImports(db, { before, limit: limit + 1 })
      return toPage(found, limit)
    },
    /** How far an import is; null: there is none, or none any more. */
    read: (id: number) => read(deps, id),
    /** Rows that were not loaded, with the reasons, as a CSV file that can be corrected and sent again. Null: no such import. */
    tellRejected: (id: number, by: Operator) => tellRejected(deps, id, by),
    /** What is not loaded yet is not loaded. False: it has ended before, or there is none. */
    stop: (id: number, by: Operator & { reason: string }) => stop(deps, id, by),
    /** Loads some rows, and orders the next ones. */
    work: (id: number, run: JobRun) => work(deps, id, run),
    tidy: () => store.deleteImports(db, new Date(deps.clock().getTime() - KEPT_MS)),
  }
}
export type Imports = ReturnType<typeof createImports>

async function take(
  deps: ImportsDeps,
  file: Spooled,
  { mode, dryRun, others, charset, by }: Wanted,
): Promise<Taken> {
  try {
    const opened = await openFile(file, charset)
    const { header, rows } = await toNewRows(opened, others)
    return await inTransaction(deps, async (tx) => {
      const now = tx.clock()
      const operator = { operator: by.name, requestId: by.requestId }
      const about = { mode, dryRun, format: opened.format }
      const id = await store.insertImport(tx.db, { ...about, ...operator, header, now })
      const count = await insertRows(tx.db, id, rows)
      await store.setRows(tx.db, id, count)
      await tx.jobs.add(tx.db, [importJobs.work.of({ id })])
      await tx.audit.record(tx.db, {
        ...operator,
        operation: 'import.taken',
        target: { type: 'import', id: String(id) },
        before: null,
        after: { ...about, rows: count },
        now,
      })
      return { kind: 'taken', id, rows: count }
    })
  } catch (error) {
    if (error instanceof FileRefused) return { kind: 'refused', reason: error.reason }
    throw error
  }
}

async function insertRows(db: Db, id: number, rows: AsyncIterable<store.NewRow>): Promise<number> {
  let count = 0
  let waiting: store.NewRow[] = []
  const flush = async (): Promise<void> => {
    await store.insertRows(db, id, waiting)
    count += waiting.length
    waiting = []
  }
  for await (const row of rows) if (waiting.push(row) === AT_ONCE) await flush()
  if (waiting.length > 0) await flush()
  if (count === 0) throw new FileRefused('文件里没有订单')
  return count
}

async function read({ db }: ImportsDeps, id: number): Promise<Progress | null> {
  const found = await store.findImport(db, id)
  if (!found) return null
  const { header: _, ...shown } = found
  return { ...shown, ...(await store.countRows(db, id)) }
}

async function tellRejected(
  deps: ImportsDeps,
  id: number,
  by: Operator,
): Promise<AsyncIterable<string> | null> {
  const found = await store.findImport(deps.db, id)
  if (!found) return null
  await deps.audit.record(deps.db, {
    operator: by.name,
    requestId: by.requestId,
    operation: 'import.rejected_read',
    target: { type: 'import', id: String(id) },
    before: null,
    after: null,
    now: deps.clock(),
  })
  return toCsv(deps.db, found)
}

const stop = (
  deps: ImportsDeps,
  id: number,
  { name, requestId, reason }: Operator & { reason: string },
): Promise<boolean> =>
  inTransaction(deps, async (tx) => {
    const now = tx.clock()
    const from = ['waiting', 'running', 'failed'] as const
    if (!(await store.moveImport(tx.db, { id, from, to: 'stopped', now }))) return false
    await tx.audit.record(tx.db, {
      operator: name,
      requestId,
      operation: 'import.stopped',
      target: { type: 'import', id: String(id) },
      before: null,
      after: null,
      reason,
      now,
    })
    return true
  })

async function work(deps: ImportsDeps, id: number, { lastAttempt }: JobRun): Promise<void> {
  try {
    if (await loadRows(deps, id)) await deps.jobs.add(deps.db, [importJobs.work.of({ id })])
  } catch (error) {
    const now = deps.clock()
    if (lastAttempt)
      await store.moveImport(deps.db, { id, from: ['waiting', 'running'], to: 'failed', now })
    throw error
  }
}
