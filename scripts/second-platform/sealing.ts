import { createEnvelope } from './envelope.ts'
import type { Moods } from './moods.ts'
import { secondCredentials as known, type Person } from './world.ts'
import { readNode, writeXml, type Fields } from './xml.ts'

export type Letter = { path: string; query: Record<string, string>; body: string }

const CORP = '/api/wework/callback'
const OFFICIAL = '/api/wechat/message'

/** Callbacks as they go over the wire: each one sealed anew, with its own time and nonce (facts 1). */
export function createSealing(moods: Moods) {
  const corp = createEnvelope({
    token: known.callbackToken,
    encodingAesKey: known.callbackAesKey,
    receiveId: known.corpId,
  })
  const official = createEnvelope({
    token: known.officialToken,
    encodingAesKey: known.officialAesKey,
    receiveId: known.officialAppId,
  })
  return { toCorp, toOfficial, openReply, createEchoes }

  function toCorp(xml: string): Letter {
    const { timestamp, nonce } = freshly()
    const encrypt = corp.encrypt(xml)
    const query = { nonce, msg_signature: corp.sign(timestamp, nonce, encrypt), timestamp }
    return { path: CORP, query, body: wrap(moods, encrypt) }
  }

  /** Facts 1.3: in compatible mode the readable fields stand beside the sealed ones. */
  function toOfficial(person: Person, fields: Fields, xml: string): Letter {
    const { timestamp, nonce } = freshly()
    const encrypt = official.encrypt(xml)
    const clear = moods.chance(0.3) ? fields : { ToUserName: known.officialId }
    const query = {
      signature: official.sign(timestamp, nonce),
      timestamp,
      nonce,
      openid: person.officialOpenid,
      encrypt_type: 'aes',
      msg_signature: official.sign(timestamp, nonce, encrypt),
    }
    return { path: OFFICIAL, query, body: writeXml(moods, { ...clear, Encrypt: encrypt }) }
  }

  /** Facts 1.4: the answer is sealed and signed with a time and nonce of its own. */
  function openReply(text: string): string {
    const [encrypt = '', timestamp = '', nonce = ''] = ['Encrypt', 'TimeStamp', 'Nonce'].map(
      (name) => readNode(text, name),
    )
    const isOurs = readNode(text, 'MsgSignature') === official.sign(timestamp, nonce, encrypt)
    return isOurs
      ? (readNode(official.decrypt(encrypt), 'Content') ?? '')
      : 'a reply whose signature is wrong'
  }

  /** Facts 1.2: WeCom seals the echo, the official account's console asks in the clear. With the answer that each wants. */
  function createEchoes() {
    const { timestamp, nonce } = freshly()
    const [plain, sealed] = [moods.letters(19), corp.encrypt(String(moods.below(2 ** 31)))]
    const ofCorp = {
      msg_signature: corp.sign(timestamp, nonce, sealed),
      echostr: sealed,
      timestamp,
      nonce,
    }
    const ofOfficial = {
      signature: official.sign(timestamp, nonce),
      echostr: plain,
      timestamp,
      nonce,
    }
    return [
      { path: CORP, query: ofCorp, wants: corp.decrypt(sealed) },
      { path: OFFICIAL, query: ofOfficial, wants: plain },
    ]
  }

  function freshly() {
    return {
      timestamp: String(seconds()),
      nonce: moods.pick(String(moods.below(2 ** 31)), moods.letters(16)),
    }
  }
}
export type Sealing = ReturnType<typeof createSealing>

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
