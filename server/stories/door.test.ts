import { describe, expect, test } from '@jest/globals'
import { sandboxCredentials as known } from '../../scripts/sandbox/base/credentials.ts'
import { createWecomCallback } from '../outside/wecom/wecom.callback.ts'
import { ADMIN_KEY, useTown } from '../test/town.ts'

const town = useTown()
const contactPair = { token: known.callbackToken, encodingAesKey: known.callbackAesKey }
const kfPair = { token: known.kfCallbackToken, encodingAesKey: known.kfCallbackAesKey }
const pipe = createWecomCallback({ corpId: known.corpId, pairs: [contactPair, kfPair] })
const PATHS = ['/api/wework/callback', '/api/wechat-work/message']

const nowSeconds = (): number => Math.floor(Date.now() / 1000)
let nonces = 0
const sealed = (xml: string, options: { pair?: number; at?: number; corpId?: string } = {}) => {
  const sealer =
    options.corpId === undefined
      ? pipe
      : createWecomCallback({ corpId: options.corpId, pairs: [contactPair] })
  return sealer.seal(xml, {
    timestamp: String(options.at ?? nowSeconds()),
    nonce: `n${String(nonces++)}`,
    pair: options.pair ?? 0,
  })
}
const event = (content = 'x') =>
  `<xml><ToUserName><![CDATA[${known.corpId}]]></ToUserName><CreateTime>${String(nowSeconds())}</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[${content}]]></Event></xml>`

async function deliver(
  path: string,
  { query, body }: ReturnType<typeof sealed>,
  headers: Record<string, string> = { 'content-type': 'text/xml' },
) {
  const response = await fetch(
    `${town().address}${path}?${new URLSearchParams(query).toString()}`,
    { method: 'POST', body, headers },
  )
  const text = await response.text()
  return {
    status: response.status,
    text,
    code:
      response.status === 200
        ? undefined
        : (JSON.parse(text) as { error: { code: string } }).error.code,
  }
}
const inbox = async () =>
  Number((await town().db('callback_inbox').count<{ count: number }[]>())[0]!.count)

describe.each(PATHS)('the callback path %s', (path) => {
  test('takes an event of either pair and answers an empty 200 when the row is there', async () => {
    expect(await deliver(path, sealed(event('one')))).toMatchObject({ status: 200, text: '' })
    expect(await deliver(path, sealed(event('two'), { pair: 1 }))).toMatchObject({
      status: 200,
      text: '',
    })
    expect(await inbox()).toBe(2)
  })

  test('keeps a repeated event once, whatever envelope it comes in', async () => {
    const xml = event()
    for (const pair of [0, 0, 1])
      expect((await deliver(path, sealed(xml, { pair }))).status).toBe(200)
    expect(await inbox()).toBe(1)
  })

  test("echoes the console's check in plain text", async () => {
    const { query, body } = sealed('1616140317555161061')
    const echostr = /<Encrypt><!\[CDATA\[(.+?)\]\]>/.exec(body)![1]!
    const response = await fetch(
      `${town().address}${path}?${new URLSearchParams({ ...query, echostr }).toString()}`,
    )
    expect({ status: response.status, text: await response.text() }).toEqual({
      status: 200,
      text: '1616140317555161061',
    })
  })

  test('refuses what does not verify, and keeps nothing of it', async () => {
    const good = sealed(event())
    const refused = [
      [
        await deliver(path, { ...good, query: { ...good.query, msg_signature: '0'.repeat(40) } }),
        401,
        'callback.bad_signature',
      ],
      [
        await deliver(path, { ...good, query: { ...good.query, nonce: 'other' } }),
        401,
        'callback.bad_signature',
      ],
      [await deliver(path, sealed(event(), { at: nowSeconds() - 301 })), 401, 'callback.stale'],
      [await deliver(path, sealed(event(), { at: nowSeconds() + 310 })), 401, 'callback.stale'],
      [
        await deliver(path, sealed(event(), { corpId: 'wwsomebodyelse0001' })),
        403,
        'callback.bad_receiver',
      ],
      [
        await deliver(path, {
          ...good,
          body: good.body.replace(/(<Encrypt><!.CDATA.)(.{10})/, '$1AAAAAAAAAA'),
        }),
        401,
        'callback.bad_signature',
      ],
      [
        await deliver(
          path,
          sealed(
            '<!DOCTYPE xml [<!ENTITY x SYSTEM "file:///etc/passwd">]><xml><Event>&x;</Event></xml>',
          ),
        ),
        400,
        'callback.malformed',
      ],
      [await deliver(path, { ...good, body: '<xml></xml>' }), 400, 'callback.malformed'],
      [
        await deliver(path, {
          ...good,
          body: `<xml><Encrypt>${'A'.repeat(70_000)}</Encrypt></xml>`,
        }),
        413,
        'request.too_large',
      ],
      [await deliver(path, { ...good, body: '' }), 400, 'callback.malformed'],
      [
        await deliver(path, good, { 'content-type': 'text/xml', 'content-encoding': 'gzip' }),
        415,
        'request.media_type',
      ],
    ] as const
    for (const [answer, status, code] of refused) expect(answer).toMatchObject({ status, code })
    expect(await inbox()).toBe(0)
    expect(town().lines.filter((line) => line.includes('a callback was refused'))).toHaveLength(
      refused.length,
    )
  })

  const cipherOf = ({ body }: { body: string }): string =>
    /<Encrypt><!\[CDATA\[(.+?)\]\]>/.exec(body)![1]!
  const shapes: [string, (cipher: string) => string, Record<string, string>][] = [
    [
      '</xml >',
      (cipher) => `<xml><Encrypt>${cipher}</Encrypt></xml >`,
      { 'content-type': 'text/xml' },
    ],
    [
      'comments',
      (cipher) => `<!-- gateway --><xml><!-- <Encrypt> --><Encrypt>${cipher}</Encrypt></xml>`,
      { 'content-type': 'text/xml' },
    ],
    [
      'the JSON envelope',
      (cipher) => JSON.stringify({ tousername: known.corpId, encrypt: cipher, agentid: '' }),
      { 'content-type': 'application/json' },
    ],
    [
      'octet-stream',
      (cipher) => `<xml><Encrypt>${cipher}</Encrypt></xml>`,
      { 'content-type': 'application/octet-stream' },
    ],
    [
      'a form',
      (cipher) => `<xml><Encrypt>${cipher}</Encrypt></xml>`,
      { 'content-type': 'application/x-www-form-urlencoded' },
    ],
    ['no Content-Type', (cipher) => `<xml><Encrypt>${cipher}</Encrypt></xml>`, {}],
  ]
  test.each(shapes)('reads a verified callback in the shape of %s', async (_, toBody, headers) => {
    const callback = sealed(event())
    const body = toBody(cipherOf(callback))
    // A text as body would get a Content-Type from fetch.
    const answer = await fetch(
      `${town().address}${path}?${new URLSearchParams(callback.query).toString()}`,
      { method: 'POST', body: new TextEncoder().encode(body), headers },
    )
    expect(answer.status).toBe(200)
    expect(await inbox()).toBe(1)
  })

  test('reads events in JSON, and in capitals', async () => {
    const { people, settle } = town()
    const customer = await people.arrive()
    await settle()
    const about = {
      ToUserName: known.corpId,
      CreateTime: nowSeconds(),
      MsgType: 'EVENT',
      Event: 'CHANGE_EXTERNAL_CONTACT',
      ChangeType: 'ADD_EXTERNAL_CONTACT',
      UserID: 'zhangsan',
      ExternalUserID: customer.externalUserid,
    }
    expect((await deliver(path, sealed(JSON.stringify(about)))).status).toBe(200)
    await settle()
    expect(await town().db('wework_customer_events').pluck('event_type')).toEqual([
      'add_external_contact',
    ])
  })

  test("a + of the console's check that nobody encoded is still one", async () => {
    let asked = sealed('1616140317555161061')
    while (!cipherOf(asked).includes('+')) asked = sealed('1616140317555161061')
    const query = `${new URLSearchParams(asked.query).toString()}&echostr=${cipherOf(asked)}`
    const response = await fetch(`${town().address}${path}?${query}`)
    expect({ status: response.status, text: await response.text() }).toEqual({
      status: 200,
      text: '1616140317555161061',
    })
  })

  test.each([
    ['XML', event()],
    ['JSON', '{"Event":"x"}'],
    ['a list', '["x"]'],
    ['nothing', ''],
  ])('never reads out %s that was sent to us as a check', async (_, text) => {
    const { query, body } = sealed(text)
    const response = await fetch(
      `${town().address}${path}?${new URLSearchParams({ ...query, echostr: cipherOf({ body }) }).toString()}`,
    )
    expect(response.status).toBe(400)
    expect(JSON.parse(await response.text())).toMatchObject({
      error: { code: 'callback.malformed' },
    })
    expect(town().lines.some((line) => line.includes('a callback was refused'))).toBe(true)
  })

  test('says that the clock may be wrong when a well-signed callback is more than 300 s off, and only then', async () => {
    const said = () =>
      town().lines.filter((line) => line.includes('the clock of this server may be wrong'))
    const good = sealed(event(), { at: nowSeconds() - 301 })
    await deliver(path, { ...good, query: { ...good.query, msg_signature: '0'.repeat(40) } })
    await deliver(path, sealed(event(), { at: nowSeconds() - 290 }))
    expect(said()).toEqual([])
    for (const at of [nowSeconds() - 301, nowSeconds() + 310, nowSeconds() - 9_000])
      await deliver(path, sealed(event(), { at }))
    expect(said()).toHaveLength(1)
    expect(said()[0]).toMatch(/"level":"error".*"offSeconds":30[12]/)
  })

  test('answers 5xx while the row cannot be written, so that the platform sends it again', async () => {
    const { db } = town()
    const callback = sealed(event())
    await db.raw('alter table callback_inbox rename to callback_inbox_away')
    try {
      expect((await deliver(path, callback)).status).toBe(500)
    } finally {
      await db.raw('alter table callback_inbox_away rename to callback_inbox')
    }
    expect((await deliver(path, callback)).status).toBe(200)
    expect(await inbox()).toBe(1)
  })
})

describe('bad input gets a code and a Chinese message', () => {
  const chinese = expect.stringMatching(/[\u4e00-\u9fff]/)
  const refusal = (status: number, code: string) => ({
    status,
    body: {
      success: false,
      error: { code },
      message: chinese,
      requestId: expect.any(String),
      timestamp: expect.any(Number),
    },
  })

  test.each([
    ['nothing', undefined, 415, 'request.media_type'],
    ['broken JSON', '{"code":', 400, 'request.invalid'],
    ['a JSON text', '"code"', 400, 'request.invalid'],
    ['a JSON list', '[]', 400, 'request.invalid'],
    ['a missing field', {}, 400, 'request.invalid'],
    ['a number for a text', { code: 5 }, 400, 'request.invalid'],
    ['an empty code', { code: '' }, 400, 'request.invalid'],
    ['a code too long', { code: 'x'.repeat(129) }, 400, 'request.invalid'],
    ['a code WeChat does not know', { code: 'made-up' }, 400, 'session.code_invalid'],
    ['a body too large', { code: 'x'.repeat(300_000) }, 413, 'request.too_large'],
  ])('sign-in with %s', async (_, body, status, code) => {
    expect(await town().server.post('/api/wechat/openid', body)).toMatchObject(
      refusal(status, code),
    )
  })

  test('a login code gives the openid, no session key (R2.2, R2.18), and works once (R2.19)', async () => {
    const { people, control, server } = town()
    const { personId, openid } = await people.arrive()
    const { code } = (await control.post(`/_sandbox/people/${personId}/login-code`)).body as {
      code: string
    }
    const { status, body } = await server.post('/api/wechat/openid', { code })
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { success: true, message: '获取openid成功', data: { openid } },
    })
    expect(Object.keys(body.data).sort()).toEqual(['expiresAt', 'openid', 'sessionToken'])
    expect(await server.post('/api/wechat/openid', { code })).toMatchObject(
      refusal(400, 'session.code_used'),
    )
  })

  test('unknown routes are 404, wrong methods 405, for everybody', async () => {
    const { server } = town()
    expect(await server.get('/api/nothing')).toMatchObject(refusal(404, 'request.unknown_route'))
    expect(await server.send('DELETE', '/api/me')).toMatchObject(refusal(405, 'request.method'))
  })

  test.each([
    '/api/me',
    '/api/projects/my',
    '/api/projects',
    '/api/projects/0b7e9c1e-6a52-4a5f-9c5d-0d6a8f3b2c11',
    '/api/binding/status',
  ])('%s wants a session', async (path) => {
    const { server } = town()
    for (const [token, code] of [
      [undefined, 'session.missing'],
      ['short', 'session.invalid'],
      ['x'.repeat(43), 'session.invalid'],
    ] as const) {
      const answer = await server.get(path, token)
      expect(answer).toMatchObject(refusal(401, code))
      expect(answer.headers.get('www-authenticate')).toBe('Bearer')
    }
    expect(await server.get(path, ADMIN_KEY)).toMatchObject(refusal(403, 'key.forbidden'))
  })

  test('a session is no admin key', async () => {
    const { people, server } = town()
    const customer = await people.arrive()
    await customer.signIn()
    const load = (token?: string) =>
      server.put('/api/admin/projects/X', { title: 'x', customerPhone: customer.phone }, token)
    expect(await load(customer.token)).toMatchObject(refusal(403, 'session.forbidden'))
    expect(await load(`${ADMIN_KEY}x`)).toMatchObject(refusal(401, 'key.invalid'))
    expect(await load()).toMatchObject(refusal(401, 'key.missing'))
  })

  test('a ticket nobody issued', async () => {
    const { people } = town()
    const customer = await people.arrive()
    await customer.signIn()
    expect(await customer.openTicket('AAAAAAAAAAAAAAAAAAAAAA')).toMatchObject(
      refusal(404, 'binding.ticket_invalid'),
    )
  })

  test.each([
    [45011, 429, 'session.too_fast', '60'],
    [40226, 403, 'session.blocked', null],
  ])('whom WeChat turns away with %d is told so, and has no session', async (...refused) => {
    const [errcode, status, code, retryAfter] = refused
    const { control, people, server, db } = town()
    const { personId } = await people.arrive()
    const login = (await control.post(`/_sandbox/people/${personId}/login-code`)).body as object
    await control.post('/_sandbox/faults', {
      endpoints: [{ path: 'sns/jscode2session', errcode, times: 1 }],
    })
    const answer = await server.post('/api/wechat/openid', login)
    expect(answer).toMatchObject(refusal(status, code))
    expect(answer.headers.get('retry-after')).toBe(retryAfter)
    expect(await db('sessions')).toEqual([])
  })

  test('WeChat out of reach is 503 with Retry-After, and no session', async () => {
    const { control, people, server, db } = town()
    const { personId } = await people.arrive()
    const { code } = (await control.post(`/_sandbox/people/${personId}/login-code`)).body as {
      code: string
    }
    await control.post('/_sandbox/faults', {
      endpoints: [{ path: 'sns/jscode2session', errcode: -1, times: 5 }],
    })
    const answer = await server.post('/api/wechat/openid', { code })
    expect(answer).toMatchObject(refusal(503, 'platform.unavailable'))
    expect(answer.headers.get('retry-after')).toBe('5')
    expect(await db('sessions')).toEqual([])
  })
})

test('a POST that needs no body is accepted without body and content type', async () => {
  const { people, server } = town()
  const customer = await people.arrive()
  await customer.signIn()
  expect((await server.send('POST', '/api/binding/code', { token: customer.token })).status).toBe(
    200,
  )
})

test('answers carry safe headers and the request id that the log has', async () => {
  const { server, lines } = town()
  const answer = await server.send('GET', '/api/me', {
    headers: { 'x-request-id': 'from-the-page-1' },
  })
  expect(answer.headers.get('x-request-id')).toBe('from-the-page-1')
  expect(answer.body.requestId).toBe('from-the-page-1')
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
  expect(answer.headers.get('cache-control')).toBe('no-store')
  expect(lines.some((line) => line.includes('from-the-page-1'))).toBe(true)
})

test('healthz, readyz and the OpenAPI document answer everybody', async () => {
  const { server } = town()
  expect((await server.get('/healthz')).body).toEqual({ ok: true })
  expect((await server.get('/readyz')).body).toEqual({ ready: true })
  expect(Object.keys((await server.get('/openapi.json')).body.paths)).toContain(
    '/api/projects/{id}',
  )
})
