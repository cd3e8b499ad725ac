import { expect, test } from '@jest/globals'
import { toWait } from './wait.ts'

test.each([
  [1, '1 秒', 1],
  [88_001, '89 秒', 89],
  [89_001, '2 分钟', 90],
  [90_000, '2 分钟', 90],
  [120_001, '3 分钟', 121],
  [119 * 60_000, '119 分钟', 7_140],
  [119 * 60_000 + 1, '2 小时', 7_141],
  [3 * 3_600_000, '3 小时', 10_800],
])('%i ms are said as %s', (waitMs, text, seconds) =>
  expect(toWait(waitMs)).toEqual({ text, seconds }),
)
