import { apiBase } from '../config.ts'
import { answeredWithin, TIMED_OUT, type Failure } from './answered.ts'
import { noteServerTime } from './clock.ts'
import type { Session } from './session.ts'

const TIMEOUT_MS = 10_000
const LIMIT_MS = TIMEOUT_MS + 2000 // for a phone that keeps no time-outs
const UNAVAILABLE = '服务暂时不可用，请稍后再试'

type Refusal = { code: string; message: string; requestId?: string; retryAfterSeconds?: number }

/** `status` 0: no answer came. `message` is Chinese and may be shown. */
export class RequestError extends Error {
  readonly status: number
  readonly code: string
  readonly requestId: string
  /** How long the server asks to wait (429, 503); 0 when it does not say. */
  readonly retryAfterSeconds: number
  constructor(status: number, { code, message, requestId = '', retryAfterSeconds = 0 }: Refusal) {
    super(message)
    this.name = 'RequestError'
    this.status = status
    this.code = code
    this.requestId = requestId
    this.retryAfterSeconds = retryAfterSeconds
  }
}

export type Call = {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  path: string
  query?: Record<string, string | number | undefined>
  body?: Record<string, unknown>
  /** A file of the phone, sent by itself as multipart. */
  file?: { path: string; part: string }
}

/** One call over the wire, with that token or none. Answers the `data` of the envelope or throws RequestError. */
export async function send<Data>(call: Call, token?: string): Promise<Data> {
  const read = readAnswer<Data>(await exchange(call, token))
  if (read instanceof RequestError) throw read
  return read.data
}

/** Whether the server can serve; needs no session. */
const checkHealth = (): Promise<boolean> =>
  exchange({ path: '/readyz' }).then(
    ({ statusCode }) => statusCode === 200,
    () => false,
  )

function exchange(call: Call, token?: string): Promise<Answer> {
  const { url, header } = toAddress(call, token)
  return answeredWithin<Answer>(LIMIT_MS, (callbacks) => {
    const common = { url, header, timeout: TIMEOUT_MS, ...callbacks }
    if (call.file) wx.uploadFile({ ...common, filePath: call.file.path, name: call.file.part })
    else
      wx.request({
        ...common,
        method: call.method === 'PATCH' ? 'POST' : (call.method ?? 'GET'),
        ...(call.body && { data: call.body }),
      })
  }).catch((failure: unknown) => {
    throw toNetworkError((failure as Failure).errno)
  })
}

/** The platform has no PATCH: it goes as a POST that says so. */
const toAddress = (call: Call, token?: string) => ({
  url: apiBase + toPath(call),
  header: {
    ...(token !== undefined && { Authorization: `Bearer ${token}` }),
    ...(call.method === 'PATCH' && { 'X-HTTP-Method-Override': 'PATCH' }),
  },
})

type Deps = { send: typeof send; pause: (ms: number) => Promise<void>; now: () => number }
const ownDeps: Deps = {
  send,
  // spread, so that phones which lost the same server do not come back at the same moment
  pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms * (0.5 + Math.random()))),
  now: Date.now,
}

/** Calls as the signed-in customer; a refused session is renewed once, and what only reads is tried again in silence. */
export function createRequest(session: Pick<Session, 'token' | 'renew'>, deps: Deps = ownDeps) {
  return async <Data>(call: Call): Promise<Data> => {
    const sendOne = (token: string): Promise<Data> =>
      again(isSafe(call), deps, () => deps.send<Data>(call, token))
    const token = await session.token()
    try {
      return await sendOne(token)
    } catch (error) {
      if (!(error instanceof RequestError) || error.status !== 401) throw error
      return sendOne(await session.renew(token))
    }
  }
}
export type Request = ReturnType<typeof createRequest>

/** What may be done twice. Whatever else was sent may have been done though no answer came. */
const isSafe = ({ method = 'GET', file }: Call): boolean => method === 'GET' && !file

const PAUSES_MS = [400, 1200]
/** Nobody looks at an empty page for longer than this without a word. */
const PATIENCE_MS = 8000

async function again<Result>(
  allowed: boolean,
  { pause, now }: Deps,
  run: () => Promise<Result>,
): Promise<Result> {
  const since = now()
  for (const ms of allowed ? PAUSES_MS : []) {
    try {
      return await run()
    } catch (error) {
      if (!isPassing(error) || now() - since > PATIENCE_MS) throw error
    }
    await pause(ms)
  }
  return run()
}

/** No answer, or one of a server that is just being exchanged; who is told how long to wait is not asked again before. */
const isPassing = (error: unknown): boolean =>
  error instanceof RequestError &&
  [0, 502, 503, 504].includes(error.status) &&
  error.retryAfterSeconds === 0

/** The verbs by which everything is asked for (R2.22). `upload` sends one file that the phone has at `filePath`. */
export const createApi = (request: Request) => ({
  get: <Data>(path: string, query?: Call['query']): Promise<Data> =>
    request<Data>({ path, ...(query && { query }) }),
  post: <Data>(path: string, body?: Call['body']): Promise<Data> =>
    request<Data>({ method: 'POST', path, ...(body && { body }) }),
  put: <Data>(path: string, body?: Call['body']): Promise<Data> =>
    request<Data>({ method: 'PUT', path, ...(body && { body }) }),
  patch: <Data>(path: string, body?: Call['body']): Promise<Data> =>
    request<Data>({ method: 'PATCH', path, ...(body && { body }) }),
  delete: <Data>(path: string): Promise<Data> => request<Data>({ method: 'DELETE', path }),
  upload: <Data>(path: string, filePath: string): Promise<Data> =>
    request<Data>({ method: 'POST', path, file: { path: filePath, part: 'file' } }),
  checkHealth,
})

export function toPath({ path, query = {} }: Call): string {
  const pairs = Object.entries(query)
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`)
  return pairs.length > 0 ? `${path}?${pairs.join('&')}` : path
}

type Answer = { statusCode: number; data: unknown; header?: Record<string, unknown> }
type Envelope = {
  success?: unknown
  data?: unknown
  message?: unknown
  timestamp?: unknown
  requestId?: unknown
  error?: { code?: unknown }
}

export function readAnswer<Data>({
  statusCode,
  data,
  header = {},
}: Answer): { data: Data } | RequestError {
  const envelope = toEnvelope(data)
  if (typeof envelope.timestamp === 'number') noteServerTime(envelope.timestamp)
  if (statusCode < 300 && envelope.success === true) return { data: envelope.data as Data }
  return new RequestError(statusCode, {
    code: text(envelope.error?.code, 'service.unreadable'),
    message: text(envelope.message, UNAVAILABLE),
    requestId: text(envelope.requestId, ''),
    retryAfterSeconds: readRetryAfter(header),
  })
}

/** An upload is answered with text. */
function toEnvelope(data: unknown): Envelope {
  try {
    const read: unknown = typeof data === 'string' ? JSON.parse(data) : data
    return typeof read === 'object' && read !== null ? read : {}
  } catch {
    return {}
  }
}

const text = (value: unknown, otherwise: string): string =>
  typeof value === 'string' && value !== '' ? value : otherwise

/** Header names keep the server's spelling on some systems and are lower case on others. */
function readRetryAfter(header: Record<string, unknown>): number {
  const name = Object.keys(header).find((key) => key.toLowerCase() === 'retry-after')
  const seconds = name === undefined ? 0 : Number(header[name])
  return Number.isFinite(seconds) && seconds > 0 ? Math.ceil(seconds) : 0
}

export const toNetworkError = (errno?: number): RequestError =>
  errno === TIMED_OUT
    ? new RequestError(0, {
        code: 'network.timeout',
        message: '网络有点慢，没有等到回应，请再试一次',
      })
    : new RequestError(0, {
        code: 'network.offline',
        message: '网络没有连上，请检查手机网络后再试',
      })
