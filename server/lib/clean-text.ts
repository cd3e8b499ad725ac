const NUL = '\u0000'
const REPLACEMENT = '\uFFFD'

/**
 * Text from outside as Postgres can keep it, in text and in jsonb: NUL and half characters become U+FFFD. Replaced and not
 * removed, because without it one id could read as another.
 */
export const cleanText = (text: string): string => text.toWellFormed().replaceAll(NUL, REPLACEMENT)

/** Parsed JSON with every text in it cleaned, names of fields too. */
export function cleanDeep(value: unknown): unknown {
  if (typeof value === 'string') return cleanText(value)
  if (Array.isArray(value)) return value.map(cleanDeep)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [cleanText(key), cleanDeep(item)]),
  )
}
