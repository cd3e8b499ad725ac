import { afterAll, beforeEach, expect, test } from '@jest/globals'
import { forgetAnswer, isAdvisor } from './advisor-self.ts'

type Wire = { statusCode: number; data: unknown } | null
const answer = (statusCode: number): Wire => ({
  statusCode,
  data: {
    success: statusCode === 200,
    data: {},
    error: { code: 'advisor.not_one' },
    message: '您还不是顾问',
    timestamp: Date.now(),
  },
})
const YES = answer(200)
const NO = answer(403)
const BUSY = answer(500)

let asked = 0
let answers: Wire[] = []
const before = Reflect.get(globalThis, 'wx') as unknown
beforeEach(() => {
  asked = 0
  answers = []
  forgetAnswer()
  Reflect.set(globalThis, 'wx', {
    getStorageSync: () => ({ token: 'kept', expiresAt: Date.now() + 3_600_000 }),
    request: ({
      success,
      fail,
    }: {
      success: (answer: Wire) => void
      fail: (failure: object) => void
    }) => {
      asked += 1
      const next = answers.shift() ?? null
      if (next) success(next)
      else fail({ errno: 600001 })
    },
  })
})
afterAll(() => {
  Reflect.set(globalThis, 'wx', before)
})

test.each([
  ['an advisor', YES, true],
  ['a customer', NO, false],
])('of %s the server is asked once', async (_, said, is) => {
  answers = [said]
  expect([await isAdvisor(), await isAdvisor(), await isAdvisor()]).toEqual([is, is, is])
  expect(asked).toBe(1)
})

test('no answer counts as a no for now, and is asked for again', async () => {
  answers = [BUSY, YES]
  expect([await isAdvisor(), await isAdvisor()]).toEqual([false, true])
})

test('who has just become one is asked about again', async () => {
  answers = [NO, YES]
  expect(await isAdvisor()).toBe(false)
  forgetAnswer()
  expect(await isAdvisor()).toBe(true)
})
