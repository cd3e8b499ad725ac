import { maskText } from '../lib/log.ts'

/** The name of an order, and what an entry of the log is about, are asked for again by what they are called. */
const NAMES: ReadonlySet<string> = new Set(['orderNo', 'target', 'moved', 'stay', 'held'])
const ONE_WORD = /^[\w+/=.-]+$/
const BETWEEN_LETTER_AND_DIGIT = /(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])/g
const OF_AN_ID = 4

/**
 * An answer as people of the company get it: every phone masked, in whatever text somebody has written it. Only what reveals
 * one on purpose, and says so in the log, tells it whole.
 */
export function hidePhones(value: unknown): unknown {
  if (typeof value === 'string') return isId(value) ? value : maskText(value)
  if (typeof value === 'number') return hideNumber(value)
  if (Array.isArray(value)) return value.map(hidePhones)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      maskText(key),
      NAMES.has(key) ? item : hidePhones(item),
    ]),
  )
}

/** Letters and digits by chance, a signature or a key: whatever stands in it is no number of anybody. */
const isId = (text: string): boolean =>
  ONE_WORD.test(text) && (text.match(BETWEEN_LETTER_AND_DIGIT)?.length ?? 0) >= OF_AN_ID

function hideNumber(value: number): number | string {
  const text = String(value)
  const masked = maskText(text)
  return masked === text ? value : masked
}
