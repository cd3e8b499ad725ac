import { describe, expect, test } from '@jest/globals'
import { BOOKING_STATES, type BookingState } from '../../../shared/bookings.ts'
import { decideMove, isBookable } from './bookings.rules.ts'

describe('a day may be booked', () => {
  /** 23:30 in Shanghai, half past three in the afternoon in London. */
  const now = new Date('2026-02-28T15:30:00Z')
  test.each<[string, string, string, boolean]>([
    ['today', 'Asia/Shanghai', '2026-02-28', true],
    ['not yesterday', 'Asia/Shanghai', '2026-02-27', false],
    ['tomorrow', 'Asia/Shanghai', '2026-03-01', true],
    ['in 90 days', 'Asia/Shanghai', '2026-05-29', true],
    ['not in 91', 'Asia/Shanghai', '2026-05-30', false],
    ['not today, where it is tomorrow already', 'Pacific/Auckland', '2026-02-28', false],
    ['today, where it is still morning', 'America/Los_Angeles', '2026-02-28', true],
    ['not a year ago, which looks near', 'Asia/Shanghai', '2025-03-01', false],
  ])('%s (%s)', (_, timeZone, day, isFree) => expect(isBookable(day, { now, timeZone })).toBe(isFree))
})

describe('a booking goes', () => {
  const STATES = Object.keys(BOOKING_STATES) as BookingState[]
  const MOVES: Record<BookingState, BookingState[]> = {
    new: ['contacted', 'confirmed', 'cancelled'],
    contacted: ['confirmed', 'cancelled'],
    confirmed: ['done', 'cancelled'],
    done: [],
    cancelled: [],
  }
  test.each(STATES.flatMap((from) => STATES.map((to) => [from, to] as const)))('from %s to %s', (from, to) => {
    const goes = MOVES[from].includes(to) ? 'moves' : 'impossible'
    expect(decideMove(from, to)).toBe(from === to ? 'same' : goes)
  })
})
