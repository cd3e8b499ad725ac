import { describe, expect, test } from '@jest/globals'
import {
  describeGoal,
  getLine,
  isGrowthRow,
  judge,
  judgeGap,
  judgeGrowth,
  LINES,
  linesOf,
  ROWS,
  type RowName,
} from './goals.rules.ts'

const size = 10_000

describe('judge', () => {
  test.each([
    ['callbacks of a', [75, 80, 70], [100, 100, 100], 'held'],
    ['callbacks of a', [74, 80, 70], [100, 100, 100], 'missed'],
    ['callbacks of a', [75], [], 'missed'], // a ratio without its baseline holds nothing
    ['offered', [49.9], [], 'held'],
    ['offered', [50], [], 'missed'],
    ['words', [3_000], [], 'held'],
    ['code grows', [120], [100], 'held'],
    ['code grows', [121], [100], 'missed'],
    ['offered', [], [], 'missed'],
  ])('%s of %j against %j is %4$s', (line, values, baselines, verdict) =>
    expect(judge({ line, size, values, baselines }).verdict).toBe(verdict),
  )

  test('the ratio is that of each repetition, not of the medians', () =>
    expect(
      judge({ line: 'receiving', size, values: [1, 10, 100], baselines: [1, 100, 10] }).ratio,
    ).toEqual({ median: 1, least: 0.1, most: 10, times: 3 }))

  test('a line that nobody named is refused', () =>
    expect(() => judge({ line: 'nothing', size, values: [] })).toThrow(RangeError))
})

test.each([
  [false, 'not measured'],
  [true, 'missed'],
])('a gap that has failed (%s) is %s', (failed, verdict) =>
  expect(judgeGap({ line: 'expiry', size: null, why: 'time', failed }).verdict).toBe(verdict),
)

describe('judgeGrowth', () => {
  test('one size says nothing about growth', () =>
    expect(judgeGrowth([{ line: 'code', size, values: [1] }], ['code', 'decision', 'chat'])).toMatchObject([
      { line: 'code grows', verdict: 'not measured' },
      { line: 'decision grows', verdict: 'not measured' },
    ]))

  test('the largest size is compared with the smallest, in whatever order they come', () =>
    expect(
      judgeGrowth([
        { line: 'code', size: 1_000_000, values: [130] },
        { line: 'code', size, values: [100] },
        { line: 'code', size: 100_000, values: [900] },
      ], ['code'])[0],
    ).toMatchObject({ size: 1_000_000, ratio: { median: 1.3 }, verdict: 'missed' }))
})

test('every row has a line, and only what grows is left out of a quick run', () => {
  const rows = Object.keys(ROWS) as RowName[]
  expect(rows.filter((row) => linesOf(row).length === 0)).toEqual([])
  expect(rows.filter(isGrowthRow)).toEqual(['expiry'])
})

test('a line about a ratio names what it is compared with', () => {
  const lacking = Object.values(LINES).filter(
    (line) => line.goal.of === 'ratio' && line.baseline === undefined,
  )
  expect(lacking).toEqual([])
})

test.each([
  ['words', '>= 3,000'],
  ['start', '< 1,500'],
  ['code grows', '<= 1.2'],
])('the goal of %s reads %s', (line, text) => expect(describeGoal(getLine(line))).toBe(text))
