import path from 'node:path'
import { Readable } from 'node:stream'
import { fromRandomAccessReaderPromise, RandomAccessReader, type Entry, type ZipFile } from 'yauzl'
import type { Spooled } from '../../lib/spool.ts'
import { FileRefused } from './order-file.ts'
import { showsDay } from './workbook.rules.ts'
import { readTexts, TOO_LARGE, type Texts } from './workbook.texts.ts'
import { NotAWorkbook, readPart } from './workbook.xml.ts'

/** What is read of a workbook (ECMA-376, part 1, 18). */
export type Workbook = {
  /** The XML of the first sheet that is to be seen. */
  sheet: AsyncIterable<Buffer>
  texts: Texts
  /** Whether cells of this look show a day. */
  isDay: (style: number) => boolean
  countsFrom1904: boolean
}

const MOST_UNPACKED = 1024 * 1024 * 1024
/** Of what is not a sheet. */
const MOST_BESIDE = 128 * 1024 * 1024

/** @throws FileRefused when it would unpack to too much; other errors when it is no workbook. */
export async function openWorkbook(file: Spooled): Promise<Workbook> {
  const parts = await openParts(file)
  const book = await findBook(parts)
  const { sheets, countsFrom1904 } = await readBook(parts, book)
  const linked = await readLinks(parts, book)
  const sheet = sheets
    .map(({ id }) => linked.get(id))
    .find((link) => link !== undefined && link.type.endsWith('/worksheet'))
  const pathOf = (type: string): string | undefined =>
    [...linked.values()].find((link) => link.type.endsWith(type))?.path
  if (sheet === undefined) throw new NotAWorkbook('a workbook without a sheet')
  return {
    sheet: await parts.read(sheet.path),
    texts: await readTexts(await parts.find(pathOf('/sharedStrings'))),
    isDay: await readStyles(await parts.find(pathOf('/styles'))),
    countsFrom1904,
  }
}

type Parts = {
  /** @throws when there is no such part. */
  read: (name: string) => Promise<AsyncIterable<Buffer>>
  find: (name: string | undefined) => Promise<AsyncIterable<Buffer> | null>
}

/** The unpacker gives no entry more bytes than stand in the directory, so those are what must be sane. */
async function openParts(file: Spooled): Promise<Parts> {
  const zip = await fromRandomAccessReaderPromise(createReader(file), file.size, {
    autoClose: false,
  })
  const entries = new Map<string, Entry>()
  let [unpacked, beside] = [0, 0]
  for await (const entry of zip.eachEntry()) {
    unpacked += entry.uncompressedSize
    if (!/^xl\/worksheets\/[^/]+\.xml$/.test(entry.fileName)) beside += entry.uncompressedSize
    if (unpacked > MOST_UNPACKED || beside > MOST_BESIDE) throw new FileRefused(TOO_LARGE)
    entries.set(entry.fileName, entry)
  }
  const find = async (name: string | undefined) => {
    const entry = name === undefined ? undefined : entries.get(name)
    return entry === undefined ? null : unpack(zip, entry)
  }
  const read = async (name: string) => {
    const part = await find(name)
    if (part === null) throw new NotAWorkbook(`there is no ${name}`)
    return part
  }
  return { find, read }
}

/** Opened when it is read: parts that nobody reads cost nothing. */
async function* unpack(zip: ZipFile, entry: Entry): AsyncGenerator<Buffer> {
  yield* (await zip.openReadStreamPromise(entry)) as AsyncIterable<Buffer>
}

/** The unpacker wants one of its own kind, with this one method. */
function createReader(file: Spooled): RandomAccessReader {
  const reader = Reflect.construct(RandomAccessReader, []) as RandomAccessReader
  reader._readStreamForRange = (start, end) =>
    Readable.from(file.range(start, end), { objectMode: false })
  return reader
}

async function findBook(parts: Parts): Promise<string> {
  const [book] = [...(await readLinks(parts, '')).values()].filter(({ type }) =>
    type.endsWith('/officeDocument'),
  )
  if (book === undefined) throw new NotAWorkbook('not a workbook')
  return book.path
}

/** What a part names, by the ids under which it does; `''` is the file itself. */
async function readLinks(
  parts: Parts,
  of: string,
): Promise<Map<string, { type: string; path: string }>> {
  const folder = path.posix.dirname(of)
  const links = new Map<string, { type: string; path: string }>()
  const name = path.posix.join(folder, '_rels', `${path.posix.basename(of)}.rels`)
  await readPart(await parts.read(name), {
    open: (element, { Id = '', Type = '', Target = '' }) => {
      if (element !== 'Relationship') return
      const target = path.posix.join('/', folder, Target)
      const absolute = Target.startsWith('/') ? path.posix.normalize(Target) : target
      links.set(Id, { type: Type, path: absolute.slice(1) })
    },
  })
  return links
}

async function readBook(parts: Parts, book: string) {
  const sheets: { id: string; isHidden: boolean }[] = []
  let countsFrom1904 = false
  await readPart(await parts.read(book), {
    open: (name, attributes) => {
      if (name === 'workbookPr')
        countsFrom1904 = ['1', 'true'].includes(attributes['date1904'] ?? '')
      if (name !== 'sheet') return
      const key = Object.keys(attributes).find((one) => one.endsWith(':id'))
      const isHidden = (attributes['state'] ?? 'visible') !== 'visible'
      if (key !== undefined) sheets.push({ id: attributes[key]!, isHidden })
    },
  })
  const seen = sheets.filter(({ isHidden }) => !isHidden)
  return { sheets: seen.length > 0 ? seen : sheets, countsFrom1904 }
}

async function readStyles(part: AsyncIterable<Buffer> | null): Promise<Workbook['isDay']> {
  const codes = new Map<number, string>()
  const formats: number[] = []
  let isOfCells = false
  if (part !== null)
    await readPart(part, {
      open: (name, { numFmtId = '0', formatCode = '' }) => {
        if (name === 'numFmt') codes.set(Number(numFmtId), formatCode)
        else if (name === 'cellXfs') isOfCells = true
        else if (name === 'xf' && isOfCells) formats.push(Number(numFmtId))
      },
      close: (name) => {
        if (name === 'cellXfs') isOfCells = false
      },
    })
  const days = formats.map((id) => showsDay(id, codes.get(id)))
  return (style) => days[style] ?? false
}
