import { describe, expect, test } from '@jest/globals'
import { ACTION_TYPES, type ActionType } from '../../../shared/advisors.ts'
import * as rules from './leads.rules.ts'
import { LIMITS, type Flow, type FlowFacts, type FlowRow, type Recent } from './leads.rules.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const now = new Date('2026-03-02T01:05:00Z')
const ago = (ms: number): Date => new Date(now.getTime() - ms)

describe('R2.20 the flow of an action', () => {
  const stranger: FlowFacts = { advisor: 'another', phone: 'absent', repeated: false }
  const recorded = (action: 'new' | 'counted', lead: 'none' | 'kept' | 'created', tells: boolean): Flow => ({ kind: 'recorded', action, lead, tells })
  const cases: [FlowRow, Partial<FlowFacts>, Flow][] = [
    ['no such advisor, or none any more', { advisor: 'none' }, { kind: 'refused', reason: 'unknown_advisor' }],
    ['no such advisor, or none any more', { advisor: 'none', phone: 'new' }, { kind: 'refused', reason: 'unknown_advisor' }],
    ['an advisor about himself', { advisor: 'himself' }, { kind: 'refused', reason: 'own' }],
    ['an advisor about himself', { advisor: 'himself', phone: 'new' }, { kind: 'refused', reason: 'own' }],
    ['a phone for the first time', { phone: 'new' }, recorded('new', 'created', true)],
    ['a phone for the first time', { phone: 'new', repeated: true }, recorded('new', 'created', true)],
    ['repeated, with a phone that he stated before', { phone: 'known', repeated: true }, recorded('counted', 'kept', false)],
    ['repeated', { repeated: true }, recorded('counted', 'none', false)],
    ['repeated', { repeated: true, phone: 'invalid' }, recorded('counted', 'none', false)],
    ['a phone that he stated before', { phone: 'known' }, recorded('new', 'kept', true)],
    ['what is no phone', { phone: 'invalid' }, recorded('new', 'none', true)],
    ['no phone', {}, recorded('new', 'none', true)],
  ]
  test.each(cases)('row "%s" with %p', (row, facts, flow) => {
    expect(rules.decideFlow({ ...stranger, ...facts })).toEqual({ row, flow })
  })

  test('only a phone that is new makes a lead, and nothing else does', () => {
    for (const advisor of ['none', 'himself', 'another'] as const)
      for (const phone of ['absent', 'invalid', 'known', 'new'] as const)
        for (const repeated of [true, false]) {
          const { flow } = rules.decideFlow({ advisor, phone, repeated })
          const creates = flow.kind === 'recorded' && flow.lead === 'created'
          expect(creates).toBe(advisor === 'another' && phone === 'new')
        }
  })
})

let made = 0
const recent = (one: Partial<Recent> & { at: number }): Recent => ({
  actionId: `action-${String((made += 1))}`,
  advisorId: 'a',
  actionType: 'view_resume',
  createdLead: false,
  firstAt: ago(one.at),
  lastAt: ago(one.at),
  ...one,
})
const times = (count: number, one: Partial<Recent> & { at: number }): Recent[] => Array.from({ length: count }, () => recent(one))

describe('an action goes on', () => {
  const asked = { advisorId: 'a', actionType: 'view_resume', now } as const
  test.each<[string, Recent[], boolean]>([
    ['not, when there is none', [], false],
    ['within half an hour', [recent({ at: 30 * MINUTE - 1 })], true],
    ['not after half an hour', [recent({ at: 30 * MINUTE })], false],
    ['for as long as it is repeated', [recent({ at: 5 * HOUR, lastAt: ago(MINUTE) })], true],
    ['not for another advisor', [recent({ at: MINUTE, advisorId: 'b' })], false],
    ['not of another kind', [recent({ at: MINUTE, actionType: 'contact_advisor' })], false],
  ])('%s', (_, done, goesOn) => expect(rules.findGoingOn(done, asked)).toBe(goesOn ? done[0] : undefined))

  test('in the latest of several', () => {
    const [older, latest] = [recent({ at: 20 * MINUTE }), recent({ at: MINUTE })]
    expect(rules.findGoingOn([older, latest], asked)).toBe(latest)
  })

  test('never, when it is a booking: what is booked says whether it is the same', () => {
    const done = [recent({ at: MINUTE, actionType: 'book_service' })]
    expect(rules.findGoingOn(done, { ...asked, actionType: 'book_service' })).toBeUndefined()
  })
})

describe('the next action of an account waits', () => {
  type Asked = { actionType: ActionType; lead: 'none' | 'kept' | 'created' }
  const view: Asked = { actionType: 'view_resume', lead: 'none' }
  const booking: Asked = { actionType: 'book_service', lead: 'kept' }
  const leads = times(LIMITS.leadsPerDay, { at: 3 * HOUR, createdLead: true })
  const bookings = times(LIMITS.bookingsPerDay, { at: 4 * HOUR, actionType: 'book_service' })
  test.each<[string, Recent[], Asked, number]>([
    ['not, when there is none', [], view, 0],
    ['not, after nineteen in a minute', times(19, { at: 20_000 }), view, 0],
    ['for the rest of the minute, after twenty', times(20, { at: 20_000 }), view, 40_000],
    ['not, when the twentieth is a minute old', [...times(19, { at: 20_000 }), recent({ at: MINUTE })], view, 0],
    ['for the rest of the day, after a hundred', times(100, { at: 2 * HOUR }), view, 22 * HOUR],
    ['not for what has only gone on since', times(100, { at: 25 * HOUR, lastAt: ago(2 * HOUR) }), view, 0],
    ['for a sixth lead', leads, { ...view, lead: 'created' }, 21 * HOUR],
    ['not for a lead that there is, after five', leads, { ...view, lead: 'kept' }, 0],
    ['not for a fifth lead', leads.slice(1), { ...view, lead: 'created' }, 0],
    ['for an eleventh booking', bookings, booking, 20 * HOUR],
    ['not for a view, after ten bookings', bookings, view, 0],
    ['for the longest of all', [...leads, ...bookings], { ...booking, lead: 'created' }, 21 * HOUR],
  ])('%s', (_, done, asked, wait) => expect(rules.findActionWait(done, { ...asked, now })).toBe(wait))
})

describe('the advisor is told', () => {
  const enough = times(LIMITS.toldPerDay, { at: HOUR })
  test.each<[string, Recent[], ActionType, 'none' | 'kept' | 'created', boolean]>([
    ['of a view', [], 'view_resume', 'none', true],
    ['of a tenth', enough.slice(1), 'contact_advisor', 'kept', true],
    ['not of an eleventh in a day', enough, 'contact_advisor', 'kept', false],
    ['of an eleventh that makes a lead', enough, 'contact_advisor', 'created', true],
    ['of an eleventh that is a booking', enough, 'book_service', 'none', true],
    ['however often others were called', times(30, { at: HOUR, advisorId: 'b' }), 'view_resume', 'none', true],
    ['however often he looked at his project', times(30, { at: HOUR, actionType: 'view_project' }), 'view_resume', 'none', true],
    ['again the next day', times(30, { at: 24 * HOUR, lastAt: ago(HOUR) }), 'view_resume', 'none', true],
    ['never of a look at the own project', [], 'view_project', 'created', false],
  ])('%s', (_, done, actionType, lead, told) => expect(rules.isTold(done, { advisorId: 'a', actionType, lead, now })).toBe(told))
})

test('R2.15 R2.16 R2.17 what the advisor is told is said by the kind of action, and whether the customer is new', () => {
  const of = (isNew: boolean) => Object.fromEntries(ACTION_TYPES.map((type) => [type, rules.toActionText(type, isNew)]))
  expect(of(true)).toEqual({
    view_resume: '新客户查看了您的简历',
    contact_advisor: '新客户想要联系您',
    book_service: '新客户预约了您的服务',
    view_project: '新客户查看了项目进度',
  })
  expect(of(false)).toEqual({
    view_resume: '客户查看了您的简历',
    contact_advisor: '客户想要联系您',
    book_service: '客户预约了您的服务',
    view_project: '客户查看了项目进度',
  })
})

test('R2.13 R2.14 the remark of a lead names the action and when, by the clock of the company', () => {
  const remarks = ACTION_TYPES.map((type) => rules.toRemark(type, { now, timeZone: 'Asia/Shanghai' }))
  expect(remarks).toEqual(['查看简历', '联系顾问', '预约服务', '查看项目'].map((label) => `2026年3月2日 09:05 ${label}时留下手机号，系统自动创建`))
})

test('R2.6 the number of a lead is CUS and eleven digits', () => {
  expect([0, 42, 99_999_999_999].map(rules.toCustomerNo)).toEqual(['CUS00000000000', 'CUS00000000042', 'CUS99999999999'])
})
