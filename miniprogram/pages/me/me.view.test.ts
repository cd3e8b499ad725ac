import { expect, test } from '@jest/globals'
import { toMeView } from './me.view.ts'

test('only who is bound can unbind', () => {
  expect(
    (['unbound', 'partial', 'bound'] as const).map(
      (bindingStatus) => toMeView({ bindingStatus }).bound,
    ),
  ).toEqual([false, false, true])
})

test('an advisor is shown by name, never by account', () => {
  expect(
    toMeView({
      bindingStatus: 'bound',
      phoneMasked: '138****8000',
      advisor: { userid: 'zhangsan', name: '张珊' },
    }),
  ).toMatchObject({ phone: '138****8000', advisor: { name: '张珊', support: {} } })
  expect(
    JSON.stringify(toMeView({ bindingStatus: 'bound', advisor: { userid: 'zhangsan' } })),
  ).not.toMatch(/zhangsan/)
})

test('a phone that is only stated is called so', () => {
  const claim = { phoneMasked: '139****0001', since: '', expiresAt: '' }
  expect(toMeView({ bindingStatus: 'bound', claim })).toMatchObject({
    phone: '139****0001',
    phoneLabel: '您留的手机号',
  })
  expect(toMeView({ bindingStatus: 'bound', claim, phoneMasked: '138****8000' })).toMatchObject({
    phone: '138****8000',
    phoneLabel: '手机号',
  })
})

test('the chat has a line of its own where no advisor leads to it', () => {
  const support = { kfUrl: 'https://kf', corpId: 'ww1' }
  const advisor = { userid: 'zhangsan', name: '张珊' }
  expect(toMeView({ bindingStatus: 'bound', support }).support).toEqual(support)
  expect(toMeView({ bindingStatus: 'bound', support, advisor })).toMatchObject({
    support: null,
    advisor: { support },
  })
})
