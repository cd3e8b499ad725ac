import { expect, test } from '@jest/globals'
import { FileRefused, type Cell, type SheetRow } from './order-file.ts'
import { toNewRows } from './take-rows.ts'

const HEAD = ['订单号', '标题', '客户手机']

/** Rows as a workbook may hold them, whatever wrote it. */
async function take(rows: (readonly Cell[])[], lines = rows.map((_, at) => at + 1)) {
  const file = { format: 'xlsx', rows: numbered(rows, lines) } as const
  const taken = []
  for await (const row of (await toNewRows(file, 'ignore')).rows) taken.push(row)
  return taken
}

async function* numbered(
  rows: (readonly Cell[])[],
  lines: readonly number[],
): AsyncGenerator<SheetRow> {
  for (const [at, cells] of rows.entries()) yield { line: lines[at]!, cells }
}

test.each<[string, Cell, unknown]>([
  ['NUL', 'SO\u0000-1', 'SO\uFFFD-1'],
  ['half a character', 'SO\ud800', 'SO\uFFFD'],
  ['a number as a day of no calendar', new Date(Number.NaN), '########'],
  ['more than Excel puts into one', 'x'.repeat(40_000), 'x'.repeat(32_767)],
])('a cell with %s can be kept', async (_, cell, kept) => {
  expect(await take([HEAD, [cell, 'x']])).toEqual([
    { line: 2, orderNo: kept, cells: [kept, 'x', null] },
  ])
})

test('a heading can be kept as well', async () => {
  expect(await take([[...HEAD, '备\u0000注'], ['SO-1']])).toHaveLength(1)
})

test('cells beside the headings are notes; more than there are headings may be shifted ones', async () => {
  const [beside, more] = await take([
    [...HEAD, null],
    ['SO-1', 'x', '1', 'a note'],
    ['SO-2', 'x', 'y', '1', 'z'],
  ])
  expect([beside?.cells, more?.cells]).toEqual([
    ['SO-1', 'x', '1'],
    ['SO-2', 'x', 'y', '1', 'z'],
  ])
})

test.each([[[1, 1]], [[2, 1]], [[1, Number.NaN]], [[1, 1.5]], [[1, 99_999_999_999]], [[0, 1]]])(
  'a file whose rows are numbered %j is refused',
  async (lines) => {
    await expect(take([HEAD, ['SO-1', 'x', '1']], lines)).rejects.toThrow(FileRefused)
  },
)
