import { describe, expect, test } from '@jest/globals'
import { findUnnoted, isShownTo, tellAdded, tellStated, tellWhyOf } from './lists.rules.ts'

const OWN = { userId: 'zhangsan', addWay: 2, operUserId: 'ZhangSan', contactType: 1 }

describe('what a member does about a customer, as he has added him', () => {
  test.each([
    ['nobody has', null, 'not_added'],
    ['he searched the number', OWN, 'phone_missing'],
    ['by a QR code', { ...OWN, addWay: 1 }, 'added_otherwise'],
    ['in a way that nobody has named', { ...OWN, addWay: 999 }, 'added_otherwise'],
    ['a colleague of another company', { ...OWN, contactType: 2 }, 'added_otherwise'],
    ['of whom we do not know what he is', { ...OWN, contactType: null }, 'added_otherwise'],
    ['the customer searched him', { ...OWN, operUserId: 'wmCustomer' }, 'customer_searched'],
    ['nobody knows who searched', { ...OWN, operUserId: null }, 'customer_searched'],
  ])('%s', (_, follow, code) => expect(tellWhyOf(follow)).toMatchObject({ code, nextStep: expect.any(String) }))
})

test.each([
  [OWN, '您搜索手机号添加'], [{ ...OWN, operUserId: 'wm' }, '客户搜索添加您'], [{ ...OWN, addWay: 1 }, '通过扫二维码添加'],
  [{ ...OWN, addWay: 16 }, '通过获客链接添加'], [{ ...OWN, addWay: 203 }, '通过其他方式添加'], [{ ...OWN, contactType: 2 }, '通过搜索手机号添加'],
])('%j came so: %s', (follow, words) => expect(tellAdded(follow)).toBe(words))

test('how somebody came who states a phone', () => {
  expect(tellStated({ app: 'official', way: null })).toBe('在公众号里发来手机号')
  expect(tellStated({ app: 'miniprogram', way: '点开了聊天里的确认卡片' })).toBe('在小程序里填写手机号，已绑定（点开了聊天里的确认卡片）')
})

test.each([
  ['who has to do with him', { responsible: ['ZHANGSAN'], named: ['boss'] }, true],
  ['not who has nothing to do with him, even if he is named', { responsible: ['lisi'], named: ['zhangsan'] }, false],
  ['who is named, where nobody has to do with him', { responsible: [], named: ['zhangsan'] }, true],
  ['not who is not named', { responsible: [], named: ['boss'] }, false],
  ['everybody, where nobody is named', { responsible: [], named: [] }, true],
])('a bound customer without a phone is shown to %s', (_, groups, shown) => expect(isShownTo('zhangsan', groups)).toBe(shown))

test('a number that is no mobile counts as not noted', () => {
  const note = (...remarkMobiles: string[]) => ({ remarkMobiles })
  expect(findUnnoted([note(), note('010-12345678'), note('138 0013 8000')])).toEqual([note(), note('010-12345678')])
})
