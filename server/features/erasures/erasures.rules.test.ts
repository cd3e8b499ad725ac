import { expect, test } from '@jest/globals'
import { isForgotten, sinceErasure, withoutNotes } from './erasures.rules.ts'

const at = (second: number): Date => new Date(second * 1000)
const gone = { erasedAt: at(10), returnedAt: null }
const back = { erasedAt: at(10), returnedAt: at(20) }

test.each([
  [5, true, undefined, false],
  [5, true, gone, true],
  [10, true, gone, true],
  [11, false, gone, true],
  [11, true, gone, false],
  [21, false, back, false],
  [10, false, back, true],
])('told at %i s, by himself %s, erased %j: forgotten %s', (second, own, erased, forgotten) => {
  expect(isForgotten({ at: at(second), own }, erased)).toBe(forgotten)
})

test('of follows those count that began after', () => {
  const follows = [9, 10, 11].map((second) => ({ createdAt: at(second), remarkMobiles: [] }))
  expect(sinceErasure(follows, gone)).toEqual([follows[2]])
  expect(sinceErasure(follows, undefined)).toEqual(follows)
})

test('a number noted at somebody else goes from what was noted before', () => {
  const follow = { createdAt: at(9), remark: '女婿13800138000', remarkMobiles: ['138 0013 8000', '13900139000'] }
  const erasedAt = new Map([['13800138000', at(10)]])
  expect(withoutNotes(follow, erasedAt)).toEqual({ createdAt: at(9), remarkMobiles: ['13900139000'] })
  expect(withoutNotes({ ...follow, createdAt: at(11) }, erasedAt)).toMatchObject({ remark: follow.remark })
})
