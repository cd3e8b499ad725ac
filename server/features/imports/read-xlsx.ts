import { streamXlsxRows } from 'hucre/xlsx'
import { fromBufferPromise } from 'yauzl'
import type { Spooled } from '../../lib/spool.ts'
import { FileRefused, type Cell, type SheetRow } from './order-file.ts'

const MOST_UNPACKED = 1024 * 1024 * 1024
/** The texts of a workbook and its other parts are held in memory, its rows are not. */
const MOST_HELD = 128 * 1024 * 1024

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

/** The reader unpacks no entry beyond the size that stands in the directory, so that is what must be sane. */
async function refuseBomb(bytes: Buffer): Promise<void> {
  const zip = await fromBufferPromise(bytes)
  let [unpacked, held] = [0, 0]
  for await (const { fileName, uncompressedSize } of zip.eachEntry()) {
    unpacked += uncompressedSize
    if (!/^xl\/worksheets\/[^/]+\.xml$/.test(fileName)) held += uncompressedSize
    if (unpacked > MOST_UNPACKED || held > MOST_HELD)
      throw new FileRefused('这个 Excel 文件解开后太大，请拆成几个文件，或另存为 CSV')
  }
}
