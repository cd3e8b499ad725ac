import type { JsonObject, Query } from '../../lib/http-client.ts'
import { createPlatformCall, type PlatformCallDeps } from '../../lib/platform-call.ts'
import { isErrcode, WEIXIN_ERRCODE, WeixinError } from './weixin.errors.ts'

interface WeixinCallDeps extends PlatformCallDeps {
  appId: string
  appSecret: string
}

const { busy, badCredential, badToken, tokenExpired } = WEIXIN_ERRCODE

/**
 * The one place that speaks to api.weixin.qq.com. All verbs throw WeixinError (refused) and OutsideError (no usable answer).
 * https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/
 */
export function createWeixinCall({ appId, appSecret, ...deps }: WeixinCallDeps) {
  const { read, ask, tell, readWithoutToken } = createPlatformCall(
    {
      name: 'WeChat',
      key: {
        provider: 'weixin',
        subject: appId,
        secret: appSecret,
        renewSecondsBefore: RENEW_SECONDS_BEFORE,
      },
      askToken: { endpoint: `POST ${STABLE_TOKEN}`, run: askStableToken },
      toError: (refusal) => new WeixinError(refusal),
      isBusy: (error) => isErrcode(error, busy),
      isTokenRefused: (error) => isErrcode(error, badCredential, badToken, tokenExpired),
    },
    deps,
  )

  return { asApp, read, ask, tell }

  /** GET that names app and secret instead of a token; never repeated. */
  function asApp(path: string, query: Query): Promise<JsonObject> {
    return readWithoutToken(path, { appid: appId, secret: appSecret, ...query })
  }

  /**
   * stable_token, because cgi-bin/token kills the token everybody else is using. Never forced: the platform grants that 20 times a day.
   * https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/mp-access-token/getStableAccessToken.html
   */
  function askStableToken(): Promise<JsonObject> {
    return deps.http.postJson(
      STABLE_TOKEN,
      {},
      {
        grant_type: 'client_credential',
        appid: appId,
        secret: appSecret,
        force_refresh: false,
      },
    )
  }
}

export type WeixinCall = ReturnType<typeof createWeixinCall>

const STABLE_TOKEN = '/cgi-bin/stable_token'
/**
 * stable_token gives a new one only in the last 5 minutes (both then live on), so 4 minutes: as early as asking makes sense, with a
 * minute for clocks that disagree.
 * https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/mp-access-token/getStableAccessToken.html
 */
const RENEW_SECONDS_BEFORE = 240
