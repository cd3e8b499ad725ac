/** From and to as a clock shows them, e.g. 21:00; null: nobody sleeps. */
export type QuietHours = { from: string; to: string } | null

const MINUTE_MS = 60_000
const DAY_MINUTES = 24 * 60

const minutesOf = (clock: string): number =>
  Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5))

/** The minute of the day that the clock on the wall of `timeZone` shows. */
function wallMinute(now: Date, timeZone: string): number {
  return minutesOf(
    new Intl.DateTimeFormat('en-GB', {
      timeZone,
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    }).format(now),
  )
}

/** When people may be disturbed again; null: now. Who tells them then looks once more, so a change to summer time does no harm. */
export function findQuietEnd(now: Date, quiet: QuietHours, timeZone: string): Date | null {
  if (quiet === null) return null
  const [from, to, at] = [minutesOf(quiet.from), minutesOf(quiet.to), wallMinute(now, timeZone)]
  const isQuiet = from <= to ? at >= from && at < to : at >= from || at < to
  if (!isQuiet) return null
  const minuteBegan = Math.floor(now.getTime() / MINUTE_MS) * MINUTE_MS
  return new Date(minuteBegan + ((to - at + DAY_MINUTES) % DAY_MINUTES) * MINUTE_MS)
}
