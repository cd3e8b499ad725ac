import { expect, test } from '@jest/globals'
import { createWindow } from './window.ts'

let now = 0
const clock = () => new Date(now)
const open = () => {
  now = Date.parse('2026-03-02T09:00:00Z')
  return createWindow({ most: 3, seconds: 10, clock })
}
const take = (window: ReturnType<typeof open>, count: number, key = 'a') =>
  Array.from({ length: count }, () => window.take(key))

test('so many pass in a window, the next is told the seconds until it ends, and the next window begins anew', () => {
  const window = open()
  expect(take(window, 4)).toEqual([0, 0, 0, 10])
  now += 9_001
  expect(window.take('a')).toBe(1)
  now += 999
  expect(take(window, 4)).toEqual([0, 0, 0, 10])
})

test('one key is no other', () => {
  const window = open()
  expect([...take(window, 4), ...take(window, 1, 'b')]).toEqual([0, 0, 0, 10, 0])
})

test('what is given back may be used again, and no more than was used', () => {
  const window = open()
  expect(take(window, 3)).toEqual([0, 0, 0])
  window.giveBack('a')
  expect(take(window, 2)).toEqual([0, 10])
  const fresh = open()
  fresh.giveBack('a')
  expect(take(fresh, 4)).toEqual([0, 0, 0, 10])
})

test('a clock that is set back keeps nobody out for longer than a window', () => {
  const window = open()
  expect(take(window, 4)).toEqual([0, 0, 0, 10])
  now -= 3_600_000
  expect(window.take('a')).toBe(0)
})
