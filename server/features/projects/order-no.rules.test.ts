import { expect, test } from '@jest/globals'
import { isDatePattern } from '../../../shared/order-no.ts'
import { toDateByOrderNo } from './order-no.rules.ts'

const SHANGHAI = 'Asia/Shanghai'

test.each<[orderNo: string, pattern: string | null, at: string | null]>([
  ['SO20240315-7', 'SO{yyyy}{MM}{dd}-*', '2024-03-14T16:00:00.000Z'],
  ['SO20240315-', 'SO{yyyy}{MM}{dd}-*', '2024-03-14T16:00:00.000Z'],
  ['20240229', '{yyyy}{MM}{dd}', '2024-02-28T16:00:00.000Z'],
  ['HZ-7-2024.03.15', 'HZ-*-{yyyy}.{MM}.{dd}', '2024-03-14T16:00:00.000Z'],
  ['15-03-2024', '{dd}-{MM}-{yyyy}', '2024-03-14T16:00:00.000Z'],
  ['A-B-20240315-9', '*-{yyyy}{MM}{dd}*', '2024-03-14T16:00:00.000Z'],
  ['SO20240230-7', 'SO{yyyy}{MM}{dd}-*', null],
  ['SO20230229-7', 'SO{yyyy}{MM}{dd}-*', null],
  ['SO20241301-7', 'SO{yyyy}{MM}{dd}-*', null],
  ['SO20240300-7', 'SO{yyyy}{MM}{dd}-*', null],
  ['SO00000315-7', 'SO{yyyy}{MM}{dd}-*', null],
  ['SO20240315', 'SO{yyyy}{MM}{dd}-*', null],
  ['xSO20240315-7', 'SO{yyyy}{MM}{dd}-*', null],
  ['so20240315-7', 'SO{yyyy}{MM}{dd}-*', null],
  ['SO2024031-7', 'SO{yyyy}{MM}{dd}-*', null],
  ['SOx0240315-7', 'SO{yyyy}{MM}{dd}-*', null],
  ['SO20240315-7', null, null],
  ['SO18991231-7', 'SO{yyyy}{MM}{dd}-*', null],
  ['SO22000101-7', 'SO{yyyy}{MM}{dd}-*', null],
  ['SO20240315-7', '.*{yyyy}', null],
])('%s by %s was signed at %s', (orderNo, pattern, at) => {
  expect(toDateByOrderNo(orderNo, { pattern, timeZone: SHANGHAI })?.toISOString() ?? null).toBe(at)
})

test('the day begins at midnight on the wall of the company, also where the clocks change on that day', () => {
  const begins = (orderNo: string, timeZone: string) => toDateByOrderNo(orderNo, { pattern: '{yyyy}{MM}{dd}', timeZone })?.toISOString()
  expect(begins('20240331', 'Europe/Berlin')).toBe('2024-03-30T23:00:00.000Z')
  expect(begins('20240401', 'Europe/Berlin')).toBe('2024-03-31T22:00:00.000Z')
  expect(begins('20241103', 'America/New_York')).toBe('2024-11-03T04:00:00.000Z')
  expect(begins('20240315', 'UTC')).toBe('2024-03-15T00:00:00.000Z')
})

test.each<[string, boolean]>([
  ['SO{yyyy}{MM}{dd}-*', true], ['*{dd}.{MM}.{yyyy}*', true], ['{yyyy}{MM}{dd}', true],
  ['', false], ['SO-*', false], ['{yyyy}{MM}', false], ['{yyyy}{MM}{dd}{dd}', false], ['***{yyyy}{MM}{dd}', false],
  ['{yy}{MM}{dd}', false], ['(a+)+{yyyy}{MM}{dd}', false], ['^{yyyy}{MM}{dd}$', false], ['{yyyy} {MM} {dd}', false],
  [`{yyyy}{MM}{dd}${'a'.repeat(64)}`, false],
])('%j as a pattern: %p', (pattern, is) => expect(isDatePattern(pattern)).toBe(is))

test('a star costs no more time in a number that nearly fits everywhere', () => {
  const began = performance.now()
  expect(toDateByOrderNo('2'.repeat(64), { pattern: '*{yyyy}*{MM}{dd}x', timeZone: SHANGHAI })).toBeNull()
  expect(performance.now() - began).toBeLessThan(500)
})
