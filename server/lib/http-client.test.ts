import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from '@jest/globals'
import {
  createHttpClient,
  isRepeatable,
  OutsideError,
  withTries,
  type HttpClient,
} from './http-client.ts'

const SECRETS = { access_token: 'TOKEN-TOKEN', corpsecret: 'SECRET-SECRET', js_code: 'CODE-CODE' }
const open: { server: Server; client: HttpClient }[] = []

afterEach(async () => {
  for (const { server, client } of open.splice(0)) {
    await client.close()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
})

/** A client whose upstream is this listener, behind a path prefix as the sandbox has one. */
async function clientOf(
  listener: RequestListener,
  options: { timeoutMs?: number; maxBodyBytes?: number } = {},
): Promise<HttpClient> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const client = createHttpClient({
    baseUrl: `http://127.0.0.1:${String(port)}/wecom/`,
    timeoutMs: 1_000,
    ...options,
  })
  open.push({ server, client })
  return client
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

async function failure(call: Promise<unknown>): Promise<OutsideError> {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof OutsideError))
    throw new Error(`expected an OutsideError, got ${String(error)}`)
  expect(`${error.message} ${error.stack ?? ''} ${JSON.stringify(error)}`).not.toMatch(
    /TOKEN-TOKEN|SECRET-SECRET|CODE-CODE/,
  )
  return error
}

describe('what is sent', () => {
  test('GET: the path behind the prefix, the query encoded', async () => {
    const client = await clientOf((request, response) =>
      response.end(JSON.stringify({ method: request.method, url: request.url })),
    )
    expect(await client.getJson('/cgi-bin/x', { access_token: 'a+b/c=', name: '张三 &' })).toEqual({
      method: 'GET',
      url: '/wecom/cgi-bin/x?access_token=a%2Bb%2Fc%3D&name=%E5%BC%A0%E4%B8%89+%26',
    })
  })

  test('POST: JSON in UTF-8', async () => {
    const client = await clientOf((request, response) => {
      void bodyOf(request).then((body) =>
        response.end(
          JSON.stringify({ type: request.headers['content-type'], body: body.toString() }),
        ),
      )
    })
    expect(await client.postJson('/x', {}, { text: '你好' })).toEqual({
      type: 'application/json',
      body: '{"text":"你好"}',
    })
  })

  test('what Postgres cannot keep is replaced in every text, however deep', async () => {
    const client = await clientOf((_, response) =>
      response.end('{"a\\u0000":["\\ud800b",{"c":"\\u0000","d":1,"e":null,"f":"\\ud83d\\ude00"}]}'),
    )
    expect(await client.getJson('/x', {})).toEqual({
      'a\uFFFD': ['\uFFFDb', { c: '\uFFFD', d: 1, e: null, f: '😀' }],
    })
  })

  test('multipart: one part, the length known before, no chunks', async () => {
    const client = await clientOf((request, response) => {
      void bodyOf(request).then((body) =>
        response.end(JSON.stringify({ headers: request.headers, body: body.toString('base64') })),
      )
    })
    const bytes = Buffer.from([0x89, 0x50, 0x0d, 0x0a, 0xff, 0x00])
    const seen = await client.postMultipart(
      '/x',
      {},
      { field: 'media', filename: 'a"b\r\n.png', contentType: 'image/png', bytes },
    )
    const headers = seen['headers'] as Record<string, string>
    const sent = Buffer.from(String(seen['body']), 'base64').toString('latin1')
    const [head, rest] = sent.split('\r\n\r\n')
    expect(head).toMatch(
      /^--\S+\r\nContent-Disposition: form-data; name="media"; filename="a%22b%0D%0A.png"\r\nContent-Type: image\/png$/,
    )
    expect(rest?.startsWith(`${bytes.toString('latin1')}\r\n--`)).toBe(true)
    expect(headers['content-length']).toBe(String(sent.length))
    expect(headers['transfer-encoding']).toBeUndefined()
  })
})

describe('failures', () => {
  test('nobody listens: not sent', async () => {
    const client = createHttpClient({ baseUrl: 'http://127.0.0.1:1', timeoutMs: 1_000 })
    expect(await failure(client.getJson('/x', SECRETS))).toMatchObject({
      kind: 'network',
      sent: false,
      endpoint: 'GET /x',
    })
    await client.close()
  })

  test('no such host: not sent', async () => {
    const client = createHttpClient({ baseUrl: 'http://nobody.invalid', timeoutMs: 5_000 })
    expect(await failure(client.getJson('/x', SECRETS))).toMatchObject({
      kind: 'network',
      sent: false,
    })
    await client.close()
  })

  test('the line is cut: outcome unknown', async () => {
    const client = await clientOf((request) => request.socket.destroy())
    expect(await failure(client.postJson('/x', SECRETS, {}))).toMatchObject({
      kind: 'network',
      sent: true,
      endpoint: 'POST /x',
    })
  })

  test('no answer in time: outcome unknown', async () => {
    const client = await clientOf(() => undefined, { timeoutMs: 80 })
    expect(await failure(client.postJson('/x', SECRETS, {}))).toMatchObject({
      kind: 'timeout',
      sent: true,
    })
  })

  test('an answer that drips is cut at the same time', async () => {
    const client = await clientOf(
      (_, response) => {
        response.write('{"a":')
      },
      { timeoutMs: 80 },
    )
    expect(await failure(client.getJson('/x', SECRETS))).toMatchObject({
      kind: 'timeout',
      sent: true,
    })
  })

  test.each([
    ['HTML', 200, '<html></html>'],
    ['nothing', 200, ''],
    ['a list', 200, '[]'],
    ['null', 200, 'null'],
    ['half', 200, '{"a":'],
    ['a server error', 502, '{}'],
    ['a redirect', 302, '{}'],
  ])('%s is a bad response', async (_, status, body) => {
    const client = await clientOf((_request, response) =>
      response.writeHead(status, { location: '/elsewhere' }).end(body),
    )
    expect(await failure(client.getJson('/x', SECRETS))).toMatchObject({
      kind: 'bad_response',
      sent: true,
      status,
    })
  })

  test('an answer over the cap is a bad response, announced or not', async () => {
    const long = JSON.stringify({ a: 'x'.repeat(5_000) })
    const announced = await clientOf((_, response) => response.end(long), { maxBodyBytes: 1_000 })
    expect(await failure(announced.getJson('/x', SECRETS))).toMatchObject({
      kind: 'bad_response',
      sent: true,
    })
    const dripping = await clientOf(
      (_, response) => {
        response.write(long.slice(0, 900))
        setTimeout(() => response.end(long.slice(900)), 20)
      },
      { maxBodyBytes: 1_000 },
    )
    expect(await failure(dripping.getJson('/x', SECRETS))).toMatchObject({
      kind: 'bad_response',
      sent: true,
    })
  })

  test('a bare number of 64 bits keeps its digits', async () => {
    const client = await clientOf((_, response) =>
      response.end('{"errcode":0,"msgid":3123456789012345679,"said":"[1234567890123456789]"}'),
    )
    expect(await client.getJson('/x', {})).toEqual({
      errcode: 0,
      msgid: '3123456789012345679',
      said: '[1234567890123456789]',
    })
  })

  test('a raw control character in a nickname does not make the page unreadable', async () => {
    const client = await clientOf((_, response) =>
      response.end('{"nickname":"a\u0001b\nc",\n "n": 1}'),
    )
    expect(await client.getJson('/x', {})).toEqual({ nickname: 'a b c', n: 1 })
  })
})

describe('tries', () => {
  const lost = new OutsideError('network', {
    endpoint: 'POST /x',
    sent: true,
    reason: 'ECONNRESET',
  })
  const unsent = new OutsideError('network', {
    endpoint: 'POST /x',
    sent: false,
    reason: 'ECONNREFUSED',
  })
  const answer = (status: number) =>
    new OutsideError('bad_response', { endpoint: 'POST /x', sent: true, reason: 'status', status })

  test.each([
    ['nothing sent', unsent, true, true],
    ['nothing sent', unsent, false, true],
    ['lost', lost, true, true],
    ['lost', lost, false, false],
    ['502', answer(502), true, true],
    ['502', answer(502), false, false],
    ['404', answer(404), true, false],
    ['a mistake of ours', new TypeError(), true, false],
  ] as const)('%s, harmless or not: repeatable or not', (_, error, harmless, repeatable) => {
    expect(isRepeatable(error, harmless)).toBe(repeatable)
  })

  test('three tries at most, with two growing pauses', async () => {
    const pauses: number[] = []
    let tries = 0
    const action = () => {
      tries += 1
      return Promise.reject(lost)
    }
    await expect(
      withTries(action, { mayRepeat: () => true, wait: (ms) => Promise.resolve(pauses.push(ms)) }),
    ).rejects.toBe(lost)
    expect({ tries, pauses }).toEqual({ tries: 3, pauses: [200, 800] })
  })
})
