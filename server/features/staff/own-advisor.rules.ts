import type { AdvisorBooking } from '../../../shared/api/leads.ts'
import { BOOKING_PARTS, type BookingPart } from '../../../shared/bookings.ts'

const PARTS = Object.keys(BOOKING_PARTS) as BookingPart[]
const MOST_OVER = 5

/** Where there is nothing left to move, nobody expects anything of it. */
export const isOver = ({ next }: Pick<AdvisorBooking, 'next'>): boolean => next.length === 0

const toOrder = ({ date, part }: AdvisorBooking): string => `${date} ${String(PARTS.indexOf(part))}`

/** What is to be done comes first, the next visit before all others; then the last few that are over. */
export function toShown(bookings: readonly AdvisorBooking[]): AdvisorBooking[] {
  const open = bookings.filter((one) => !isOver(one))
  const over = bookings.filter(isOver)
  return [
    ...open.toSorted((one, other) => (toOrder(one) < toOrder(other) ? -1 : 1)),
    ...over
      .toSorted((one, other) => (one.changedAt > other.changedAt ? -1 : 1))
      .slice(0, MOST_OVER),
  ]
}

const WEEKDAYS = ['周日', '周一', '周二', '周三', '周四', '周五', '周六']

/** `2026-03-05` and `morning` -> 3月5日 周四 上午. */
export function toVisit({ date, part }: Pick<AdvisorBooking, 'date' | 'part'>): string {
  const [, month, day] = date.split('-').map(Number)
  const weekday = WEEKDAYS[new Date(`${date}T00:00:00Z`).getUTCDay()]!
  return `${String(month)}月${String(day)}日 ${weekday} ${BOOKING_PARTS[part]}`
}
