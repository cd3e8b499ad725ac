import { describe, expect, test } from '@jest/globals'
import type { NextStep } from '../../../shared/api/sign-in.ts'
import { toHomeView } from './home.view.ts'

const view = (nextStep: NextStep) => toHomeView({ nextStep, nextStepText: '服务器的话' })

describe('home', () => {
  test.each(['get_code', 'confirm', 'wait_for_advisor', 'view_projects', 'contact_support'] as const)('%s says what to do in the words of the server', (step) => {
    expect(view(step)).toMatchObject({ text: '服务器的话' })
    expect(view(step).title).not.toBe('')
  })

  test('the guide shows how far the customer is', () => {
    expect((['get_code', 'confirm', 'wait_for_advisor'] as const).map((step) => view(step).steps.map(({ state }) => state))).toEqual([
      ['current', 'todo', 'todo'], ['done', 'current', 'todo'], ['done', 'done', 'current'],
    ])
    expect(view('view_projects').steps).toEqual([])
  })

  test('the phone form stands only where a phone helps', () => {
    expect((['get_code', 'confirm', 'wait_for_advisor', 'view_projects', 'contact_support'] as const).filter((step) => view(step).showPhoneForm)).toEqual(['get_code', 'wait_for_advisor'])
  })

  test('who waits for somebody else has no button, but a page that looks again', () => {
    expect(view('wait_for_advisor')).toMatchObject({ action: '', waiting: true })
    expect(view('get_code')).toMatchObject({ url: '/pages/bind/bind', waiting: false })
  })
})
