import { describe, expect, test } from '@jest/globals'
import { maskPhone, normalisePhone, readBindCode } from './phone.ts'

describe('normalisePhone', () => {
  test.each([
    '13800138000', ' 138 0013 8000 ', '138-0013-8000', '+86 13800138000', '+8613800138000', '008613800138000',
    '8613800138000', '１３８００１３８０００', '＋86 138\u30000013\u00a08000', '138–0013–8000', '（+86）13800138000',
  ])('%p is the phone 13800138000', (text) => expect(normalisePhone(text)).toBe('13800138000'))

  test.each(['', '12800138000', '1380013800', '138001380001', '010-88886666', '+1 13800138000', '13800138000a', '86', '8612345'])(
    '%p is no phone', (text) => expect(normalisePhone(text)).toBeNull())
})

test('a masked phone keeps three and four digits', () => expect(maskPhone('13800138000')).toBe('138****8000'))

describe('readBindCode', () => {
  test.each([['012345', '012345'], [' 012 345 ', '012345'], ['012-345', '012345'], ['０１２３４５', '012345'], ['1234 5678', '12345678'], ['123456\n', '123456']])(
    '%p is the code %p', (text, code) => expect(readBindCode(text)).toBe(code))
  test.each(['12345', '1234567', '123456789', '我的码是123456', '123456 谢谢', 'abcdef', '13800138000', ''])(
    '%p is no try', (text) => expect(readBindCode(text)).toBeNull())
})
