import { fromBufferPromise, type Entry, type ZipFile } from 'yauzl'
import { FileRefused } from './order-file.ts'

const MOST_UNPACKED = 1024 * 1024 * 1024
/** The texts of a workbook and its other parts are held in memory, its rows are not. */
const MOST_HELD = 128 * 1024 * 1024
/** An element that is held takes far more than its few letters. */
const MOST_ELEMENTS = 2_000_000
/** A row is held until it ends. */
const MOST_OF_A_ROW = 4 * 1024 * 1024
const HAS_DESCRIPTOR = 8

/**
 * A workbook is read through once, and nothing kept of it, before anything is: what its directory says of sizes may be untrue.
 *
 * @throws FileRefused where it would take more memory than any honest file; Error where it is no sound file.
 */
export async function refuseBomb(bytes: Buffer): Promise<void> {
  const zip = await fromBufferPromise(bytes)
  let [unpacked, held, elements] = [0, 0, 0]
  for await (const entry of zip.eachEntry()) {
    const isSheet = /^xl\/worksheets\/[^/]+\.xml$/.test(entry.fileName)
    unpacked += entry.uncompressedSize
    if (!isSheet) held += entry.uncompressedSize
    if (unpacked > MOST_UNPACKED || held > MOST_HELD || isUnsaid(entry)) throw tooLarge()
    if (isSheet) await refuseLongRows(zip, entry)
    else elements += await countElements(zip, entry)
    if (elements > MOST_ELEMENTS) throw tooLarge()
  }
}

const tooLarge = (): FileRefused =>
  new FileRefused('这个 Excel 文件解开后太大，请拆成几个文件，或另存为 CSV')

/** Its size stands behind it, where one reader looks for it and another does not. */
const isUnsaid = ({ compressedSize, generalPurposeBitFlag }: Entry): boolean =>
  compressedSize === 0 && (generalPurposeBitFlag & HAS_DESCRIPTOR) !== 0

/** Also fails when more comes out than the directory says. */
async function* unpack(zip: ZipFile, entry: Entry): AsyncGenerator<string> {
  const stream = await zip.openReadStreamPromise(entry)
  for await (const chunk of stream as AsyncIterable<Buffer>) yield chunk.toString('latin1')
}

async function countElements(zip: ZipFile, entry: Entry): Promise<number> {
  let count = 0
  for await (const text of unpack(zip, entry))
    count += text.split('<').length - text.split('</').length
  return count
}

const LIMIT_OF_A_ROW = /<(\/?)(?:\w+:)?(row|sheetData)[\s/>]/g
/** A tag may begin in one piece and end in the next. */
const LONGEST_LIMIT = 40

async function refuseLongRows(zip: ZipFile, entry: Entry): Promise<void> {
  let began: number | null = null
  let [at, rest] = [0, '']
  const refuseLong = (to: number): void => {
    if (began !== null && to - began > MOST_OF_A_ROW) throw tooLarge()
  }
  for await (const piece of unpack(zip, entry)) {
    const text: string = rest + piece
    for (const { index, 1: slash, 2: tag } of text.matchAll(LIMIT_OF_A_ROW)) {
      refuseLong(at + index)
      began = slash === '' && tag === 'row' ? at + index : null
    }
    refuseLong(at + text.length)
    rest = text.slice(-LONGEST_LIMIT)
    at += text.length - rest.length
  }
}
