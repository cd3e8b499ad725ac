import { setTimeout as sleep } from 'node:timers/promises'
import {
  isRepeatable,
  OutsideError,
  withTries,
  type HttpClient,
  type JsonObject,
  type Query,
} from '../../lib/http-client.ts'
import type { Log } from '../../lib/log.ts'
import { callWithToken } from '../../lib/token-call.ts'
import type { FetchedToken, TokenKey, TokenStore } from '../../lib/token-store.ts'
import { isErrcode, WEIXIN_ERRCODE, WeixinError } from './weixin.errors.ts'

export interface WeixinCallDeps {
  http: Pick<HttpClient, 'getJson' | 'postJson'>
  appId: string
  appSecret: string
  tokens: Pick<TokenStore, 'get' | 'invalidate'>
  log: Pick<Log, 'debug' | 'warn'>
  /** Milliseconds between tries. */
  wait?: (ms: number) => Promise<unknown>
}

/** `harmless`: a second time changes nothing, so an unknown outcome may be tried again. */
interface Errand {
  endpoint: string
  harmless: boolean
  run: (token: string) => Promise<JsonObject>
}

/**
 * The one place that speaks to api.weixin.qq.com. All verbs throw WeixinError (refused) and OutsideError (no usable answer).
 * https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/
 */
export function createWeixinCall({
  http,
  appId,
  appSecret,
  tokens,
  log,
  wait = sleep,
}: WeixinCallDeps) {
  const key: TokenKey = { provider: 'weixin', subject: appId, secret: appSecret }

  return { asApp, read, ask, tell }

  /** GET that names app and secret instead of a token; never repeated. */
  async function asApp(path: string, query: Query): Promise<JsonObject> {
    return checked(
      `GET ${path}`,
      await http.getJson(path, { appid: appId, secret: appSecret, ...query }),
    )
  }

  /** GET with the access token: reads. */
  function read(path: string, query: Query = {}): Promise<JsonObject> {
    return perform({
      endpoint: `GET ${path}`,
      harmless: true,
      run: (token) => http.getJson(path, { access_token: token, ...query }),
    })
  }

  /** POST that may be repeated: it reads, or writes the same thing again. */
  function ask(path: string, body: JsonObject): Promise<JsonObject> {
    return perform({
      endpoint: `POST ${path}`,
      harmless: true,
      run: (token) => http.postJson(path, { access_token: token }, body),
    })
  }

  /** POST that somebody will see, or that spends a code: never repeated once it may have arrived. */
  function tell(path: string, body: JsonObject): Promise<JsonObject> {
    return perform({
      endpoint: `POST ${path}`,
      harmless: false,
      run: (token) => http.postJson(path, { access_token: token }, body),
    })
  }

  function perform(errand: Errand): Promise<JsonObject> {
    return callWithToken({
      tokens,
      key,
      fetchToken,
      isRefused: (error) =>
        isErrcode(
          error,
          WEIXIN_ERRCODE.badCredential,
          WEIXIN_ERRCODE.badToken,
          WEIXIN_ERRCODE.tokenExpired,
        ),
      onRefused: () =>
        log.warn(
          { endpoint: errand.endpoint },
          'WeChat refused the access token, trying again with another',
        ),
      run: (token) => withBusyTries(errand, token),
    })
  }

  function withBusyTries(errand: Errand, token: string): Promise<JsonObject> {
    return withTries(async () => checked(errand.endpoint, await errand.run(token)), {
      mayRepeat: (error) =>
        isRepeatable(error, errand.harmless) ||
        (errand.harmless && isErrcode(error, WEIXIN_ERRCODE.busy)),
      wait,
    })
  }

  /** On success the platform often leaves errcode out. */
  function checked(endpoint: string, answer: JsonObject): JsonObject {
    const errcode = typeof answer['errcode'] === 'number' ? answer['errcode'] : 0
    log.debug({ endpoint, errcode }, 'WeChat answered')
    if (errcode !== 0)
      throw new WeixinError({
        errcode,
        endpoint,
        errmsg: typeof answer['errmsg'] === 'string' ? answer['errmsg'] : '',
      })
    return answer
  }

  /**
   * stable_token, because cgi-bin/token kills the token everybody else is using. Never forced: the platform grants that 20 times a day.
   * https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/mp-access-token/getStableAccessToken.html
   */
  function fetchToken(): Promise<FetchedToken> {
    const path = '/cgi-bin/stable_token'
    const endpoint = `POST ${path}`
    const run = async () => {
      const body = {
        grant_type: 'client_credential',
        appid: appId,
        secret: appSecret,
        force_refresh: false,
      }
      const { access_token: token, expires_in: seconds } = checked(
        endpoint,
        await http.postJson(path, {}, body),
      )
      if (typeof token !== 'string' || token === '')
        throw new OutsideError('bad_response', { endpoint, sent: true, reason: 'no access_token' })
      return { token, expiresInSeconds: typeof seconds === 'number' ? seconds : 7200 }
    }
    return withTries(run, {
      mayRepeat: (error) => isRepeatable(error, true) || isErrcode(error, WEIXIN_ERRCODE.busy),
      wait,
    })
  }
}

export type WeixinCall = ReturnType<typeof createWeixinCall>
