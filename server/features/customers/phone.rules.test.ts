import { describe, expect, test } from '@jest/globals'
import { toPhones } from '../../../shared/phone.ts'
import { decideJoin, findPhoneProof, type FollowFacts, type JoinFacts, type PhoneJoin, type PhoneProof } from './phone.rules.ts'

const added = new Date('2026-03-01T09:00:00+08:00')
const after = (hours: number) => new Date(added.getTime() + hours * 3_600_000)
const searched: FollowFacts = {
  contactType: 1, userId: 'zhangsan', addWay: 2, operUserId: 'zhangsan', remarkMobiles: ['13800138000'], firstMobiles: ['13800138000'],
  mobilesSeenAt: after(0.1), followedAt: added, fromBeforeGoLive: false, contradictsMember: false, claimedByAccounts: [], provenPhones: [], deniedPhones: [], confirmedPhone: null,
}

describe('a phone search proves a phone (E5)', () => {
  const cases: [string, Partial<FollowFacts>, PhoneProof][] = [
    ['the member searched and noted one number', {}, { kind: 'proven', phone: '13800138000' }],
    ['the number is written with +86 and spaces', { remarkMobiles: ['+86 138 0013 8000'] }, { kind: 'proven', phone: '13800138000' }],
    ['the same number twice is one number', { remarkMobiles: ['13800138000', '138-0013-8000'] }, { kind: 'proven', phone: '13800138000' }],
    ['a landline beside it does not count', { remarkMobiles: ['010-88886666', '13800138000'] }, { kind: 'proven', phone: '13800138000' }],
    ['seen after exactly 24 h', { mobilesSeenAt: after(24) }, { kind: 'proven', phone: '13800138000' }],
    ['seen after more than 24 h', { mobilesSeenAt: after(24.01) }, { kind: 'review', reason: 'phone_seen_late' }],
    ['seen late, but added before this installation, with an imported project', { mobilesSeenAt: after(9_000), fromBeforeGoLive: true }, { kind: 'proven', phone: '13800138000' }],
    ['added by QR code', { addWay: 1 }, { kind: 'none', reason: 'not_phone_search' }],
    ['an unknown way of adding', { addWay: 203 }, { kind: 'none', reason: 'not_phone_search' }],
    ['the customer searched the member', { operUserId: 'wmCustomer' }, { kind: 'none', reason: 'customer_searched' }],
    ['nobody knows who searched', { operUserId: null }, { kind: 'none', reason: 'customer_searched' }],
    ['a WeCom user, not a WeChat user', { contactType: 2 }, { kind: 'none', reason: 'not_a_wechat_user' }],
    ['the remark has no number', { remarkMobiles: [] }, { kind: 'none', reason: 'no_phone' }],
    ['two numbers', { remarkMobiles: ['13800138000', '13900139000'] }, { kind: 'review', reason: 'several_phones' }],
    ['the number was changed later', { remarkMobiles: ['13900139000'] }, { kind: 'review', reason: 'phone_changed' }],
    ['the tied account states the same number', { claimedByAccounts: ['13800138000'] }, { kind: 'proven', phone: '13800138000' }],
    ['the tied account states another number', { claimedByAccounts: ['13900139000'] }, { kind: 'review', reason: 'claim_differs' }],
    ['seen late, and proven by this very follow already', { mobilesSeenAt: after(9_000), provenPhones: ['13800138000'] }, { kind: 'proven', phone: '13800138000' }],
    ['a person has said since that the number changed hands', { deniedPhones: ['13800138000'] }, { kind: 'none', reason: 'number_changed_hands' }],
    ['of another number a person has said so', { deniedPhones: ['13900139000'] }, { kind: 'proven', phone: '13800138000' }],
    ['another member proved another number', { contradictsMember: true }, { kind: 'review', reason: 'members_disagree' }],
    ['several numbers, one confirmed by the member', { remarkMobiles: ['13800138000', '13900139000'], confirmedPhone: '13900139000' }, { kind: 'proven', phone: '13900139000' }],
    ['confirmed, but not found by a search of the member', { addWay: 1, confirmedPhone: '13800138000' }, { kind: 'none', reason: 'not_phone_search' }],
    ['confirmed, but the customer searched', { operUserId: 'wmCustomer', confirmedPhone: '13800138000' }, { kind: 'none', reason: 'customer_searched' }],
  ]
  test.each(cases)('%s', (_, facts, proof) => expect(findPhoneProof({ ...searched, ...facts })).toEqual(proof))
})

test('phones are compared as a set', () => expect(toPhones(['x', '+8613800138000', '13800138000'])).toEqual(['13800138000']))

describe('a proven pair contact - phone joins customers (D14)', () => {
  const cases: [string, Omit<JoinFacts, 'namesDiffer'> & Partial<JoinFacts>, PhoneJoin][] = [
    ['nobody knows either: a new customer', { byContact: null, byPhone: null }, { kind: 'create' }],
    ['the contact is known without a phone', { byContact: { id: 1, phone: null }, byPhone: null }, { kind: 'give_phone', id: 1 }],
    ['the phone was imported', { byContact: null, byPhone: { id: 2, contact: null, contactProven: false } }, { kind: 'give_contact', id: 2 }],
    ['both are known apart: they merge', { byContact: { id: 1, phone: null }, byPhone: { id: 2, contact: null, contactProven: false } }, { kind: 'merge', survivor: 2, loser: 1 }],
    ['known apart, and their orders name two people: a person must look', { byContact: { id: 1, phone: null }, byPhone: { id: 2, contact: null, contactProven: false }, namesDiffer: true }, { kind: 'review', reason: 'names_differ' }],
    ['both are one already', { byContact: { id: 1, phone: 'p' }, byPhone: { id: 1, contact: 'x', contactProven: true } }, { kind: 'same', id: 1 }],
    ['the contact has another phone: a person must look', { byContact: { id: 1, phone: 'q' }, byPhone: null }, { kind: 'review', reason: 'contact_has_other_phone' }],
    ['the phone is proven for another contact: a person must look', { byContact: null, byPhone: { id: 2, contact: 'y', contactProven: true } }, { kind: 'review', reason: 'phone_proven_for_other_contact' }],
    ['the number was recycled: a new customer', { byContact: null, byPhone: { id: 2, contact: 'y', contactProven: false } }, { kind: 'recycled', formerOwner: 2, id: null }],
  ]
  test.each(cases)('%s', (_, facts, join) => expect(decideJoin({ namesDiffer: false, ...facts })).toEqual(join))
})
