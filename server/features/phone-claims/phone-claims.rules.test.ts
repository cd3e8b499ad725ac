import { describe, expect, test } from '@jest/globals'
import { CLAIM, findClaimWait, toPhoneStatus } from './phone-claims.rules.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const now = new Date(Date.UTC(2026, 2, 2, 1))
const ago = (ms: number): Date => new Date(now.getTime() - ms)

test('a claim lives for 48 hours', () => expect(CLAIM.lifeMs).toBe(48 * HOUR))

describe('the next claim of an account waits', () => {
  test.each<[string, number[], number]>([
    ['not, when there is none', [], 0],
    ['for the rest of a minute', [20_000], 40_000],
    ['not, a minute after the last', [MINUTE], 0],
    ['not, after four in a day', [2, 3, 4, 5].map((hours) => hours * HOUR), 0],
    ['for the rest of a day, after five', [2, 3, 4, 5, 6].map((hours) => hours * HOUR), 18 * HOUR],
    ['not, when the fifth is a day old', [2, 3, 4, 5, 24].map((hours) => hours * HOUR), 0],
    ['for the longer of both', [10_000, 1, 2, 3, 24 * HOUR - 5_000], 50_000],
  ])('%s', (_, claimed, wait) => expect(findClaimWait(claimed.map(ago), now)).toBe(wait))
})

describe('what is told about a phone', () => {
  const claim = (status: 'waiting' | 'bound' | 'expired', expiresAt: Date) => ({ status, createdAt: ago(HOUR), expiresAt })
  const times = (expiresAt: Date) => ({ createdAt: ago(HOUR).toISOString(), expiresAt: expiresAt.toISOString() })
  const later = new Date(now.getTime() + 1)
  type Facts = Omit<Parameters<typeof toPhoneStatus>[0], 'now'>

  test.each<[string, Facts, object | null]>([
    ['nothing is known', { standing: null, claim: null }, null],
    ['a customer who is not bound has stated nothing', { standing: { bound: false, boundAt: null }, claim: null }, null],
    ['bound, whatever was stated', { standing: { bound: true, boundAt: ago(1) }, claim: claim('waiting', later) }, { status: 'bound', boundAt: ago(1).toISOString() }],
    ['bound, nobody knows since when', { standing: { bound: true, boundAt: null }, claim: null }, { status: 'bound' }],
    ['a claim that waits', { standing: null, claim: claim('waiting', later) }, { status: 'pending', ...times(later) }],
    ['a claim that waits, of a customer not bound', { standing: { bound: false, boundAt: null }, claim: claim('waiting', later) }, { status: 'pending', ...times(later) }],
    ['a claim whose time is over in this moment', { standing: null, claim: claim('waiting', now) }, { status: 'expired', ...times(now) }],
    ['a claim that was ended', { standing: null, claim: claim('expired', later) }, { status: 'expired', ...times(later) }],
  ])('%s', (_, facts, told) => {
    const status = toPhoneStatus({ ...facts, now })
    if (told === null) expect(status).toBeNull()
    else expect(status).toEqual({ ...told, message: expect.stringMatching(/^(已绑定|等待企业微信员工添加|已过期.*)$/) })
  })
})
