import { expect, test } from '@jest/globals'
import { doorRefusals } from './callers.ts'

const ENDED_KEY = ['key.expired', 'key.revoked']
const SESSION = ['session.missing', 'session.invalid', ...ENDED_KEY]
const KEY = ['key.missing', 'key.invalid', ...ENDED_KEY]
const STAFF = ['staff.session_missing', 'staff.session_invalid', ...ENDED_KEY]
const WRONG = ['key.forbidden', 'role.forbidden', 'session.forbidden']
const FOREIGN = 'staff.foreign_request'
const ASKED = ['staff.left', 'staff.not_vouched']

test.each([
  ['customer', 'get', [...SESSION, ...WRONG]],
  ['customer', 'post', [...SESSION, ...WRONG, FOREIGN]],
  ['viewer', 'get', [...KEY, ...WRONG]],
  ['admin', 'post', [...KEY, ...WRONG, FOREIGN, ...ASKED]],
  ['customerOrViewer', 'get', [...SESSION, ...WRONG]],
  ['customerOrService', 'post', [...SESSION, ...WRONG, FOREIGN, ...ASKED]],
  ['staff', 'get', [...STAFF, 'key.forbidden', 'session.forbidden']],
  ['staff', 'post', [...STAFF, 'key.forbidden', 'session.forbidden', FOREIGN, ...ASKED]],
  ['public', 'post', []],
] as const)('the door of %s says to a %s why it is shut', (who, method, codes) => {
  expect(
    doorRefusals({ who, method, harmless: false, reveals: false }).map(([, code]) => code),
  ).toEqual(codes)
})

test('WeCom is not asked about a deed that changes nothing', () => {
  const codes = doorRefusals({ who: 'staff', method: 'post', harmless: true, reveals: false }).map(
    ([, code]) => code,
  )
  expect(codes).not.toContain('staff.not_vouched')
})
