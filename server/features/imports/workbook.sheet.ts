import { LONGEST_CELL, type Cell, type SheetRow } from './order-file.ts'
import { columnOf, MOST_COLUMNS, toDay } from './workbook.rules.ts'
import { createTextReader } from './workbook.texts.ts'
import type { Workbook } from './workbook.ts'
import { NotAWorkbook, parsePart, type Reader } from './workbook.xml.ts'

/** No order says as much; a row of cells that all name one long text would fill the memory. */
const MOST_LETTERS_OF_A_ROW = 1_000_000

/** Rows of a sheet; of a formula, what Excel kept of it. */
export async function* readSheet(workbook: Workbook): AsyncGenerator<SheetRow> {
  const rows: SheetRow[] = []
  for await (const _ of parsePart(workbook.sheet, createRowReader(workbook, rows)))
    yield* rows.splice(0)
  yield* rows
}

type Open = { type: string; style: number; column: number; value: string; inline: string | null }

function createRowReader(workbook: Workbook, rows: SheetRow[]): Reader {
  let line = 0
  let letters = 0
  let cells: Cell[] | undefined
  let cell: Open | undefined
  let isValue = false
  const inline = createTextReader('is', (text) => {
    if (cell) cell.inline = text
  })
  const openRow = (reference: string | undefined): void => {
    line = reference === undefined ? line + 1 : Number(reference)
    cells = []
    letters = 0
  }
  const closeRow = (): void => {
    if (cells) rows.push({ line, cells })
    cells = undefined
  }
  const closeCell = (): void => {
    if (!cells || !cell) return
    if (cell.column >= MOST_COLUMNS) throw new NotAWorkbook('a row with more cells than Excel has')
    while (cells.length < cell.column) cells.push(null)
    const value = toValue(workbook, cell)
    letters += typeof value === 'string' ? value.length : 0
    if (letters > MOST_LETTERS_OF_A_ROW) throw new NotAWorkbook('a row is longer than any order')
    cells[cell.column] = value
    cell = undefined
  }
  return {
    open: (name, attributes) => {
      inline.open(name, attributes)
      if (name === 'row') openRow(attributes['r'])
      else if (name === 'c' && cells) cell = toOpen(attributes, cells.length)
      else if (name === 'v') isValue = cell !== undefined
    },
    text: (text) => {
      inline.text(text)
      if (!isValue) return
      cell!.value += text
      if (cell!.value.length > LONGEST_CELL)
        throw new NotAWorkbook('a cell holds more than Excel can')
    },
    close: (name) => {
      inline.close(name)
      if (name === 'v') isValue = false
      else if (name === 'c') closeCell()
      else if (name === 'row') closeRow()
    },
  }
}

const toOpen = (attributes: Readonly<Record<string, string>>, next: number): Open => ({
  type: attributes['t'] ?? 'n',
  style: Number(attributes['s'] ?? -1),
  column: columnOf(attributes['r'] ?? '') ?? next,
  value: '',
  inline: null,
})

function toValue(workbook: Workbook, { type, style, value, inline }: Open): Cell {
  if (inline !== null) return inline
  if (value === '') return null
  if (type === 's') return workbook.texts.at(Number(value))
  if (type === 'b') return value === '1' || value === 'true'
  const number = type === 'n' ? Number(value) : NaN
  if (Number.isNaN(number)) return value
  return workbook.isDay(style) ? toDay(number, workbook.countsFrom1904) : number
}
