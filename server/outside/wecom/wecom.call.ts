import { createPlatformCall, type PlatformCallDeps } from '../../lib/platform-call.ts'
import type { TokenKey } from '../../lib/token-store.ts'
import { isErrcode, WECOM_ERRCODE, WecomError } from './wecom.errors.ts'

interface WecomCallDeps extends PlatformCallDeps {
  corpId: string
  /** The app's secret: its token works for this app only. */
  secret: string
}

/**
 * gettoken gives the same token until it ends, so asking early cannot cut anybody off; 5 minutes leave time for a bad quarter of an
 * hour at the platform. https://developer.work.weixin.qq.com/document/path/91039
 */
export const wecomTokenKey = (subject: string, secret: string): TokenKey => ({
  provider: 'wecom',
  subject,
  secret,
  renewSecondsBefore: 300,
})

const { busy, badCredential, badToken, tokenExpired } = WECOM_ERRCODE

/**
 * The one place that speaks to WeCom. All verbs throw WecomError (refused, nothing happened) and OutsideError (no usable answer).
 * https://developer.work.weixin.qq.com/document/path/90313
 */
export function createWecomCall({ corpId, secret, ...deps }: WecomCallDeps) {
  const { read, ask, tell, upload } = createPlatformCall(
    {
      name: 'WeCom',
      key: wecomTokenKey(corpId, secret),
      // https://developer.work.weixin.qq.com/document/path/91039
      askToken: {
        endpoint: 'GET /cgi-bin/gettoken',
        run: () => deps.http.getJson('/cgi-bin/gettoken', { corpid: corpId, corpsecret: secret }),
      },
      toError: (refusal) => new WecomError(refusal),
      isBusy: (error) => isErrcode(error, busy),
      isTokenRefused: (error) => isErrcode(error, badCredential, badToken, tokenExpired),
    },
    deps,
  )
  return { read, ask, tell, upload }
}

export type WecomCall = ReturnType<typeof createWecomCall>
