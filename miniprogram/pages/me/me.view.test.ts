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
