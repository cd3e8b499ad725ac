import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { answeredWithin } from './answered.ts'
import { serverNow } from './clock.ts'
import {
  createApi,
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
  const pauses: number[] = []
  const clock = { now: 0, perCallMs: 0 }
  const session = {
    token: async () => 'old',
    renew: async (refused: string) => {
      renewed.push(refused)
      return 'new'
    },
  }
  const send = async <Data>(_call: Call, token?: string): Promise<Data> => {
    sent.push(token)
    clock.now += clock.perCallMs
    const answer = answers.shift()
    if (answer instanceof RequestError) throw answer
    return answer as Data
  }
  const pause = async (ms: number): Promise<void> => {
    pauses.push(ms)
  }
  const request = createRequest(session, { send, pause, now: () => clock.now })
  return { sent, renewed, pauses, clock, request }
}
const failing = (status: number, retryAfterSeconds = 0) =>
  new RequestError(status, { code: 'x.failing', message: '', retryAfterSeconds })
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

describe('a call that fails in passing', () => {
  test.each([0, 502, 503, 504])(
    'with %i is read again in silence, each time later',
    async (status) => {
      const { sent, pauses, request } = setUp([failing(status), failing(status), 'fine'])
      expect(await request({ path: '/api/me' })).toBe('fine')
      expect([sent.length, pauses]).toEqual([3, [400, 1200]])
    },
  )

  test('is an error after three', async () => {
    const { sent, request } = setUp([failing(0), failing(0), failing(502), 'too late'])
    await expect(request({ path: '/api/me' })).rejects.toMatchObject({ status: 502 })
    expect(sent).toHaveLength(3)
  })

  test.each<Partial<Call>>([
    { method: 'POST' },
    { method: 'PUT' },
    { method: 'PATCH' },
    { method: 'DELETE' },
    { file: { path: 'wxfile://a.jpg', part: 'file' } },
  ])('is never repeated where %j may have been done', async (call) => {
    const { sent, request } = setUp([failing(0), 'fine'])
    await expect(request({ path: '/api/x', ...call })).rejects.toMatchObject({ status: 0 })
    expect(sent).toHaveLength(1)
  })

  test.each([400, 404, 429, 500])('is told at once with %i', async (status) => {
    const { sent, request } = setUp([failing(status), 'fine'])
    await expect(request({ path: '/api/me' })).rejects.toMatchObject({ status })
    expect(sent).toHaveLength(1)
  })

  test('is told at once where the server says how long to wait', async () => {
    const { sent, request } = setUp([failing(503, 30), 'fine'])
    await expect(request({ path: '/api/me' })).rejects.toMatchObject({ retryAfterSeconds: 30 })
    expect(sent).toHaveLength(1)
  })

  test('is told at once when it has taken all the patience there is', async () => {
    const { sent, clock, request } = setUp([failing(0), 'fine'])
    clock.perCallMs = 10_000
    await expect(request({ path: '/api/me' })).rejects.toMatchObject({ status: 0 })
    expect(sent).toHaveLength(1)
  })

  test('still renews the session', async () => {
    const { sent, renewed, request } = setUp([failing(0), refused, failing(503), 'fine'])
    expect(await request({ path: '/api/me' })).toBe('fine')
    expect([sent, renewed]).toEqual([['old', 'old', 'new', 'new'], ['old']])
  })
})

describe('the verbs (R2.22)', () => {
  type Sent = { url: string; method?: string; header: object; data?: unknown } & {
    filePath?: string
    name?: string
  }
  type Wire = { statusCode: number; data: unknown }
  type Heard = { success: (answer: Wire) => void; fail: (failure: object) => void }
  const wire = { sent: [] as Sent[], answer: undefined as Wire | undefined }
  const take = ({ success, fail, ...call }: Sent & Heard): void => {
    wire.sent.push(call)
    if (wire.answer) success(wire.answer)
    else fail({ errMsg: 'uploadFile:fail' })
  }
  const before = Reflect.get(globalThis, 'wx') as unknown
  beforeEach(() => {
    Reflect.set(globalThis, 'wx', { request: take, uploadFile: take })
    wire.sent = []
    wire.answer = { statusCode: 200, data: { success: true, data: 'fine' } }
  })
  afterEach(() => {
    Reflect.set(globalThis, 'wx', before)
  })
  const api = createApi(createRequest({ token: async () => 'mine', renew: async () => 'other' }))
  const last = (): unknown => {
    const { url, method, data } = wire.sent.at(-1)!
    return [method, url.replace(/^https?:\/\/[^/]+/, ''), data]
  }

  test('reach the server with the session', async () => {
    expect(await api.get('/api/a', { limit: 2 })).toBe('fine')
    expect(last()).toEqual(['GET', '/api/a?limit=2', undefined])
    await api.post('/api/a', { x: 1 })
    expect(last()).toEqual(['POST', '/api/a', { x: 1 }])
    await api.post('/api/a')
    expect(last()).toEqual(['POST', '/api/a', undefined])
    await api.put('/api/a', { x: 1 })
    expect(last()).toEqual(['PUT', '/api/a', { x: 1 }])
    await api.delete('/api/a')
    expect(last()).toEqual(['DELETE', '/api/a', undefined])
    expect(wire.sent.map(({ header }) => header)).toEqual(
      Array.from({ length: 5 }, () => ({ Authorization: 'Bearer mine' })),
    )
  })

  test('send PATCH by a POST that says so, which is all the platform can', async () => {
    await api.patch('/api/a', { x: 1 })
    expect(last()).toEqual(['POST', '/api/a', { x: 1 }])
    expect(wire.sent[0]?.header).toEqual({
      Authorization: 'Bearer mine',
      'X-HTTP-Method-Override': 'PATCH',
    })
  })

  test('upload one file and read the text that comes back', async () => {
    wire.answer = { statusCode: 200, data: '{"success":true,"data":{"mediaId":"m-1"}}' }
    expect(await api.upload('/api/media', 'wxfile://a.jpg')).toEqual({ mediaId: 'm-1' })
    expect(wire.sent).toEqual([
      expect.objectContaining({
        filePath: 'wxfile://a.jpg',
        name: 'file',
        header: { Authorization: 'Bearer mine' },
      }),
    ])
    wire.answer = {
      statusCode: 413,
      data: '{"success":false,"error":{"code":"media.too_large"},"message":"图片太大"}',
    }
    await expect(api.upload('/api/media', 'wxfile://a.jpg')).rejects.toMatchObject({
      status: 413,
      code: 'media.too_large',
      message: '图片太大',
    })
    wire.answer = undefined
    await expect(api.upload('/api/media', 'wxfile://a.jpg')).rejects.toMatchObject({
      status: 0,
      code: 'network.offline',
    })
  })

  test('ask for the health without a session and without a word when it is bad', async () => {
    expect(await api.checkHealth()).toBe(true)
    expect(wire.sent[0]).toMatchObject({ header: {}, url: expect.stringMatching(/\/readyz$/) })
    wire.answer = { statusCode: 503, data: { ready: false } }
    expect(await api.checkHealth()).toBe(false)
    wire.answer = undefined
    expect(await api.checkHealth()).toBe(false)
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
