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

const BY_STATUS: Record<number, readonly [code: string, message: string]> = {
  400: ['request.invalid', '请求格式不正确，请检查后重试'],
  404: ['request.unknown_route', '没有这个接口，请检查地址'],
  405: ['request.method', '这个地址不支持该请求方法'],
  413: ['request.too_large', '请求内容过大'],
  415: ['request.media_type', '请求须为 JSON 格式（Content-Type: application/json）'],
  501: ['request.method', '这个地址不支持该请求方法'],
}

/** The one place that turns whatever was thrown into an answer; the words of a foreign error never reach a client. */
export function toHttpError(error: unknown): HttpError {
  if (error instanceof HttpError) return error
  if (isPlatformFailure(error)) {
    return new HttpError(503, 'platform.unavailable', '微信服务暂时不可用，请稍后再试', {
      'Retry-After': '5',
    })
  }
  if (isDatabaseDown(error)) {
    return new HttpError(503, 'service.unavailable', '服务暂时不可用，请稍后再试', {
      'Retry-After': '5',
    })
  }
  if (isConflict(error))
    return new HttpError(503, 'service.busy', '操作冲突，请稍后再试', { 'Retry-After': '1' })
  const status = statusOf(error)
  const known = BY_STATUS[status] ?? (status < 500 ? BY_STATUS[400] : undefined)
  return known
    ? new HttpError(status === 501 ? 405 : status, ...known)
    : new HttpError(
        500,
        'service.internal',
        '服务出错了，请稍后再试；如仍有问题请把请求编号告诉我们',
      )
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
