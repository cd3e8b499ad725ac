import { setTimeout as sleep } from 'node:timers/promises'
import {
  isRepeatable,
  OutsideError,
  withTries,
  type FilePart,
  type HttpClient,
  type JsonObject,
  type Query,
} from '../../lib/http-client.ts'
import type { Log } from '../../lib/log.ts'
import { callWithToken } from '../../lib/token-call.ts'
import type { FetchedToken, TokenKey, TokenStore } from '../../lib/token-store.ts'
import { isErrcode, WECOM_ERRCODE, WecomError } from './wecom.errors.ts'
import { integer, text } from './wecom.read.ts'

export interface WecomCallDeps {
  http: Pick<HttpClient, 'getJson' | 'postJson' | 'postMultipart'>
  corpId: string
  /** The app's secret: its token works for this app only. */
  secret: string
  tokens: Pick<TokenStore, 'get' | 'invalidate'>
  log: Pick<Log, 'debug' | 'warn'>
  /** Milliseconds between tries. */
  wait?: (ms: number) => Promise<unknown>
}

/** What is sent and how it may be repeated. `harmless`: a second time changes nothing, so an unknown outcome may be tried again. */
interface Errand {
  endpoint: string
  harmless: boolean
  run: (token: string) => Promise<JsonObject>
}

/**
 * The one place that speaks to WeCom: access token in the query, errcode check, one refresh and replay when the token is refused,
 * up to three tries where a repetition is harmless. The platform answers HTTP 200 to everything.
 * All four throw WecomError (refused, nothing happened) and OutsideError (no usable answer).
 * https://developer.work.weixin.qq.com/document/path/90313
 */
export function createWecomCall({
  http,
  corpId,
  secret,
  tokens,
  log,
  wait = sleep,
}: WecomCallDeps) {
  const key: TokenKey = { provider: 'wecom', subject: corpId, secret }

  return { read, ask, tell, upload }

  /** GET: reads. */
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

  /** POST that somebody will see: never repeated once it may have arrived. */
  function tell(path: string, body: JsonObject): Promise<JsonObject> {
    return perform({
      endpoint: `POST ${path}`,
      harmless: false,
      run: (token) => http.postJson(path, { access_token: token }, body),
    })
  }

  /** Multipart POST of one file; a second copy would only be a second media id. */
  function upload(path: string, query: Query, part: FilePart): Promise<JsonObject> {
    return perform({
      endpoint: `POST ${path}`,
      harmless: true,
      run: (token) => http.postMultipart(path, { access_token: token, ...query }, part),
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
          WECOM_ERRCODE.badCredential,
          WECOM_ERRCODE.badToken,
          WECOM_ERRCODE.tokenExpired,
        ),
      onRefused: () =>
        log.warn(
          { endpoint: errand.endpoint },
          'WeCom refused the access token, trying again with another',
        ),
      run: (token) => withBusyTries(errand, token),
    })
  }

  function withBusyTries(errand: Errand, token: string): Promise<JsonObject> {
    return withTries(async () => checked(errand.endpoint, await errand.run(token)), {
      mayRepeat: (error) =>
        isRepeatable(error, errand.harmless) ||
        (errand.harmless && isErrcode(error, WECOM_ERRCODE.busy)),
      wait,
    })
  }

  function checked(endpoint: string, answer: JsonObject): JsonObject {
    const errcode = integer(answer, 'errcode') ?? 0
    log.debug({ endpoint, errcode }, 'WeCom answered')
    if (errcode !== 0)
      throw new WecomError({ errcode, endpoint, errmsg: text(answer, 'errmsg') ?? '' })
    return answer
  }

  /** https://developer.work.weixin.qq.com/document/path/91039 */
  function fetchToken(): Promise<FetchedToken> {
    const endpoint = 'GET /cgi-bin/gettoken'
    const run = async () => {
      const answer = checked(
        endpoint,
        await http.getJson('/cgi-bin/gettoken', { corpid: corpId, corpsecret: secret }),
      )
      const token = text(answer, 'access_token')
      if (token === undefined)
        throw new OutsideError('bad_response', { endpoint, sent: true, reason: 'no access_token' })
      return { token, expiresInSeconds: integer(answer, 'expires_in') ?? 7200 }
    }
    return withTries(run, {
      mayRepeat: (error) => isRepeatable(error, true) || isErrcode(error, WECOM_ERRCODE.busy),
      wait,
    })
  }
}

export type WecomCall = ReturnType<typeof createWecomCall>
