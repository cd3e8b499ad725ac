import { encrypt, getSignature } from '@wecom/crypto'

import { randomId } from '../base/random.ts'
import { sandboxCredentials } from '../base/credentials.ts'
import { type Bell, cdata, type PushBell, type WecomBell } from '../world/bell.ts'
import { sealForWeixin } from './weixin-envelope.ts'

const doors = {
  contact: {
    path: '/api/wework/callback',
    token: sandboxCredentials.callbackToken,
    aesKey: sandboxCredentials.callbackAesKey,
    agentId: sandboxCredentials.agentId,
  },
  kf: {
    path: '/api/wechat-work/message',
    token: sandboxCredentials.kfCallbackToken,
    aesKey: sandboxCredentials.kfCallbackAesKey,
    // kf events come without an agent id (platform-facts 1.3)
    agentId: '',
  },
} as const

const pushReceiver = {
  path: '/api/wechat/miniprogram',
  token: sandboxCredentials.pushToken,
  aesKey: sandboxCredentials.pushAesKey,
  appId: sandboxCredentials.miniAppId,
  originalId: sandboxCredentials.miniOriginalId,
}

type Envelope = { path: string; body: string; contentType: string }

export const seal = (bell: Bell): Envelope =>
  bell.door === 'push' ? sealPush(bell) : sealWecom(bell)

const sealPush = (bell: PushBell): Envelope => ({
  ...sealForWeixin(pushReceiver, bell),
  contentType: bell.format === 'json' ? 'application/json' : 'text/xml',
})

/**
 * One delivery attempt (W:90968). Timestamp, nonce and the 16 random bytes are new each time, so the outside is no
 * dedupe key; the timestamp is real time because a receiver compares it with its own clock. @wecom/crypto pads to
 * 32-byte blocks and is not the server's own implementation: a shared mistake cannot hide.
 */
function sealWecom(bell: WecomBell): Envelope {
  const door = doors[bell.door]
  const encrypted = encrypt(door.aesKey, bell.xml, sandboxCredentials.corpId)
  const timestamp = String(Math.floor(Date.now() / 1000))
  const nonce = randomId(12)
  const signature = getSignature(door.token, timestamp, nonce, encrypted)
  const query = new URLSearchParams({ msg_signature: signature, timestamp, nonce })
  const body =
    `<xml><ToUserName>${cdata(sandboxCredentials.corpId)}</ToUserName>` +
    `<AgentID>${cdata(door.agentId)}</AgentID><Encrypt>${cdata(encrypted)}</Encrypt></xml>`
  return { path: `${door.path}?${query.toString()}`, body, contentType: 'text/xml' }
}
