import { streamXlsxRows } from 'hucre/xlsx'
import type { Spooled } from '../../lib/spool.ts'
import { FileRefused, type Cell, type SheetRow } from './order-file.ts'
import { refuseBomb } from './refuse-bomb.ts'

/** Rows of the first sheet. */
export async function* readXlsx(file: Spooled): AsyncGenerator<SheetRow> {
  try {
    const bytes = await file.head(file.size)
    await refuseBomb(bytes)
    for await (const { index, values } of streamXlsxRows(bytes))
      yield { line: index + 1, cells: values as Cell[] }
  } catch (error) {
    if (error instanceof FileRefused) throw error
    throw new FileRefused('读不了这个 Excel 文件，请用 Excel 重新另存为 .xlsx 或 CSV')
  }
}
