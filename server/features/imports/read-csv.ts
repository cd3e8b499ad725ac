import { pipeline, Readable } from 'node:stream'
import { CsvError, parse } from 'csv-parse'
import { detectDelimiter } from 'hucre/csv'
import { FileRefused, type SheetRow } from './order-file.ts'

const LONGEST_ROW = 65_536

/** The reader is ahead of us: it counts itself. */
function toReason({ code, records }: CsvError): string {
  const line = `CSV 第 ${String(Number(records) + 1)} 行`
  return code === 'CSV_MAX_RECORD_SIZE'
    ? `${line}太长，请检查引号是否成对`
    : `${line}格式不正确，请检查引号是否成对`
}

/** Rows of a CSV file as Excel and programs write it; blank rows are counted and left out. */
export async function* readCsv(
  text: () => AsyncIterable<string>,
  head: string,
): AsyncGenerator<SheetRow> {
  const parser = parse({
    bom: true,
    delimiter: detectDelimiter(head.split(/\r?\n/).slice(0, 1).join('')),
    // One file may end its lines in several ways: rows that were added later by another program.
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    max_record_size: LONGEST_ROW,
  })
  // What goes wrong on the way comes out at the end of it.
  pipeline(Readable.from(text()), parser, () => {})
  let line = 0
  try {
    for await (const cells of parser as AsyncIterable<string[]>) {
      line += 1
      yield { line, cells }
    }
  } catch (error) {
    throw error instanceof CsvError ? new FileRefused(toReason(error)) : error
  }
}
