import { describe, expect, test } from '@jest/globals'
import { tellCustomer } from '../../../shared/why-customer.ts'
import { toStatus, type StatusFacts } from './binding.rules.ts'

const now = new Date('2026-03-01T10:00:00Z')
const at = (minutes: number) => new Date(now.getTime() + minutes * 60_000)
const nothing: StatusFacts = { tiedAt: null, why: null, latestCode: null, latestAttempt: null, phoneStated: false, now }
const code = (issued: number, status: 'live' | 'used' | 'superseded' | 'expired' = 'live') => ({ status, issuedAt: at(issued), expiresAt: at(issued + 5) })
const attempt = (created: number, state: 'open' | 'bound' | 'refused' | 'expired' | 'superseded', reason: string | null = null) =>
  ({ via: 'kf_code' as 'kf_code' | 'ticket', state, reason, createdAt: at(created), expiresAt: at(created + 10), decidedAt: state === 'open' ? null : at(created + 1) })
const byCard = (...how: Parameters<typeof attempt>) => ({ ...attempt(...how), via: 'ticket' as const })

describe('what the bind page shows', () => {
  test.each<[string, Partial<StatusFacts>, object]>([
    ['nothing yet', {}, { state: 'none' }],
    ['a live code', { latestCode: code(-1) }, { state: 'code_live', expiresAt: at(4).toISOString() }],
    ['a code past its life', { latestCode: code(-6) }, { state: 'expired', reason: 'code_expired' }],
    ['a code that an alarm has ended', { latestCode: code(-1, 'superseded') }, { state: 'expired', reason: 'superseded' }],
    ['a used code whose attempt waits', { latestCode: code(-2, 'used'), latestAttempt: attempt(-1, 'open', 'awaiting_tap') }, { state: 'awaiting_confirmation', reason: 'awaiting_tap', expiresAt: at(9).toISOString() }],
    ['an attempt in an empty chat', { latestAttempt: attempt(-1, 'open', 'say_anything') }, { state: 'awaiting_confirmation', reason: 'say_anything' }],
    ['a code asked for while an attempt waits', { latestCode: code(-1), latestAttempt: attempt(-2, 'open', 'awaiting_tap') }, { state: 'code_live' }],
    ['a welcome card opened', { latestAttempt: byCard(-1, 'open', 'card_opened') }, { state: 'awaiting_confirmation', reason: 'card_opened', text: expect.stringContaining('请填写您的手机号') }],
    ['a welcome card opened, and a phone stated', { latestAttempt: byCard(-1, 'open', 'card_opened'), phoneStated: true }, { reason: 'card_opened', text: expect.stringContaining('任意一句话') }],
    ['a card that led to nothing', { latestAttempt: byCard(-12, 'open', 'card_opened') }, { state: 'none' }],
    ['a card meant for somebody else', { latestAttempt: byCard(-2, 'refused', 'unionid_mismatch') }, { state: 'refused', text: expect.not.stringContaining('发送绑定码') }],
    ['an attempt past its 10 minutes', { latestCode: code(-13, 'used'), latestAttempt: attempt(-12, 'open', 'awaiting_tap') }, { state: 'expired', reason: 'code_expired' }],
    ['a refusal', { latestCode: code(-3, 'used'), latestAttempt: attempt(-2, 'refused', 'not_me') }, { state: 'refused', reason: 'not_me' }],
    ['a new code after a refusal', { latestCode: code(-0.5), latestAttempt: attempt(-2, 'refused', 'not_me') }, { state: 'code_live' }],
    ['an attempt that gave way', { latestAttempt: attempt(-2, 'superseded') }, { state: 'expired', reason: 'superseded' }],
    ['bound, not added yet', { tiedAt: at(-1), why: tellCustomer('not_added').why, latestAttempt: attempt(-2, 'bound') }, { state: 'bound', reason: 'not_added_yet', text: expect.stringContaining('请填写手机号'), why: { code: 'not_added' } }],
    ['bound and may query', { tiedAt: at(-1) }, { state: 'bound' }],
    ['bound, and another attempt was just refused', { tiedAt: at(-60), latestAttempt: attempt(-2, 'refused', 'account_taken') }, { state: 'refused', reason: 'account_taken' }],
    ['bound, and that refusal is old', { tiedAt: at(-60), latestAttempt: attempt(-30, 'refused', 'account_taken') }, { state: 'bound' }],
    ['a code in the instant of its end', { latestCode: code(-5) }, { state: 'expired', reason: 'code_expired' }],
    ['an attempt in the instant of its end', { latestAttempt: attempt(-10, 'open', 'awaiting_tap') }, { state: 'expired', reason: 'code_expired' }],
    ['a code of the same instant as the attempt that waits', { latestCode: code(-1), latestAttempt: attempt(-1, 'open', 'awaiting_tap') }, { state: 'awaiting_confirmation', reason: 'awaiting_tap' }],
    ['a used code of the same instant as the attempt that was refused', { latestCode: code(-2, 'used'), latestAttempt: attempt(-2, 'refused', 'not_me') }, { state: 'refused', reason: 'not_me' }],
    ['bound in the instant of a refusal', { tiedAt: at(-1), latestAttempt: attempt(-2, 'refused', 'account_taken') }, { state: 'bound' }],
    ['bound, and that refusal is ten minutes old to the instant', { tiedAt: at(-60), latestAttempt: attempt(-11, 'refused', 'account_taken') }, { state: 'bound' }],
    ['unbound after having been bound', { latestAttempt: attempt(-60, 'bound') }, { state: 'none' }],
  ])('%s', (_, facts, answer) => expect(toStatus({ ...nothing, ...facts })).toMatchObject(answer))

  test('every reason comes with words a person can act on', () => {
    for (const reason of ['checking', 'awaiting_tap', 'say_anything', 'human_serving']) {
      expect(toStatus({ ...nothing, latestAttempt: attempt(-1, 'open', reason) }).text).toMatch(/[\u4e00-\u9fff]/)
    }
  })

  test('who tapped 不是我 himself is not called somebody else; and whoever began what another foiled reads nothing of him', () => {
    const textOf = (reason: string) => toStatus({ ...nothing, latestAttempt: attempt(-1, 'refused', reason) }).text
    expect(textOf('not_me')).toMatch(/不是我.*误点/)
    expect(textOf('opened_by_other')).toMatch(/不是在这个微信里打开的/)
    for (const reason of ['not_me', 'opened_by_other']) expect(textOf(reason)).not.toMatch(/对方|另一个|别人|他/)
  })

  test('the way on is the chat, not another code', () => {
    for (const reason of ['unionid_mismatch', 'not_me', 'opened_by_other', 'code_expired', 'superseded'])
      expect(toStatus({ ...nothing, latestAttempt: attempt(-1, 'refused', reason) }).text).not.toContain('绑定码')
  })
})
