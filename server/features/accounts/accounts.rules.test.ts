import { describe, expect, test } from '@jest/globals'
import type { WhyCode } from '../../../shared/api/why.ts'
import { tellCustomer, type Stated } from '../../../shared/why-customer.ts'
import { toNextStep, toStatedPhone } from './accounts.rules.ts'

type More = Partial<Parameters<typeof toNextStep>[0]> & { stated?: Stated }
const WAITING: Stated = { until: '3月4日 09:05' }

describe('the one thing to do now', () => {
  test.each<[string, WhyCode, More, string, string]>([
    ['nothing is known: the chat', 'not_bound', {}, 'get_code', '请打开客服聊天'],
    ['it was ended: the chat', 'ended', {}, 'get_code', '您的绑定已解除。请打开客服聊天'],
    ['a phone is stated: that word', 'not_bound', { stated: WAITING }, 'get_code', '已收到您的手机号'],
    ['a code is out', 'not_bound', { state: 'code_live' }, 'get_code', '请打开客服聊天'],
    ['a code has ended', 'not_bound', { state: 'expired' }, 'get_code', '请打开客服聊天'],
    ['an attempt was refused', 'not_bound', { state: 'refused' }, 'get_code', '请打开客服聊天'],
    ['an attempt is open: what the bind page says', 'not_bound', { state: 'awaiting_confirmation', stateText: '请说一句话', stated: WAITING }, 'confirm', '请说一句话'],
    ['an attempt is open and the page says nothing', 'not_bound', { state: 'awaiting_confirmation' }, 'confirm', '请回到客服聊天'],
    ['bound, and nobody knows his number', 'no_phone_stated', { state: 'bound' }, 'state_phone', '请填写手机号'],
    ['bound, and his number waits with the members', 'not_added', { state: 'bound', stated: WAITING }, 'wait_for_advisor', '到 3月4日 09:05'],
    ['bound, and nobody has added him in time', 'no_phone_stated', { state: 'bound', stated: 'over' }, 'state_phone', '再填写一次'],
    ['bound, and his advisor has not verified the phone', 'phone_missing', { state: 'bound' }, 'ask_advisor', '还没有登记您的手机号'],
    ['bound, and added in a way that does not count', 'added_otherwise', { state: 'bound', stated: WAITING }, 'ask_advisor', '用手机号搜索，重新添加您'],
    ['he may query, whoever follows him', 'may_query', { state: 'bound', stated: WAITING }, 'view_projects', '您可以查看项目进度了'],
    ['he may query, and there is nothing yet', 'no_order', { state: 'bound' }, 'view_projects', '还没有查到您名下的项目'],
    ['his permission rests, whatever else is there', 'suspended', { state: 'bound' }, 'contact_support', '需要人工核实'],
  ])('%s', (_, code, { stated, ...more }, step, text) => {
    const next = toNextStep({ told: tellCustomer(code, stated), state: 'none', stateText: undefined, ...more })
    expect([next.step, next.text.includes(text)]).toEqual([step, true])
  })
})

test('the phone he has stated is told as long as it waits', () => {
  const now = new Date('2026-03-02T01:05:00Z')
  const at = (hours: number) => new Date(now.getTime() + hours * 3_600_000)
  const claim = { phoneMasked: '138****8000', since: at(-1), expiresAt: at(47), status: 'waiting' as const }
  expect(toStatedPhone(claim, now)).toEqual({ phoneMasked: '138****8000', since: at(-1).toISOString(), expiresAt: at(47).toISOString() })
  for (const over of [null, { ...claim, expiresAt: now }, { ...claim, status: 'bound' as const }, { ...claim, status: 'expired' as const }])
    expect(toStatedPhone(over, now)).toBeNull()
})
