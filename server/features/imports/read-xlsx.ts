import type { Spooled } from '../../lib/spool.ts'
import { FileRefused, type SheetRow } from './order-file.ts'
import { openWorkbook } from './workbook.ts'
import { readSheet } from './workbook.sheet.ts'

/** Rows of the first sheet that is to be seen. */
export async function* readXlsx(file: Spooled): AsyncGenerator<SheetRow> {
  try {
    yield* readSheet(await openWorkbook(file))
  } catch (error) {
    if (error instanceof FileRefused) throw error
    throw new FileRefused('读不了这个 Excel 文件，请用 Excel 重新另存为 .xlsx 或 CSV')
  }
}
