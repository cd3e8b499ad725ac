import { describe, expect, test } from '@jest/globals'
import { findPercentile, toMedian, toRatios, toSpread } from './statistics.rules.ts'

describe('findPercentile', () => {
  test.each([
    [[5], 0.99, 5],
    [[1, 2, 3, 4], 0.5, 2],
    [[4, 3, 2, 1], 0.95, 4],
    [Array.from({ length: 100 }, (_, index) => index + 1), 0.99, 99],
    [[1, 2], 0, 1],
  ])('of %j the share %d is %d', (values, share, wanted) =>
    expect(findPercentile(values, share)).toBe(wanted),
  )
})

describe('toMedian', () => {
  test.each([
    [[3, 1, 2], 2],
    [[4, 1, 2, 3], 2.5],
    [[7], 7],
    [[], Number.NaN],
  ])('of %j is %d', (values, wanted) => expect(toMedian(values)).toBe(wanted))
})

test('a spread names the median and both ends', () =>
  expect(toSpread([3, 1, 2])).toEqual({ median: 2, least: 1, most: 3, times: 3 }))

test('ratios pair what was measured in the same repetition, and leave out a baseline of nothing', () =>
  expect(toRatios([10, 30, 5], [20, 30, 0])).toEqual([0.5, 1]))
