import { expect, test } from '@jest/globals'
import { refusalCodesOf } from './callers.ts'

test.each([
  ['customer', ['session.missing', 'session.invalid'], []],
  ['admin', ['key.missing', 'key.invalid', 'key.expired', 'key.revoked'], []],
  ['customerOrAdmin', ['session.missing', 'session.invalid', 'key.expired', 'key.revoked'], []],
  [
    'staff',
    ['staff.session_missing', 'staff.session_invalid'],
    ['staff.left', 'staff.foreign_request'],
  ],
] as const)('the door of %s says why it is shut', (who, nobody, ofStaff) => {
  expect(refusalCodesOf(who)).toEqual({
    401: nobody,
    403: ['key.forbidden', 'session.forbidden', ...ofStaff],
  })
})
