import { setTimeout as sleep } from 'node:timers/promises'
import {
  isRepeatable,
  OutsideError,
  withTries,
  type FilePart,
  type HttpClient,
  type JsonObject,
  type Query,
} from './http-client.ts'
import type { Log } from './log.ts'
import { callWithToken } from './token-call.ts'
import type { FetchedToken, TokenKey, TokenStore } from './token-store.ts'

export interface PlatformCallDeps {
  http: Pick<HttpClient, 'getJson' | 'postJson' | 'postMultipart'>
  tokens: Pick<TokenStore, 'get' | 'invalidate'>
  log: Pick<Log, 'debug' | 'warn'>
  /** Milliseconds between tries. */
  wait?: (ms: number) => Promise<unknown>
}

/** What a platform does its own way. */
interface Platform {
  /** In the log. */
  name: string
  key: TokenKey
  /** How a new token is asked for. */
  askToken: { endpoint: string; run: () => Promise<JsonObject> }
  /** The error of an answer with an errcode other than 0. */
  toError: (refusal: { errcode: number; endpoint: string; errmsg: string }) => Error
  isBusy: (error: unknown) => boolean
  /** Whether it does not take this token any more. */
  isTokenRefused: (error: unknown) => boolean
}

/** What is sent and how it may be repeated. `harmless`: a second time changes nothing, so an unknown outcome may be tried again. */
interface Request {
  endpoint: string
  harmless: boolean
  run: (token: string) => Promise<JsonObject>
}

/** How long a token lives whose answer does not say it. */
const USUAL_TOKEN_SECONDS = 7200

/**
 * The verbs of a platform that answers HTTP 200 to everything and takes its access token in the query.
 * All throw the platform's error (refused, nothing happened) and OutsideError (no usable answer).
 */
export function createPlatformCall(platform: Platform, deps: PlatformCallDeps) {
  const { http } = deps
  const { perform, checked } = createPerformer(platform, deps)

  return { read, ask, tell, upload, readWithoutToken }

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
    return perform({ ...post(path, body), harmless: true })
  }

  /** POST that somebody will see, or that spends a code: never repeated once it may have arrived. */
  function tell(path: string, body: JsonObject): Promise<JsonObject> {
    return perform({ ...post(path, body), harmless: false })
  }

  /** Multipart POST of one file; a second copy would only be a second media id. */
  function upload(path: string, query: Query, part: FilePart): Promise<JsonObject> {
    return perform({
      endpoint: `POST ${path}`,
      harmless: true,
      run: (token) => http.postMultipart(path, { access_token: token, ...query }, part),
    })
  }

  /** GET that says otherwise who is calling; never repeated. */
  async function readWithoutToken(path: string, query: Query): Promise<JsonObject> {
    return checked(`GET ${path}`, await http.getJson(path, query))
  }

  function post(path: string, body: JsonObject): Omit<Request, 'harmless'> {
    return {
      endpoint: `POST ${path}`,
      run: (token) => http.postJson(path, { access_token: token }, body),
    }
  }
}

/**
 * What every request passes through: errcode check, one refresh and replay when the token is refused, up to three tries where a
 * repetition is harmless.
 */
function createPerformer(
  platform: Platform,
  { tokens, log, wait = sleep }: Omit<PlatformCallDeps, 'http'>,
) {
  return { perform, checked }

  function perform({ endpoint, harmless, run }: Request): Promise<JsonObject> {
    return callWithToken({
      tokens,
      key: platform.key,
      fetchToken,
      isRefused: platform.isTokenRefused,
      onRefused: () =>
        log.warn(
          { endpoint },
          `${platform.name} refused the access token, trying again with another`,
        ),
      run: (token) => tried(async () => checked(endpoint, await run(token)), harmless),
    })
  }

  function fetchToken(): Promise<FetchedToken> {
    const { endpoint, run } = platform.askToken
    return tried(async () => readToken(endpoint, checked(endpoint, await run())), true)
  }

  function tried<T>(run: () => Promise<T>, harmless: boolean): Promise<T> {
    return withTries(run, {
      mayRepeat: (error) => isRepeatable(error, harmless) || (harmless && platform.isBusy(error)),
      wait,
    })
  }

  /** On success some calls leave errcode out. */
  function checked(endpoint: string, answer: JsonObject): JsonObject {
    const { errcode: code, errmsg } = answer
    const errcode = typeof code === 'number' ? code : 0
    log.debug({ endpoint, errcode }, `${platform.name} answered`)
    if (errcode === 0) return answer
    throw platform.toError({
      errcode,
      endpoint,
      errmsg: typeof errmsg === 'string' ? errmsg : '',
    })
  }
}

function readToken(endpoint: string, answer: JsonObject): FetchedToken {
  const { access_token: token, expires_in: seconds } = answer
  if (typeof token !== 'string' || token === '')
    throw new OutsideError('bad_response', { endpoint, sent: true, reason: 'no access_token' })
  return { token, expiresInSeconds: typeof seconds === 'number' ? seconds : USUAL_TOKEN_SECONDS }
}
