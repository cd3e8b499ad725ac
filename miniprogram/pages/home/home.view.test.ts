import { describe, expect, test } from '@jest/globals'
import type { NextStep } from '../../../shared/api/sign-in.ts'
import type { WhyCode } from '../../../shared/api/why.ts'
import { toHomeView } from './home.view.ts'

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
    Date.parse('2026-03-02T04:00:00Z'),
  )

describe('home', () => {
  test.each([
    'get_code',
    'confirm',
    'wait_for_advisor',
    'view_projects',
    'contact_support',
  ] as const)('%s says what to do in the words of the server', (step) => {
    expect(view(step)).toMatchObject({ text: '服务器的话' })
    expect(view(step).title).not.toBe('')
  })

  test('the guide shows how far the customer is', () => {
    expect(
      (['get_code', 'confirm', 'wait_for_advisor'] as const).map((step) =>
        view(step).steps.map(({ state }) => state),
      ),
    ).toEqual([
      ['current', 'todo', 'todo'],
      ['done', 'current', 'todo'],
      ['done', 'done', 'current'],
    ])
    expect(view('view_projects').steps).toEqual([])
  })

  test('the phone form stands only where a phone helps', () => {
    expect(
      (
        ['get_code', 'confirm', 'wait_for_advisor', 'view_projects', 'contact_support'] as const
      ).filter((step) => view(step).showPhoneForm),
    ).toEqual(['get_code', 'wait_for_advisor'])
  })

  test('who has stated a phone may change it, and the page looks again', () => {
    expect(view('get_code', { bindingStatus: 'partial' })).toMatchObject({
      phoneUse: 'change',
      waiting: true,
      action: '获取验证码',
    })
  })

  test('who has an advisor already is not told to wait to be added', () => {
    const seen = view('wait_for_advisor', {
      bindingStatus: 'bound',
      why: why('phone_missing'),
    })
    expect(seen).toMatchObject({
      title: '等顾问核实手机号',
      waitingText: '核实完成后，这里会自动更新',
    })
    expect(seen.steps.map(({ title }) => title)).not.toContain('顾问加您为好友')
  })

  test('what happened to the binding elsewhere is told, with when', () => {
    const notice = { kind: 'bound', text: '服务器说的变化', at: '2026-03-02T01:05:00Z' } as const
    expect(view('view_projects', { notice }).notice).toEqual({
      text: '服务器说的变化',
      when: '今天 09:05',
    })
    expect(view('view_projects').notice).toBeNull()
  })

  test('who waits for somebody else has no button, but a page that looks again', () => {
    expect(view('wait_for_advisor')).toMatchObject({ action: '', waiting: true })
    expect(view('get_code')).toMatchObject({ url: '/pages/bind/bind', waiting: false })
  })
})
