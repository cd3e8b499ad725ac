import { describe, expect, test } from '@jest/globals'
import { judge, judgeGap } from './goals.rules.ts'
import { NoPlaceError, printSpread, printTable, putTable } from './table.rules.ts'

test('rows stand in the order of the goals, then by size; notes stand below', () => {
  const judged = [
    judgeGap({ line: 'expiry', size: null, why: 'left out by --quick', failed: false }),
    judge({ line: 'offered', size: 100_000, values: [60] }),
    judge({ line: 'offered', size: 10_000, values: [40, 41, 39] }),
    judge({ line: 'receiving', size: 10_000, values: [60], baselines: [100] }),
  ]
  expect(printTable(judged, ['2 cores'])).toBe(
    `- 2 cores

| measure | size | value | baseline | ratio | goal | |
|---|---|---|---|---|---|---|
| the receiving half, (a) | 10k | 60 /s | Koa + koa-body echo of the same POST: 100 | 0.6 | >= 0.5 | held |
| 2,000 callbacks/s offered, p99 | 10k | 40 (39 to 41) ms | - | - | < 50 | held |
| 2,000 callbacks/s offered, p99 | 100k | 60 ms | - | - | < 50 | missed |
| expiry of 1 M claims |  | - | - | - | < 20 | not measured |

- expiry: left out by --quick`,
  )
})

test.each([
  [{ median: 1234.56, least: 1, most: 2, times: 1 }, '1,230'],
  [{ median: 0.41234, least: 0.4, most: 0.5, times: 3 }, '0.412 (0.4 to 0.5)'],
])('%j reads %s', (spread, text) => expect(printSpread(spread)).toBe(text))

describe('putTable', () => {
  test('what stood between the markers is replaced, the rest stays', () =>
    expect(putTable('a\n<!-- bench: begin -->\nold\n<!-- bench: end -->\nb', 'new\n')).toBe(
      'a\n<!-- bench: begin -->\n\nnew\n\n<!-- bench: end -->\nb',
    ))

  test.each(['', '<!-- bench: end --><!-- bench: begin -->'])('%j has no place for it', (text) =>
    expect(() => putTable(text, 'new')).toThrow(NoPlaceError),
  )
})
