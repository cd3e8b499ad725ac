import { expect, test } from '@jest/globals'
import { formatMoney } from './money.ts'

test.each([
  [128000, '¥128,000'],
  ['128000.50', '¥128,000.50'],
  [128000.5, '¥128,000.50'],
  [0.005, '¥0.01'],
  ['12,800 元', '¥12,800'],
  ['￥1,234,567', '¥1,234,567'],
  [0, '¥0'],
  [-5, '-¥5'],
  ['面议', '面议'],
  ['', ''],
])('the amount %p reads %p, on a page and in a chat', (amount, text) =>
  expect(formatMoney(amount)).toBe(text),
)
