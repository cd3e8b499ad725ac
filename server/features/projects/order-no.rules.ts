import {
  isDatePattern,
  toPatternTokens,
  type DatePart,
  type PatternToken,
} from '../../../shared/order-no.ts'

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
  const date = new Date(Date.UTC(year, month - 1, day))
  const isReal =
    year >= 1900 && year <= 2199 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day
  return isReal ? toMidnight(date, timeZone) : null
}

/** Looked at twice: where the clocks change on that day, the first guess may lie on the other side. */
function toMidnight(day: Date, timeZone: string): Date {
  const guess = new Date(day.getTime() - offsetMs(day, timeZone))
  return new Date(day.getTime() - offsetMs(guess, timeZone))
}

/** How far the clock on the wall is ahead of UTC. */
function offsetMs(at: Date, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    hourCycle: 'h23',
  }).formatToParts(at)
  const of = (type: Intl.DateTimeFormatPartTypes): number =>
    Number(parts.find((part) => part.type === type)?.value)
  return Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute')) - at.getTime()
}
