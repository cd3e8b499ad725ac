import { describe, expect, test } from '@jest/globals'
import { findAlarm, findIssueWait, findPauseEnd, LIMITS } from './limits.rules.ts'

const now = new Date('2026-03-01T10:00:00Z')
const minutesAgo = (...minutes: number[]) => minutes.map((one) => new Date(now.getTime() - one * 60_000))
const waitMinutes = (...issued: number[]) => findIssueWait(minutesAgo(...issued), now) / 60_000

describe('issuing', () => {
  test('the first code at once, the next after 30 s', () => {
    expect(waitMinutes()).toBe(0)
    expect(waitMinutes(0.1)).toBeCloseTo(0.4)
    expect(waitMinutes(0.5)).toBe(0)
  })
  test('five an hour, ten a day', () => {
    expect(waitMinutes(1, 2, 3, 4)).toBe(0)
    expect(waitMinutes(1, 2, 3, 4, 50)).toBe(10)
    expect(waitMinutes(70, 80, 90, 100, 110, 120, 130, 140, 150)).toBe(0)
    expect(waitMinutes(70, 80, 90, 100, 110, 120, 130, 140, 150, 1430)).toBe(10)
  })
})

describe('a contact that is wrong', () => {
  const pause = (tried: number[], pauses = 0) => {
    const end = findPauseEnd(minutesAgo(...tried), pauses, now)
    return end && (end.getTime() - now.getTime()) / 60_000
  }
  test('four times within 15 minutes goes on, the fifth pauses it for 15 minutes', () => {
    expect(pause([0, 1, 2, 3])).toBeNull()
    expect(pause([0, 1, 2, 3, 4])).toBe(15)
    expect(pause([0, 5, 10, 15, 20])).toBeNull()
  })
  test('each further pause doubles, up to a day', () => {
    expect([1, 2, 3, 6, 7, 20].map((pauses) => pause([0, 1, 2, 3, 4], pauses))).toEqual([30, 60, 120, 960, 1440, 1440])
  })
  test('ten times a day waits until the day has emptied', () => {
    expect(pause([0, 20, 40, 60, 80, 100, 120, 140, 160, 440])).toBe(1000)
  })
  test('twenty times a week waits until the week has emptied', () => {
    const week = Array.from({ length: 20 }, (_, index) => index * 400)
    expect(pause(week)).toBe(7 * 1440 - 19 * 400)
  })
})

test('an alarm begins at the 30th wrong try of an hour or a week, or with more than 100 live codes', () => {
  expect(findAlarm({ wrongByWindow: [29, 29], liveCodes: 100 })).toBeNull()
  expect(findAlarm({ wrongByWindow: [30, 30], liveCodes: 0 })).toBe('wrong_tries')
  expect(findAlarm({ wrongByWindow: [0, 30], liveCodes: 0 })).toBe('wrong_tries')
  expect(findAlarm({ wrongByWindow: [0, 0], liveCodes: 101 })).toBe('live_codes')
})

test('the budget of guesses holds on paper: below the alarm, with 4.2 live codes, a year of tries hits with at most 1 %', () => {
  const week = LIMITS.corp.find(({ withinMs }) => withinMs === 7 * 86_400_000)!
  const triesAYear = (week.wrong * 365) / 7
  expect(1 - (1 - 4.2 / 10 ** LIMITS.digits.calm) ** triesAYear).toBeLessThan(0.01)
})
