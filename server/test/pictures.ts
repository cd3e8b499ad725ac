import { deflateSync } from 'node:zlib'
import sharp from 'sharp'

type Made = { width?: number; height?: number; orientation?: number }

/** Where it was taken, as phones write it. */
const GPS = { GPSLatitudeRef: 'N', GPSLatitude: '31/1 13/1 48/1' }

const canvas = ({ width = 640, height = 480 }: Made) =>
  sharp({ create: { width, height, channels: 3, background: '#2a6' } })

/** A photograph as a phone takes it: with the camera, the place, and which side is up. */
export const takePhoto = ({ orientation = 1, ...made }: Made = {}): Promise<Buffer> =>
  canvas(made)
    .withExif({ IFD0: { Make: 'SpyPhone' }, IFD3: GPS })
    .withMetadata({ orientation })
    .jpeg()
    .toBuffer()

export const toPng = (made: Made = {}): Promise<Buffer> => canvas(made).png().toBuffer()
export const toWebp = (made: Made = {}): Promise<Buffer> => canvas(made).webp().toBuffer()
export const toGif = (made: Made = {}): Promise<Buffer> => canvas(made).gif().toBuffer()
export const toAvif = (made: Made = {}): Promise<Buffer> => canvas(made).avif().toBuffer()
export const toTiff = (made: Made = {}): Promise<Buffer> => canvas(made).tiff().toBuffer()

export const SVG = Buffer.from(
  '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>',
)

/** A few hundred kilobytes that are 400 million pixels: black, one bit each. */
export function toBomb(edge = 20_000): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(edge, 0)
  header.writeUInt32BE(edge, 4)
  header[8] = 1
  const rows = Buffer.alloc(edge * (1 + Math.ceil(edge / 8)))
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    toChunk('IHDR', header),
    toChunk('IDAT', deflateSync(rows)),
    toChunk('IEND', Buffer.alloc(0)),
  ])
}

function toChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data])
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, sum])
}

function crc32(bytes: Buffer): number {
  let sum = 0xffffffff
  for (const byte of bytes) {
    sum ^= byte
    for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1
  }
  return (sum ^ 0xffffffff) >>> 0
}

/** A picture that is a page as well: its words stand in a comment of the JPEG, and behind its end. */
export async function toPolyglot(): Promise<Buffer> {
  const photo = await takePhoto()
  const page = Buffer.from('<html><script>alert(document.cookie)</script></html>')
  const comment = Buffer.alloc(4)
  comment.writeUInt16BE(0xfffe)
  comment.writeUInt16BE(page.length + 2, 2)
  return Buffer.concat([photo.subarray(0, 2), comment, page, photo.subarray(2), page])
}
