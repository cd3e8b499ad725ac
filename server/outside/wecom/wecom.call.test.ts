import { afterAll, beforeEach, describe, expect, test } from '@jest/globals'
import { createHttpClient, OutsideError } from '../../lib/http-client.ts'
import { keptLog, memoryTokens, startScriptedPlatform } from '../../lib/http-client.scripted.ts'
import { createWecomCall, type WecomCall } from './wecom.call.ts'
import { isErrcode, WECOM_ERRCODE, WecomError } from './wecom.errors.ts'

const platform = await startScriptedPlatform()
const http = createHttpClient({ baseUrl: platform.baseUrl, timeoutMs: 150 })
afterAll(async () => {
  await http.close()
  await platform.stop()
})

const TOKEN = '/cgi-bin/gettoken'
const SECRET = 'the-secret-of-the-app'
/** Of the length the platform gives them. */
const token = (n: number) => `accesstoken${String(n).padStart(6, '0')}_${'x'.repeat(150)}`

let call: WecomCall
let tokens: ReturnType<typeof memoryTokens>
let log: ReturnType<typeof keptLog>
let pauses: number[]

beforeEach(() => {
  platform.reset()
  let fetched = 0
  platform.script(TOKEN, () => ({
    errcode: 0,
    errmsg: 'ok',
    access_token: token((fetched += 1)),
    expires_in: 7200,
  }))
  tokens = memoryTokens()
  log = keptLog()
  pauses = []
  call = createWecomCall({
    http,
    corpId: 'ww1',
    secret: SECRET,
    tokens,
    log,
    wait: (ms) => Promise.resolve(pauses.push(ms)),
  })
})

async function failure(call: Promise<unknown>): Promise<unknown> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(Error)
  return error
}

const refusal = (
  errcode: number,
  errmsg = `refused, hint: [1576065934_28_e0fae07666aa64636023c1fa7e8f49a4], from ip: 9.30.0.138, more info at https://open.work.weixin.qq.com/devtool/query?e=${String(errcode)}`,
) => ({ errcode, errmsg })

describe('the token', () => {
  test('is fetched with corp id and secret, goes into the query and serves many calls', async () => {
    await call.read('/a', { userid: 'zhangsan' })
    await call.ask('/b', { x: 1 })
    expect(platform.seen(TOKEN)).toMatchObject([
      { method: 'GET', query: { corpid: 'ww1', corpsecret: SECRET } },
    ])
    expect(platform.seen('/a')).toEqual([
      {
        method: 'GET',
        path: '/a',
        query: { access_token: token(1), userid: 'zhangsan' },
        body: '',
      },
    ])
    expect(platform.seen('/b')).toEqual([
      { method: 'POST', path: '/b', query: { access_token: token(1) }, body: { x: 1 } },
    ])
  })

  test.each([40001, 40014, 42001])(
    'refused with %i is replaced and the call replayed once',
    async (errcode) => {
      platform.script('/a', refusal(errcode), { errcode: 0, value: 7 })
      expect(await call.read('/a')).toMatchObject({ value: 7 })
      expect(platform.seen('/a').map(({ query }) => query['access_token'])).toEqual([
        token(1),
        token(2),
      ])
      expect(tokens.invalidated).toEqual([token(1)])
    },
  )

  test.each([40001, 40014, 42001])(
    'refused with %i twice is a failure after exactly one replay',
    async (errcode) => {
      platform.script('/a', refusal(errcode))
      expect(isErrcode(await failure(call.read('/a')), errcode)).toBe(true)
      expect(platform.seen('/a')).toHaveLength(2)
      expect(platform.seen(TOKEN)).toHaveLength(2)
    },
  )

  test('a send is replayed too: a refused token means that nothing was sent', async () => {
    platform.script('/send', refusal(42001), { errcode: 0, msgid: 'm' })
    expect(await call.tell('/send', {})).toMatchObject({ msgid: 'm' })
    expect(platform.seen('/send')).toHaveLength(2)
  })

  test('a wrong secret is a failure at once, without a storm', async () => {
    platform.script(TOKEN, refusal(40001))
    expect(await failure(call.read('/a'))).toMatchObject({
      errcode: 40001,
      endpoint: 'GET /cgi-bin/gettoken',
    })
    expect(platform.seen(TOKEN)).toHaveLength(1)
    expect(platform.seen('/a')).toHaveLength(0)
  })

  test('a busy platform is asked for a token three times', async () => {
    platform.script(TOKEN, refusal(-1), refusal(-1), { errcode: 0, access_token: token(9) })
    await call.read('/a')
    expect(platform.seen('/a')[0]?.query['access_token']).toBe(token(9))
  })

  test('an answer without a token is a bad response', async () => {
    platform.script(TOKEN, { errcode: 0 })
    expect(await failure(call.read('/a'))).toMatchObject({ kind: 'bad_response' })
  })
})

describe('repetition', () => {
  test('-1 is tried three times where it is harmless, with growing pauses', async () => {
    platform.script('/a', refusal(-1))
    expect(isErrcode(await failure(call.ask('/a', {})), WECOM_ERRCODE.busy)).toBe(true)
    expect(platform.seen('/a')).toHaveLength(3)
    expect(pauses).toEqual([200, 800])
  })

  test('-1 that passes is not seen', async () => {
    platform.script('/a', refusal(-1), { errcode: 0, value: 1 })
    expect(await call.read('/a')).toMatchObject({ value: 1 })
  })

  test('-1 to a send is not repeated', async () => {
    platform.script('/send', refusal(-1))
    await failure(call.tell('/send', {}))
    expect(platform.seen('/send')).toHaveLength(1)
  })

  test.each(['cut', 'hang', 502] as const)(
    'a send that ends in "%s" is not repeated',
    async (answer) => {
      platform.script('/send', answer)
      expect(await failure(call.tell('/send', {}))).toMatchObject({
        name: 'OutsideError',
        sent: true,
      })
      expect(platform.seen('/send')).toHaveLength(1)
    },
  )

  test.each(['cut', 'hang', 502] as const)(
    'a read that ends in "%s" is repeated',
    async (answer) => {
      platform.script('/a', answer, { errcode: 0, value: 1 })
      expect(await call.read('/a')).toMatchObject({ value: 1 })
    },
  )

  test('a send that was never sent is tried again', async () => {
    const dead = createHttpClient({ baseUrl: 'http://127.0.0.1:1', timeoutMs: 150 })
    const given = { get: () => Promise.resolve(token(1)), invalidate: () => Promise.resolve() }
    const unheard = createWecomCall({
      http: dead,
      corpId: 'ww1',
      secret: SECRET,
      tokens: given,
      log,
      wait: (ms) => Promise.resolve(pauses.push(ms)),
    })
    expect(await failure(unheard.tell('/send', {}))).toMatchObject({ kind: 'network', sent: false })
    expect(pauses).toHaveLength(2)
    await dead.close()
  })

  test.each([45009, 45033, 40058])('%i is not repeated', async (errcode) => {
    platform.script('/a', refusal(errcode))
    await failure(call.ask('/a', {}))
    expect(platform.seen('/a')).toHaveLength(1)
  })
})

describe('errors', () => {
  test.each(Object.entries(WECOM_ERRCODE))('%s (%i) is told by its number', async (_, errcode) => {
    platform.script('/a', refusal(errcode))
    const error = await failure(call.tell('/a', {}))
    expect(isErrcode(error, errcode)).toBe(true)
    expect(isErrcode(error, 12345)).toBe(false)
    expect(error).toMatchObject({ endpoint: 'POST /a', errmsgShort: 'refused' })
  })

  test('60020 tells which address to allow', async () => {
    platform.script(
      '/a',
      refusal(
        60020,
        'not allow to access from your ip, hint: [1576065934_28_e0fae07666aa64636023c1fa7e8f49a4], from ip: 203.0.113.7, more info at https://open.work.weixin.qq.com/devtool/query?e=60020',
      ),
    )
    expect(await failure(call.read('/a'))).toMatchObject({
      fromIp: '203.0.113.7',
      message: expect.stringContaining('203.0.113.7'),
    })
  })

  test('the address of another error is not kept', async () => {
    platform.script('/a', refusal(40058))
    expect(((await failure(call.read('/a'))) as WecomError).fromIp).toBeUndefined()
  })

  test('no token and no secret in an error or in the log', async () => {
    platform.script('/a', (request) =>
      refusal(40014, `invalid access_token ${request.query['access_token'] ?? ''}`),
    )
    platform.script('/cut', 'cut')
    const errors = [await failure(call.read('/a')), await failure(call.tell('/cut', {}))]
    expect(errors[0]).toBeInstanceOf(WecomError)
    expect(errors[1]).toBeInstanceOf(OutsideError)
    const told = [
      ...errors.map((error) => `${String(error)} ${JSON.stringify(error)}`),
      ...log.lines.map(({ text }) => text),
    ].join('\n')
    expect(told).not.toMatch(/accesstoken00000\d/)
    expect(told).not.toContain(SECRET)
    expect(told).toContain('40014')
  })

  test('an answer without errcode is a good one', async () => {
    platform.script('/a', { value: 1 })
    expect(await call.read('/a')).toEqual({ value: 1 })
  })
})
