import { expect, test } from '@jest/globals'
import { hidePhones } from './hide-phones.ts'

test.each<[unknown, unknown]>([
  ['客户 13800138000 来电', '客户 138****8000 来电'],
  ['王先生13800138000', '王先生138****8000'],
  ['wx13800138000', 'wx138****8000'],
  ['+86 138-0013-8000', '+86 138****8000'],
  [13_800_138_000, '138****8000'],
  [
    ['13800138000', 88],
    ['138****8000', 88],
  ],
  [{ note: { '13800138000': '13800138000' } }, { note: { '138****8000': '138****8000' } }],
])('%j is told as %j', (value, told) => {
  expect(hidePhones(value)).toEqual(told)
})

test.each<[unknown]>([
  [{ orderNo: 'SO13800138000', target: { type: 'project', id: '13800138000' } }],
  [{ moved: ['13800138000'], stay: ['SO-13800138000'], held: [] }],
  ['7c9e6679-7425-40de-944b-13800138000f'],
  ['a94a8fe5ccb19ba61c13800138000e391e987982fbbd3'],
  ['2026-05-01T13:00:00.000Z'],
  [1_380_013_800_000],
  [null],
  [true],
])('%j stays: it is the name of something, or no number', (value) => {
  expect(hidePhones(value)).toEqual(value)
})
