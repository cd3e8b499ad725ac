import { createHash } from 'node:crypto'
import { OutsideError, type Query } from '../../lib/http-client.ts'
import type { FetchedToken, TokenStore } from '../../lib/token-store.ts'
import { wecomTokenKey, type WecomCall } from './wecom.call.ts'
import { integer, text } from './wecom.read.ts'

/** What `wx.config` (the company) and `wx.agentConfig` (this app) are signed with: two tickets that do not replace each other. */
type Identity = 'config' | 'agentConfig'
type Stamp = {
  nonceStr: string
  /** Unix seconds. */ timestamp: number
  /** Of the page, as the page sees it. */ url: string
}

const SOURCES: Record<Identity, { path: string; query: Query }> = {
  config: { path: '/cgi-bin/get_jsapi_ticket', query: {} },
  agentConfig: { path: '/cgi-bin/ticket/get', query: { type: 'agent_config' } },
}

/**
 * Signatures for the JS-SDK. Tickets live two hours and may be fetched 100 times an hour, so all processes share them
 * through the token store. Throws WecomError and OutsideError.
 * https://developer.work.weixin.qq.com/document/path/90506
 */
export function createJssdk({
  call,
  corpId,
  secret,
  tokens,
}: {
  call: WecomCall
  corpId: string
  secret: string
  tokens: Pick<TokenStore, 'get'>
}) {
  return { sign }

  async function sign(identity: Identity, stamp: Stamp): Promise<string> {
    const ticket = await tokens.get(wecomTokenKey(`${corpId}|ticket:${identity}`, secret), () =>
      fetchTicket(identity),
    )
    return signJsapi({ ...stamp, ticket })
  }

  async function fetchTicket(identity: Identity): Promise<FetchedToken> {
    const { path, query } = SOURCES[identity]
    const answer = await call.read(path, query)
    const ticket = text(answer, 'ticket')
    if (ticket === undefined)
      throw new OutsideError('bad_response', {
        endpoint: `GET ${path}`,
        sent: true,
        reason: 'no ticket',
      })
    return { token: ticket, expiresInSeconds: integer(answer, 'expires_in') ?? 7200 }
  }
}

/** Raw values in this order, nothing encoded; the URL without what follows `#`. */
export function signJsapi({
  ticket,
  nonceStr,
  timestamp,
  url,
}: Stamp & { ticket: string }): string {
  const page = url.split('#', 1)[0] ?? ''
  return createHash('sha1')
    .update(
      `jsapi_ticket=${ticket}&noncestr=${nonceStr}&timestamp=${String(timestamp)}&url=${page}`,
    )
    .digest('hex')
}
