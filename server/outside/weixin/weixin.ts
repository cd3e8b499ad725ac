import { createHttpClient } from '../../lib/http-client.ts'
import type { Log } from '../../lib/log.ts'
import type { TokenStore } from '../../lib/token-store.ts'
import { createLogin } from './login.ts'
import { createPhone } from './phone.ts'
import { createSubscribe } from './subscribe.ts'
import { createWeixinCall } from './weixin.call.ts'

export interface WeixinOptions {
  /** https://api.weixin.qq.com, or the sandbox. */
  baseUrl: string
  appId: string
  appSecret: string
  tokens: Pick<TokenStore, 'get' | 'invalidate'>
  log: Pick<Log, 'debug' | 'warn'>
  /** Default 8 s. */
  timeoutMs?: number
}

/** Everything we say to WeChat for one mini-program or official account. `close` lets go of idle connections. */
export function createWeixin({
  baseUrl,
  appId,
  appSecret,
  tokens,
  log,
  timeoutMs = 8_000,
}: WeixinOptions) {
  const http = createHttpClient({ baseUrl, timeoutMs })
  const call = createWeixinCall({ http, appId, appSecret, tokens, log })

  return {
    login: createLogin(call),
    phone: createPhone(call),
    subscribe: createSubscribe(call),
    close: http.close,
  }
}

export type Weixin = ReturnType<typeof createWeixin>
