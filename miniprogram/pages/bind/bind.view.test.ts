import { describe, expect, test } from '@jest/globals'
import { RequestError } from '../../lib/request.ts'
import {
  toBindView,
  toCardQuestion,
  toChat,
  toPhase,
  toTicketProblem,
  type BindFacts,
} from './bind.view.ts'
import { nextLookMs, noFacts } from './bind.watch.ts'

const NOW = Date.parse('2026-05-01T08:00:00Z')
const inSeconds = (seconds: number) => new Date(NOW + seconds * 1000).toISOString()
const code = (seconds: number) => ({
  bindCode: '048271',
  expiresAt: inSeconds(seconds),
  kfUrl: 'https://kf',
  corpId: 'ww1',
})
const facts = (over: Partial<BindFacts> = {}): BindFacts => ({ ...noFacts(NOW), ...over })

describe('the phase of the page', () => {
  test.each<[string, Partial<BindFacts>, string]>([
    ['nothing known yet', {}, 'loading'],
    ['a live code', { status: { state: 'code_live' }, code: code(272) }, 'code'],
    ['a code that ended a moment ago', { status: { state: 'code_live' }, code: code(0) }, 'ended'],
    ['a code of which only the server knows', { status: { state: 'code_live' } }, 'ended'],
    [
      'a confirmation to tap',
      { status: { state: 'awaiting_confirmation' }, code: code(100) },
      'confirm',
    ],
    ['bound', { status: { state: 'bound' }, code: code(100) }, 'bound'],
    ['refused', { status: { state: 'refused' } }, 'ended'],
    [
      'a ticket being opened',
      { opening: true, status: { state: 'code_live' }, code: code(9) },
      'opening',
    ],
  ])('%s', (_, over, phase) => expect(toPhase(facts(over))).toBe(phase))
})

describe('bind', () => {
  test('the code is grouped and counts down', () => {
    expect(toBindView(facts({ status: { state: 'code_live' }, code: code(272) }))).toMatchObject({
      digits: '048 271',
      countdown: '4:32',
      urgent: false,
      leftPercent: 91,
    })
    expect(toBindView(facts({ status: { state: 'code_live' }, code: code(30) }))).toMatchObject({
      countdown: '0:30',
      urgent: true,
    })
  })

  test('a spent code is not shown any more', () => {
    expect(toBindView(facts({ status: { state: 'bound' }, code: code(272) })).digits).toBe('')
  })

  test('copying ticks off the first step', () => {
    const shown = { status: { state: 'code_live' as const }, code: code(272) }
    expect(toBindView(facts(shown)).steps[0]?.state).toBe('current')
    expect(toBindView(facts({ ...shown, copied: true })).steps.map(({ state }) => state)).toEqual([
      'done',
      'current',
      'todo',
    ])
  })

  test('where people answer the chat the page leads through the link, not through digits', () => {
    const shown = {
      status: { state: 'code_live' as const },
      code: { ...code(272), servedByPeople: true },
    }
    expect(toBindView(facts({ ...shown, copied: true }))).toMatchObject({
      hint: expect.stringContaining('人工接待'),
      steps: [
        { title: '打开客服聊天', state: 'current' },
        { title: '点聊天里的确认卡片', state: 'todo' },
      ],
    })
    expect(toBindView(facts({ ...shown, code: code(272) })).hint).toBe('')
  })

  test('a refusal shows the reason the server gives', () => {
    const text = '对方在聊天中点了「不是我」，本次绑定已取消'
    expect(
      toBindView(facts({ status: { state: 'refused', reason: 'not_me', text } })),
    ).toMatchObject({
      title: '这次绑定没有成功',
      text,
      again: { text: '获取新的验证码', off: false },
    })
  })

  test('bound without an advisor yet asks for patience, bound with one leads to the projects', () => {
    expect(
      toBindView(
        facts({ status: { state: 'bound', reason: 'not_added_yet', text: '请等待顾问' } }),
      ),
    ).toMatchObject({ waitsForAdvisor: true, text: '请等待顾问' })
    expect(toBindView(facts({ status: { state: 'bound' } })).waitsForAdvisor).toBe(false)
  })

  test('a card that does not suffice asks for the phone, not for steps about a code', () => {
    const text = '请填写您的手机号'
    expect(
      toBindView(
        facts({ status: { state: 'awaiting_confirmation', reason: 'card_opened', text } }),
      ),
    ).toMatchObject({ asksForPhone: true, title: '还差一步', text, steps: [] })
    expect(
      toBindView(facts({ status: { state: 'awaiting_confirmation', reason: 'awaiting_tap' } }))
        .asksForPhone,
    ).toBe(false)
  })

  test('the card names the advisor, if his name is known', () => {
    expect([toCardQuestion('张三').title, toCardQuestion().title]).toEqual([
      '顾问张三邀请您',
      '顾问邀请您',
    ])
  })

  test('a limit shuts the button for as long as the server says, and leaves a live code alone', () => {
    const waitUntil = NOW + 28_000
    expect(
      toBindView(facts({ status: { state: 'code_live' }, code: code(272), waitUntil })),
    ).toMatchObject({ phase: 'code', again: { text: '28 秒后可重新获取', off: true } })
    expect(
      toBindView(facts({ status: { state: 'none' }, waitUntil: NOW + 3_600_000 })).again.text,
    ).toBe('60 分钟后可重新获取')
    expect(
      toBindView(facts({ status: { state: 'none' }, waitUntil, now: waitUntil })).again.off,
    ).toBe(false)
  })

  test('going back to the chat does not spend the link a second time', () => {
    expect(
      toChat({
        kfUrl: 'https://work.weixin.qq.com/kfid/kfc1?enc_scene=E&scene_param=abc',
        corpId: 'ww1',
      }),
    ).toEqual({ kfUrl: 'https://work.weixin.qq.com/kfid/kfc1?enc_scene=E', corpId: 'ww1' })
  })

  test('a dead ticket leads to a new code in the words of the server', () => {
    expect(
      toTicketProblem(
        new RequestError(404, { code: 'binding.ticket_invalid', message: '这个确认已失效' }),
      ),
    ).toMatchObject({ text: '这个确认已失效', action: '获取新的验证码' })
  })
})

test('the page looks every 3 s while something may happen, and rests otherwise', () => {
  expect(
    (['code_live', 'awaiting_confirmation'] as const).map((state) =>
      nextLookMs({ status: { state } }, 0),
    ),
  ).toEqual([3000, 3000])
  expect(
    (['none', 'bound', 'refused', 'expired'] as const).map((state) =>
      nextLookMs({ status: { state } }, 0),
    ),
  ).toEqual([null, null, null, null])
  expect(
    [1, 2, 3, 9].map((failures) => nextLookMs({ status: { state: 'code_live' } }, failures)),
  ).toEqual([6000, 12_000, 15_000, 15_000])
})
