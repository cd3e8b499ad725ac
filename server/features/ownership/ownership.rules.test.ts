import { describe, expect, test } from '@jest/globals'
import {
  decideHandOver, decideParty, decideShown, findSince, isAfterProof, isRunning, ranWhileShown,
  type PartyFacts, type PartyOutcome, type PartyRow, type ShownFacts, type ShownRow,
} from './ownership.rules.ts'

const DAY = 86_400_000
const stranger: PartyFacts = {
  holder: 'nobody', settled: false, strength: null, isNamedAsThen: false, hasOwner: true, isInQuestion: false, beganAfterProof: true, name: 'nothing',
  isFirstNamed: false, beganFromAddMs: 200 * DAY, beganBeforeAddMs: -200 * DAY, ageMs: 200 * DAY, hasLivingStrong: false, hasLivingOfMember: false, freshMs: 90 * DAY,
}
const HELD_STAFF: PartyOutcome = { state: 'held', ask: 'staff' }
const HELD_CUSTOMER: PartyOutcome = { state: 'held', ask: 'customer' }
const HELD: PartyOutcome = { state: 'held', ask: null }
const WEAK: PartyOutcome = { state: 'attached', strength: 'weak' }
const STRONG: PartyOutcome = { state: 'attached', strength: 'strong' }
const STAYS: PartyOutcome = { state: 'stays' }
const WAITING: PartyOutcome = { state: 'waiting' }
const attached = { holder: 'owner', strength: 'weak', isNamedAsThen: true } as const

describe('table A: whose an order is', () => {
  test.each<[PartyRow, Partial<PartyFacts>, PartyOutcome]>([
    ['settled before', { settled: true, isNamedAsThen: true }, STAYS],
    ['settled before', { settled: true, isNamedAsThen: true, hasOwner: false, holder: 'another', isInQuestion: true, name: 'differs' }, STAYS],
    ['nobody has proven the number', { hasOwner: false }, WAITING],
    ['nobody has proven the number', { hasOwner: false, ...attached, strength: 'strong', isInQuestion: true }, WAITING],
    ['nobody has proven the number', { hasOwner: false, settled: true, isNamedAsThen: false }, WAITING],
    ['the number is in question', { isInQuestion: true, ageMs: DAY, name: 'same' }, HELD],
    ['the number is in question', { isInQuestion: true, ...attached }, HELD],
    ['the number is in question', { isInQuestion: true, ...attached, strength: 'strong', isNamedAsThen: false }, HELD],
    ['attached before', { isInQuestion: true, ...attached, strength: 'strong' }, STAYS],
    ['attached before', { isInQuestion: true, ...attached, beganAfterProof: false }, STAYS],
    ['it was somebody else\'s', { holder: 'another', strength: 'strong', isNamedAsThen: true, ageMs: 0 }, HELD],
    ['it was somebody else\'s', { holder: 'another', name: 'same', ageMs: 0 }, HELD],
    ['attached before', { ...attached, name: 'differs', ageMs: 900 * DAY }, STAYS],
    ['names differ', { name: 'differs', ageMs: 0, hasLivingStrong: true, hasLivingOfMember: true }, HELD_STAFF],
    ['names differ', { name: 'differs', ...attached, isNamedAsThen: false }, HELD_STAFF],
    ['names differ', { name: 'differs', settled: true, isNamedAsThen: false, holder: 'owner' }, HELD_STAFF],
    ['the first named order of a new owner', { isFirstNamed: true, beganFromAddMs: 30 * DAY }, STRONG],
    ['nothing tells', { isFirstNamed: true, beganFromAddMs: 30 * DAY + 1 }, HELD_CUSTOMER],
    ['same name, lately proven or an order that runs', { name: 'same', ageMs: 365 * DAY }, STRONG],
    ['same name, lately proven or an order that runs', { name: 'same', ageMs: 366 * DAY, hasLivingStrong: true }, STRONG],
    ['same name, proven long ago', { name: 'same', ageMs: 365 * DAY + 1 }, HELD_CUSTOMER],
    ['same name, proven long ago', { name: 'same', ageMs: 366 * DAY, hasLivingOfMember: true }, HELD_CUSTOMER],
    ['nothing tells, just proven', { ageMs: 90 * DAY }, WEAK],
    ['nothing tells, just proven', { ageMs: 0, beganBeforeAddMs: 90 * DAY }, WEAK],
    ['nothing tells', { ageMs: 0, beganBeforeAddMs: 90 * DAY + 1 }, HELD_CUSTOMER],
    ['nothing tells, just proven', { ageMs: 20 * DAY, freshMs: 20 * DAY }, WEAK],
    ['nothing tells', { ageMs: 20 * DAY + 1, freshMs: 20 * DAY }, HELD_CUSTOMER],
    ['nothing tells, an order that runs with the same member', { ageMs: 90 * DAY + 1, hasLivingOfMember: true }, WEAK],
    ['nothing tells', { ageMs: 90 * DAY + 1 }, HELD_CUSTOMER],
    ['nothing tells', { ageMs: 0, hasLivingOfMember: true, beganBeforeAddMs: 90 * DAY + 1 }, HELD_CUSTOMER],
    ['nothing tells', { hasLivingStrong: true }, HELD_CUSTOMER],
  ])('row "%s" with %p', (row, facts, outcome) => expect(decideParty({ ...stranger, ...facts })).toEqual({ row, outcome }))

  const each = <T>(values: readonly T[], then: (value: T) => void): void => values.forEach(then)

  test('whatever else holds: what was another\'s, and a name that differs, is attached to nobody', () => {
    each([true, false], (isFirstNamed) => each([true, false], (hasLivingStrong) => each([true, false], (hasLivingOfMember) =>
      each([0, 10 * DAY, 900 * DAY], (ageMs) => each(['same', 'differs', 'nothing'] as const, (name) => {
        const facts = { ...stranger, isFirstNamed, hasLivingStrong, hasLivingOfMember, ageMs, beganFromAddMs: 0, name }
        expect(decideParty({ ...facts, holder: 'another' }).outcome.state).toBe('held')
        if (name === 'differs') expect(decideParty(facts).outcome).toEqual(HELD_STAFF)
        expect(decideParty({ ...facts, isInQuestion: true }).outcome.state).toBe('held')
        expect(decideParty({ ...facts, hasOwner: false }).outcome.state).toBe('waiting')
      })))))
  })
})

const now = new Date('2026-06-01T00:00:00Z')
const ago = (days: number): Date => new Date(now.getTime() - days * DAY)
const order: ShownFacts = {
  isConfirmed: false, firstAt: ago(200), strength: 'weak', happenedAt: [], isRunning: false, ranWhileHis: false, isImported: false, createdAt: ago(10),
  freshMs: 90 * DAY, now,
}

describe('table B: whether an attached order is shown', () => {
  test.each<[ShownRow, Partial<ShownFacts>, boolean]>([
    ['confirmed', { isConfirmed: true, firstAt: null, happenedAt: [ago(4_000)] }, true],
    ['first proof unknown', { firstAt: null, happenedAt: [ago(1)], isRunning: true }, false],
    ['something happened since', { happenedAt: [ago(290)] }, true],
    ['something happened since', { happenedAt: [ago(4_000), ago(1)] }, true],
    ['may be of another owner', { happenedAt: [ago(291)], isRunning: true }, false],
    ['something happened since', { happenedAt: [ago(565)], strength: 'strong' }, true],
    ['may be of another owner', { happenedAt: [ago(566)], strength: 'strong', isRunning: true }, false],
    ['something happened since', { happenedAt: [ago(220)], freshMs: 20 * DAY }, true],
    ['may be of another owner', { happenedAt: [ago(221)], freshMs: 20 * DAY }, false],
    ['no date, runs, loaded since', { happenedAt: [ago(-1)], isRunning: true }, true],
    ['may be of another owner', { happenedAt: [ago(-1)] }, false],
    ['no date, runs, loaded since', { isRunning: true, createdAt: ago(290) }, true],
    ['may be of another owner', { isRunning: true, createdAt: ago(291) }, false],
    ['may be of another owner', { isRunning: true, isImported: true }, false],
    ['no date, ran while his', { ranWhileHis: true }, true],
    ['may be of another owner', { ranWhileHis: true, happenedAt: [ago(4_000)] }, false],
    ['may be of another owner', {}, false],
  ])('row "%s" with %p', (row, facts, shown) => expect(decideShown({ ...order, ...facts })).toEqual({ row, shown }))
})

test('what ran and was shown is remembered by the row that showed it', () => {
  expect([...['no date, runs, loaded since', 'no date, ran while his'], 'confirmed', 'may be of another owner', null].map(ranWhileShown)).toEqual([true, true, false, false, false])
})

test.each([
  ['running', false, true], ['unknown', false, false], ['unknown', true, true], ['finished', false, false], ['finished', true, false],
] as const)('an order whose status means "%s", an active stage: %s, looks alive: %s', (statusKind, hasActiveStage, alive) =>
  expect(isRunning({ statusKind, hasActiveStage })).toBe(alive))

test('WeCom tells an add to the second: an order loaded within it began before', () => {
  expect([0, 999, 1_000].map((ms) => isAfterProof(new Date(now.getTime() + ms), now))).toEqual([false, false, true])
})

describe('when a number changes hands', () => {
  const since = ago(30)
  type Fate = ReturnType<typeof decideHandOver>
  test.each<[string, Partial<Parameters<typeof decideHandOver>[0]>, Fate]>([
    ['a weak order from before stays', { strength: 'weak', holder: 'former', beganAt: ago(30) }, 'stays'],
    ['a weak order from after goes', { strength: 'weak', holder: 'former', beganAt: ago(29) }, 'moves'],
    ['a strong order stays, whenever it began', { strength: 'strong', holder: 'former', beganAt: ago(1) }, 'stays'],
    ['what a person settled stays, whenever it began', { strength: 'weak', isSettled: true, holder: 'former', beganAt: ago(1) }, 'stays'],
    ['a strong order that is named goes', { strength: 'strong', isSettled: true, holder: 'former', beganAt: ago(90), isNamed: true }, 'moves'],
    ['a held order from after goes', { holder: 'nobody', beganAt: ago(1) }, 'moves'],
    ['a held order from before is nobody\'s', { holder: 'nobody', beganAt: ago(31) }, 'reserved'],
    ['a held order from before that was his is nobody\'s', { holder: 'former', beganAt: ago(31) }, 'reserved'],
    ['a held order from after that was asked about and not named is nobody\'s', { holder: 'nobody', beganAt: ago(1), isLeftOut: true }, 'reserved'],
    ['what is named goes, whatever else was said', { beganAt: ago(1), isNamed: true, isLeftOut: true }, 'moves'],
    ['somebody else\'s order is left alone', { holder: 'another', strength: 'strong', isSettled: true, beganAt: ago(1) }, 'untouched'],
    ['somebody else\'s order goes when it is named', { holder: 'another', beganAt: ago(1), isNamed: true }, 'moves'],
  ])('%s', (_, party, fate) => expect(decideHandOver({ strength: null, isSettled: false, holder: 'nobody', beganAt: ago(1), isNamed: false, isLeftOut: false, ...party }, since)).toBe(fate))

  test('since then: after his last sure order, not before his last proof, and while nobody doubts it not before a number can go on', () => {
    expect(findSince({ provenAt: ago(100), surelyHis: [ago(300), ago(40)], lastingMs: 0 })).toEqual(ago(40))
    expect(findSince({ provenAt: ago(100), surelyHis: [], lastingMs: 0 })).toEqual(ago(100))
    expect(findSince({ provenAt: ago(100), surelyHis: [ago(40)], lastingMs: 90 * DAY })).toEqual(ago(10))
  })
})
