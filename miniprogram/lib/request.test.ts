import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { answeredWithin } from './answered.ts'
import { serverNow } from './clock.ts'
import {
  createRequest,
  readAnswer,
  RequestError,
  toNetworkError,
  toPath,
  type Call,
} from './request.ts'

function setUp(answers: (string | RequestError)[]) {
  const sent: (string | undefined)[] = []
  const renewed: string[] = []
  const session = {
    token: async () => 'old',
    renew: async (refused: string) => {
      renewed.push(refused)
      return 'new'
    },
  }
  const send = async <Data>(_call: Call, token?: string): Promise<Data> => {
    sent.push(token)
    const answer = answers.shift()
    if (answer instanceof RequestError) throw answer
    return answer as Data
  }
  return { sent, renewed, request: createRequest(session, send) }
}
const refused = new RequestError(401, {
  code: 'session.invalid',
  message: '登录已失效，请重新进入小程序',
})

describe('request', () => {
  test('a refused session is renewed once and the call sent again', async () => {
    const { sent, renewed, request } = setUp([refused, 'fine'])
    expect(await request({ path: '/api/me' })).toBe('fine')
    expect([sent, renewed]).toEqual([['old', 'new'], ['old']])
  })

  test('a second refusal is an error', async () => {
    const { sent, request } = setUp([refused, refused])
    await expect(request({ path: '/api/me' })).rejects.toBe(refused)
    expect(sent).toEqual(['old', 'new'])
  })

  test('other refusals are not tried again', async () => {
    const { sent, request } = setUp([
      new RequestError(403, { code: 'projects.not_allowed', message: '' }),
    ])
    await expect(request({ path: '/api/projects/my' })).rejects.toMatchObject({ status: 403 })
    expect(sent).toEqual(['old'])
  })
})

describe('readAnswer', () => {
  test('gives the data of the envelope and learns the time of the server', () => {
    expect(
      readAnswer({
        statusCode: 200,
        data: { success: true, data: { a: 1 }, message: '', timestamp: Date.now() + 60_000 },
      }),
    ).toEqual({ data: { a: 1 } })
    expect(serverNow() - Date.now()).toBeGreaterThan(59_000)
  })

  test('a refusal keeps code, words, request id and the wait', () => {
    const data = {
      success: false,
      error: { code: 'binding.too_fast' },
      message: '请稍后再试',
      timestamp: 1,
      requestId: 'r-1',
    }
    expect(readAnswer({ statusCode: 429, data, header: { 'retry-after': '28' } })).toMatchObject({
      status: 429,
      code: 'binding.too_fast',
      message: '请稍后再试',
      requestId: 'r-1',
      retryAfterSeconds: 28,
    })
    expect(readAnswer({ statusCode: 429, data, header: { 'Retry-After': 'soon' } })).toMatchObject({
      retryAfterSeconds: 0,
    })
  })

  test.each([
    ['a proxy page', 502, '<html>'],
    ['nothing', 503, undefined],
    ['success that is none', 200, { success: false }],
  ])('%s is a failure with words', (_, statusCode, data) => {
    expect(readAnswer({ statusCode, data })).toMatchObject({
      status: statusCode,
      message: '服务暂时不可用，请稍后再试',
    })
  })
})

test('a query leaves out what is not set', () => {
  expect(toPath({ path: '/api/projects/my', query: { cursor: undefined, limit: 20 } })).toBe(
    '/api/projects/my?limit=20',
  )
  expect(toPath({ path: '/a', query: { cursor: 'x y&z' } })).toBe('/a?cursor=x%20y%26z')
  expect(toPath({ path: '/a' })).toBe('/a')
})

test('a time-out and a missing network have words of their own', () => {
  expect(
    [toNetworkError(5), toNetworkError(600001)].map(({ status, code }) => [status, code]),
  ).toEqual([
    [0, 'network.timeout'],
    [0, 'network.offline'],
  ])
})

describe('a call of the platform', () => {
  beforeEach(() => {
    jest.useFakeTimers()
  })
  afterEach(() => {
    jest.useRealTimers()
  })
  type Platform = Parameters<typeof answeredWithin<string>>[1]

  test.each<[string, Platform, string | object]>([
    ['that succeeds', ({ success, complete }) => (success('a'), complete()), 'a'],
    ['that fails', ({ fail, complete }) => (fail({ errno: 7 }), complete()), { errno: 7 }],
    ['that only completes', ({ complete }) => complete(), {}],
    ['that never calls back', () => {}, { errno: 5 }],
    [
      'that throws',
      () => {
        throw new Error('not in this version')
      },
      {},
    ],
  ])('%s is answered', async (_, platform, expected) => {
    const settled = answeredWithin(10_000, platform).then(
      (value) => value,
      (failure: unknown) => failure,
    )
    await jest.advanceTimersByTimeAsync(10_000)
    expect(await settled).toEqual(expected)
    expect(jest.getTimerCount()).toBe(0)
  })
})
