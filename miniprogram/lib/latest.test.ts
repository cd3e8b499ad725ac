import { expect, test } from '@jest/globals'
import { createLatest } from './latest.ts'

test('an answer is late once a newer request began', () => {
  const latest = createLatest()
  const first = latest.begin()
  const second = latest.begin()
  expect([first(), second()]).toEqual([false, true])
})

test('after the page is left every answer is late', () => {
  const latest = createLatest()
  const only = latest.begin()
  latest.drop()
  expect(only()).toBe(false)
})
