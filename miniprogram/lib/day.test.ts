import { expect, test } from '@jest/globals'
import { addDays, byDay, dayOf, formatDay, hourOf } from './day.ts'

const EVENING = Date.parse('2026-12-30T15:30:00Z')
const NIGHT = Date.parse('2026-12-30T16:30:00Z')

test('days and hours are those of China', () => {
  expect([dayOf(EVENING), hourOf(EVENING)]).toEqual(['2026-12-30', 23])
  expect([dayOf(NIGHT), hourOf(NIGHT)]).toEqual(['2026-12-31', 0])
})

test('days are counted over the end of a month and a year', () =>
  expect([addDays('2026-12-31', 1), addDays('2028-02-28', 1), addDays('2026-05-01', 90)]).toEqual([
    '2027-01-01',
    '2028-02-29',
    '2026-07-30',
  ]))

test.each([
  ['2026-12-30', '今天 12月30日 周三'],
  ['2026-12-31', '明天 12月31日 周四'],
  ['2026-12-28', '12月28日 周一'],
  ['2027-01-02', '2027年1月2日 周六'],
])('%s is said as %s', (day, said) => expect(formatDay(day, EVENING)).toBe(said))

test('what is to come stands above what is over, and the nearest day first in each', () => {
  const items = ['2026-12-20', '2027-01-05', '2026-12-29', '2026-12-30', '2027-01-05'].map(
    (date, id) => ({ date, id }),
  )
  expect(byDay(items, EVENING).map(({ day, items: of }) => [day, of.map(({ id }) => id)])).toEqual([
    ['2026-12-30', [3]],
    ['2027-01-05', [1, 4]],
    ['2026-12-29', [2]],
    ['2026-12-20', [0]],
  ])
})
