import { mkdtemp, open, rm, type FileHandle } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Readable } from 'node:stream'

/** More came than was allowed. */
export class SpoolFull extends Error {}

/** A file on disk that has no name any more: nobody else can open it, and it is gone when its process is. */
export type Spooled = {
  size: number
  /** The first bytes, fewer when there are no more. */
  head: (bytes: number) => Promise<Buffer>
  /** From one byte to before another. */
  range: (from: number, to: number) => AsyncIterable<Buffer>
  /** All of it from the beginning, as often as wanted. */
  read: () => AsyncIterable<Buffer>
  close: () => Promise<void>
}

/** What comes over a connection; whoever sends too much is still to be answered on it, so it is left open. */
export const piecesOf = (stream: Readable): AsyncIterable<Buffer> =>
  stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>

/**
 * Takes what comes out of memory, up to `most` bytes.
 *
 * @throws SpoolFull when there are more; what the source throws. Nothing is kept then, and nothing more is read.
 */
export async function spool(source: AsyncIterable<Buffer>, most: number): Promise<Spooled> {
  const folder = await mkdtemp(path.join(tmpdir(), 'jindutong-'))
  const file = await open(path.join(folder, 'spooled'), 'wx+', 0o600)
  await rm(folder, { recursive: true })
  let size = 0
  try {
    for await (const chunk of source) {
      size += chunk.length
      if (size > most) throw new SpoolFull(`more than ${String(most)} bytes`)
      await file.write(chunk)
    }
  } catch (error) {
    await file.close()
    throw error
  }
  return {
    size,
    head: (bytes) => readAt(file, bytes, 0),
    range: (from, to) => readRange(file, from, to),
    read: () => readRange(file, 0, Infinity),
    close: () => file.close(),
  }
}

async function readAt(file: FileHandle, bytes: number, position: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, position)
  return buffer.subarray(0, bytesRead)
}

const PIECE = 65_536

/** Not the handle's own stream: left half-read it fails whoever opens the next one. */
async function* readRange(file: FileHandle, from: number, to: number): AsyncGenerator<Buffer> {
  for (let position = from; position < to;) {
    const piece = await readAt(file, Math.min(PIECE, to - position), position)
    if (piece.length === 0) return
    yield piece
    position += piece.length
  }
}
