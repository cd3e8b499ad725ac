import { describe, expect, test } from '@jest/globals'
import { toNextStep } from './accounts.rules.ts'

type Facts = Parameters<typeof toNextStep>[0]
const facts = (more: Partial<Facts> = {}): Facts =>
  ({ state: 'none', stateText: undefined, mayQuery: false, suspended: false, followed: false, phoneStated: false, ...more })

describe('the one thing to do now', () => {
  test.each<[string, Partial<Facts>, string, string]>([
    ['nothing is known: a code', {}, 'get_code', '请获取验证码'],
    ['an advisor has him already, but no account: a code', { followed: true }, 'get_code', '请获取验证码'],
    ['a phone is stated: that word', { phoneStated: true }, 'get_code', '已收到您的手机号'],
    ['a code is out', { state: 'code_live' }, 'get_code', '请获取验证码'],
    ['a code has ended', { state: 'expired' }, 'get_code', '请获取验证码'],
    ['an attempt was refused', { state: 'refused' }, 'get_code', '请获取验证码'],
    ['an attempt is open: what the bind page says', { state: 'awaiting_confirmation', stateText: '请说一句话', phoneStated: true }, 'confirm', '请说一句话'],
    ['an attempt is open and the page says nothing', { state: 'awaiting_confirmation' }, 'confirm', '请回到客服聊天'],
    ['bound, and nobody has added him', { state: 'bound', phoneStated: true }, 'wait_for_advisor', '请等待您的顾问'],
    ['bound, and his advisor has not verified the phone', { state: 'bound', followed: true }, 'wait_for_advisor', '顾问也已经是您的好友'],
    ['he may query, whoever follows him', { state: 'bound', mayQuery: true, followed: true, phoneStated: true }, 'view_projects', '您可以查看项目进度了'],
    ['his permission rests, whatever else is there', { state: 'bound', suspended: true, mayQuery: true, followed: true }, 'contact_support', '需要人工核实'],
  ])('%s', (_, more, step, text) => {
    const next = toNextStep(facts(more))
    expect([next.step, next.text.includes(text)]).toEqual([step, true])
  })
})
