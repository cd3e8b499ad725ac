import type { Readable } from 'node:stream'
import { Busboy } from '@fastify/busboy'
import { piecesOf, spool, SpoolFull, type Spooled } from '../lib/spool.ts'
import type { Upload } from './route.ts'

export type OneFile =
  { kind: 'file'; file: Spooled } | { kind: 'refused'; reason: 'multipart' | 'too_large' }

/** What came is not one file in a form, or did not come to its end. */
class NotOneFile extends Error {}

/** The one file of a form (multipart/form-data), of at most `most` bytes, taken out of memory; whoever gets it closes it. */
export async function takeOneFile(upload: Upload, most: number): Promise<OneFile> {
  try {
    return { kind: 'file', file: await spool(readForm(upload, most), most) }
  } catch (error) {
    if (error instanceof SpoolFull) return { kind: 'refused', reason: 'too_large' }
    if (error instanceof NotOneFile) return { kind: 'refused', reason: 'multipart' }
    throw error
  }
}

/** Boundaries and headings of the form. */
const MOST_AROUND = 65_536

/** The parser is fed no faster than its file is taken. Its own limit of parts is not used: it forgets then to ask for more. */
async function* readForm({ stream, type }: Upload, most: number): AsyncGenerator<Buffer> {
  const parser = openParser(type)
  const found = { files: 0, others: 0, pieces: [] as Buffer[] }
  const broken = new Promise<never>((_, reject) => {
    const refuse = (): void => reject(new NotOneFile())
    parser.on('error', refuse).on('file', (_name, content) => {
      found.files += 1
      content.on('error', refuse).on('data', (piece: Buffer) => found.pieces.push(piece))
    })
  })
  broken.catch(() => undefined) // whoever reads on hears of it
  parser.on('field', () => (found.others += 1))
  let size = 0
  for await (const chunk of wholeOf(stream)) {
    size += chunk.length
    if (size > most + MOST_AROUND) throw new SpoolFull('more than a form with one file')
    await Promise.race([broken, new Promise((done) => parser.write(chunk, done))])
    if (found.files > 1 || found.others > 0) throw new NotOneFile()
    yield* found.pieces.splice(0)
  }
  const finished = new Promise((done) => parser.once('finish', done))
  parser.end()
  await Promise.race([broken, finished])
  if (found.files !== 1 || found.others > 0) throw new NotOneFile()
  yield* found.pieces
}

function openParser(type: string) {
  if (!/^multipart\/form-data\b/i.test(type)) throw new NotOneFile()
  try {
    return new Busboy({ headers: { 'content-type': type }, limits: { fieldSize: 1_024 } })
  } catch {
    throw new NotOneFile() // without a boundary
  }
}

/** Whoever hangs up in the middle is told nothing. */
async function* wholeOf(stream: Readable): AsyncGenerator<Buffer> {
  try {
    yield* piecesOf(stream)
  } catch {
    throw new NotOneFile()
  }
}
