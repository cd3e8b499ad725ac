import { describe, expect, test } from '@jest/globals'
import type { WhyCode } from '../../../shared/api/why.ts'
import { RequestError } from '../../lib/request.ts'
import {
  toBindView,
  toCardQuestion,
  toChat,
  toPhase,
  toTicketProblem,
  type BindFacts,
} from './bind.view.ts'
import { nextLookMs, noFacts, wantsCode } from './bind.watch.ts'

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
    ["an advisor's card", { question: { title: '顾问邀请您', text: '' } }, 'question'],
    [
      'a ticket being opened',
      { opening: true, status: { state: 'code_live' }, code: code(9) },
      'opening',
    ],
  ])('%s', (_, over, phase) => expect(toPhase(facts(over))).toBe(phase))
})

const live = (seconds: number, over: Partial<BindFacts> = {}): BindFacts =>
  facts({ status: { state: 'code_live' }, code: code(seconds), ...over })

describe('bind', () => {
  test('the link is the way: two steps, and the digits are folded', () => {
    const view = toBindView(live(272))
    expect(view.steps.map(({ title, state }) => [title, state])).toEqual([
      ['打开客服聊天', 'current'],
      ['点聊天里的确认卡片', 'todo'],
    ])
    expect(view.digits).toMatchObject({ offered: true, open: false, text: '', said: '' })
    expect(JSON.stringify(view)).not.toMatch(/048|271/)
  })

  test('unfolded, the code is grouped, read out digit by digit, and counts down', () => {
    expect(toBindView(live(272, { digitsOpen: true })).digits).toMatchObject({
      text: '048 271',
      said: '0 4 8 2 7 1',
      countdown: '4:32',
      urgent: false,
      leftPercent: 91,
    })
    expect(toBindView(live(30, { digitsOpen: true })).digits).toMatchObject({
      countdown: '0:30',
      urgent: true,
    })
  })

  test('a spent code is not shown any more', () => {
    const { digits } = toBindView(
      facts({ status: { state: 'bound' }, code: code(272), digitsOpen: true }),
    )
    expect(digits).toMatchObject({ offered: false, open: false, text: '', said: '' })
  })

  test('copying ticks off the first step of the digits', () => {
    const states = (copied: boolean) =>
      toBindView(live(272, { digitsOpen: true, copied })).digits.steps.map(({ state }) => state)
    expect([states(false), states(true)]).toEqual([
      ['current', 'todo', 'todo'],
      ['done', 'current', 'todo'],
    ])
  })

  test('where people answer the chat there are no digits at all', () => {
    const shown = live(272, { code: { ...code(272), servedByPeople: true }, digitsOpen: true })
    expect(toBindView(shown)).toMatchObject({
      hint: expect.stringContaining('人工接待'),
      digits: { offered: false, open: false, text: '' },
    })
    expect(toBindView({ ...shown, chatRefused: true }).help).toBe('elsewhere')
    expect(toBindView(live(272)).hint).toBe('')
  })

  test('a chat that did not open leads to the digits at once', () => {
    expect(toBindView(live(272, { chatRefused: true, digitsOpen: true }))).toMatchObject({
      help: 'digits',
      canChat: false,
      digits: { open: true, text: '048 271' },
    })
    expect(toBindView(live(272)).help).toBe('')
  })

  test('whoever must find the chat himself reads what WeChat lists it as, as far as anybody knows', () => {
    const { code } = live(272)
    expect(toBindView(live(272, { code: { ...code!, kfName: '项目进度客服' } })).chatName).toBe(
      '「项目进度客服」',
    )
    expect(toBindView(live(272)).chatName).toBe('我们公司的客服')
  })

  test('the digits are offered by how many they are: an alarm makes them eight', () => {
    const { code } = live(272)
    const offer = (bindCode: string) =>
      toBindView(live(272, { code: { ...code!, bindCode } })).digits.offer
    expect([offer('048271'), offer('04827163')]).toEqual([
      '没有看到卡片？改用 6 位绑定码',
      '没有看到卡片？改用 8 位绑定码',
    ])
  })

  test('a refusal shows the reason the server gives', () => {
    const text = '您在聊天中点了「不是我」，本次绑定已取消'
    expect(
      toBindView(facts({ status: { state: 'refused', reason: 'not_me', text } })),
    ).toMatchObject({
      title: '这次绑定没有成功',
      text,
      again: { text: '重新开始', off: false },
    })
  })

  test('where somebody has to look into it, the chat is a tap away', () => {
    const asks = (reason: 'contact_taken' | 'not_me', chat: BindFacts['chat']) =>
      toBindView(facts({ status: { state: 'refused', reason, text: '' }, chat })).asks
    const chat = { kfUrl: 'https://kf', corpId: 'ww1' }
    expect([
      asks('contact_taken', chat),
      asks('contact_taken', null),
      asks('not_me', chat),
    ]).toEqual([true, false, false])
  })

  test('digits that ended are said to have expired to who has seen them, and to nobody else', () => {
    const ended = { state: 'expired', reason: 'code_expired', text: '绑定码已过期' } as const
    expect(toBindView(facts({ status: ended, digitsOpen: true }))).toMatchObject({
      title: '绑定码已过期',
      again: { text: '获取新的绑定码' },
    })
    const folded = toBindView(facts({ status: ended }))
    expect(folded.again.text).toBe('重新开始')
    expect(folded.title + folded.text).not.toContain('绑定码')
  })

  test('a card that does not suffice asks for the phone, not for steps about a code', () => {
    const text = '请填写您的手机号'
    expect(
      toBindView(
        facts({ status: { state: 'awaiting_confirmation', reason: 'card_opened', text } }),
      ),
    ).toMatchObject({ phoneUse: 'prove', title: '还差一步', text, steps: [] })
    expect(
      toBindView(facts({ status: { state: 'awaiting_confirmation', reason: 'awaiting_tap' } }))
        .phoneUse,
    ).toBe('')
  })

  test('the card names the advisor, if his name is known', () => {
    expect([toCardQuestion('张三').title, toCardQuestion().title]).toEqual([
      '顾问张三邀请您',
      '顾问邀请您',
    ])
  })

  test('a limit shuts the button for as long as the server says, and leaves a live code alone', () => {
    const waitUntil = NOW + 28_000
    expect(toBindView(live(272, { waitUntil }))).toMatchObject({
      phase: 'code',
      again: { text: '28 秒后可重试', off: true },
    })
    expect(
      toBindView(facts({ status: { state: 'none' }, waitUntil: NOW + 3_600_000 })),
    ).toMatchObject({ title: '请稍等一会儿', again: { text: '60 分钟后可重试', off: true } })
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

  test('a dead ticket leads to a new start in the words of the server', () => {
    expect(
      toTicketProblem(
        new RequestError(404, { code: 'binding.ticket_invalid', message: '这个确认已失效' }),
      ),
    ).toMatchObject({ text: '这个确认已失效', action: '重新开始' })
  })
})

describe('bound', () => {
  const bound = (code?: WhyCode, over: Partial<BindFacts> = {}) =>
    toBindView(
      facts({
        chat: { kfUrl: 'https://kf', corpId: 'ww1' },
        status: {
          state: 'bound',
          ...(code && {
            reason: 'not_added_yet',
            text: '服务器的话',
            why: { code, text: '', nextStep: '' },
          }),
        },
        ...over,
      }),
    )

  test.each<[string, WhyCode | undefined, Partial<BindFacts>, object]>([
    ['nothing stands in the way', undefined, {}, { way: 'projects', phoneUse: '' }],
    ['nobody knows whom to look for', 'no_phone_stated', {}, { way: 'home', phoneUse: 'next' }],
    [
      'the phone was stated a moment ago',
      'no_phone_stated',
      { stated: '138****8000' },
      { way: 'home', phoneUse: 'change', stated: '138****8000' },
    ],
    [
      'it was stated, and the wait goes on',
      'not_added',
      { stated: '138****8000' },
      {
        title: '绑定成功，请留意好友申请',
        way: 'home',
        phoneUse: 'change',
        text: '服务器的话',
      },
    ],
    [
      'a member is asked',
      'phone_missing',
      {},
      { title: '绑定成功', way: 'home', phoneUse: '', text: '服务器的话' },
    ],
    ['added in a way that proves nothing', 'added_otherwise', {}, { way: 'support', phoneUse: '' }],
    ['the same, without a chat', 'customer_searched', { chat: null }, { way: 'home' }],
    ['a code of a newer server', 'of_tomorrow' as WhyCode, {}, { way: 'home', text: '服务器的话' }],
  ])('%s', (_, code, over, expected) => expect(bound(code, over)).toMatchObject(expected))
})

describe('a code that nobody asked for', () => {
  const first = (state: 'none' | 'expired' | 'code_live' | 'refused' | 'bound', over = {}) =>
    wantsCode(facts(over), { state })

  test('is fetched when the page opens and there is none to show', () => {
    expect([first('none'), first('expired'), first('code_live')]).toEqual([true, true, true])
    expect(first('code_live', { code: code(100) })).toBe(false)
    expect([first('refused'), first('bound')]).toEqual([false, false])
  })

  test.each<[string, number, Partial<BindFacts>, boolean]>([
    ['plenty of time', 200, {}, false],
    ['the link in the button is about to end', 30, {}, true],
    ['it has ended', 0, {}, true],
    ['somebody may be typing the digits', 0, { digitsOpen: true }, false],
    ['three were fetched like this already', 30, { renewals: 3 }, false],
    ['the server asked to wait', 30, { waitUntil: NOW + 1 }, false],
    ['it waits for the tap on the card', 30, { status: { state: 'awaiting_confirmation' } }, false],
  ])('later: %s', (_, seconds, over, wants) =>
    expect(wantsCode(live(seconds, over), { state: seconds > 0 ? 'code_live' : 'expired' })).toBe(
      wants,
    ),
  )
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
