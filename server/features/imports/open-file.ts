import type { Spooled } from '../../lib/spool.ts'
import { FileRefused, type OrderFile } from './order-file.ts'
import { readCsv } from './read-csv.ts'
import { readJson } from './read-json.ts'
import { readXlsx } from './read-xlsx.ts'

const HEAD = 4_096
const ZIP = 'PK\u0003\u0004'
const OLD_EXCEL = Buffer.from([0xd0, 0xcf, 0x11, 0xe0])

/**
 * Tells by its first bytes what a file is, whatever type it came with, and reads it row by row.
 *
 * @throws FileRefused, also while its rows are read.
 */
export async function openFile(file: Spooled, charset: string | undefined): Promise<OrderFile> {
  const head = await file.head(HEAD)
  if (head.subarray(0, OLD_EXCEL.length).equals(OLD_EXCEL))
    throw new FileRefused('这是旧版或加密的 Excel 文件，请去掉密码并另存为 .xlsx 或 CSV')
  if (head.subarray(0, ZIP.length).toString('latin1') === ZIP)
    return { format: 'xlsx', rows: readXlsx(file) }
  const encoding = await findEncoding(file, head, charset)
  const text = (): AsyncIterable<string> => decode(file.read(), encoding)
  const first = new TextDecoder(encoding).decode(head).trimStart()[0]
  return first === '[' || first === '{'
    ? { format: 'json', items: readJson(text(), first) }
    : { format: 'csv', rows: readCsv(text, new TextDecoder(encoding).decode(head)) }
}

/** Excel in China writes CSV in GBK, or in UTF-8 with a mark; programs write UTF-8. Nobody is asked to know. */
async function findEncoding(
  file: Spooled,
  head: Buffer,
  charset: string | undefined,
): Promise<string> {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le'
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be'
  if (charset !== undefined) return toKnownEncoding(charset)
  for (const encoding of ['utf-8', 'gb18030']) if (await isAll(file, encoding)) return encoding
  throw new FileRefused('文件编码既不是 UTF-8 也不是 GBK，请在 Excel 里另存为“CSV UTF-8”')
}

function toKnownEncoding(charset: string): string {
  try {
    return new TextDecoder(charset).encoding
  } catch {
    throw new FileRefused(`不认识的编码：${charset.slice(0, 40)}`)
  }
}

async function isAll(file: Spooled, encoding: string): Promise<boolean> {
  try {
    for await (const _ of decode(file.read(), encoding));
    return true
  } catch (error) {
    if (error instanceof FileRefused) return false
    throw error
  }
}

async function* decode(source: AsyncIterable<Buffer>, encoding: string): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true })
  const read = (chunk?: Buffer): string => {
    try {
      return decoder.decode(chunk, { stream: chunk !== undefined })
    } catch {
      throw new FileRefused(`文件里有不符合编码 ${encoding} 的内容`)
    }
  }
  for await (const chunk of source) yield read(chunk)
  yield read()
}
