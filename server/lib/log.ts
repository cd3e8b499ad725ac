import { types } from 'node:util'
import pino, { type Logger } from 'pino'

export type Log = Logger

/**
 * ERROR: somebody must act now. WARN: healed itself, or somebody outside did wrong. INFO: milestones.
 * The one point where phones and secrets are taken out of what is logged.
 */
export function createLog(
  options: { level?: string; destination?: pino.DestinationStream } = {},
): Log {
  return pino(
    {
      level: options.level ?? 'info',
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: {
        level: (label) => ({ level: label }),
        log: (object) => mask(object) as Record<string, unknown>,
      },
      hooks: {
        logMethod(args, method) {
          const [first, ...rest] = args as unknown[]
          // pino would copy the message of a bare error past the formatter.
          const named =
            isError(first) && rest.length === 0 ? [{ err: first }, first.message] : [first, ...rest]
          method.apply(
            this,
            named.map((arg) => (typeof arg === 'string' ? maskText(arg) : arg)) as Parameters<
              typeof method
            >,
          )
        },
      },
      // The formatter above has described it already; pino's own serializer would not know it again.
      serializers: { err: (described: unknown) => described },
    },
    options.destination ?? pino.destination({ sync: true }),
  )
}

const SECRET_KEYS =
  /^(authorization|cookie|.*token|.*secret|.*key|bindcode|code|ticket|nonce|openid|phone|password|echostr)$/i
const PHONE = /(?<!\d)((?:00)?(?:86)?[ -]?1[3-9]\d)[ -]?\d{4}[ -]?(\d{4})(?!\d)/g
const SECRET_QUERY =
  /\b(access_token|secret|corpsecret|js_code|ticket|token|echostr|msg_signature|scene_param)=[^&\s"']+/gi

/** Phones keep three and four digits, secrets in query strings go. */
export const maskText = (text: string): string =>
  text.replace(PHONE, '$1****$2').replace(SECRET_QUERY, '$1=***')

/** A copy in which phones are masked, in texts and numbers alike; for what is kept beside the log. */
export function maskDeep(value: unknown): unknown {
  if (typeof value === 'string') return maskText(value)
  if (typeof value === 'number')
    return PHONE_NUMBER.test(String(value)) ? maskText(String(value)) : value
  if (Array.isArray(value)) return value.map(maskDeep)
  if (value instanceof Date || typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, maskDeep(item)]))
}
const PHONE_NUMBER = /^1[3-9]\d{9}$/

function mask(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return maskText(value)
  if (isError(value)) return mask(describeError(value), depth)
  if (value instanceof Date || typeof value !== 'object' || value === null) return value
  if (depth > 6) return '…'
  if (Array.isArray(value)) return value.map((item) => mask(item, depth + 1))
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      SECRET_KEYS.test(key) && item != null && typeof item !== 'boolean'
        ? '***'
        : mask(item, depth + 1),
    ]),
  )
}

/** Also errors of another realm, as Node's own are inside jest. */
const isError = (value: unknown): value is Error =>
  value instanceof Error || types.isNativeError(value)

function describeError(error: unknown, depth = 0): Record<string, unknown> {
  if (!isError(error)) return { message: String(error) }
  const known = Object.fromEntries(
    ['errcode', 'endpoint', 'kind', 'status']
      .filter((key) => key in error)
      .map((key) => [key, (error as unknown as Record<string, unknown>)[key]]),
  )
  const reason = 'code' in error ? { reason: error.code } : {}
  const cause =
    error.cause === undefined || depth > 3 ? {} : { cause: describeError(error.cause, depth + 1) }
  return {
    type: error.name,
    message: error.message,
    ...known,
    ...reason,
    stack: error.stack,
    ...cause,
  }
}
