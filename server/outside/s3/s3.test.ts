import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { freePort } from '../../test/free-port.ts'
import { listNames, testObjects } from '../../test/objects.ts'
import { createS3Objects, toAddress } from './s3.ts'
import { S3_KEYS, signatureOf, startS3 } from './s3.scripted.ts'

let s3: Awaited<ReturnType<typeof startS3>>
let skewMs = 0
beforeAll(async () => {
  s3 = await startS3({ now: () => new Date(Date.now() + skewMs) })
})
beforeEach(() => {
  s3.stored.clear()
  skewMs = 0
})
afterAll(() => s3.stop())

const open = (changes: Partial<Parameters<typeof createS3Objects>[0]> = {}, prefix = 'here') =>
  createS3Objects({ ...S3_KEYS, endpoint: s3.url, ...changes }, prefix)

describe('a bucket', () => {
  testObjects(() => open())

  test('keeps what is ours below a prefix, and shows nothing else of it', async () => {
    await open().put('one.jpg', Buffer.from('one'))
    await open({}, 'elsewhere').put('two.jpg', Buffer.from('two'))
    expect([...s3.stored.keys()].sort()).toEqual(['elsewhere/two.jpg', 'here/one.jpg'])
    expect(await listNames(open())).toEqual(['one.jpg'])
  })

  test.each([
    ['https://s3.example.com', 'https://s3.example.com/pictures'],
    [
      'https://pictures.oss-cn-hangzhou.example.com',
      'https://pictures.oss-cn-hangzhou.example.com',
    ],
    ['https://picturesque.example.com', 'https://picturesque.example.com/pictures'],
  ])('may be a part of the path or of the host: %s', (endpoint, address) => {
    expect(toAddress(endpoint, 'pictures')).toBe(address)
  })
})

describe('what the store refuses is told by its code, and nothing of a key', () => {
  const reasonOf = (objects: ReturnType<typeof open>): Promise<string> =>
    objects.put('one.jpg', Buffer.from('one')).then(
      () => 'nothing',
      (error: unknown) => {
        expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('AKID')
        return String((error as { reason: string }).reason)
      },
    )
  test.each([
    ['another secret', { secretAccessKey: 'x'.repeat(40) }, 'SignatureDoesNotMatch'],
    ['an unknown key', { accessKeyId: 'AKIDELSE' }, 'InvalidAccessKeyId'],
    ['another region', { region: 'us-east-1' }, 'AuthorizationHeaderMalformed'],
    ['another bucket', { bucket: 'elsewhere' }, 'NoSuchBucket'],
  ])('%s', async (_, changes, code) => {
    expect(await reasonOf(open(changes))).toBe(code)
    expect(s3.stored.size).toBe(0)
  })

  test('a clock that is wrong', async () => {
    skewMs = 20 * 60_000
    expect(await reasonOf(open())).toBe('RequestTimeTooSkewed')
  })

  test('nobody there', async () => {
    const endpoint = `http://127.0.0.1:${await freePort()}`
    expect(await reasonOf(open({ endpoint }))).toBe('ECONNREFUSED')
  })

  test('a list of a bucket that is not there, or that the key may not read', async () => {
    await expect(listNames(open({ bucket: 'elsewhere' }))).rejects.toThrow('no such bucket')
    await expect(listNames(open({ accessKeyId: 'AKIDELSE' }))).rejects.toThrow('InvalidAccessKeyId')
  })
})

test('the scripted store signs as the example of the reference does', () => {
  const host = 'examplebucket.s3.amazonaws.com'
  const headers = {
    host,
    'x-amz-content-sha256': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    'x-amz-date': '20130524T000000Z',
  }
  const signed = { method: 'GET', url: '/?max-keys=2&prefix=J', headers }
  const secret = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'
  const signedHeaders = 'host;x-amz-content-sha256;x-amz-date'
  expect(signatureOf(signed, { secret, day: '20130524', region: 'us-east-1', signedHeaders })).toBe(
    '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
  )
})
