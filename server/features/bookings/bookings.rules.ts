import { findNextStates, type BookingState } from '../../../shared/bookings.ts'
import { toIsoDay } from '../../../shared/days.ts'

const DAY_MS = 24 * 3_600_000
/** How far ahead a day may be; who plans a visit knows no later one. */
export const AHEAD_DAYS = 90

/** From today on, by the calendar of the company; `day` is one that the calendar has. */
export function isBookable(
  day: string,
  { now, timeZone }: { now: Date; timeZone: string },
): boolean {
  const today = toIsoDay(now, timeZone)
  const last = new Date(Date.parse(`${today}T00:00:00Z`) + AHEAD_DAYS * DAY_MS)
  return day >= today && day <= last.toISOString().slice(0, 10)
}

/** `same`: it is there already; that is no move. */
export function decideMove(from: BookingState, to: BookingState): 'moves' | 'same' | 'impossible' {
  if (from === to) return 'same'
  return findNextStates(from).includes(to) ? 'moves' : 'impossible'
}
