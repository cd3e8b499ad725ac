import { describe, expect, test } from '@jest/globals'
import * as v from 'valibot'
import { ClaimOrderBody } from './api/claim-order.ts'
import { OrderNo } from './api/projects.ts'
import { normaliseOrderNo } from './order-no.ts'

describe('normaliseOrderNo', () => {
  test.each([
    'SO_2024.03-15',
    ' SO_2024.03-15\n',
    'ＳＯ＿２０２４．０３－１５',
    'SO_2024.03—15',
    'SO_2024.03–15',
    'SO_2024.03−15',
    '\u3000SO _2024.03\u00a0- 15',
    '\u200bSO_2024.03-15\ufeff',
  ])('%p is the order number SO_2024.03-15', (typed) =>
    expect(normaliseOrderNo(typed)).toBe('SO_2024.03-15'),
  )

  test.each([
    '',
    ' ',
    '\u200b',
    '订单SO-1',
    'SO/1',
    'SO#1',
    '（SO-1）',
    'SO-①',
    'ÄB-1',
    'a'.repeat(65),
    '\0',
    "1' or '1",
  ])('%p is no order number', (typed) => expect(normaliseOrderNo(typed)).toBeNull())

  test('capitals stay as they were typed', () => expect(normaliseOrderNo('so-Ａa')).toBe('so-Aa'))

  test('every single sign is taken exactly when a load takes it, and each of them as it is', () => {
    const signs = Array.from({ length: 0x250 }, (_, code) => String.fromCharCode(code)).filter(
      (sign) => sign.trim() !== '',
    )
    for (const sign of signs)
      expect([sign, normaliseOrderNo(sign)]).toEqual([sign, v.is(OrderNo, sign) ? sign : null])
    const longest = 'a'.repeat(64)
    expect([normaliseOrderNo(longest), v.is(OrderNo, longest)]).toEqual([longest, true])
  })
})

test('the number arrives tidied, and what is none is refused in words for the customer', () => {
  expect(v.parse(ClaimOrderBody, { orderNo: ' ＳＯ－１ ' })).toEqual({ orderNo: 'SO-1' })
  for (const orderNo of ['', 'SO/1', 7, null, undefined, ['SO-1']])
    expect(v.is(ClaimOrderBody, { orderNo })).toBe(false)
  expect(v.safeParse(ClaimOrderBody, { orderNo: '订单' }).issues?.[0].message).toBe(
    '订单号不对，只能有字母、数字、点、横线和下划线',
  )
})
