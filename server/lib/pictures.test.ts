import { describe, expect, test } from '@jest/globals'
import sharp from 'sharp'
import {
  SVG,
  takePhoto,
  toAvif,
  toBomb,
  toGif,
  toPng,
  toPolyglot,
  toTiff,
  toWebp,
} from '../test/pictures.ts'
import { createPictures, type Picture } from './pictures.ts'

const { shrink } = createPictures()
async function made(bytes: Buffer, edges = [2_000, 480]): Promise<Picture[]> {
  const shrunk = await shrink(async () => bytes, edges)
  if (shrunk.kind === 'refused') throw new Error(shrunk.reason)
  return shrunk.pictures
}
const reasonOf = async (bytes: Buffer) => {
  const shrunk = await shrink(async () => bytes, [2_000])
  return shrunk.kind === 'refused' ? shrunk.reason : undefined
}

describe('a picture is made anew', () => {
  test.each([
    ['JPEG', takePhoto],
    ['PNG', toPng],
    ['WebP', toWebp],
  ])('from %s, in each size, whatever it was', async (_, take) => {
    const [full, thumb] = await made(await take({ width: 3_000, height: 1_500 }))
    expect([full!.width, full!.height]).toEqual([2_000, 1_000])
    expect([thumb!.width, thumb!.height]).toEqual([480, 240])
    for (const { bytes, width, height } of [full!, thumb!])
      expect(await sharp(bytes).metadata()).toMatchObject({ format: 'jpeg', width, height })
  })

  test('and is never made larger', async () => {
    const [full, thumb] = await made(await takePhoto({ width: 300, height: 200 }))
    expect([full!.width, full!.height, thumb!.width, thumb!.height]).toEqual([300, 200, 300, 200])
  })

  test('without where it was taken and by what', async () => {
    const photo = await takePhoto()
    expect((await sharp(photo).metadata()).exif).toBeDefined()
    expect(photo.includes('SpyPhone')).toBe(true)
    for (const { bytes } of await made(photo)) {
      const { exif, xmp, iptc, icc, comments } = await sharp(bytes).metadata()
      expect([exif, xmp, iptc, icc, comments]).toEqual(Array(5).fill(undefined))
      expect(bytes.includes('SpyPhone')).toBe(false)
    }
  })

  test('upright', async () => {
    const [full] = await made(await takePhoto({ width: 600, height: 200, orientation: 6 }))
    expect([full!.width, full!.height]).toEqual([200, 600])
    expect((await sharp(full!.bytes).metadata()).orientation).toBeUndefined()
  })

  test('on white where one could see through it', async () => {
    const clear = { width: 20, height: 20, channels: 4 as const, background: '#00000000' }
    const [full] = await made(await sharp({ create: clear }).png().toBuffer())
    expect((await sharp(full!.bytes).stats()).dominant).toEqual({ r: 248, g: 248, b: 248 })
  })

  test('and is a page no more', async () => {
    const both = await toPolyglot()
    expect(both.includes('<script>')).toBe(true)
    for (const { bytes } of await made(both)) expect(bytes.includes('<script>')).toBe(false)
  })
})

describe('what is refused', () => {
  test.each([
    ['text', async () => Buffer.from('hello')],
    ['nothing', async () => Buffer.alloc(0)],
    ['SVG', async () => SVG],
    ['GIF', toGif],
    ['AVIF, and with it HEIC', toAvif],
    ['TIFF', toTiff],
    ['a JPEG that ends too early', async () => (await takePhoto()).subarray(0, -2_000)],
    ['a PNG that ends too early', async () => (await toPng()).subarray(0, 800)],
    ['a heading and nothing else', async () => (await takePhoto()).subarray(0, 20)],
  ])('%s', async (_, make) => {
    expect(await reasonOf(await make())).toBe('not_a_picture')
  })

  test('a few bytes that are millions of pixels, before they are', async () => {
    expect(toBomb().length).toBeLessThan(100_000)
    expect(await reasonOf(toBomb())).toBe('too_many_pixels')
    expect(await reasonOf(toBomb(5_000))).toBeUndefined()
    expect(await reasonOf(toBomb(5_001))).toBe('too_many_pixels')
  })
})

test('one picture after another: the next is not even read before', async () => {
  const photo = await takePhoto()
  const order: string[] = []
  let release = (): void => undefined
  const held = new Promise<void>((resolve) => (release = resolve))
  const first = shrink(async () => {
    order.push('first')
    await held
    return photo
  }, [480]).then(() => order.push('made'))
  const second = shrink(async () => {
    order.push('second')
    return photo
  }, [480])
  expect(order).toEqual([])
  release()
  await Promise.all([first, second])
  expect(order).toEqual(['first', 'made', 'second'])
})

test('one that cannot be read does not keep the next from being made', async () => {
  const gone = shrink(() => Promise.reject(new Error('gone')), [480])
  const next = shrink(() => takePhoto(), [480])
  await expect(gone).rejects.toThrow('gone')
  expect(await next).toMatchObject({ kind: 'shrunk' })
})
