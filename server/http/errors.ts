import { OutsideError } from '../lib/http-client.ts'

/** An answer that is not a success: a stable `code` for programs, a Chinese `message` for people. */
export class HttpError extends Error {
  readonly status: number
  readonly code: string
  readonly headers: Readonly<Record<string, string>>
  constructor(status: number, code: string, message: string, headers: Record<string, string> = {}) {
    super(message)
    this.status = status
    this.code = code
    this.headers = headers
  }
}

/**
 * How a refusal is told, said once for the answer and for the OpenAPI document. `{name}` in the message stands for what is
 * known only when it is said.
 */
export type Refusal = readonly [
  status: number,
  code: string,
  message: string,
  headers?: Record<string, string>,
]
export type Refusals = Readonly<Record<string, Refusal>>
/** What is known only when a refusal is said. */
export type Said = { words?: Record<string, string>; retryAfterSeconds?: number }

/** The error of a refusal, its words filled in. */
export const refuse = (
  [status, code, message, headers]: Refusal,
  { words = {}, retryAfterSeconds }: Said = {},
): HttpError =>
  new HttpError(
    status,
    code,
    message.replace(/\{(\w+)\}/g, (gap, name: string) => words[name] ?? gap),
    retryAfterSeconds === undefined ? headers : { 'Retry-After': String(retryAfterSeconds) },
  )

/** What any request may meet. */
export const FAILURES = {
  internal: [500, 'service.internal', '服务出错了，请稍后再试；如仍有问题请把请求编号告诉我们'],
  platform: [503, 'platform.unavailable', '微信服务暂时不可用，请稍后再试', { 'Retry-After': '5' }],
  database: [503, 'service.unavailable', '服务暂时不可用，请稍后再试', { 'Retry-After': '5' }],
  conflict: [503, 'service.busy', '操作冲突，请稍后再试', { 'Retry-After': '1' }],
} satisfies Refusals

/** What is wrong with a request before its route looks at it. */
export const REQUEST = {
  invalid: [400, 'request.invalid', '请求格式不正确，请检查后重试'],
  unknownRoute: [404, 'request.unknown_route', '没有这个接口，请检查地址'],
  method: [405, 'request.method', '这个地址不支持该请求方法'],
  tooLarge: [413, 'request.too_large', '请求内容过大'],
  mediaType: [
    415,
    'request.media_type',
    '请求须为 JSON 格式（Content-Type: application/json），不能压缩',
  ],
} satisfies Refusals

const BY_STATUS: Record<number, Refusal> = {
  400: REQUEST.invalid,
  404: REQUEST.unknownRoute,
  405: REQUEST.method,
  413: REQUEST.tooLarge,
  415: REQUEST.mediaType,
  501: REQUEST.method,
}

/** The one place that turns whatever was thrown into an answer; the words of a foreign error never reach a client. */
export function toHttpError(error: unknown): HttpError {
  if (error instanceof HttpError) return error
  if (isPlatformFailure(error)) return refuse(FAILURES.platform)
  if (isDatabaseDown(error)) return refuse(FAILURES.database)
  if (isConflict(error)) return refuse(FAILURES.conflict)
  const status = statusOf(error)
  return refuse(BY_STATUS[status] ?? (status < 500 ? REQUEST.invalid : FAILURES.internal))
}

function statusOf(error: unknown): number {
  const status =
    typeof error === 'object' && error !== null && 'status' in error ? error.status : undefined
  return typeof status === 'number' && status >= 400 && status < 600 ? status : 500
}

/** Platform errors carry the platform's number. */
const isPlatformFailure = (error: unknown): boolean =>
  error instanceof OutsideError ||
  (error instanceof Error && 'errcode' in error && typeof error.errcode === 'number')

/** Also of errors that Node made in another realm, as it does under jest. */
const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
/** Postgres chose this transaction to end a deadlock, or could not serialise it: nothing was written. */
const isConflict = (error: unknown): boolean => ['40P01', '40001'].includes(codeOf(error))

const DATABASE_DOWN = new Set([
  'ECONNREFUSED',
  'ENOENT',
  'ECONNRESET',
  '57P01',
  '57P02',
  '57P03',
  '08006',
  '08001',
  '53300',
])

const isDatabaseDown = (error: unknown): boolean =>
  (error instanceof Error && error.name === 'KnexTimeoutError') || DATABASE_DOWN.has(codeOf(error))
