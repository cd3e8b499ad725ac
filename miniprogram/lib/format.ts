const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const two = (number: number): string => String(number).padStart(2, '0')

/** The company's wall clock, whatever zone the phone is set to: UTC+8 has no summer time. */
function toChina(at: string | number) {
  const date = new Date((typeof at === 'number' ? at : Date.parse(at)) + 8 * HOUR_MS)
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    dayNumber: Math.floor(date.getTime() / DAY_MS),
  }
}

/** 123456 -> 123 456, 12345678 -> 1234 5678. */
export const groupCode = (code: string): string =>
  `${code.slice(0, code.length / 2)} ${code.slice(code.length / 2)}`

/** Whole seconds left until an instant, never below 0. */
export const secondsLeft = (until: string | number, now: number): number =>
  Math.max(0, Math.ceil(((typeof until === 'number' ? until : Date.parse(until)) - now) / 1000))

/** 272 -> 4:32 */
export const formatCountdown = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${two(seconds % 60)}`

/** 2026年5月1日 */
export function formatDate(at: string): string {
  const { year, month, day } = toChina(at)
  return `${year}年${month}月${day}日`
}

/** 今天 14:05, 昨天 09:30, 5月1日, 2025年12月3日 */
export function formatMoment(at: string, now: number): string {
  const then = toChina(at)
  const today = toChina(now)
  const time = `${two(then.hour)}:${two(then.minute)}`
  if (then.dayNumber === today.dayNumber) return `今天 ${time}`
  if (then.dayNumber === today.dayNumber - 1) return `昨天 ${time}`
  return then.year === today.year ? `${then.month}月${then.day}日` : formatDate(at)
}

/** How a warranty stands on a day. */
export function toWarranty(
  until: string | undefined,
  now: number,
): { text: string; tone: 'ok' | 'soon' | 'over' } | null {
  if (until === undefined) return null
  const days = toChina(until).dayNumber - toChina(now).dayNumber
  if (days < 0) return { text: `保修已于 ${formatDate(until)} 到期`, tone: 'over' }
  const left = days >= 365 ? '' : days === 0 ? '（今天到期）' : `（还有 ${days} 天）`
  return { text: `保修至 ${formatDate(until)}${left}`, tone: days < 90 ? 'soon' : 'ok' }
}
