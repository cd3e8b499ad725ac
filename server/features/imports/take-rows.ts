import { cleanDeep } from '../../lib/clean-text.ts'
import { isBlank, readHeader, type Header } from './columns.rules.ts'
import { FileRefused, type Cell, type OrderFile, type SheetRow } from './order-file.ts'
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
  const rows = file.rows[Symbol.asyncIterator]()
  const header = await findHeader(rows, others)
  return { header, rows: limit(keepCells({ [Symbol.asyncIterator]: () => rows }, header)) }
}

async function findHeader(
  rows: AsyncIterator<SheetRow>,
  others: 'refuse' | 'ignore',
): Promise<Header> {
  for (;;) {
    const next = await rows.next()
    if (next.done === true) throw new FileRefused('文件里没有订单')
    if (isBlank(next.value.cells)) continue
    const read = readHeader(next.value.cells, others)
    if (read.kind === 'refused') throw new FileRefused(read.reason)
    return read.header
  }
}

async function* keepCells(
  rows: AsyncIterable<SheetRow>,
  { headings, columns }: Header,
): AsyncGenerator<NewRow> {
  const number = columns.indexOf('orderNo')
  for await (const { line, cells } of rows) {
    if (isBlank(cells)) continue
    const kept = headings.map((_, at) => toKept(cells[at] ?? null))
    const orderNo = String(kept[number] ?? '').trim()
    yield { line, orderNo: orderNo === '' ? null : orderNo, cells: cleanDeep(kept) }
  }
}

const toKept = (cell: Cell): Kept =>
  cell instanceof Date || typeof cell === 'object'
    ? (cell?.toISOString().slice(0, 10) ?? null)
    : cell

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
