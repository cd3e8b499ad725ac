import { describe, expect, test } from '@jest/globals'
import {
  formatCountdown,
  formatDate,
  formatMoment,
  groupCode,
  secondsLeft,
  toWarranty,
} from './format.ts'

const NOW = Date.parse('2026-05-10T04:00:00Z') // 12:00 in China

test('a code is read in two groups', () =>
  expect([groupCode('012345'), groupCode('12345678')]).toEqual(['012 345', '1234 5678']))

test('a countdown rounds up and stops at zero', () => {
  expect([secondsLeft('2026-05-10T04:04:31.200Z', NOW), secondsLeft(NOW - 1, NOW)]).toEqual([
    272, 0,
  ])
  expect([300, 272, 59, 5, 0].map(formatCountdown)).toEqual([
    '5:00',
    '4:32',
    '0:59',
    '0:05',
    '0:00',
  ])
})

describe('dates are those of China', () => {
  test('late evening in UTC is the next day', () =>
    expect(formatDate('2026-04-30T17:00:00Z')).toBe('2026年5月1日'))
  test.each([
    ['2026-05-10T01:05:00Z', '今天 09:05'],
    ['2026-05-09T15:59:00Z', '昨天 23:59'],
    ['2026-05-09T16:00:00Z', '今天 00:00'],
    ['2026-03-01T02:00:00Z', '3月1日'],
    ['2025-12-03T02:00:00Z', '2025年12月3日'],
  ])('%p reads %p', (at, text) => expect(formatMoment(at, NOW)).toBe(text))
})

describe('warranty', () => {
  test.each([
    ['2031-05-10T00:00:00Z', 'ok', '保修至 2031年5月10日'],
    ['2026-12-01T00:00:00Z', 'ok', '保修至 2026年12月1日（还有 205 天）'],
    ['2026-06-01T00:00:00Z', 'soon', '保修至 2026年6月1日（还有 22 天）'],
    ['2026-05-10T00:00:00Z', 'soon', '保修至 2026年5月10日（今天到期）'],
    ['2026-05-09T00:00:00Z', 'over', '保修已于 2026年5月9日 到期'],
  ] as const)('until %p is %p', (until, tone, text) =>
    expect(toWarranty(until, NOW)).toEqual({ tone, text }),
  )
  test('unknown stays unsaid', () => expect(toWarranty(undefined, NOW)).toBeNull())
})
