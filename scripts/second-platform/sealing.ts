import { createEnvelope } from './envelope.ts'
import type { Moods } from './moods.ts'
import { secondCredentials as known, type Person } from './world.ts'
import { readNode, writeXml, type Fields } from './xml.ts'

export type Letter = { path: string; query: Record<string, string>; body: string }

const CORP = '/api/wework/callback'
const OFFICIAL = '/api/wechat/message'
const MINI = '/api/wechat/miniprogram'

/** Callbacks as they go over the wire: each one sealed anew, with its own time and nonce (facts 1). */
export function createSealing(moods: Moods) {
  const corp = createCorp(moods)
  const official = createOfficial(moods)
  const mini = createMini(moods)
  return {
    toCorp: corp.seal,
    toOfficial: official.seal,
    toMini: mini.seal,
    openReply: official.openReply,
    /** Facts 1.2: WeCom seals the echo, the official account's console asks in the clear. With the answer that each wants. */
    createEchoes: () => [corp.createEcho(), official.createEcho(), mini.createEcho()],
  }
}

function createCorp(moods: Moods) {
  const { encrypt, decrypt, sign } = createEnvelope({
    token: known.callbackToken,
    encodingAesKey: known.callbackAesKey,
    receiveId: known.corpId,
  })
  return { seal, createEcho }

  function seal(xml: string): Letter {
    const { timestamp, nonce } = freshly(moods)
    const sealed = encrypt(xml)
    const query = { nonce, msg_signature: sign(timestamp, nonce, sealed), timestamp }
    return { path: CORP, query, body: wrap(moods, sealed) }
  }

  function createEcho() {
    const { timestamp, nonce } = freshly(moods)
    const echostr = encrypt(String(moods.below(2 ** 31)))
    const query = { msg_signature: sign(timestamp, nonce, echostr), echostr, timestamp, nonce }
    return { path: CORP, query, wants: decrypt(echostr) }
  }
}

function createOfficial(moods: Moods) {
  const { encrypt, decrypt, sign } = createEnvelope({
    token: known.officialToken,
    encodingAesKey: known.officialAesKey,
    receiveId: known.officialAppId,
  })
  return { seal, openReply, createEcho }

  /** Facts 1.3: in compatible mode the readable fields stand beside the sealed ones. */
  function seal({ officialOpenid }: Person, fields: Fields, xml: string): Letter {
    const { timestamp, nonce } = freshly(moods)
    const sealed = encrypt(xml)
    const clear = moods.chance(0.3) ? fields : { ToUserName: known.officialId }
    const query = {
      signature: sign(timestamp, nonce),
      timestamp,
      nonce,
      openid: officialOpenid,
      encrypt_type: 'aes',
      msg_signature: sign(timestamp, nonce, sealed),
    }
    return { path: OFFICIAL, query, body: writeXml(moods, { ...clear, Encrypt: sealed }) }
  }

  /** Facts 1.4: the answer is sealed and signed with a time and nonce of its own. */
  function openReply(text: string): string {
    const [sealed = '', timestamp = '', nonce = ''] = ['Encrypt', 'TimeStamp', 'Nonce'].map(
      (name) => readNode(text, name),
    )
    const isOurs = readNode(text, 'MsgSignature') === sign(timestamp, nonce, sealed)
    return isOurs
      ? (readNode(decrypt(sealed), 'Content') ?? '')
      : 'a reply whose signature is wrong'
  }

  function createEcho() {
    const { timestamp, nonce } = freshly(moods)
    const echostr = moods.letters(19)
    const query = { signature: sign(timestamp, nonce), echostr, timestamp, nonce }
    return { path: OFFICIAL, query, wants: echostr }
  }
}

/** The message push of the mini-program: sealed as for an official account, in the format of what it holds. */
function createMini(moods: Moods) {
  const { encrypt, sign } = createEnvelope({
    token: known.pushToken,
    encodingAesKey: known.pushAesKey,
    receiveId: known.miniAppId,
  })
  return { seal, createEcho }

  function seal({ openid }: Person, text: string): Letter {
    const { timestamp, nonce } = freshly(moods)
    const Encrypt = encrypt(text)
    const query = {
      openid,
      nonce,
      timestamp,
      signature: sign(timestamp, nonce),
      msg_signature: sign(timestamp, nonce, Encrypt),
      encrypt_type: 'aes',
    }
    const fields = { ToUserName: known.miniId, Encrypt }
    const body = text.startsWith('{') ? JSON.stringify(fields) : writeXml(moods, fields)
    return { path: MINI, query, body }
  }

  function createEcho() {
    const { timestamp, nonce } = freshly(moods)
    const echostr = moods.letters(19)
    const query = { signature: sign(timestamp, nonce), echostr, timestamp, nonce }
    return { path: MINI, query, wants: echostr }
  }
}

function freshly(moods: Moods) {
  return {
    timestamp: String(seconds()),
    nonce: moods.pick(String(moods.below(2 ** 31)), moods.letters(16)),
  }
}

export const seconds = (): number => Math.floor(Date.now() / 1000)

/** Facts 1.3: AgentID may be there, empty or missing; 11: other ends, comments, JSON. */
function wrap(moods: Moods, encrypt: string): string {
  const agent = moods.pick<Fields>({ AgentID: known.agentId }, { AgentID: '' }, {})
  const xml = writeXml(moods, { ToUserName: known.corpId, ...agent, Encrypt: encrypt })
  if (!moods.temper.rare) return xml
  return moods.pick(
    xml.replace('</xml>', '</xml >'),
    xml.replace('<xml>', '<xml><!-- corp -->'),
    JSON.stringify({ tousername: known.corpId, encrypt, agentid: known.agentId }),
  )
}
