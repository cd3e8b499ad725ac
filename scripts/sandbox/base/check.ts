import { refusal } from './errcodes.ts'

/**
 * Small readers for request bodies. Stricter than the platform on purpose: the platform silently ignores an unknown
 * field or a number in quotes, which hides the slip until the feature is found not to work (platform-facts, section 8).
 */
export type Check<T> = (value: unknown, at: string) => T
type Shape = Record<string, Check<unknown>>
type Read<S extends Shape> = { [K in keyof S]: ReturnType<S[K]> }

const BAD_PARAMETER = 40058
export const TOO_LONG = 45002

export function fail(at: string, why: string, errcode = BAD_PARAMETER): never {
  throw refusal(errcode, `${at} ${why}`)
}

export const byteLength = (text: string): number => Buffer.byteLength(text, 'utf8')

type TextRule = {
  min?: number
  maxBytes?: number
  maxChars?: number
  pattern?: RegExp
  tooLong?: number
}

export const text =
  (rule: TextRule = {}): Check<string> =>
  (value, at) => {
    if (value === undefined) fail(at, 'missing')
    if (typeof value !== 'string') fail(at, 'must be a string')
    if (byteLength(value) < (rule.min ?? 1)) fail(at, 'is empty')
    if (rule.maxBytes !== undefined && byteLength(value) > rule.maxBytes) {
      fail(at, `exceeds ${rule.maxBytes} bytes`, rule.tooLong)
    }
    // [...value] counts code points: one emoji is one character for WeCom's "字符" limits
    if (rule.maxChars !== undefined && [...value].length > rule.maxChars) {
      fail(at, `exceeds ${rule.maxChars} characters`, rule.tooLong)
    }
    if (rule.pattern !== undefined && !rule.pattern.test(value))
      fail(at, 'has forbidden characters')
    return value
  }

export const webAddress =
  (maxBytes = 2048): Check<string> =>
  (value, at) => {
    const url = text({ maxBytes })(value, at)
    if (!/^https?:\/\/[^\s]+$/.test(url)) fail(at, 'must start with http:// or https://')
    return url
  }

export const integer =
  (min: number, max: number): Check<number> =>
  (value, at) => {
    if (value === undefined) fail(at, 'missing')
    if (typeof value !== 'number' || !Number.isInteger(value)) fail(at, 'must be an integer')
    if (value < min || value > max) fail(at, `must be between ${min} and ${max}`)
    return value
  }

export const decimal: Check<number> = (value, at) => {
  if (typeof value !== 'number' || !Number.isFinite(value)) fail(at, 'must be a number')
  return value
}

export const flag: Check<boolean> = (value, at) => {
  if (typeof value !== 'boolean') fail(at, 'must be a boolean')
  return value
}

export const optional =
  <T>(check: Check<T>): Check<T | undefined> =>
  (value, at) =>
    value === undefined ? undefined : check(value, at)

export const oneOf =
  <T extends string>(allowed: readonly T[], errcode?: number): Check<T> =>
  (value, at) => {
    if (value === undefined) fail(at, 'missing')
    const found = allowed.find((one) => one === value)
    if (found === undefined) fail(at, `must be one of ${allowed.join(', ')}`, errcode)
    return found
  }

type ListRule = { min?: number; max: number; tooMany?: number }

export const list =
  <T>(check: Check<T>, { min = 0, max, tooMany }: ListRule): Check<T[]> =>
  (value, at) => {
    if (value === undefined) fail(at, 'missing')
    if (!Array.isArray(value)) fail(at, 'must be an array')
    if (value.length < min) fail(at, `needs at least ${min}`)
    if (value.length > max) fail(at, `holds more than ${max}`, tooMany)
    return value.map((item, index) => check(item, `${at}[${index}]`))
  }

export function asObject(value: unknown, at: string): Record<string, unknown> {
  if (value === undefined) fail(at, 'missing')
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    fail(at, 'must be an object')
  return value as Record<string, unknown>
}

export const record =
  <S extends Shape>(shape: S): Check<Read<S>> =>
  (value, at) => {
    const object = asObject(value, at)
    const stray = Object.keys(object).find((key) => !Object.hasOwn(shape, key))
    if (stray !== undefined) fail(`${at}.${stray}`, 'is not a field of this request')
    const read = Object.entries(shape).map(([key, check]) => [
      key,
      check(object[key], `${at}.${key}`),
    ])
    return Object.fromEntries(read) as Read<S>
  }
