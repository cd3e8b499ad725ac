import type Sharp from 'sharp'

/** 25 MB that a server without pictures does not need: loaded for the first one. */
async function openDecoder(): Promise<typeof Sharp> {
  const { default: sharp } = await import('sharp')
  // Who uploads chooses what is decoded: only what phones and screenshots make, whatever else the library could read.
  sharp.block({ operation: ['VipsForeignLoad'] })
  sharp.unblock({
    operation: [
      'VipsForeignLoadJpegBuffer',
      'VipsForeignLoadPngBuffer',
      'VipsForeignLoadWebpBuffer',
    ],
  })
  sharp.concurrency(1)
  sharp.cache(false)
  return sharp
}

/** The sensors of phones: 8192 x 6144. */
const MOST_PIXELS = 52_000_000
/** Others are held in memory as a whole while they are decoded, 8 bytes a pixel; the longest screenshots have 1200 x 20000. */
const MOST_PIXELS_OF_OTHERS = 25_000_000
const MOST_SECONDS = 20
const QUALITY = 82

export type Picture = { bytes: Buffer; width: number; height: number }
type Fault = 'not_a_picture' | 'too_many_pixels'
export type Shrunk = { kind: 'shrunk'; pictures: Picture[] } | { kind: 'refused'; reason: Fault }

/**
 * JPEG, PNG or WebP, told apart by its bytes, made anew as JPEGs whose longest edges are at most `edges` pixels, the longest
 * first: upright, on white, and with nothing that stood beside the picture (where and when it was taken, by what).
 */
export function createPictures() {
  let last: Promise<unknown> = Promise.resolve()
  let decoder: ReturnType<typeof openDecoder> | undefined
  return {
    /** One picture after another: `read` is called when it is this one's turn. */
    shrink: (read: () => Promise<Buffer>, edges: readonly number[]): Promise<Shrunk> => {
      const mine = last.then(async () => {
        decoder ??= openDecoder()
        return shrink(await decoder, { bytes: await read(), edges })
      })
      last = mine.catch(() => undefined)
      return mine
    },
  }
}
export type Pictures = ReturnType<typeof createPictures>

type Wanted = { bytes: Buffer; edges: readonly number[] }

async function shrink(sharp: typeof Sharp, { bytes, edges }: Wanted): Promise<Shrunk> {
  const reason = await findFault(sharp, bytes)
  if (reason) return { kind: 'refused', reason }
  try {
    const pictures: Picture[] = []
    for (const edge of edges) {
      const source = pictures.at(-1)?.bytes ?? bytes
      pictures.push(await resize(sharp, { bytes: source, edge }))
    }
    return { kind: 'shrunk', pictures }
  } catch {
    return { kind: 'refused', reason: 'not_a_picture' }
  }
}

/** By what it says of itself, before anything is decoded. */
async function findFault(sharp: typeof Sharp, bytes: Buffer): Promise<Fault | undefined> {
  try {
    const { format, width, height } = await sharp(bytes, { limitInputPixels: false }).metadata()
    const most = format === 'jpeg' ? MOST_PIXELS : MOST_PIXELS_OF_OTHERS
    return width * height > most ? 'too_many_pixels' : undefined
  } catch {
    return 'not_a_picture'
  }
}

type Resizing = { bytes: Buffer; edge: number }

async function resize(sharp: typeof Sharp, { bytes, edge }: Resizing): Promise<Picture> {
  const { data, info } = await sharp(bytes, {
    limitInputPixels: MOST_PIXELS,
    failOn: 'error',
    autoOrient: true,
  })
    .timeout({ seconds: MOST_SECONDS })
    .resize({ width: edge, height: edge, fit: 'inside', withoutEnlargement: true })
    .flatten({ background: 'white' })
    .jpeg({ quality: QUALITY })
    .toBuffer({ resolveWithObject: true })
  return { bytes: data, width: info.width, height: info.height }
}
