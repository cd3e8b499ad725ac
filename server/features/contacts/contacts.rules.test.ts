import { expect, test } from '@jest/globals'
import { findNextLook, isAnnounced } from './contacts.rules.ts'

test('a missing phone is looked for after 5 s, 1 min, 10 min, 1 h, then daily for two weeks', () => {
  expect([0, 1, 2, 3, 4, 17, 18].map(findNextLook)).toEqual([5_000, 60_000, 600_000, 3_600_000, 86_400_000, 86_400_000, null])
})

test.each([[0, true], [-60_000, true], [30_000, true], [-61_000, false]])('a follow that began %i ms after the event is the announced one: %s', (ms, expected) => {
  const told = new Date('2026-11-26T08:00:00Z')
  expect(isAnnounced(new Date(told.getTime() + ms), told)).toBe(expected)
})
