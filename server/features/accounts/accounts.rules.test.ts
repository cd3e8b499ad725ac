import { describe, expect, test } from '@jest/globals'
import type { WhyCode } from '../../../shared/api/why.ts'
import { tellWhy } from '../../../shared/why.ts'
import { toNextStep } from './accounts.rules.ts'

type Facts = Parameters<typeof toNextStep>[0]
const facts = (code: WhyCode, more: Partial<Facts> = {}): Facts =>
  ({ why: tellWhy(code, 'customer'), state: 'none', stateText: undefined, phoneStated: false, ...more })

describe('the one thing to do now', () => {
  test.each<[string, WhyCode, Partial<Facts>, string, string]>([
    ['nothing is known: a code', 'not_bound', {}, 'get_code', '请获取验证码'],
    ['it was ended: a code', 'ended', {}, 'get_code', '您的绑定已解除。请获取验证码'],
    ['a phone is stated: that word', 'not_bound', { phoneStated: true }, 'get_code', '已收到您的手机号'],
    ['a code is out', 'not_bound', { state: 'code_live' }, 'get_code', '请获取验证码'],
    ['a code has ended', 'not_bound', { state: 'expired' }, 'get_code', '请获取验证码'],
    ['an attempt was refused', 'not_bound', { state: 'refused' }, 'get_code', '请获取验证码'],
    ['an attempt is open: what the bind page says', 'not_bound', { state: 'awaiting_confirmation', stateText: '请说一句话', phoneStated: true }, 'confirm', '请说一句话'],
    ['an attempt is open and the page says nothing', 'not_bound', { state: 'awaiting_confirmation' }, 'confirm', '请回到客服聊天'],
    ['bound, and nobody has added him', 'not_added', { state: 'bound', phoneStated: true }, 'wait_for_advisor', '请等待您的顾问'],
    ['bound, and his advisor has not verified the phone', 'phone_missing', { state: 'bound' }, 'wait_for_advisor', '顾问也已经是您的好友'],
    ['he may query, whoever follows him', 'may_query', { state: 'bound', phoneStated: true }, 'view_projects', '您可以查看项目进度了'],
    ['he may query, and there is nothing yet', 'no_order', { state: 'bound' }, 'view_projects', '还没有查到您名下的项目'],
    ['his permission rests, whatever else is there', 'suspended', { state: 'bound' }, 'contact_support', '需要人工核实'],
  ])('%s', (_, code, more, step, text) => {
    const next = toNextStep(facts(code, more))
    expect([next.step, next.text.includes(text)]).toEqual([step, true])
  })
})
