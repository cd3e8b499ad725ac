import { describe, expect, test } from '@jest/globals'
import { columnOf, showsDay, toDay, unescape } from './workbook.rules.ts'

describe('a number format', () => {
  test.each<[number, string | undefined, boolean]>([
    [0, undefined, false],
    [14, undefined, true],
    [22, undefined, true],
    [31, undefined, true],
    [44, undefined, false],
    [49, undefined, false],
    [57, undefined, true],
    [164, undefined, false],
    [164, 'yyyy-mm-dd', true],
    [165, 'yyyy"年"m"月"d"日";@', true],
    [166, '[$-804]yyyy/m/d', true],
    [167, '[h]:mm', true],
    [168, '0.00_);[Red]\\(0.00\\)', false],
    [169, '"第"0"号 day"', false],
    [170, 'General', false],
    [171, '0.00E+00', false],
    [172, '#,##0.00\\ "元/月"', false],
    [173, '[红色]0', false],
    [174, '@', false],
  ])('%d %s shows a day: %s', (id, code, shows) => {
    expect(showsDay(id, code)).toBe(shows)
  })
})

test.each<[number, boolean, string | number]>([
  [46_143, false, '2026-05-01T00:00:00.000Z'],
  [44_681, true, '2026-05-01T00:00:00.000Z'],
  [46_143.5, false, '2026-05-01T12:00:00.000Z'],
  [46_143.999_988_4, false, '2026-05-01T23:59:59.000Z'],
  [1, false, '1900-01-01T00:00:00.000Z'],
  [59, false, '1900-02-28T00:00:00.000Z'],
  [61, false, '1900-03-01T00:00:00.000Z'],
  [13_800_138_000, false, 13_800_138_000],
  [-1, false, -1],
  [Number.POSITIVE_INFINITY, false, Number.POSITIVE_INFINITY],
])('day %d of Excel, from 1904: %s', (serial, countsFrom1904, day) => {
  const found = toDay(serial, countsFrom1904)
  expect(found instanceof Date ? found.toISOString() : found).toBe(day)
})

test.each([
  ['A1', 0],
  ['Z9', 25],
  ['AA10', 26],
  ['XFD1', 16_383],
  ['XFE1', undefined],
  ['ZZZZ1', undefined],
  ['1', undefined],
  ['', undefined],
])('%s is in column %s', (reference, column) => {
  expect(columnOf(reference)).toBe(column)
})

test('what XML cannot hold is read by its number', () => {
  expect(unescape('a_x000D_b_x005F_x000D_c _xyz_')).toBe('a\rb_x000D_c _xyz_')
})
