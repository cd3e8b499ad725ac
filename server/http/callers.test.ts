import { expect, test } from '@jest/globals'
import { refusalCodesOf } from './callers.ts'

const OF_MEMBERS = ['staff.left', 'staff.foreign_request']
const OF_ROLES = ['role.forbidden', ...OF_MEMBERS]
const ENDED_KEY = ['key.expired', 'key.revoked']

test.each([
  ['customer', ['session.missing', 'session.invalid'], []],
  ['admin', ['key.missing', 'key.invalid', ...ENDED_KEY], OF_ROLES],
  ['viewer', ['key.missing', 'key.invalid', ...ENDED_KEY], OF_ROLES],
  ['customerOrViewer', ['session.missing', 'session.invalid', ...ENDED_KEY], OF_ROLES],
  ['staff', ['staff.session_missing', 'staff.session_invalid'], OF_MEMBERS],
] as const)('the door of %s says why it is shut', (who, nobody, ofMembers) => {
  expect(refusalCodesOf(who)).toEqual({
    401: nobody,
    403: ['key.forbidden', 'session.forbidden', ...ofMembers],
  })
})
