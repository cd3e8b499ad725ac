import { BOOKING_PARTS } from '../../../shared/bookings.ts'
import { byDay } from '../../lib/day.ts'
import type { BookingPage, MyBooking } from '../../services/bookings.ts'

type State = MyBooking['state']
type Line = {
  id: string
  advisor: string
  what: string
  note: string
  state: string
  tone: 'live' | 'soon' | 'done'
  mayCancel: boolean
  /** The one that a message is about. */
  marked: boolean
}
export type Day = { day: string; title: string; lines: Line[] }
/** `waits`: there is one whose result he may be told. */
export type BookingsView = { days: Day[]; cursor: string; waits: boolean }

/** To the customer a new booking is one that somebody still has to answer. */
const WORDS: Partial<Record<State, string>> = { 新: '等顾问确认', 已联系: '顾问已联系您' }
const TONES: Partial<Record<State, Line['tone']>> = { 新: 'soon', 已联系: 'soon', 已确认: 'live' }

export function toBookingsView(
  { items, nextCursor = '' }: BookingPage,
  { marked, now }: { marked: string; now: number },
): BookingsView {
  const days = byDay(items, now).map(({ day, title, items: ofDay }) => ({
    day,
    title,
    lines: ofDay.map((item) => toLine(item, item.id === marked)),
  }))
  return { days, cursor: nextCursor, waits: items.some(({ mayCancel }) => mayCancel) }
}

const toLine = (item: MyBooking, marked: boolean): Line => ({
  id: item.id,
  advisor: item.advisorName,
  what: `${BOOKING_PARTS[item.part]} · ${item.service}`,
  note: item.note ?? '',
  state: WORDS[item.state] ?? item.state,
  tone: TONES[item.state] ?? 'done',
  mayCancel: item.mayCancel,
  marked,
})

/** A booking that moved between two pages is kept once, as it stood last. */
export const addBookings = (shown: BookingPage, page: BookingPage): BookingPage => {
  const ids = new Set(page.items.map(({ id }) => id))
  return { ...page, items: [...shown.items.filter(({ id }) => !ids.has(id)), ...page.items] }
}
