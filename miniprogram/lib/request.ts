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
  method?: 'GET' | 'POST' | 'DELETE'
  path: string
  query?: Record<string, string | number | undefined>
  body?: Record<string, unknown>
}

/** One call over the wire, with that token or none. Answers the `data` of the envelope or throws RequestError. */
export async function send<Data>(call: Call, token?: string): Promise<Data> {
  const answer = await answeredWithin<Answer>(LIMIT_MS, (callbacks) => {
    wx.request({
      url: apiBase + toPath(call),
      method: call.method ?? 'GET',
      timeout: TIMEOUT_MS,
      header: token === undefined ? {} : { Authorization: `Bearer ${token}` },
      ...(call.body && { data: call.body }),
      ...callbacks,
    })
  }).catch((failure: unknown) => {
    throw toNetworkError((failure as Failure).errno)
  })
  const read = readAnswer<Data>(answer)
  if (read instanceof RequestError) throw read
  return read.data
}

/** Calls as the signed-in customer; a refused session is renewed once. */
export function createRequest(
  session: Pick<Session, 'token' | 'renew'>,
  sendOne: typeof send = send,
) {
  return async <Data>(call: Call): Promise<Data> => {
    const token = await session.token()
    try {
      return await sendOne<Data>(call, token)
    } catch (error) {
      if (!(error instanceof RequestError) || error.status !== 401) throw error
      return sendOne<Data>(call, await session.renew(token))
    }
  }
}

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
  const envelope: Envelope = typeof data === 'object' && data !== null ? data : {}
  if (typeof envelope.timestamp === 'number') noteServerTime(envelope.timestamp)
  if (statusCode < 300 && envelope.success === true) return { data: envelope.data as Data }
  return new RequestError(statusCode, {
    code: text(envelope.error?.code, 'service.unreadable'),
    message: text(envelope.message, UNAVAILABLE),
    requestId: text(envelope.requestId, ''),
    retryAfterSeconds: readRetryAfter(header),
  })
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
