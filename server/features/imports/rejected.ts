import { writeCsv } from 'hucre/csv'
import type { Db } from '../../lib/db.ts'
import { LINE, REASON, type Header } from './columns.rules.ts'
import * as store from './imports.store.ts'
import type { Kept } from './read-row.ts'

const PAGE = 1_000
/** Nothing that somebody wrote into a cell is calculated by whoever opens the file. */
const SAFE = { escapeFormulae: true, lineSeparator: '\r\n' }
const OF_A_LIST = ['订单号', '内容']

/** A CSV file as Excel opens it: the line, the reason, and the row as it stood. */
export async function* toCsv(
  db: Db,
  { id, header }: { id: number; header: Header | null },
): AsyncGenerator<string> {
  yield toLines([[LINE, REASON, ...(header?.headings ?? OF_A_LIST)]], { bom: true })
  for (let after = 0; ;) {
    const rows = await store.pageRejected(db, { id, after, limit: PAGE })
    if (rows.length > 0) yield toLines(rows.map((row) => toCells(row, header)))
    const last = rows.at(-1)
    if (last === undefined || rows.length < PAGE) return
    after = last.line
  }
}

const toLines = (rows: Kept[][], options: { bom?: boolean } = {}): string =>
  `${writeCsv(rows, { ...SAFE, ...options }).trimEnd()}\r\n`

/** Of whoever was erased, the line and that. */
function toCells({ line, reason, cells }: store.RejectedRow, header: Header | null): Kept[] {
  if (cells === null) return [line, reason]
  if (header) return [line, reason, ...(cells as Kept[])]
  const orderNo = cells instanceof Object && 'orderNo' in cells ? cells.orderNo : null
  return [line, reason, typeof orderNo === 'string' ? orderNo : '', JSON.stringify(cells)]
}
