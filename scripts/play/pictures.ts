import { crc32, deflateSync } from 'node:zlib'

export type Colour = [red: number, green: number, blue: number]

const WIDTH = 320
const HEIGHT = 240
const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex')

/** A picture (PNG) that goes from a colour to a lighter one, for whoever needs any. */
export function toPicture(colour: Colour): Buffer {
  const rows = Array.from({ length: HEIGHT }, (_, y) => toRow(colour, y))
  return Buffer.concat([
    SIGNATURE,
    toChunk('IHDR', toHeader()),
    toChunk('IDAT', deflateSync(Buffer.concat(rows))),
    toChunk('IEND', Buffer.alloc(0)),
  ])
}

function toRow(colour: Colour, y: number): Buffer {
  const row = Buffer.alloc(1 + WIDTH * 3)
  for (let x = 0; x < WIDTH; x += 1)
    colour.forEach((part, at) => {
      row[1 + x * 3 + at] = Math.min(255, part + Math.round(((x + y) / (WIDTH + HEIGHT)) * 60))
    })
  return row
}

function toHeader(): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(WIDTH, 0)
  header.writeUInt32BE(HEIGHT, 4)
  header.set([8, 2, 0, 0, 0], 8) // 8 bits each of red, green and blue
  return header
}

function toChunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name), data])
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  check.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, check])
}
