import { FileRefused, LONGEST_CELL } from './order-file.ts'
import { unescape } from './workbook.rules.ts'
import { NotAWorkbook, readPart, type Reader } from './workbook.xml.ts'

export const TOO_LARGE = '这个 Excel 文件解开后太大，请拆成几个文件，或另存为 CSV'
const MOST_BYTES = 64 * 1024 * 1024
const MOST_TEXTS = 2_000_000

export type Texts = { at: (index: number) => string | null }

/** The texts that cells name by number. As bytes: as so many strings they take ten times the place. */
export async function readTexts(source: AsyncIterable<Buffer> | null): Promise<Texts> {
  const ends: number[] = []
  let bytes = Buffer.allocUnsafe(64 * 1024)
  const add = (text: string): void => {
    const from = ends.at(-1) ?? 0
    const to = from + Buffer.byteLength(text)
    if (to > MOST_BYTES || ends.length === MOST_TEXTS) throw new FileRefused(TOO_LARGE)
    if (to > bytes.length) bytes = enlarge(bytes, to)
    bytes.write(text, from)
    ends.push(to)
  }
  if (source !== null) await readPart(source, createTextReader('si', add))
  return {
    at: (index) =>
      ends[index] === undefined ? null : bytes.toString('utf8', ends[index - 1] ?? 0, ends[index]),
  }
}

function enlarge(bytes: Buffer, needed: number): Buffer<ArrayBuffer> {
  const larger = Buffer.allocUnsafe(Math.min(MOST_BYTES, Math.max(needed, bytes.length * 2)))
  bytes.copy(larger)
  return larger
}

/** Reads elements that hold a text, in one piece or in several of different looks; how it is pronounced (`rPh`) is left out. */
export function createTextReader(element: string, take: (text: string) => void): Required<Reader> {
  let parts: string[] | undefined
  let letters = 0
  let isText = false
  let isSpoken = false
  return {
    open: (name) => {
      if (name === element) [parts, letters] = [[], 0]
      else if (name === 'rPh') isSpoken = true
      else if (name === 't') isText = parts !== undefined && !isSpoken
    },
    text: (text) => {
      if (!isText) return
      letters += text.length
      // A longer text could be named by a million cells.
      if (letters > LONGEST_CELL) throw new NotAWorkbook('a text is longer than Excel can hold')
      parts!.push(text)
    },
    close: (name) => {
      if (name === 't') isText = false
      else if (name === 'rPh') isSpoken = false
      else if (name === element && parts !== undefined) {
        take(unescape(parts.join('')))
        parts = undefined
      }
    },
  }
}
