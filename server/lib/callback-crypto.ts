import {
  createCipheriv,
  createDecipheriv,
  createHash,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto'

/** How far a callback's timestamp may be from our clock, either way. The platform's retries span about 20 s. */
const FRESH_SECONDS = 300
const BLOCK = 32
const RANDOM_BYTES = 16
const HEADER_BYTES = RANDOM_BYTES + 4

export type CallbackErrorCode = 'bad_signature' | 'bad_ciphertext' | 'bad_receiver' | 'stale'

export class CallbackError extends Error {
  readonly code: CallbackErrorCode
  constructor(code: CallbackErrorCode) {
    super(`callback refused: ${code}`)
    this.name = 'CallbackError'
    this.code = code
  }
}

interface CallbackKeys {
  token: string
  /** 43 base64 characters; many published keys are not canonical in the last one, so the decoder must be lenient. */
  encodingAesKey: string
  /** corp id for a WeCom self-built app, app id for a mini-program or an official account. */
  receiveId: string
}

export interface CallbackEnvelope {
  signature: string
  /** Unix seconds, as the query carries it. */
  timestamp: string
  nonce: string
  /** base64 ciphertext. */
  encrypt: string
}

export interface SealOptions {
  timestamp: string
  nonce: string
  /** The 16 bytes in front of the message; given only by tests and the sandbox. */
  random?: Buffer
}

/**
 * The callback scheme of WeCom, official accounts and mini-programs: sha1 over sorted strings, AES-256-CBC, PKCS#7 to 32 bytes.
 * https://developer.work.weixin.qq.com/document/path/90968
 */
export function createCallbackCrypto({ token, encodingAesKey, receiveId }: CallbackKeys) {
  if (!/^[A-Za-z0-9+/]{43}$/.test(encodingAesKey))
    throw new TypeError('encodingAesKey must be 43 base64 characters')
  const key = Buffer.from(`${encodingAesKey}=`, 'base64')
  const receiver = Buffer.from(receiveId)

  return { open, verifyUrl, seal }

  /**
   * The message inside an authentic, fresh envelope that is meant for us. Throws CallbackError.
   * Freshness is only a first fence (timestamp and nonce are sorted before they are signed, so a captured pair can be swapped):
   * what really stops a replay is the inbox, which keeps one row per message.
   */
  function open(envelope: CallbackEnvelope, now: Date): string {
    assertSigned(envelope)
    assertFresh(envelope.timestamp, now)
    const plain = unpad(decrypt(envelope.encrypt))
    if (plain.length < HEADER_BYTES) throw new CallbackError('bad_ciphertext')
    const end = HEADER_BYTES + plain.readUInt32BE(RANDOM_BYTES)
    if (end > plain.length) throw new CallbackError('bad_ciphertext')
    if (!plain.subarray(end).equals(receiver)) throw new CallbackError('bad_receiver')
    return plain.toString('utf8', HEADER_BYTES, end)
  }

  /** The plain `echostr` of a GET verification, to be answered bare within 1 s. Throws CallbackError. */
  function verifyUrl(
    { echostr, ...query }: Omit<CallbackEnvelope, 'encrypt'> & { echostr: string },
    now: Date,
  ): string {
    return open({ ...query, encrypt: echostr }, now)
  }

  /** What the platform would send: who can verify can also seal, so tests and the sandbox speak for real. */
  function seal(
    message: string,
    { timestamp, nonce, random = randomBytes(RANDOM_BYTES) }: SealOptions,
  ) {
    const text = Buffer.from(message)
    const length = Buffer.alloc(4)
    length.writeUInt32BE(text.length)
    const encrypt = encryptBytes(pad(Buffer.concat([random, length, text, receiver])))
    return { encrypt, signature: digest(timestamp, nonce, encrypt).toString('hex') }
  }

  function digest(timestamp: string, nonce: string, encrypt: string): Buffer {
    return createHash('sha1').update([token, timestamp, nonce, encrypt].sort().join('')).digest()
  }

  function assertSigned({ signature, timestamp, nonce, encrypt }: CallbackEnvelope): void {
    const given = Buffer.from(/^[0-9a-f]{40}$/i.test(signature) ? signature : '', 'hex')
    const wanted = digest(timestamp, nonce, encrypt)
    if (given.length !== wanted.length || !timingSafeEqual(given, wanted))
      throw new CallbackError('bad_signature')
  }

  function decrypt(encrypt: string): Buffer {
    const bytes = Buffer.from(encrypt, 'base64')
    if (bytes.length < BLOCK || bytes.length % 16 !== 0) throw new CallbackError('bad_ciphertext')
    const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
    return Buffer.concat([decipher.update(bytes), decipher.final()])
  }

  function encryptBytes(bytes: Buffer): string {
    const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
    return Buffer.concat([cipher.update(bytes), cipher.final()]).toString('base64')
  }
}

/** PKCS#7 to 32-byte blocks; a whole block is added when the bytes already fit. OpenSSL's own padding knows only 16. */
export function pad(bytes: Buffer): Buffer {
  const count = BLOCK - (bytes.length % BLOCK)
  return Buffer.concat([bytes, Buffer.alloc(count, count)])
}

/** Takes the padding off after looking at every byte of it. Throws CallbackError. */
export function unpad(bytes: Buffer): Buffer {
  const count = bytes.at(-1) ?? 0
  if (count < 1 || count > BLOCK || count > bytes.length) throw new CallbackError('bad_ciphertext')
  const body = bytes.subarray(0, bytes.length - count)
  if (!bytes.subarray(body.length).equals(Buffer.alloc(count, count)))
    throw new CallbackError('bad_ciphertext')
  return body
}

/** Throws CallbackError. `timestamp`: Unix seconds, as the query carries them. */
export function assertFresh(timestamp: string, now: Date): void {
  const age = /^\d{1,12}$/.test(timestamp)
    ? now.getTime() / 1000 - Number(timestamp)
    : Number.POSITIVE_INFINITY
  if (Math.abs(age) > FRESH_SECONDS) throw new CallbackError('stale')
}

const ECHO = /^(?![<{["'])[\x21-\x7e]{1,512}$/

/** What a platform gives to be echoed: a short word, never a document. Throws CallbackError. */
export function requireEcho(text: string): string {
  if (!ECHO.test(text)) throw new CallbackError('bad_ciphertext')
  return text
}
