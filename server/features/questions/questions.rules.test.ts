import { describe, expect, test } from '@jest/globals'
import { decideClaim, findChoices, findClaimWait, findEscalation, isAnswered, isAskedAbout, toAsked } from './questions.rules.ts'

const at = (text: string): Date => new Date(`${text}+08:00`)

test.each([
  ['a Monday', '2026-06-01T10:00:00', '2026-06-02T10:00:00'], ['a Friday', '2026-06-05T10:00:00', '2026-06-08T10:00:00'],
  ['a Saturday', '2026-06-06T10:00:00', '2026-06-09T10:00:00'], ['a Sunday', '2026-06-07T23:00:00', '2026-06-09T23:00:00'],
  ['Sunday in London, Monday in Shanghai', '2026-06-08T00:30:00', '2026-06-09T00:30:00'],
])('what was asked on %s is for admins a working day later', (_, openedAt, escalatedAt) => {
  expect(findEscalation(at(openedAt), 'Asia/Shanghai')).toEqual(at(escalatedAt))
})

test.each([
  ['several_phones', ['13800138000']], ['phone_changed', ['13800138000']], ['members_disagree', []], ['phone_proven_for_other_contact', []], ['toString', []],
])('of a question %j a member settles by one tap %j', (kind, choices) => expect(findChoices(kind, ['138 0013 8000'])).toEqual(choices))

test('an order number may be tried three times in any 24 hours', () => {
  const now = at('2026-06-01T10:00:00')
  const before = (hours: number): Date => new Date(now.getTime() - hours * 3_600_000)
  expect(findClaimWait([], now)).toBe(0)
  expect(findClaimWait([before(1), before(2)], now)).toBe(0)
  expect(findClaimWait([before(1), before(2), before(23)], now)).toBe(3_600_000)
  expect(findClaimWait([before(1), before(2), before(24)], now)).toBe(0)
})

describe('what an order number does that a customer types', () => {
  const held = { isOwnNumber: true, isInQuestion: false, state: 'held', isHis: false, shown: false, decidedRow: 'nothing tells', settled: false } as const
  test.each<[string, Partial<Parameters<typeof decideClaim>[0]>, ReturnType<typeof decideClaim>]>([
    ['nothing tells', {}, 'settle'],
    ['same name, proven long ago', { decidedRow: 'same name, proven long ago' }, 'settle'],
    ['names differ', { decidedRow: 'names differ' }, 'ask'],
    ['the number is in question', { isInQuestion: true }, 'ask'],
    ['it was somebody else\'s', { decidedRow: 'it was somebody else\'s' }, 'ask'],
    ['a person was asked and did not name it', { settled: true, decidedRow: 'settled' }, 'ask'],
    ['a row that nobody knows', { decidedRow: 'something new' }, 'ask'],
    ['his, and seen already', { state: 'attached', isHis: true, shown: true }, 'found'],
    ['his, and old', { state: 'attached', isHis: true }, 'settle'],
    ['his, old, and in question', { state: 'attached', isHis: true, isInQuestion: true }, 'ask'],
    ['attached to somebody else', { state: 'attached' }, 'ask'],
    ['of another number', { isOwnNumber: false }, 'ask'],
    ['of a number nobody has proven', { isOwnNumber: false, state: 'waiting', decidedRow: 'nobody has proven the number' }, 'ask'],
  ])('%s', (_, facts, decided) => expect(decideClaim({ ...held, ...facts })).toBe(decided))
})

test.each([
  ['nobody sees', false, [], true],
  ['somebody sees', true, [], false],
  ['somebody sees and the owner of the number has named', true, [3, 7], true],
  ['somebody sees, when another was named', true, [3], false],
])('a question is about an order that %s: %s', (_, shown, claimed, asked) => {
  expect(isAskedAbout({ claimed }, { id: 7, shown })).toBe(asked)
})

test.each([
  ['was asked about so', { id: 7, name: '李梅' }, true],
  ['names somebody else by now', { id: 7, name: '王建国' }, false],
  ['names somebody by now', { id: 8, name: '李梅' }, false],
  ['was loaded since', { id: 9, name: null }, false],
])('an answer is about an order that %s: %j %s', (_, party, expected) => {
  const asked = [{ id: 7, name: '李梅' }, { id: 8, name: null }].map(toAsked)
  expect(isAnswered({ asked }, party)).toBe(expected)
})
