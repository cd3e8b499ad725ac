import type { Db } from '../../lib/db.ts'
import { inTransactionOrDry } from '../../lib/dry-run.ts'
import { tryItem } from '../../lib/item-fault.ts'
import type { Members } from '../members/members.ts'
import type { Projects } from '../projects/projects.ts'
import type { Header } from './columns.rules.ts'
import * as store from './imports.store.ts'
import { findNames, readItem, readSheetRow, type Kept, type ReadRow } from './read-row.ts'

export type LoadDeps = {
  db: Db
  projects: Pick<Projects, 'saveWithin' | 'saveNewWithin'>
  members: Pick<Members, 'findByNames'>
  timeZone: string
  clock: () => Date
}
type Import = NonNullable<Awaited<ReturnType<typeof store.findImport>>>

/** Some seconds of work: a process that is asked to stop waits for no more. */
const BATCH = 200
const AT_ONCE = 4

/** Loads the next rows; answers whether there may be more. */
export async function loadRows(deps: LoadDeps, id: number): Promise<boolean> {
  const from = ['waiting', 'failed'] as const
  await store.moveImport(deps.db, { id, from, to: 'running', now: deps.clock() })
  const found = await store.findImport(deps.db, id)
  if (found?.state !== 'running') return false
  const rows = await store.pageWaiting(deps.db, id, BATCH)
  if (rows.length === 0) {
    await store.moveImport(deps.db, { id, from: ['running'], to: 'finished', now: deps.clock() })
    return false
  }
  const read = await createReader(deps, found.header, rows)
  const waiting = [...rows]
  const lane = async (): Promise<void> => {
    for (let row = waiting.shift(); row; row = waiting.shift())
      // What was read is no longer so: the rest is read again.
      if (!(await loadRow(deps, found, { line: row.line, read: read(row) }))) waiting.length = 0
  }
  // All come to their end before the job does: none works on behind its back.
  const lanes = await Promise.allSettled(Array.from({ length: AT_ONCE }, lane))
  for (const ended of lanes) if (ended.status === 'rejected') throw ended.reason
  return true
}

async function createReader(
  deps: LoadDeps,
  header: Header | null,
  rows: readonly store.WaitingRow[],
): Promise<(row: store.WaitingRow) => ReadRow> {
  const names = header ? rows.flatMap((row) => findNames(header, row.cells as Kept[])) : []
  const members = await deps.members.findByNames([...new Set(names)])
  const known = {
    findMember: (name: string) => members.get(name) ?? [],
    timeZone: deps.timeZone,
  }
  return ({ cells, first }) => {
    if (first !== null) return { kind: 'rejected', reason: `与第 ${String(first)} 行的订单号相同` }
    return header ? readSheetRow(header, cells as Kept[], known) : readItem(cells)
  }
}

/** Since it was read the row was settled, its import stopped, or its person erased: nothing of its load stays. */
class Overtaken extends Error {}
const ignoreOvertaken = (error: unknown): undefined => {
  if (!(error instanceof Overtaken)) throw error
}

/** False: something else has settled it. */
async function loadRow(
  deps: LoadDeps,
  about: Import,
  { line, read }: { line: number; read: ReadRow },
): Promise<boolean> {
  const settle = (db: Db, outcome: store.Outcome) =>
    store.settleRow(db, { id: about.id, line, ...outcome })
  if (read.kind === 'rejected') return settle(deps.db, { outcome: 'rejected', reason: read.reason })
  const tried = await tryItem(() =>
    inTransactionOrDry(deps, about.dryRun, async (tx) => {
      const loaded = await load(tx, about, read.order)
      if (!(await settle(tx.db, loaded))) throw new Overtaken()
      return loaded
    }).catch(ignoreOvertaken),
  )
  if (tried.kind === 'broken')
    return settle(deps.db, { outcome: 'rejected', reason: `不能保存（${tried.reason}）` })
  // That it was tried stays of a dry run.
  return tried.value !== undefined && (!about.dryRun || settle(deps.db, tried.value))
}

type Order = Extract<ReadRow, { kind: 'order' }>['order']

async function load(
  { db, projects }: Omit<LoadDeps, 'members'>,
  { mode, operator, requestId }: Import,
  order: Order,
): Promise<store.Outcome> {
  const wanted = { ...order, operator: { name: operator, requestId }, imported: true }
  const saved = await (mode === 'append'
    ? projects.saveNewWithin(db, wanted)
    : projects.saveWithin(db, wanted))
  if (saved === null) return { outcome: 'skipped' }
  return {
    outcome: saved.created ? 'created' : saved.changed ? 'changed' : 'unchanged',
    state: saved.state,
    named: typeof order.body.customerName === 'string',
  }
}
