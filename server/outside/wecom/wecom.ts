import { createHttpClient } from '../../lib/http-client.ts'
import type { Log } from '../../lib/log.ts'
import type { TokenStore } from '../../lib/token-store.ts'
import { createContacts } from './contacts.ts'
import { createJssdk } from './jssdk.ts'
import { createKf } from './kf.ts'
import { createMedia } from './media.ts'
import { createMembers } from './members.ts'
import { createMessages } from './messages.ts'
import { createOauth } from './oauth.ts'
import { createWecomCall } from './wecom.call.ts'

interface WecomOptions {
  /** https://qyapi.weixin.qq.com, or the sandbox. */
  baseUrl: string
  /** Where members sign in; default https://open.weixin.qq.com. */
  openBaseUrl?: string
  corpId: string
  agentId: number
  /** The self-built app's secret: contacts, app messages and media. */
  contactSecret: string
  /** The secret of the app that may call kf; often the same. */
  kfSecret: string
  tokens: Pick<TokenStore, 'get' | 'invalidate'>
  log: Pick<Log, 'debug' | 'warn'>
  /** Default 8 s: a greeting has 20 s in all. */
  timeoutMs?: number
}

/** Everything we say to WeCom. `close` lets go of idle connections. */
export function createWecom({
  baseUrl,
  corpId,
  agentId,
  contactSecret,
  kfSecret,
  tokens,
  log,
  openBaseUrl = 'https://open.weixin.qq.com',
  timeoutMs = 8_000,
}: WecomOptions) {
  const http = createHttpClient({ baseUrl, timeoutMs })
  const call = createWecomCall({ http, corpId, secret: contactSecret, tokens, log })
  const kfCall = createWecomCall({ http, corpId, secret: kfSecret, tokens, log })

  return {
    kf: createKf(kfCall),
    contacts: createContacts({ call, log }),
    messages: createMessages({ call, agentId }),
    media: createMedia(call),
    members: createMembers(call),
    oauth: createOauth({ call, corpId, agentId, openBaseUrl }),
    jssdk: createJssdk({ call, corpId, secret: contactSecret, tokens }),
    close: http.close,
  }
}

export type Wecom = ReturnType<typeof createWecom>
