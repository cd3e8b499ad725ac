import { describe, expect, test } from '@jest/globals'
import { WhyCode } from './api/why.ts'
import { toMoment } from './days.ts'
import { tellCustomer, type Stated, type Told } from './why-customer.ts'
import { tellQuestion, tellWhy, toSentences, type Reader } from './why.ts'

const READERS: Reader[] = ['staff', 'admin']
const WAITING: Stated = { until: '3月4日 09:05' }
const STATED: Stated[] = ['none', 'over', WAITING]

test.each(WhyCode.options.flatMap((code) => READERS.map((reader) => [code, reader] as const)))(
  '%s is said to the %s in one sentence, with what comes next',
  (code, reader) => {
    const { text, nextStep } = tellWhy(code, reader)
    expect(text).toMatch(/^[^。]{4,40}$/)
    expect(nextStep).toMatch(/[\u4e00-\u9fff]{4}/)
    expect(nextStep).not.toMatch(/。$/)
  },
)

test('an admin reads who does it, unless there is nothing to do', () => {
  for (const code of WhyCode.options)
    expect(tellWhy(code, 'admin').nextStep).toMatch(/^(?:无需处理|[^。]*：.+)$/)
})

test.each<[WhyCode, Told['step'], Stated[], RegExp]>([
  ['may_query', 'view_projects', STATED, /查看我的项目/],
  ['no_order', 'view_projects', STATED, /签约后.*输入订单号/],
  ['order_held', 'view_projects', STATED, /签约后.*输入订单号/],
  ['suspended', 'contact_support', STATED, /请联系客服，核实之后/],
  ['not_added', 'state_phone', ['none'], /请填写手机号：顾问按手机号找到您/],
  ['not_added', 'state_phone', ['over'], /已过期.*小程序首页再填写一次手机号/],
  [
    'not_added',
    'wait_for_advisor',
    [WAITING],
    /申请加您为好友，收到后点「接受」；到 3月4日 09:05 还没有人添加，请在小程序首页再填写一次手机号/,
  ],
  ['no_phone_stated', 'state_phone', ['none'], /请填写手机号：顾问按手机号找到您/],
  ['no_phone_stated', 'state_phone', ['over'], /已过期.*小程序首页再填写一次手机号/],
  ['no_phone_stated', 'wait_for_advisor', [WAITING], /到 3月4日 09:05 还没有人添加/],
  ['added_otherwise', 'ask_advisor', STATED, /告诉客服：顾问需要用手机号搜索，重新添加您/],
  ['customer_searched', 'ask_advisor', STATED, /告诉客服：顾问需要用手机号搜索，重新添加您/],
  ['phone_missing', 'ask_advisor', STATED, /告诉客服，顾问会填写在您的客户资料里/],
  ['phone_in_question', 'ask_advisor', STATED, /请联系客服，顾问核实之后/],
  ['not_bound', 'get_code', ['none', 'over'], /还没有绑定。请打开客服聊天，点一下收到的卡片/],
  ['not_bound', 'get_code', [WAITING], /已收到您的手机号.*打开客服聊天.*发给您的卡片/],
  ['ended', 'get_code', ['none', 'over'], /已解除。请打开客服聊天，点一下收到的卡片/],
  ['ended', 'get_code', [WAITING], /已收到您的手机号.*打开客服聊天.*发给您的卡片/],
])('a customer of whom %s is so is told to %s (%j stated)', (code, step, stated, words) => {
  for (const one of stated) {
    const told = tellCustomer(code, one)
    expect([told.step, toSentences(told.why)]).toEqual([step, expect.stringMatching(words)])
  }
})

describe.each(WhyCode.options)('what the customer reads of %s', (code) => {
  const told = STATED.map((stated) => tellCustomer(code, stated))

  test('is one sentence, with what comes next; the link is the way, no digits', () => {
    for (const { text, nextStep } of told.map(({ why }) => why)) {
      expect(text).toMatch(/^[^。{}]{4,40}$/)
      expect(nextStep).toMatch(/^[^{}]+[^。{}]$/)
      expect(text + nextStep).not.toContain('绑定码')
    }
  })

  test('asks for patience only where the wait can end, and then says until when', () => {
    for (const { step, why } of told)
      expect([step, /请等待|请稍候/.test(toSentences(why))]).toEqual([
        step,
        step === 'wait_for_advisor',
      ])
  })

  test('says nothing of others, and nothing of how he is checked', () => {
    for (const { why } of told) {
      expect(why.code).not.toBe('order_held')
      expect(toSentences(why)).not.toMatch(/他人|别人|同事|管理员|归属|换了主人|二维码|存疑/)
    }
  })
})

test('a moment is that of the wall clock, wherever the server stands', () => {
  const at = new Date('2026-03-01T16:05:00Z')
  expect(toMoment(at, 'Asia/Shanghai')).toBe('3月2日 00:05')
  expect(toMoment(at, 'UTC')).toBe('3月1日 16:05')
})

test('a question says what to do about it; one that nobody knows is for the admin', () => {
  const steps = ['several_phones', 'claim_differs', 'toString'].map((kind) => tellQuestion(kind))
  expect(steps.map(({ code }) => code)).toEqual(Array(3).fill('phone_in_question'))
  expect(steps.map(({ nextStep }) => nextStep)).toEqual([
    expect.stringContaining('点选'),
    expect.stringContaining('与客户核对'),
    '请管理员核实',
  ])
})
