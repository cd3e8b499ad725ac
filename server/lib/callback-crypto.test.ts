import { createCipheriv, createHash, randomBytes, randomInt } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import * as oracle from '@wecom/crypto'
import {
  CallbackError,
  createCallbackCrypto,
  pad,
  unpad,
  type CallbackEnvelope,
  type CallbackErrorCode,
} from './callback-crypto.ts'

interface Vector {
  id: string
  token: string
  encodingAesKey: string
  receiveId: string
  timestamp: string
  nonce: string
  msg_signature: string
  encrypt: string
  randomHex: string
  pad: number
  plaintext: string
}

const readVectors = (url: URL): Vector[] => JSON.parse(readFileSync(url, 'utf8')) as Vector[]
const VECTORS = readVectors(new URL('crypto-vectors.json', import.meta.url))
const SHARED = new URL('../../../shared/data/crypto-vectors.json', import.meta.url)

const KEYS = {
  token: 'QDG6eK',
  encodingAesKey: 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C',
  receiveId: 'ww1234567890abcdef',
}
const NOW = new Date('2026-03-01T08:00:00Z')
const TIMESTAMP = String(NOW.getTime() / 1000)
const crypto = createCallbackCrypto(KEYS)

function sealed(message = '<xml></xml>', options: { random?: Buffer } = {}): CallbackEnvelope {
  return {
    ...crypto.seal(message, { timestamp: TIMESTAMP, nonce: '42', ...options }),
    timestamp: TIMESTAMP,
    nonce: '42',
  }
}

/** Signs whatever is given, so that a test reaches what lies behind the signature. */
function signed(encrypt: string, timestamp = TIMESTAMP): CallbackEnvelope {
  const signature = createHash('sha1')
    .update([KEYS.token, timestamp, '42', encrypt].sort().join(''))
    .digest('hex')
  return { signature, timestamp, nonce: '42', encrypt }
}

/** Encrypts raw bytes without adding a padding. */
function encryptRaw(bytes: Buffer): string {
  const key = Buffer.from(`${KEYS.encodingAesKey}=`, 'base64')
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
  return Buffer.concat([cipher.update(bytes), cipher.final()]).toString('base64')
}

function plainOf(
  message: string,
  { length = Buffer.byteLength(message), receiver = KEYS.receiveId } = {},
): Buffer {
  const field = Buffer.alloc(4)
  field.writeUInt32BE(length)
  return Buffer.concat([Buffer.alloc(16, 'r'), field, Buffer.from(message), Buffer.from(receiver)])
}

function refusal(action: () => unknown): CallbackErrorCode | undefined {
  try {
    action()
  } catch (error) {
    if (error instanceof CallbackError) return error.code
    throw error
  }
  return undefined
}

describe('published vectors', () => {
  const sources = [
    ['ours', VECTORS],
    ...(existsSync(SHARED) ? [['shared', readVectors(SHARED)] as const] : []),
  ] as const
  describe.each(sources)('%s', (_, vectors) => {
    test.each(vectors)('$id opens, and sealing the same again gives the same bytes', (vector) => {
      const mine = createCallbackCrypto(vector)
      const envelope = {
        signature: vector.msg_signature,
        timestamp: vector.timestamp,
        nonce: vector.nonce,
        encrypt: vector.encrypt,
      }
      expect(mine.open(envelope, new Date(Number(vector.timestamp) * 1000))).toBe(vector.plaintext)
      expect(
        mine.seal(vector.plaintext, { ...envelope, random: Buffer.from(vector.randomHex, 'hex') }),
      ).toEqual({ encrypt: vector.encrypt, signature: vector.msg_signature })
    })
  })

  test('V1-echo is answered with its plain text', () => {
    const vector = VECTORS.find(({ id }) => id === 'V1-echo') as Vector
    const query = {
      signature: vector.msg_signature,
      timestamp: vector.timestamp,
      nonce: vector.nonce,
      echostr: vector.encrypt,
    }
    expect(
      createCallbackCrypto(vector).verifyUrl(query, new Date(Number(vector.timestamp) * 1000)),
    ).toBe('1616140317555161061')
  })

  test('V5: Chinese text with 16 known bytes in front encrypts to the known ciphertext', () => {
    const v5 = createCallbackCrypto({
      token: 'any',
      encodingAesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
      receiveId: 'wxb11529c136998cb6',
    })
    const { encrypt } = v5.seal('我是中文abcd123', {
      timestamp: '1',
      nonce: '2',
      random: Buffer.from('aaaabbbbccccdddd'),
    })
    expect(encrypt).toBe(
      'jn1L23DB+6ELqJ+6bruv21Y6MD7KeIfP82D6gU39rmkgczbWwt5+3bnyg5K55bgVtVzd832WzZGMhkP72vVOfg==',
    )
  })
})

describe('padding', () => {
  test.each([
    [0, 32, 0x20],
    [1, 31, 0x1f],
    [31, 1, 0x01],
    [32, 32, 0x20],
  ])('%i bytes get %i more', (length, added, value) => {
    const padded = pad(Buffer.alloc(length, 'x'))
    expect(padded.subarray(length)).toEqual(Buffer.alloc(added, value))
    expect(unpad(padded)).toEqual(Buffer.alloc(length, 'x'))
  })
})

test('1,000 random messages read the same to us and to @wecom/crypto, both ways', () => {
  for (let i = 0; i < 1000; i += 1) {
    const encodingAesKey = randomBytes(32).toString('base64').slice(0, 43)
    const keys = {
      token: randomBytes(8).toString('hex'),
      encodingAesKey,
      receiveId: `ww${randomBytes(8).toString('hex')}`,
    }
    const mine = createCallbackCrypto(keys)
    const message =
      '客户🙂<![CDATA[x]]>'.repeat(randomInt(4)) + randomBytes(randomInt(80)).toString('base64')
    const head = { timestamp: TIMESTAMP, nonce: String(randomInt(1_000_000)) }

    const { encrypt, signature } = mine.seal(message, head)
    expect(oracle.getSignature(keys.token, head.timestamp, head.nonce, encrypt)).toBe(signature)
    expect(oracle.decrypt(encodingAesKey, encrypt)).toMatchObject({ message, id: keys.receiveId })

    const theirs = oracle.encrypt(encodingAesKey, message, keys.receiveId)
    const envelope = {
      ...head,
      encrypt: theirs,
      signature: oracle.getSignature(keys.token, head.timestamp, head.nonce, theirs),
    }
    expect(mine.open(envelope, NOW)).toBe(message)
  }
})

describe('refusals', () => {
  test.each([
    ['another signature', { signature: '0'.repeat(40) }],
    ['a signature cut short', { signature: sealed().signature.slice(0, 38) }],
    [
      'a signature with something behind it',
      { signature: `${sealed('<xml></xml>', { random: Buffer.alloc(16) }).signature}zz` },
    ],
    ['no signature', { signature: '' }],
    ['another nonce', { nonce: '43' }],
    ['another timestamp', { timestamp: String(Number(TIMESTAMP) + 1) }],
    ['another ciphertext', { encrypt: sealed('else').encrypt }],
  ])('%s is a bad signature', (_, change) => {
    expect(
      refusal(() =>
        crypto.open({ ...sealed('<xml></xml>', { random: Buffer.alloc(16) }), ...change }, NOW),
      ),
    ).toBe('bad_signature')
  })

  test('a message for another corp is refused', () => {
    const theirs = createCallbackCrypto({ ...KEYS, receiveId: 'wwother' })
    const envelope = {
      ...theirs.seal('hello', { timestamp: TIMESTAMP, nonce: '42' }),
      timestamp: TIMESTAMP,
      nonce: '42',
    }
    expect(refusal(() => crypto.open(envelope, NOW))).toBe('bad_receiver')
  })

  test.each([
    [-301, 'stale'],
    [-300, undefined],
    [0, undefined],
    [300, undefined],
    [301, 'stale'],
  ] as const)('a clock %i s away: %s', (seconds, code) => {
    expect(refusal(() => crypto.open(sealed(), new Date(NOW.getTime() + seconds * 1000)))).toBe(
      code,
    )
  })

  test.each(['', 'NaN', '1e10', '-1', ' 1', '9'.repeat(13)])(
    'the timestamp "%s" is stale, however well signed',
    (timestamp) => {
      expect(refusal(() => crypto.open(signed(sealed().encrypt, timestamp), NOW))).toBe('stale')
    },
  )

  test('an unsigned stale callback is called unsigned: strangers learn nothing about our clock', () => {
    expect(refusal(() => crypto.open({ ...sealed(), signature: '' }, new Date(0)))).toBe(
      'bad_signature',
    )
  })

  test('every byte of the padding is looked at', () => {
    const plain = pad(plainOf('abc'))
    const count = plain.at(-1) ?? 0
    expect(count).toBeGreaterThan(16)
    for (let back = 1; back <= count; back += 1) {
      const tampered = Buffer.from(plain)
      tampered[tampered.length - back] = count ^ 0x40
      expect(refusal(() => crypto.open(signed(encryptRaw(tampered)), NOW))).toBe('bad_ciphertext')
    }
  })

  test.each([0, 33, 255])('a padding of %i is none', (value) => {
    const plain = pad(plainOf('abc'))
    plain.fill(value, plain.length - 1)
    expect(refusal(() => crypto.open(signed(encryptRaw(plain)), NOW))).toBe('bad_ciphertext')
  })

  test.each([1000, 0xffffffff])('a length field of %i beyond the bytes is refused', (length) => {
    expect(
      refusal(() => crypto.open(signed(encryptRaw(pad(plainOf('abc', { length })))), NOW)),
    ).toBe('bad_ciphertext')
  })

  test.each([1, 2, 4])('a length field that is off by one makes another receiver', (length) => {
    expect(
      refusal(() => crypto.open(signed(encryptRaw(pad(plainOf('abc', { length })))), NOW)),
    ).toBe('bad_receiver')
  })

  test('a ciphertext cut anywhere is refused', () => {
    const bytes = Buffer.from(
      sealed('a message of some length, to have several blocks').encrypt,
      'base64',
    )
    for (let length = 0; length < bytes.length; length += 1) {
      expect(
        refusal(() => crypto.open(signed(bytes.subarray(0, length).toString('base64')), NOW)),
      ).toBe('bad_ciphertext')
    }
  })

  test('a plain text too short for its header is refused', () => {
    expect(refusal(() => crypto.open(signed(encryptRaw(pad(Buffer.alloc(19)))), NOW))).toBe(
      'bad_ciphertext',
    )
  })

  test('a key of the wrong length is a mistake of ours, seen at the start', () => {
    expect(() => createCallbackCrypto({ ...KEYS, encodingAesKey: 'short' })).toThrow(TypeError)
  })
})
