import { describe, expect, test } from '@jest/globals'
import { forget, GONE, hideOthers, toNames, toPattern } from './forget.rules.ts'

const PHONE = '13800138000'
const pattern = toPattern({ phones: [PHONE], ids: ['wmAbc-1', 'o.x'] })
const words = { pattern, names: ['王建国'] }

describe('what names him goes', () => {
  test.each([
    ['电话 13800138000。', `电话 ${GONE}。`],
    ['+86 138-0013-8000', GONE],
    ['8613800138000', GONE],
    ['１３８００１３８０００', GONE],
    ['138001-38000 转 1', `${GONE} 转 1`],
    ['138.0013.8000', GONE],
    ['1 3 8 0 0 1 3 8 0 0 0', GONE],
    ['138 0013 8000 王建国', `${GONE} ${GONE}`],
    ['contact:wmAbc-1', `contact:${GONE}`],
    ['913800138000', '913800138000'],
    ['wmAbc-12', 'wmAbc-12'],
    ['ozx', 'ozx'],
    ['王建', '王建'],
  ])('%s', (text, left) => {
    expect(forget(text, words)).toBe(left)
  })

  test('in numbers, lists, keys and depths; nothing else is touched', () => {
    const at = new Date(0)
    expect(
      forget({ a: [{ 王建国: Number(PHONE) }], n: 7, at, none: null, yes: true }, words),
    ).toEqual({ a: [{ [GONE]: GONE }], n: 7, at, none: null, yes: true })
  })

  test('as a whole, where the text is about him', () => {
    expect(forget({ receiver: '王建国，星河路 1 号', amount: 8 }, words, { whole: true })).toEqual({
      receiver: GONE,
      amount: 8,
    })
  })
})

test('who has no identifiers is found nowhere', () => {
  expect(forget('anything $x', { pattern: toPattern({ phones: [], ids: [] }), names: [] })).toBe(
    'anything $x',
  )
})

test('the longest name first, none of one sign', () => {
  expect(toNames(['王', ' 王建 ', null, '王建国', '王建'])).toEqual(['王建国', '王建'])
})

test('of others an order tells neither name nor number', () => {
  const others = { names: ['李梅'], phones: [PHONE] }
  expect(
    hideOthers({ note: `李梅 13900139000，本人 ${PHONE}`, n: 13900139000, own: Number(PHONE) }, others),
  ).toEqual({ note: `*** 139****9000，本人 ${PHONE}`, n: '139****9000', own: Number(PHONE) })
})
