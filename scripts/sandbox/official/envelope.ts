import { decrypt, getSignature } from '@wecom/crypto'

import { randomId } from '../base/random.ts'
import { sandboxCredentials } from '../base/credentials.ts'
import { sealForWeixin, sign } from '../callbacks/weixin-envelope.ts'
import type { OfficialMode } from '../world/settings.ts'
import type { Push } from './push.ts'

const PATH = '/api/wechat/message'
const { officialToken, officialAesKey, officialAppId, officialOriginalId } = sandboxCredentials
const receiver = {
  path: PATH,
  token: officialToken,
  aesKey: officialAesKey,
  appId: officialAppId,
  originalId: officialOriginalId,
}

export const sealPush = ({ openid, xml }: Push, mode: OfficialMode) =>
  sealForWeixin(receiver, { openid, text: xml, format: 'xml', mode })

/** The console's check of the URL: the echo is in the clear, whatever the mode. */
export function sealCheck(): { path: string; echo: string } {
  const echo = randomId(19)
  const query = new URLSearchParams({ ...sign(officialToken), echostr: echo })
  return { path: `${PATH}?${query.toString()}`, echo }
}

/** What the server answered, decrypted and checked as the platform would; throws a TypeError that says what is wrong with it. */
export function openReply(body: string, openid: string, mode: OfficialMode): string | null {
  if (body === '' || body === 'success') return null
  const outer = fieldsOf(body)
  const isSealed = 'Encrypt' in outer
  if (mode === 'safe' && !isSealed) throw new TypeError('the reply is not encrypted')
  if (mode === 'plain' && isSealed) throw new TypeError('the reply is encrypted')
  return textOf(isSealed ? fieldsOf(unseal(outer)) : outer, openid)
}

function unseal({
  Encrypt = '',
  MsgSignature,
  TimeStamp = '',
  Nonce = '',
}: Record<string, string>): string {
  if (MsgSignature !== getSignature(officialToken, TimeStamp, Nonce, Encrypt))
    throw new TypeError('MsgSignature does not fit')
  const { message, id } = decrypt(officialAesKey, Encrypt)
  if (id !== officialAppId) throw new TypeError('the reply is sealed for another app')
  return message
}

function textOf(fields: Record<string, string>, openid: string): string {
  if (fields['ToUserName'] !== openid) throw new TypeError('ToUserName is not the follower')
  if (fields['FromUserName'] !== officialOriginalId)
    throw new TypeError('FromUserName is not the account')
  if (!/^\d{9,11}$/.test(fields['CreateTime'] ?? ''))
    throw new TypeError('CreateTime is no instant')
  if (fields['MsgType'] !== 'text') throw new TypeError('MsgType must be text here')
  const content = fields['Content'] ?? ''
  if (content === '' || Buffer.byteLength(content) > 2048)
    throw new TypeError('Content is empty or longer than 2048 bytes')
  return content
}

/** The nodes right below the root; nothing may stand between them. */
function fieldsOf(xml: string): Record<string, string> {
  const inner = /^\s*<xml>([\s\S]*)<\/xml>\s*$/.exec(xml)?.[1]
  if (inner === undefined) throw new TypeError('the reply is no <xml> document')
  const node = /\s*<(\w+)>((?:<!\[CDATA\[[\s\S]*?\]\]>)+|[^<]*)<\/\1>\s*/y
  const fields: Record<string, string> = {}
  while (node.lastIndex < inner.length) {
    const [, name, value] = node.exec(inner) ?? []
    if (name === undefined || value === undefined) throw new TypeError('the reply is malformed')
    fields[name] = value.replace(/<!\[CDATA\[([\s\S]*?)\]\]>/g, '$1')
  }
  return fields
}
