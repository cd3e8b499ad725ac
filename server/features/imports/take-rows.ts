import { cleanDeep, cleanText } from '../../lib/clean-text.ts'
import { isBlank, readHeader, type Header } from './columns.rules.ts'
import {
  FileRefused,
  LONGEST_CELL,
  type Cell,
  type OrderFile,
  type SheetRow,
} from './order-file.ts'
import type { NewRow } from './imports.store.ts'
import type { Kept } from './read-row.ts'

const MOST_ROWS = 200_000

/**
 * The rows of a file as they are kept, with the headings of a sheet.
 *
 * @throws FileRefused, also while they are read.
 */
export async function toNewRows(
  file: OrderFile,
  others: 'refuse' | 'ignore',
): Promise<{ header: Header | null; rows: AsyncIterable<NewRow> }> {
  if (file.format === 'json') return { header: null, rows: limit(keepItems(file.items)) }
  const rows = readSheet(file.rows)
  const { header, width } = await findHeader(rows, others)
  return { header, rows: limit(keepCells(rows, { ...header, width })) }
}

const LAST_LINE = 2_147_483_647

/** Rows as they may be kept: a program that writes sheets may number them anyhow, and say anything in them. */
async function* readSheet(rows: AsyncIterable<SheetRow>): AsyncGenerator<SheetRow, void> {
  let last = 0
  for await (const { line, cells } of rows) {
    if (!Number.isInteger(line) || line <= last || line > LAST_LINE)
      throw new FileRefused(`第 ${String(last)} 行之后的行号不正确，请用 Excel 重新另存`)
    last = line
    yield { line, cells: cells.map(cleanCell) }
  }
}

const cleanCell = (cell: Cell): Cell =>
  typeof cell === 'string' ? cleanText(cell.slice(0, LONGEST_CELL)) : cell

async function findHeader(
  rows: AsyncGenerator<SheetRow, void>,
  others: 'refuse' | 'ignore',
): Promise<{ header: Header; width: number }> {
  for (;;) {
    const next = await rows.next()
    if (next.done === true) throw new FileRefused('文件里没有订单')
    if (isBlank(next.value.cells)) continue
    const read = readHeader(next.value.cells, others)
    if (read.kind === 'refused') throw new FileRefused(read.reason)
    return { header: read.header, width: next.value.cells.length }
  }
}

async function* keepCells(
  rows: AsyncGenerator<SheetRow, void>,
  { headings, columns, width }: Header & { width: number },
): AsyncGenerator<NewRow> {
  const number = columns.indexOf('orderNo')
  for await (const { line, cells } of rows) {
    if (isBlank(cells)) continue
    // Cells beyond the last heading are no more than notes, unless there are more than headings: then all of them may be shifted.
    const isShifted = !isBlank(cells.slice(width))
    const kept = (isShifted ? cells : headings).map((_, at) => toKept(cells[at] ?? null))
    const orderNo = String(kept[number] ?? '').trim()
    yield { line, orderNo: orderNo === '' ? null : orderNo, cells: kept }
  }
}

/** A number that no calendar has is shown so by Excel where it is to be a day. */
const NO_DAY = '########'

function toKept(cell: Cell): Kept {
  if (typeof cell !== 'object' || cell === null) return cell
  return Number.isNaN(cell.getTime()) ? NO_DAY : cell.toISOString().slice(0, 10)
}

async function* keepItems(
  items: AsyncIterable<{ line: number; item: unknown }>,
): AsyncGenerator<NewRow> {
  for await (const { line, item } of items) {
    const kept = isShallow(item) ? cleanDeep(item) : null
    const orderNo = kept instanceof Object && 'orderNo' in kept ? kept.orderNo : null
    yield { line, orderNo: typeof orderNo === 'string' ? orderNo : null, cells: kept }
  }
}

const DEEPEST = 12

/** What is nested deeper is no honest order, and no database takes it. */
const isShallow = (value: unknown, depth = 0): boolean =>
  typeof value !== 'object' ||
  value === null ||
  (depth < DEEPEST && Object.values(value).every((item) => isShallow(item, depth + 1)))

async function* limit(rows: AsyncIterable<NewRow>): AsyncGenerator<NewRow> {
  let count = 0
  for await (const row of rows) {
    if ((count += 1) > MOST_ROWS)
      throw new FileRefused(`一个文件最多 ${String(MOST_ROWS)} 行，请拆成几个文件`)
    yield row
  }
}
