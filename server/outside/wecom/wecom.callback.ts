import {
  CallbackError,
  createCallbackCrypto,
  requireEcho,
  type SealOptions,
} from '../../lib/callback-crypto.ts'
import { cleanText } from '../../lib/clean-text.ts'
import { buildXml, parseFields, readEnvelope } from '../../lib/xml.ts'

interface CallbackPair {
  token: string
  encodingAesKey: string
}

/** A parsed query string. Only msg_signature, timestamp, nonce and echostr are read, so a path may carry parameters of its own. */
type CallbackQuery = Readonly<Record<string, string | string[] | undefined>>

/** The nodes of a callback in the platform's own words. */
export type CallbackFields = Record<string, unknown>

/**
 * The callback pipe of the corp: verify, decrypt, check the receiver, parse. Pure: no clock, no network.
 * `pairs[0]` is the path's own token and key; the others are tried after it, because either path accepts every event.
 * https://developer.work.weixin.qq.com/document/path/90930
 */
export function createWecomCallback({
  corpId,
  pairs,
}: {
  corpId: string
  pairs: readonly CallbackPair[]
}) {
  const locks = pairs.map((pair) => createCallbackCrypto({ ...pair, receiveId: corpId }))

  return { open, echo, seal }

  /** The decrypted XML or JSON, cleaned (the same when the platform repeats it: hash it to deduplicate), and its fields. Throws CallbackError, XmlError. */
  function open({ query, body, now }: { query: CallbackQuery; body: string; now: Date }): {
    xml: string
    fields: CallbackFields
  } {
    const encrypt = readEnvelope(body)
    if (encrypt === undefined) throw new CallbackError('bad_ciphertext')
    const xml = cleanText(unlock(query, encrypt, now))
    return { xml, fields: parseFields(xml) }
  }

  /**
   * The answer to the console's GET check, to be sent bare: a `+` that nobody has encoded arrives as a space. A body that was
   * sent to us fits here too, and is not read out to whoever has seen it pass. Throws CallbackError.
   */
  function echo(query: CallbackQuery, now: Date): string {
    return requireEcho(unlock(query, one(query, 'echostr').replaceAll(' ', '+'), now))
  }

  /** What WeCom would POST for this XML, sealed with the pair at `pair` (default 0). For tests and the sandbox. */
  function seal(xml: string, { pair = 0, ...options }: SealOptions & { pair?: number }) {
    const lock = locks[pair]
    if (lock === undefined) throw new RangeError(`no callback pair ${String(pair)}`)
    const { encrypt, signature } = lock.seal(xml, options)
    return {
      query: { msg_signature: signature, timestamp: options.timestamp, nonce: options.nonce },
      body: buildXml({ ToUserName: corpId, AgentID: '', Encrypt: encrypt }),
    }
  }

  function unlock(query: CallbackQuery, encrypt: string, now: Date): string {
    const envelope = {
      signature: one(query, 'msg_signature'),
      timestamp: one(query, 'timestamp'),
      nonce: one(query, 'nonce'),
      encrypt,
    }
    for (const lock of locks) {
      try {
        return lock.open(envelope, now)
      } catch (error) {
        if (!(error instanceof CallbackError && error.code === 'bad_signature')) throw error
      }
    }
    throw new CallbackError('bad_signature')
  }
}

export type WecomCallback = ReturnType<typeof createWecomCallback>

/** A doubled or missing parameter reads as empty, which no signature fits. */
function one(query: CallbackQuery, name: string): string {
  const value = query[name]
  return typeof value === 'string' ? value : ''
}
