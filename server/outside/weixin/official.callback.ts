import { createHash } from 'node:crypto'
import { cutText } from '../../../shared/cut-text.ts'
import {
  assertFresh,
  CallbackError,
  createCallbackCrypto,
  requireEcho,
  type SealOptions,
} from '../../lib/callback-crypto.ts'
import { sameText } from '../../lib/secrets.ts'
import { buildXml, parseFields, readEnvelope, type XmlFields } from '../../lib/xml.ts'

interface OfficialCallbackOptions {
  appId: string
  token: string
  /** Absent: plain mode, whose signature covers neither body nor sender; for development only. */
  encodingAesKey?: string | undefined
}

/** A parsed query string; a path may carry parameters of its own. */
type OfficialQuery = Readonly<Record<string, string | string[] | undefined>>

interface OfficialReply {
  /** openid of the follower. */
  to: string
  /** gh_... id of the account, as the push named it. */
  from: string
  text: string
  at: Date
}

/**
 * The pipe of an official account, or of a mini-program's message push: verify, decrypt, check the receiver, parse, and seal the reply. Pure: no clock, no chance.
 * With a key every push must be encrypted (safe mode, or compatible mode, whose clear copy is not looked at): a plain one is a
 * downgrade and is refused. https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Message_encryption_and_decryption_instructions.html
 */
export function createOfficialCallback({ appId, token, encodingAesKey }: OfficialCallbackOptions) {
  const crypto =
    encodingAesKey === undefined
      ? undefined
      : createCallbackCrypto({ token, encodingAesKey, receiveId: appId })

  const plain = createPlainSignature(token)

  return { open, echo, answer, seal }

  /** The authentic XML of a push and its fields. Throws CallbackError, XmlError. */
  function open({ query, body, now }: { query: OfficialQuery; body: string; now: Date }): {
    xml: string
    fields: Record<string, unknown>
  } {
    if (crypto === undefined) plain.check(query, now)
    const xml = crypto === undefined ? body : crypto.open(toEnvelope(query, body), now)
    return { xml, fields: parseFields(xml) }
  }

  /**
   * The answer to the console's GET check, to be sent bare. The console checks in the clear in every mode; an encrypted echo, as WeCom
   * sends it, is understood too. Throws CallbackError.
   */
  function echo(query: OfficialQuery, now: Date): string {
    const echostr = one(query, 'echostr')
    if (crypto !== undefined && one(query, 'msg_signature') !== '') {
      const asked = {
        signature: one(query, 'msg_signature'),
        timestamp: one(query, 'timestamp'),
        nonce: one(query, 'nonce'),
      }
      return requireEcho(crypto.verifyUrl({ ...asked, echostr: echostr.replaceAll(' ', '+') }, now))
    }
    plain.check(query, now)
    return requireEcho(echostr)
  }

  /** A passive text reply, cut at 2048 bytes; sealed when pushes are. */
  function answer({ to, from, text, at }: OfficialReply, options: SealOptions): string {
    const xml = buildXml({
      ToUserName: to,
      FromUserName: from,
      CreateTime: Math.floor(at.getTime() / 1000),
      MsgType: 'text',
      Content: cutText(text, { bytes: 2048 }),
    })
    if (crypto === undefined) return xml
    const { encrypt, signature } = crypto.seal(xml, options)
    return buildXml({
      Encrypt: encrypt,
      MsgSignature: signature,
      TimeStamp: Number(options.timestamp),
      Nonce: options.nonce,
    })
  }

  /**
   * What WeChat would POST for these fields, in JSON if a mini-program's console is set to it; `clear` adds the readable copy of
   * compatible mode. For tests.
   */
  function seal(fields: XmlFields, { clear = false, format = 'xml', ...options }: Sealing) {
    const { timestamp, nonce } = options
    const write = WRITERS[format]
    const inTheClear = { signature: plain.sign(timestamp, nonce), timestamp, nonce }
    if (crypto === undefined) return { query: inTheClear, body: write(fields) }
    const { encrypt, signature } = crypto.seal(write(fields), options)
    const outer = clear ? fields : { ToUserName: fields['ToUserName'] ?? '' }
    return {
      query: { ...inTheClear, encrypt_type: 'aes', msg_signature: signature },
      body: write({ ...outer, Encrypt: encrypt }),
    }
  }
}

type Sealing = SealOptions & { clear?: boolean; format?: keyof typeof WRITERS }
const WRITERS = { xml: buildXml, json: (fields: XmlFields): string => JSON.stringify(fields) }

export type OfficialCallback = ReturnType<typeof createOfficialCallback>

/** A doubled or missing parameter reads as empty, which no signature fits. */
function one(query: OfficialQuery, name: string): string {
  const value = query[name]
  return typeof value === 'string' ? value : ''
}

function toEnvelope(query: OfficialQuery, body: string) {
  const encrypt = readEnvelope(body)
  const signature = one(query, 'msg_signature')
  // Without a signature over the message nothing else needs a look: it is the plain push of a console set to plain mode, or a forger's.
  if (signature === '') throw new CallbackError('bad_signature')
  if (encrypt === undefined) throw new CallbackError('bad_ciphertext')
  return { signature, timestamp: one(query, 'timestamp'), nonce: one(query, 'nonce'), encrypt }
}

/** The signature of plain mode: over time and chance only. */
function createPlainSignature(token: string) {
  return { sign, check }

  function sign(timestamp: string, nonce: string): string {
    return createHash('sha1').update([token, timestamp, nonce].sort().join('')).digest('hex')
  }

  function check(query: OfficialQuery, now: Date): void {
    const [timestamp, signature] = [one(query, 'timestamp'), one(query, 'signature')]
    if (!sameText(signature.toLowerCase(), sign(timestamp, one(query, 'nonce'))))
      throw new CallbackError('bad_signature')
    assertFresh(timestamp, now)
  }
}
