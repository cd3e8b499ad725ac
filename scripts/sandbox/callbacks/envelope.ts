import { encrypt, getSignature } from '@wecom/crypto'

import { randomId } from '../base/random.ts'
import { sandboxCredentials } from '../base/credentials.ts'
import { type Bell, cdata } from '../world/bell.ts'

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

type Envelope = { path: string; body: string }

/**
 * One delivery attempt (W:90968). Timestamp, nonce and the 16 random bytes are new each time, so the outside is no
 * dedupe key; the timestamp is real time because a receiver compares it with its own clock. @wecom/crypto pads to
 * 32-byte blocks and is not the server's own implementation: a shared mistake cannot hide.
 */
export function seal(bell: Bell): Envelope {
  const door = doors[bell.door]
  const encrypted = encrypt(door.aesKey, bell.xml, sandboxCredentials.corpId)
  const timestamp = String(Math.floor(Date.now() / 1000))
  const nonce = randomId(12)
  const signature = getSignature(door.token, timestamp, nonce, encrypted)
  const query = new URLSearchParams({ msg_signature: signature, timestamp, nonce })
  const body =
    `<xml><ToUserName>${cdata(sandboxCredentials.corpId)}</ToUserName>` +
    `<AgentID>${cdata(door.agentId)}</AgentID><Encrypt>${cdata(encrypted)}</Encrypt></xml>`
  return { path: `${door.path}?${query.toString()}`, body }
}
