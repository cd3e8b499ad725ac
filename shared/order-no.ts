import { tidyText } from './text.ts'

const ORDER_NO = /^[A-Za-z0-9_.-]{1,64}$/

/**
 * An order number as people type it: full-width signs, as Chinese keyboards make them, become ASCII, any dash becomes
 * the plain one, spaces go. Capitals stay as typed. Null for what no order number can be.
 */
export function normaliseOrderNo(text: string): string | null {
  const plain = tidyText(text)
    .replace(/[\p{Pd}−]/gu, '-')
    .replace(/\s/g, '')
  return ORDER_NO.test(plain) ? plain : null
}

export type DatePart = 'yyyy' | 'MM' | 'dd'
export type PatternToken =
  { kind: 'date'; part: DatePart } | { kind: 'any' } | { kind: 'text'; char: string }

const MOST_STARS = 2

/** `SO{yyyy}{MM}{dd}-*` piece by piece; null for what is no pattern. */
export function toPatternTokens(pattern: string): PatternToken[] | null {
  if (pattern.length > 64) return null
  const pieces = pattern.match(/\{yyyy\}|\{MM\}|\{dd\}|[\s\S]/g) ?? []
  const tokens = pieces.map((piece): PatternToken | null => {
    if (piece.length > 1) return { kind: 'date', part: piece.slice(1, -1) as DatePart }
    if (piece === '*') return { kind: 'any' }
    return /^[\w.-]$/.test(piece) ? { kind: 'text', char: piece } : null
  })
  return tokens.every((token) => token !== null) ? tokens : null
}

/** Year, month and day once each, at most two stars, and else only what order numbers are made of. */
export function isDatePattern(pattern: string): boolean {
  const tokens = toPatternTokens(pattern)
  if (tokens === null) return false
  const parts = tokens.flatMap((token) => (token.kind === 'date' ? [token.part] : []))
  const stars = tokens.filter(({ kind }) => kind === 'any').length
  return parts.length === 3 && new Set(parts).size === 3 && stars <= MOST_STARS
}
