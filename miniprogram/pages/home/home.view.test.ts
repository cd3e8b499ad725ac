import { describe, expect, test } from '@jest/globals'
import { NextStep } from '../../../shared/api/sign-in.ts'
import { WhyCode } from '../../../shared/api/why.ts'
import { toHomeProjects, toHomeView } from './home.view.ts'

const NOW = Date.parse('2026-03-02T04:00:00Z')
const CLAIM = { phoneMasked: '138****8000', since: '', expiresAt: '' }
const SUPPORT = { kfUrl: 'https://kf', corpId: 'ww1' }

const why = (code: WhyCode) => ({ code, text: '原因', nextStep: '下一步' })
const view = (nextStep: NextStep, more: Partial<Parameters<typeof toHomeView>[0]> = {}) =>
  toHomeView(
    {
      nextStep,
      nextStepText: '服务器的话',
      bindingStatus: 'unbound',
      why: why('not_bound'),
      ...more,
    },
    NOW,
  )

describe('every next step says what to do', () => {
  test.each<[NextStep, WhyCode, object]>([
    [
      'get_code',
      'not_bound',
      { title: '先完成绑定', action: '开始绑定', url: '/pages/bind/bind', looksAgain: false },
    ],
    ['get_code', 'ended', { title: '先完成绑定', action: '开始绑定' }],
    ['confirm', 'not_bound', { title: '还差一步确认', action: '查看绑定进展', looksAgain: true }],
    ['state_phone', 'no_phone_stated', { title: '请留下您的手机号', phoneUse: 'next', action: '' }],
    [
      'wait_for_advisor',
      'not_added',
      { title: '等顾问添加您，请点「接受」', action: '', waits: true },
    ],
    ['wait_for_advisor', 'phone_missing', { title: '等顾问核实手机号', waits: true }],
    ['wait_for_advisor', 'phone_in_question', { title: '等顾问核实手机号', waits: true }],
    ['ask_advisor', 'added_otherwise', { title: '请联系客服', action: '联系客服' }],
    ['ask_advisor', 'customer_searched', { title: '请联系客服', support: SUPPORT }],
    ['ask_advisor', 'phone_missing', { title: '请联系客服', waits: false }],
    ['contact_support', 'suspended', { title: '需要人工核实', action: '联系客服' }],
    ['view_projects', 'may_query', { mayQuery: true, waits: false, looksAgain: false }],
    ['view_projects', 'no_order', { mayQuery: true, waits: false }],
  ])('%s, %s', (step, code, expected) =>
    expect(view(step, { why: why(code), support: SUPPORT })).toMatchObject({
      text: '服务器的话',
      ...expected,
    }),
  )

  test('a card without a button has a phone to state or a wait that ends', () => {
    for (const step of NextStep.options)
      for (const code of WhyCode.options) {
        const shown = view(step, { why: why(code), support: SUPPORT })
        const isSound = shown.action !== '' || shown.phoneUse !== '' || shown.waits
        // A wait of which only a newer server knows how it ends: its words have to do.
        const isTold = step === 'wait_for_advisor' && !shown.waits && shown.text !== ''
        expect([step, code, isSound || isTold]).toEqual([step, code, true])
      }
  })

  test('a step of a newer server shows its words, and leads to the chat', () => {
    const seen = view('of_tomorrow' as NextStep, { support: SUPPORT })
    expect(seen).toMatchObject({
      text: '服务器的话',
      action: '联系客服',
      waits: false,
      steps: [],
    })
    expect(view('ask_advisor').action).toBe('')
  })
})

describe('a wait is called one only if it ends by itself', () => {
  const ENDS: ReadonlySet<WhyCode> = new Set(['not_added', 'phone_missing', 'phone_in_question'])

  test.each(WhyCode.options)('waiting because of %s', (code) => {
    const seen = view('wait_for_advisor', { why: why(code), bindingStatus: 'bound' })
    expect(seen.waits).toBe(ENDS.has(code))
    expect(seen.label.includes('自动更新')).toBe(seen.waits)
  })

  test('nothing else is a wait', () => {
    const others = NextStep.options.filter((step) => step !== 'wait_for_advisor')
    const waits = others.flatMap((step) =>
      WhyCode.options.map((code) => view(step, { why: why(code), claim: CLAIM }).waits),
    )
    expect(waits).not.toContain(true)
  })

  test.each<[string, WhyCode, object, object]>([
    ['nobody knows whom to look for', 'no_phone_stated', {}, { phoneUse: 'next', waits: false }],
    [
      'the phone was stated',
      'no_phone_stated',
      { claim: CLAIM },
      { phoneUse: 'change', waits: true },
    ],
    ['added by QR code', 'added_otherwise', {}, { title: '请联系客服', waits: false }],
    ['the customer searched', 'customer_searched', {}, { title: '请联系客服', waits: false }],
  ])('a server that waits for everything: %s', (_, code, more, expected) =>
    expect(
      view('wait_for_advisor', { bindingStatus: 'bound', why: why(code), ...more }),
    ).toMatchObject(expected),
  )
})

describe('home', () => {
  test('the guide shows how far the customer is, and ends with the tie', () => {
    expect(
      (['get_code', 'confirm'] as const).map((step) => view(step).steps.map(({ state }) => state)),
    ).toEqual([
      ['current', 'todo', 'todo'],
      ['done', 'current', 'todo'],
    ])
    expect(
      (['state_phone', 'wait_for_advisor', 'ask_advisor', 'view_projects'] as const).flatMap(
        (step) => view(step).steps,
      ),
    ).toEqual([])
  })

  test('the phone is an offer before the tie, and stays to be seen and changed once it is stated', () => {
    expect(view('get_code')).toMatchObject({ phoneUse: 'tell', stated: '' })
    expect(view('get_code', { bindingStatus: 'partial' })).toMatchObject({
      phoneUse: 'change',
      looksAgain: true,
    })
    for (const step of ['get_code', 'wait_for_advisor'] as const)
      expect(view(step, { claim: CLAIM, why: why('not_added') })).toMatchObject({
        phoneUse: 'change',
        stated: '138****8000',
      })
    expect(view('view_projects').phoneUse).toBe('')
  })

  test('what happened to the binding elsewhere is told, with when', () => {
    const notice = {
      kind: 'attempt',
      title: '有人想绑定您',
      text: '服务器说的变化',
      at: '2026-03-02T01:05:00Z',
    } as const
    expect(view('view_projects', { notice }).notice).toEqual({
      title: '有人想绑定您',
      text: '服务器说的变化',
      when: '今天 09:05',
      asks: false,
    })
    const changed = { ...notice, kind: 'phone_changed', title: '您的手机号已更换' } as const
    expect(view('get_code', { notice: changed, support: SUPPORT })).toMatchObject({
      notice: { title: '您的手机号已更换', asks: true },
      chat: SUPPORT,
    })
    expect(view('get_code', { notice: changed }).notice?.asks).toBe(false)
    expect(view('view_projects').notice).toBeNull()
  })
})

describe('the projects on it', () => {
  const item = (id: string, over = {}) => ({
    id,
    orderNo: `SO-${id}`,
    title: `项目 ${id}`,
    status: '进行中',
    finished: false,
    stage: '安装',
    stagesDone: 2,
    stagesTotal: 5,
    nextAt: '2026-03-12T02:00:00Z',
    updatedAt: '2026-03-01T01:00:00Z',
    ...over,
  })

  test('one is shown as it stands, and there is nothing more to see', () => {
    expect(toHomeProjects({ items: [item('a')] }, NOW)).toMatchObject({
      main: {
        id: 'a',
        stage: '安装',
        progress: '已完成 2 / 5 步',
        next: '安装预计 2026年3月12日完成',
      },
      all: '',
    })
  })

  test('of several it is the newest that runs, however new a finished one is', () => {
    const finished = item('x', { finished: true })
    const shown = toHomeProjects({ items: [finished, item('a'), item('b')] }, NOW)
    expect([shown?.main.id, shown?.all]).toEqual(['a', '查看全部 3 个项目'])
    expect(toHomeProjects({ items: [finished], nextCursor: 'n' }, NOW)).toMatchObject({
      main: { id: 'x' },
      label: '您的项目，已经完成',
      all: '查看全部项目',
    })
  })

  test('without one nothing is promised', () => {
    expect(toHomeProjects({ items: [] }, NOW)).toBeNull()
  })
})
