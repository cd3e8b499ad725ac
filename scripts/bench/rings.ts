import { randomUUID } from 'node:crypto'
import { createWecomCallback } from '../../server/outside/wecom/wecom.callback.ts'
import { buildXml } from '../../server/lib/xml.ts'
import { sandboxCredentials as company } from '../sandbox/base/credentials.ts'
import { toPost } from './wire.rules.ts'

/** Where WeCom rings for the chat. */
export const RING_PATH = '/api/wechat-work/message'

/** The pairs of the sandbox's company, that of the chat first. */
export const createPipe = () =>
  createWecomCallback({
    corpId: company.corpId,
    pairs: [
      { token: company.kfCallbackToken, encodingAesKey: company.kfCallbackAesKey },
      { token: company.callbackToken, encodingAesKey: company.callbackAesKey },
    ],
  })

const { seal } = createPipe()

/** A real callback: that there is something new in the chat. No two are alike, so each is a row of the inbox. */
export function sealRing(): string {
  const now = Math.floor(Date.now() / 1_000)
  const xml = buildXml({
    ToUserName: company.corpId,
    CreateTime: String(now),
    MsgType: 'event',
    Event: 'kf_msg_or_event',
    Token: `ENC${randomUUID()}`,
    OpenKfId: company.openKfId,
  })
  const sealed = seal(xml, { timestamp: String(now), nonce: randomUUID().slice(0, 10) })
  return toPost(RING_PATH, sealed.query, sealed.body)
}

/**
 * Rings sealed before they are needed, because sealing takes the processor from what is measured; after `count` they are
 * sealed one by one. They go stale after five minutes.
 */
export function prepareRings(count: number): () => string {
  const sealed = Array.from({ length: count }, sealRing)
  return () => sealed.pop() ?? sealRing()
}

/** The same few again and again, for what stores nothing. */
export function repeatRings(count: number): () => string {
  const sealed = Array.from({ length: count }, sealRing)
  let at = 0
  return () => sealed[(at += 1) % count]!
}
