import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import type { Asked, Consents } from '../../lib/subscribe.ts'
import type { NoticeTemplate } from '../../services/notices.ts'
import { createConsenting } from './notice-consent.asking.ts'
import { toConsentView, toOutcome, type ConsentView } from './notice-consent.view.ts'

const stage = (remaining: number): NoticeTemplate => ({
  templateId: 'tpl-stage',
  kind: 'stage',
  title: '项目进度提醒',
  for: 'customer',
  remaining,
})
const viewOf = (templates: NoticeTemplate[]): ConsentView =>
  toConsentView({ templates, outcome: null, busy: false }, 'stage')

test.each<[Asked, string]>([
  [{ consents: { a: 'accept', b: 'reject' } }, 'accepted'],
  [{ consents: { a: 'reject', b: 'ban' } }, 'declined'],
  [{ consents: { a: 'ban' } }, 'banned'],
  [{ consents: { a: 'filter' } }, 'banned'],
  [{ consents: {} }, 'failed'],
  [{ errCode: 20004 }, 'off'],
  [{ errCode: 10002 }, 'failed'],
  [{ errCode: 0 }, 'failed'],
])('%j is %s', (asked, outcome) => expect(toOutcome(asked)).toBe(outcome))

describe('订阅进度通知', () => {
  test('is not there without a template', () => expect(viewOf([]).shown).toBe(false))

  test.each([
    [0, ['还没有订阅'], '订阅进度通知'],
    [2, ['还可收到 2 条'], '再订阅一条'],
  ])('with %p left says so: %j, and offers %s', (remaining, left, button) =>
    expect(viewOf([stage(remaining)])).toMatchObject({
      shown: true,
      left,
      button,
      said: '',
      note: expect.stringContaining('每同意一次，可收到一条通知'),
    }),
  )

  test('names the template where there are several', () =>
    expect(viewOf([stage(1), { ...stage(0), templateId: 'b', title: '预约提醒' }]).left).toEqual([
      '项目进度提醒：还可收到 1 条',
      '预约提醒：还没有订阅',
    ]))

  test.each([
    ['accepted', '微信会通知您', 'good'],
    ['declined', '再点一次', 'warn'],
    ['off', '打开「接收通知」', 'warn'],
    ['banned', '不允许发送', 'warn'],
    ['failed', '稍后再试', 'warn'],
  ] as const)('says of %s: %s', (outcome, words, tone) => {
    const view = toConsentView({ templates: [stage(0)], outcome, busy: false }, 'stage')
    expect(view).toMatchObject({ said: expect.stringContaining(words), tone })
  })
})

test('of a booking it speaks of a booking', () => {
  const of = (outcome: 'accepted' | 'banned') =>
    toConsentView({ templates: [stage(0)], outcome, busy: false }, 'bookingState')
  expect(of('accepted')).toMatchObject({
    title: '有结果时通知我',
    said: '已经记下，顾问处理后微信会通知您。',
  })
  expect(of('banned').said).toContain('我的预约')
})

/** The component, with WeChat and the server in the test's hands. */
function setUp(said: Asked, loads: (NoticeTemplate[] | Error)[]) {
  const did: unknown[] = []
  const screen: { view?: ConsentView } = {}
  const next = async (): Promise<NoticeTemplate[]> => {
    const answer = loads.shift() ?? []
    if (answer instanceof Error) throw answer
    return answer
  }
  const consenting = createConsenting({
    fetch: next,
    ask: async (templateIds) => {
      did.push(['ask', templateIds])
      return said
    },
    report: (consents: Consents) => {
      did.push(['report', consents])
      return next()
    },
    show: (facts) => {
      screen.view = toConsentView(facts, 'stage')
    },
  })
  return { consenting, did, screen }
}

describe('a tap', () => {
  beforeEach(() => {
    jest.useFakeTimers()
  })
  afterEach(() => {
    jest.useRealTimers()
  })
  const consents: Consents = { 'tpl-stage': 'accept' }

  test('asks for all templates at once, in the same moment, and reports what was said', async () => {
    const { consenting, did, screen } = setUp({ consents }, [[stage(0)], [stage(1)]])
    await consenting.load()
    const over = consenting.onTap()
    expect(did).toEqual([['ask', ['tpl-stage']]])
    expect(screen.view?.busy).toBe(true)
    await consenting.onTap()
    await over
    expect(did).toEqual([
      ['ask', ['tpl-stage']],
      ['report', consents],
    ])
    expect(screen.view).toMatchObject({ busy: false, left: ['还可收到 1 条'], tone: 'good' })
  })

  test('counts what WeChat tells the server a moment later, and says nothing else until then', async () => {
    const { consenting, screen } = setUp({ consents }, [[stage(0)], [stage(0)], [stage(1)]])
    await consenting.load()
    await consenting.onTap()
    expect(screen.view).toMatchObject({ left: [], button: '再订阅一条' })
    await jest.advanceTimersByTimeAsync(2000)
    expect(screen.view).toMatchObject({ left: ['还可收到 1 条'] })
  })

  test('that could not be reported counts all the same for the customer', async () => {
    const { consenting, screen } = setUp({ consents }, [[stage(0)], new Error('offline')])
    await consenting.load()
    await consenting.onTap()
    expect(screen.view).toMatchObject({ shown: true, busy: false, tone: 'good' })
  })

  test('reports nothing where WeChat did not ask', async () => {
    const { consenting, did, screen } = setUp({ errCode: 20004 }, [[stage(0)]])
    await consenting.load()
    await consenting.onTap()
    expect(did).toEqual([['ask', ['tpl-stage']]])
    expect(screen.view).toMatchObject({ busy: false, said: expect.stringContaining('总开关') })
  })

  test('is followed by nothing on a page that was left', async () => {
    const { consenting, screen } = setUp({ consents }, [[stage(0)], [stage(0)], [stage(7)]])
    await consenting.load()
    await consenting.onTap()
    consenting.leave()
    await jest.advanceTimersByTimeAsync(2000)
    expect(screen.view?.left).toEqual([])
  })
})

test('what could not be loaded is not there; what was there stays', async () => {
  const loads = [new Error('offline'), [stage(1)], new Error('offline')]
  const { consenting, screen } = setUp({ errCode: 0 }, loads)
  await consenting.load()
  expect(screen.view?.shown).toBe(false)
  await consenting.load()
  await consenting.load()
  expect(screen.view).toMatchObject({ shown: true, left: ['还可收到 1 条'] })
})

test('a page that is left is not shown anything more', async () => {
  const { consenting, screen } = setUp({ errCode: 0 }, [[stage(1)]])
  const late = consenting.load()
  consenting.leave()
  await late
  expect(screen.view).toBeUndefined()
})
