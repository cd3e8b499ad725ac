import { describe, expect, test } from '@jest/globals'
import type { Outcome } from '../../components/notice-consent/notice-consent.view.ts'
import type { NoticeTemplate } from '../../services/notices.ts'
import { toActionLine, toBookingDays, toDeskConsent, toLeadLine, toWho } from './desk.view.ts'
import type { AdvisorAction, AdvisorBooking, Lead } from './services.ts'

const NOW = Date.parse('2026-05-01T04:00:00Z')
const AT = '2026-05-01T03:05:00Z'
const template = (title: string, remaining: number): NoticeTemplate => ({
  templateId: `tpl-${title}`,
  kind: 'booking',
  title,
  for: 'advisor',
  remaining,
})
const consentOf = (first: number, second: number, outcome: Outcome | null = null) =>
  toDeskConsent({
    templates: [template('新客户提醒', first), template('预约提醒', second)],
    outcome,
    busy: false,
  })

describe('what an advisor may still be told (R2.21)', () => {
  test('is counted by template', () =>
    expect(consentOf(2, 1)).toMatchObject({
      shown: true,
      nudge: '',
      button: '再订阅一次',
      lines: [
        { title: '新客户提醒', left: '还可收到 2 条', out: false },
        { title: '预约提醒', left: '还可收到 1 条', out: false },
      ],
    }))

  test('nudges when one kind has run out', () =>
    expect(consentOf(2, 0)).toMatchObject({
      nudge: '「预约提醒」已经用完，收不到了。点下面的按钮再订阅。',
      button: '订阅微信通知',
      lines: [{ out: false }, { left: '收不到', out: true }],
    }))

  test('says so when nothing comes at all', () =>
    expect(consentOf(0, 0).nudge).toContain('微信现在不会通知您'))

  test('says nothing of the count until WeChat has told the server of a yes', () =>
    expect(consentOf(0, 0, 'accepted')).toMatchObject({
      nudge: '',
      said: '已经记下，客户有动作时微信会通知您。',
      tone: 'good',
      lines: [{ left: '', out: false }, {}],
    }))

  test.each<[Outcome, string]>([
    ['declined', '再点一次'],
    ['off', '打开「接收通知」'],
    ['banned', '请到这里查看'],
    ['failed', '稍后再试'],
  ])('says of %s: %s', (outcome, words) =>
    expect(consentOf(1, 1, outcome)).toMatchObject({
      said: expect.stringContaining(words),
      tone: 'warn',
    }),
  )

  test('is not there where the company has no such templates', () =>
    expect(toDeskConsent({ templates: [], outcome: null, busy: false }).shown).toBe(false))
})

test.each([
  ['王小明', '138****8000', '王小明'],
  [null, '138****8000', '138****8000'],
  [null, null, '没有留姓名的客户'],
])('a customer called %p with the phone %p is %s', (customerName, phoneMasked, who) =>
  expect(toWho({ customerName, phoneMasked })).toBe(who),
)

describe('an action', () => {
  const action: AdvisorAction = {
    actionId: 'a1',
    actionType: 'view_resume',
    text: '新客户查看了您的简历',
    times: 1,
    at: AT,
    customerId: 'c1',
    customerName: '王小明',
    phoneMasked: null,
  }
  test('says in the words of the message what was done, by whom and when (R2.15)', () =>
    expect(toActionLine(action, NOW)).toEqual({
      key: 'a1',
      customerId: 'c1',
      text: '新客户查看了您的简历',
      who: '王小明',
      when: '今天 11:05',
    }))
  test('that was repeated says how often', () =>
    expect(toActionLine({ ...action, times: 3 }, NOW).text).toBe('新客户查看了您的简历（3 次）'))
})

test('a lead that nobody has taken up stands out', () => {
  const lead: Lead = {
    id: 'l1',
    customerNo: 'CUS00000000001',
    name: null,
    phoneMasked: '138****8000',
    source: '其他',
    state: '待定',
    remark: '',
    note: null,
    createdAt: AT,
    updatedAt: AT,
  }
  expect(toLeadLine(lead, NOW)).toEqual({
    key: 'l1',
    who: '138****8000',
    about: '138****8000 · 今天 11:05',
    state: '待定',
    fresh: true,
  })
  expect(toLeadLine({ ...lead, state: '已签约' }, NOW).fresh).toBe(false)
})

test('bookings stand by day, what comes next at the top', () => {
  const booking = (id: string, date: string): AdvisorBooking => ({
    id,
    customerId: 'c1',
    customerName: '王小明',
    phoneMasked: null,
    date,
    part: 'afternoon',
    service: '上门量房',
    note: null,
    state: '已确认',
    next: ['已完成', '已取消'],
    bookedAt: AT,
    changedAt: AT,
  })
  const days = toBookingDays(
    [booking('1', '2026-05-09'), booking('2', '2026-05-01'), booking('3', '2026-04-01')],
    NOW,
  )
  expect(days.map(({ title }) => title)).toEqual(['今天 5月1日 周五', '5月9日 周六', '4月1日 周三'])
  expect(days[0]!.lines).toEqual([
    {
      key: '2',
      customerId: 'c1',
      what: '下午 · 上门量房',
      who: '王小明',
      note: '',
      state: '已确认',
      tone: 'live',
    },
  ])
})
