import {
  isDatePattern,
  toPatternTokens,
  type DatePart,
  type PatternToken,
} from '../../../shared/order-no.ts'
import { toStartOfDay } from '../../../shared/days.ts'

type Digits = Partial<Record<DatePart, string>>

/** The first way to read the whole number by the pattern, a star taking as little as it can. */
function match(tokens: readonly PatternToken[], text: string): Digits | null {
  const [token, ...rest] = tokens
  if (token === undefined) return text === '' ? {} : null
  if (token.kind === 'text') return text.startsWith(token.char) ? match(rest, text.slice(1)) : null
  if (token.kind === 'any')
    return match(rest, text) ?? (text === '' ? null : match(tokens, text.slice(1)))
  const digits = text.slice(0, token.part.length)
  if (digits.length < token.part.length || !/^\d+$/.test(digits)) return null
  const others = match(rest, text.slice(token.part.length))
  return others && { ...others, [token.part]: digits }
}

/**
 * The beginning of the day that an order number carries, SO20240315-7 by `SO{yyyy}{MM}{dd}-*`; null without a pattern,
 * for a number that is made otherwise, and for a day that the calendar has not.
 */
export function toDateByOrderNo(
  orderNo: string,
  { pattern, timeZone }: { pattern: string | null; timeZone: string },
): Date | null {
  if (pattern === null || !isDatePattern(pattern)) return null
  const digits = match(toPatternTokens(pattern) ?? [], orderNo)
  if (digits === null) return null
  const [year, month, day] = [Number(digits.yyyy), Number(digits.MM), Number(digits.dd)]
  return toStartOfDay({ year, month, day }, timeZone)
}
