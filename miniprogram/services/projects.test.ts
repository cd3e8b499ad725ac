import { afterAll, beforeEach, expect, jest, test } from '@jest/globals'
import { askAdvisor, claimOrder, listGrownAt } from './projects.ts'

type Sent = { url: string; method: string; data?: unknown; header: Record<string, string> }
type Wire = { statusCode: number; data: unknown } | null

const ok = (data: unknown): Wire => ({
  statusCode: 200,
  data: { success: true, data, message: '', timestamp: Date.now() },
})
const refused = (statusCode: number, code: string): Wire => ({
  statusCode,
  data: {
    success: false,
    error: { code },
    message: '服务器的话',
    timestamp: Date.now(),
    requestId: 'r-1',
  },
})
const item = (id: string, orderNo: string) => ({ id, orderNo })

let sent: Sent[] = []
let answers: Wire[] = []
/** The platform: each request meets the next answer, null is no network. */
const platform = {
  login: ({ success }: { success: (answer: { code: string }) => void }) =>
    success({ code: 'wx-code' }),
  getStorageSync: () => ({ token: 'old', expiresAt: Date.now() + 3_600_000 }),
  setStorageSync: () => {},
  removeStorageSync: () => {},
  request: ({
    success,
    fail,
    ...call
  }: Sent & { success: (answer: Wire) => void; fail: (failure: object) => void }) => {
    sent.push(call)
    const answer = answers.shift() ?? null
    if (answer) success(answer)
    else fail({ errno: 600001 })
  },
}
const before = Reflect.get(globalThis, 'wx') as unknown
beforeEach(() => {
  Reflect.set(globalThis, 'wx', platform)
  sent = []
})
afterAll(() => {
  Reflect.set(globalThis, 'wx', before)
})
const paths = () =>
  sent.map(({ method, url }) => `${method} ${url.replace(/^https?:\/\/[^/]+/, '')}`)

test('a found order is looked up in the list, whatever its capitals, and the list counts as grown', async () => {
  const askedAt = Date.now()
  answers = [ok({ found: true }), ok({ items: [item('p-2', 'SO-12'), item('p-1', 'SO-1')] })]
  expect(await claimOrder('so-1')).toBe('p-1')
  expect(paths()).toEqual(['POST /api/projects/claim', 'GET /api/projects/my?limit=100'])
  expect(sent[0]?.data).toEqual({ orderNo: 'so-1' })
  expect(listGrownAt()).toBeGreaterThanOrEqual(askedAt)
})

test.each([
  ['the list does not come', null],
  ['the list is longer', ok({ items: [item('p-9', 'SO-9')] })],
])('%s: the order is found all the same', async (_, list) => {
  answers = [ok({ found: true }), list]
  expect(await claimOrder('SO-1')).toBeNull()
})

test('a refusal comes through with its words, and the list has not grown', async () => {
  const grownAt = listGrownAt()
  answers = [refused(404, 'projects.claim_unknown')]
  await expect(claimOrder('SO-1')).rejects.toMatchObject({
    status: 404,
    code: 'projects.claim_unknown',
    message: '服务器的话',
  })
  expect([paths(), listGrownAt()]).toEqual([['POST /api/projects/claim'], grownAt])
})

test('a session that ended is renewed once, and the order number and the word to the advisor are sent again', async () => {
  const signIn = ok({
    sessionToken: 'new',
    expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
  })
  answers = [refused(401, 'session.invalid'), signIn, ok({ found: true }), ok({ items: [] })]
  await claimOrder('SO-1')
  expect(paths()).toEqual([
    'POST /api/projects/claim',
    'POST /api/wechat/openid',
    'POST /api/projects/claim',
    'GET /api/projects/my?limit=100',
  ])
  expect(sent[2]).toMatchObject({
    data: { orderNo: 'SO-1' },
    header: { Authorization: 'Bearer new' },
  })
  sent = []
  answers = [refused(401, 'session.invalid'), signIn, ok({ asked: true })]
  await askAdvisor()
  expect(paths()).toEqual([
    'POST /api/projects/ask-advisor',
    'POST /api/wechat/openid',
    'POST /api/projects/ask-advisor',
  ])
  expect(sent[2]?.data).toBeUndefined()
})

test('a login that never answers fails after ten seconds, and the next call begins another', async () => {
  jest.useFakeTimers()
  try {
    let logins = 0
    Reflect.set(globalThis, 'wx', { ...platform, login: () => (logins += 1) })
    answers = [refused(401, 'session.invalid')]
    const first = askAdvisor().catch((error: unknown) => error)
    await jest.advanceTimersByTimeAsync(10_000)
    expect(await first).toMatchObject({ status: 0, code: 'network.timeout' })
    Reflect.set(globalThis, 'wx', platform)
    answers = [
      ok({ sessionToken: 'after', expiresAt: new Date(Date.now() + 3_600_000).toISOString() }),
      ok({ asked: true }),
    ]
    await askAdvisor()
    expect([logins, sent.at(-1)?.header]).toEqual([1, { Authorization: 'Bearer after' }])
  } finally {
    jest.useRealTimers()
  }
})

test('a request that never answers holds up nothing', async () => {
  jest.useFakeTimers()
  try {
    Reflect.set(globalThis, 'wx', { ...platform, request: () => {} })
    const lost = askAdvisor().catch((error: unknown) => error)
    await jest.advanceTimersByTimeAsync(12_000)
    expect(await lost).toMatchObject({ status: 0, code: 'network.timeout' })
  } finally {
    jest.useRealTimers()
  }
})
