import { maskPhone, normalisePhone } from '../../../shared/phone.ts'

/** What stands where something about a person stood. */
export const GONE = '（已删除）'

const escapeSign = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')
const ID_SIGN = '[0-9A-Za-z_-]'

const DIGIT = '[0-9\\uff10-\\uff19]'
const FULL_WIDTH = 0xfee0
/** Spaces and dashes of all kinds, and points. */
const BETWEEN = '[\\s.\\u3000\\u2010-\\u2015\\u2212\\uff0d-]{0,2}'
const digitPattern = (digit: string): string =>
  `[${digit}${String.fromCharCode(digit.charCodeAt(0) + FULL_WIDTH)}]`

/** However a number is written: with a country code, in any groups, in full width. */
const phonePattern = (phone: string): string =>
  `(?<!${DIGIT})(?:(?:00|[+\\uff0b])?${toDigits('86')}${BETWEEN})?${toDigits(phone)}(?!${DIGIT})`
const toDigits = (digits: string): string => [...digits].map(digitPattern).join(BETWEEN)
const idPattern = (id: string): string => `(?<!${ID_SIGN})${escapeSign(id)}(?!${ID_SIGN})`

export type Identifiers = { phones: readonly string[]; ids: readonly string[] }

/** What nobody else is called by, as a pattern for Postgres and for us. */
export function toPattern({ phones, ids }: Identifiers): string {
  const parts = [...phones.map(phonePattern), ...ids.map(idPattern)]
  return parts.length === 0 ? NOTHING : parts.join('|')
}
/** Fits no text. */
const NOTHING = '$x'

/** How entries of the log call him that hold no number and no id: by his customer number, and his number masked. */
export const toLogPattern = (called: {
  customerNos: readonly string[]
  phones: readonly string[]
}): string => {
  const words = [...called.customerNos, ...called.phones.map(maskPhone)]
  return words.length === 0 ? NOTHING : words.map(escapeSign).join('|')
}

export type Words = {
  pattern: string
  /** Names and addresses: taken out where a text is surely about him. */
  names: readonly string[]
}

const SHORTEST_NAME = 2

/** The longest first; a name of one sign is part of too many words. */
export const toNames = (names: readonly (string | null)[]): string[] =>
  [...new Set(names.map((name) => name?.trim() ?? ''))]
    .filter((name) => name.length >= SHORTEST_NAME)
    .toSorted((one, other) => other.length - one.length)

function forgetText(text: string, { pattern, names }: Words): string {
  const nameless = names.reduce((left, name) => left.replaceAll(name, GONE), text)
  return nameless.replace(new RegExp(pattern, 'g'), GONE)
}

/** A copy in which he is named no more. `whole`: a text that names him goes as a whole. */
export function forget(value: unknown, words: Words, { whole = false } = {}): unknown {
  if (typeof value === 'string' || typeof value === 'number') {
    const left = forgetText(String(value), words)
    if (left === String(value)) return value
    return whole ? GONE : left
  }
  if (Array.isArray(value)) return value.map((item) => forget(item, words, { whole }))
  if (value instanceof Date || typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      forgetText(key, words),
      forget(item, words, { whole }),
    ]),
  )
}

type Others = { names: readonly string[]; phones: readonly string[] }

/** What an order says of others is not his to have: their names, and every number but his own. */
export function hideOthers(value: unknown, others: Others): unknown {
  if (typeof value === 'string') return hideInText(value, others)
  if (typeof value === 'number') {
    const hidden = hideInText(String(value), others)
    return hidden === String(value) ? value : hidden
  }
  if (Array.isArray(value)) return value.map((item) => hideOthers(item, others))
  if (value instanceof Date || typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, hideOthers(item, others)]),
  )
}

function hideInText(text: string, { names, phones }: Others): string {
  const nameless = names.reduce((left, name) => left.replaceAll(name, '***'), text)
  return nameless.replace(NUMBER, (number) => {
    const phone = normalisePhone(number)
    return phone === null || phones.includes(phone) ? number : maskPhone(phone)
  })
}
const NUMBER = /(?<!\d)(?:(?:00|\+)?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)/g
