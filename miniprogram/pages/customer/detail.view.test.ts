import { describe, expect, test } from '@jest/globals'
import { RequestError } from '../../lib/request.ts'
import { LEAD_CHOICES, toDetailView } from './detail.view.ts'
import { toAdvisorProblem } from './problem.ts'
import type { AdvisorBooking, AdvisorCustomer, Lead } from './services.ts'

const NOW = Date.parse('2026-05-01T04:00:00Z')
const AT = '2026-05-01T03:05:00Z'
const LEAD: Lead = {
  id: 'l1',
  customerNo: 'CUS00000000001',
  name: '王小明',
  phoneMasked: '138****8000',
  source: '其他',
  state: '跟进中',
  remark: '预约服务',
  note: '周六上门',
  createdAt: AT,
  updatedAt: AT,
}
const booking = (state: AdvisorBooking['state'], next: AdvisorBooking['next']): AdvisorBooking => ({
  id: 'b1',
  customerId: 'l1',
  customerName: '王小明',
  phoneMasked: '138****8000',
  date: '2026-05-02',
  part: 'morning',
  service: '上门量房',
  note: '三点后',
  state,
  next,
  bookedAt: AT,
  changedAt: AT,
})
const CUSTOMER: AdvisorCustomer = {
  id: 'l1',
  name: '王小明',
  phoneMasked: '138****8000',
  lead: LEAD,
  actions: [],
  bookings: [booking('新', ['已联系', '已确认', '已取消'])],
}

describe('a customer', () => {
  test('shows the lead, its state among the choices, and the phone masked (R2.7)', () => {
    const view = toDetailView(CUSTOMER, NOW)
    expect(view).toMatchObject({
      who: '王小明',
      phone: '138****8000',
      lead: {
        id: 'l1',
        no: 'CUS00000000001',
        since: '来源 其他 · 今天 11:05',
        note: '周六上门',
        remark: '预约服务',
      },
    })
    expect(LEAD_CHOICES[view.lead!.state]).toBe('跟进中')
  })

  test('who left no phone has no lead, and none to call', () =>
    expect(
      toDetailView({ ...CUSTOMER, name: null, phoneMasked: null, lead: null }, NOW),
    ).toMatchObject({ who: '没有留姓名的客户', phone: '', lead: null }))

  test.each<[AdvisorBooking['state'], AdvisorBooking['next'], unknown[]]>([
    [
      '新',
      ['已联系', '已确认', '已取消'],
      [
        { state: '已联系', label: '标为已联系', ends: false },
        { state: '已确认', label: '确认预约', ends: false },
        { state: '已取消', label: '取消预约', ends: true },
      ],
    ],
    ['已完成', [], []],
  ])('a booking that is %s may be moved to %j', (state, next, ways) =>
    expect(
      toDetailView({ ...CUSTOMER, bookings: [booking(state, next)] }, NOW).days[0]!.lines[0]!.ways,
    ).toEqual(ways),
  )
})

test.each<[number, string, object]>([
  [403, 'advisor.not_one', { kind: 'denied', action: '回到首页', text: '您还不是顾问' }],
  [404, 'leads.unknown', { kind: 'gone' }],
  [0, 'network.offline', { kind: 'offline' }],
])('%i %s is told as such', (status, code, problem) =>
  expect(
    toAdvisorProblem(new RequestError(status, { code, message: '您还不是顾问' })),
  ).toMatchObject(problem),
)
