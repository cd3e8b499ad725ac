import { describe, expect, test } from '@jest/globals'
import { decideTie, matchUnionIds, type TieFacts, type TieOutcome, type TieRow } from './tie.rules.ts'

const strangers: TieFacts = { unionId: 'absent', proof: 'none', phone: 'none', accountTiedTo: 'nobody', contactTiedTo: 'nobody', ended: false }

describe('the decision table account - contact', () => {
  const cases: [TieRow, Partial<TieFacts>, TieOutcome][] = [
    ['tied already', { accountTiedTo: 'this_contact', unionId: 'different', proof: 'code' }, { kind: 'already' }],
    ['an admin decided', { proof: 'manual', unionId: 'different' }, { kind: 'tie' }],
    ['different unionids', { unionId: 'different', proof: 'ticket' }, { kind: 'refuse', reason: 'unionid_mismatch' }],
    ['different unionids', { unionId: 'different', proof: 'code', accountTiedTo: 'another' }, { kind: 'refuse', reason: 'unionid_mismatch' }],
    ['account belongs to another contact', { accountTiedTo: 'another', proof: 'ticket' }, { kind: 'refuse', reason: 'account_taken' }],
    ['account belongs to another contact', { accountTiedTo: 'another', unionId: 'equal' }, { kind: 'refuse', reason: 'account_taken' }],
    ['contact belongs to another account', { contactTiedTo: 'another', proof: 'code' }, { kind: 'refuse', reason: 'contact_taken' }],
    ['unionid not known yet', { unionId: 'unknown', proof: 'ticket' }, { kind: 'wait' }],
    ['ended by a person', { unionId: 'equal', ended: true }, { kind: 'nothing' }],
    ['equal unionids', { unionId: 'equal' }, { kind: 'tie' }],
    ['equal unionids', { unionId: 'equal', proof: 'code', ended: true }, { kind: 'tie' }],
    ['WeChat gave the phone that was searched', { phone: 'button' }, { kind: 'tie' }],
    ['the welcome card was opened by one who claims the searched phone', { phone: 'carded_claim' }, { kind: 'tie' }],
    ['the claimed phone was searched, and claims are trusted', { phone: 'trusted_claim' }, { kind: 'tie' }],
    ['different unionids', { phone: 'button', unionId: 'different' }, { kind: 'refuse', reason: 'unionid_mismatch' }],
    ['account belongs to another contact', { phone: 'button', accountTiedTo: 'another' }, { kind: 'refuse', reason: 'account_taken' }],
    ['the issuing account opened the ticket', { proof: 'ticket' }, { kind: 'tie' }],
    ['code or link without equal unionids', { proof: 'code' }, { kind: 'ask' }],
    ['nothing ties them', {}, { kind: 'nothing' }],
    ['nothing ties them', { accountTiedTo: 'another', contactTiedTo: 'another' }, { kind: 'nothing' }],
  ]
  test.each(cases)('row "%s" with %p', (row, facts, outcome) => {
    expect(decideTie({ ...strangers, ...facts })).toEqual({ row, outcome })
  })

  test('without an admin, different unionids never tie, whatever else holds', () => {
    for (const proof of ['none', 'code', 'ticket'] as const)
      for (const accountTiedTo of ['nobody', 'another'] as const)
        for (const contactTiedTo of ['nobody', 'another'] as const)
          for (const ended of [true, false])
            expect(decideTie({ unionId: 'different', proof, phone: 'button', accountTiedTo, contactTiedTo, ended }).outcome.kind).toBe('refuse')
  })

  test('a code alone never ties: a guessed or phished code is harmless', () => {
    for (const unionId of ['absent', 'unknown', 'different'] as const)
      expect(decideTie({ ...strangers, unionId, proof: 'code' }).outcome.kind).not.toBe('tie')
  })
})

test('a look-up that never succeeded is not an absent unionid', () => {
  expect(matchUnionIds('u1', undefined)).toBe('unknown')
  expect(matchUnionIds(undefined, 'u1')).toBe('unknown')
  expect(matchUnionIds('u1', null)).toBe('absent')
  expect(matchUnionIds(null, undefined)).toBe('absent')
  expect(matchUnionIds('u1', 'u1')).toBe('equal')
  expect(matchUnionIds('u1', 'u2')).toBe('different')
})

test('where WeCom shows no unionid, the accounts that are tied already say who the contact is', () => {
  expect(matchUnionIds('u1', null, ['u1'])).toBe('equal')
  expect(matchUnionIds('u1', null, ['u2'])).toBe('different')
  expect(matchUnionIds('u1', 'u1', ['u2'])).toBe('equal')
  expect(matchUnionIds('u1', undefined, ['u1'])).toBe('unknown')
  expect(matchUnionIds(null, null, ['u1'])).toBe('absent')
  expect(matchUnionIds(undefined, null, ['u1'])).toBe('unknown') // or a trusted claim could tie a stranger before WeChat tells who he is
  expect(matchUnionIds(undefined, null)).toBe('absent')
})
