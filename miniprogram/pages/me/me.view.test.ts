import { expect, test } from '@jest/globals'
import type { WhyCode } from '../../../shared/api/why.ts'
import { toMeView } from './me.view.ts'

const why = (code: WhyCode) => ({ code, text: '', nextStep: '' })
const view = (me: Omit<Parameters<typeof toMeView>[0], 'why'>, code: WhyCode = 'may_query') =>
  toMeView({ ...me, why: why(code) })

test('the made-up project is offered until he has one of his own', () => {
  const seesOwn = (code: WhyCode) => view({ bindingStatus: 'bound' }, code).seesOwn
  expect((['not_added', 'no_order', 'may_query'] as const).map(seesOwn)).toEqual([
    false,
    false,
    true,
  ])
})

test('only who is bound can unbind', () => {
  expect(
    (['unbound', 'partial', 'bound'] as const).map(
      (bindingStatus) => view({ bindingStatus }).bound,
    ),
  ).toEqual([false, false, true])
})

test('an advisor is shown by name, never by account', () => {
  expect(
    view({
      bindingStatus: 'bound',
      phoneMasked: '138****8000',
      advisor: { userid: 'zhangsan', name: '张珊' },
    }),
  ).toMatchObject({ phone: '138****8000', advisor: { name: '张珊', support: {} } })
  expect(
    JSON.stringify(view({ bindingStatus: 'bound', advisor: { userid: 'zhangsan' } })),
  ).not.toMatch(/zhangsan/)
})

test('an advisor who has a page is reached there', () => {
  const advisor = { userid: 'zhangsan', name: '张珊', advisorId: 'advisor-1' }
  expect(view({ bindingStatus: 'bound', advisor }).advisor).toMatchObject({ id: 'advisor-1' })
  expect(view({ bindingStatus: 'bound', advisor: { userid: 'zhangsan' } }).advisor).toMatchObject({
    id: '',
  })
})

test('a phone that is only stated is called so', () => {
  const claim = { phoneMasked: '139****0001', since: '', expiresAt: '' }
  expect(view({ bindingStatus: 'bound', claim })).toMatchObject({
    phone: '139****0001',
    phoneLabel: '您留的手机号',
  })
  expect(view({ bindingStatus: 'bound', claim, phoneMasked: '138****8000' })).toMatchObject({
    phone: '138****8000',
    phoneLabel: '手机号',
  })
})

test('the chat has a line of its own where no advisor leads to it', () => {
  const support = { kfUrl: 'https://kf', corpId: 'ww1' }
  const advisor = { userid: 'zhangsan', name: '张珊' }
  expect(view({ bindingStatus: 'bound', support }).support).toEqual(support)
  expect(view({ bindingStatus: 'bound', support, advisor })).toMatchObject({
    support: null,
    advisor: { support },
  })
})
