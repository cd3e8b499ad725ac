import { expect, test } from '@jest/globals'
import { readPhone } from './phone-form.view.ts'

test.each([' 138 0013 8000', '+86 13800138000', '１３８００１３８０００'])(
  '%p is taken and echoed masked',
  (typed) =>
    expect(readPhone(typed)).toEqual({ ok: true, phone: '13800138000', masked: '138****8000' }),
)

test('what is no mobile number is answered before it is sent', () => {
  expect(readPhone('')).toMatchObject({ ok: false, hint: '请先填写您的手机号' })
  expect(readPhone('010-88886666')).toMatchObject({ ok: false })
})
