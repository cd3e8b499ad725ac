/** The day on the calendar of a time zone: 2026-06-01. */
export const toIsoDay = (at: Date, timeZone: string): string =>
  new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).format(at)

/** A moment on the wall of a time zone, near enough to need no year: 3月2日 09:05. */
export function toMoment(at: Date, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    month: 'numeric',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(at)
  const of = (type: Intl.DateTimeFormatPartTypes): string =>
    parts.find((part) => part.type === type)!.value
  return `${String(Number(of('month')))}月${String(Number(of('day')))}日 ${of('hour')}:${of('minute')}`
}

type Day = { year: number; month: number; day: number }

/** The beginning of a day (`month` from 1); null for one that the calendar has not, or centuries off. */
export function toStartOfDay({ year, month, day }: Day, timeZone: string): Date | null {
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
