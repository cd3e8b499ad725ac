import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { decrypt, encrypt, getSignature } from '@wecom/crypto'

import { sandboxCredentials as known } from '../credentials.ts'
import { createSandbox, type Sandbox } from '../sandbox.ts'

type Seen = { method: string; query: URLSearchParams; body: string }
/** Stands where the server would stand; `answers` are used up but the last. */
let server: Server
let sandbox: Sandbox
const seen: Seen[] = []
let answers: ((request: Seen) => string | number)[] = []

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://x')
      const one = { method: request.method ?? '', query: url.searchParams, body: Buffer.concat(chunks).toString() }
      seen.push(one)
      const answer = (answers.length > 1 ? answers.shift() : answers[0])?.(one) ?? ''
      if (answer === -1) return void request.socket.destroy()
      response.statusCode = typeof answer === 'number' ? answer : 200
      response.end(typeof answer === 'number' ? '' : answer)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  sandbox = await createSandbox({ port: 0, callbackBase: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })
})
afterAll(async () => {
  await sandbox.stop()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})
beforeEach(async () => {
  await control('/reset')
  await control('/settings', { officialMode: 'safe', retryDelayMs: 5, callbackTimeoutMs: 200 })
  seen.length = 0
  answers = [() => '']
})

type Json = Record<string, unknown>
const call = async (method: string, path: string, body?: Json): Promise<{ status: number; body: Json }> => {
  const response = await fetch(sandbox.url + path, { method, ...(body && { body: JSON.stringify(body) }) })
  return { status: response.status, body: (await response.json()) as Json }
}
const control = async (path: string, body: Json = {}) => (await call('POST', `/_sandbox${path}`, body)).body
let phone = 13800131000
const person = async (more: Json = {}) => {
  const made = await control('/people', { name: '王小明', phone: String((phone += 1)), ...more })
  return { ...made, at: `/people/${String(made['personId'])}`, openid: String(made['officialOpenid']) }
}
const nodes = (xml: string): Record<string, string> =>
  Object.fromEntries([...xml.matchAll(/<(\w+)>(?:<!\[CDATA\[(.*?)\]\]>|([^<]*))<\/\1>/g)].map((match) => [match[1], match[2] ?? match[3] ?? '']))
const clearReply = (to: string, text: string, more = '') =>
  `<xml><ToUserName><![CDATA[${to}]]></ToUserName><FromUserName><![CDATA[${known.officialOriginalId}]]></FromUserName><CreateTime>1348831860</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[${text}]]></Content>${more}</xml>`
const sealReply = (clear: string, appId: string = known.officialAppId, token: string = known.officialToken) => {
  const sealed = encrypt(known.officialAesKey, clear, appId)
  return `<xml><Encrypt><![CDATA[${sealed}]]></Encrypt><MsgSignature><![CDATA[${getSignature(token, '1', 'n', sealed)}]]></MsgSignature><TimeStamp>1</TimeStamp><Nonce><![CDATA[n]]></Nonce></xml>`
}
const innerOf = ({ query, body }: Seen): Record<string, string> => {
  const { Encrypt = '' } = nodes(body)
  expect(query.get('msg_signature')).toBe(getSignature(known.officialToken, query.get('timestamp') ?? '', query.get('nonce') ?? '', Encrypt))
  const { message, id } = decrypt(known.officialAesKey, Encrypt)
  expect(id).toBe(known.officialAppId)
  return nodes(message)
}
const pushes = async () => (await call('GET', '/_sandbox/official/pushes')).body as unknown as { attempts: string[]; outcome: string }[]

describe('a push', () => {
  test('in safe mode shows the account and nothing else outside', async () => {
    const { at, openid } = await person()
    await control(`${at}/official/send`, { text: '你好 & <b>' })
    const [push] = seen
    expect(Object.keys(nodes(push!.body))).toEqual(['ToUserName', 'Encrypt'])
    expect(Object.fromEntries(push!.query)).toMatchObject({ openid, encrypt_type: 'aes', signature: expect.any(String) })
    expect(innerOf(push!)).toMatchObject({ ToUserName: known.officialOriginalId, FromUserName: openid, MsgType: 'text', Content: '你好 & <b>', MsgId: expect.stringMatching(/^\d{18,19}$/) })
  })

  test('in compatible mode has both, in plain mode the clear fields alone', async () => {
    const { at, openid } = await person()
    await control('/settings', { officialMode: 'compatible' })
    await control(`${at}/official/send`, { text: 'hi' })
    expect(nodes(seen[0]!.body)).toMatchObject({ Content: 'hi', FromUserName: openid })
    expect(innerOf(seen[0]!)).toMatchObject({ Content: 'hi' })
    await control('/settings', { officialMode: 'plain' })
    await control(`${at}/official/send`, { text: 'hi' })
    expect(nodes(seen[1]!.body)).toMatchObject({ Content: 'hi' })
    expect([...seen[1]!.query.keys()].sort()).toEqual(['nonce', 'openid', 'signature', 'timestamp'])
  })

  test('is repeated twice with the same MsgId in another envelope, then the follower sees the text of the platform', async () => {
    const { at } = await person()
    answers = [() => 500, () => -1, () => 'nonsense']
    expect(await control(`${at}/official/send`, { text: 'hi' })).toEqual({ reply: '该公众号暂时无法提供服务，请稍后再试' })
    expect(new Set(seen.map((one) => innerOf(one)['MsgId'])).size).toBe(1)
    expect(new Set(seen.map((one) => one.query.get('nonce'))).size).toBe(3)
    expect((await pushes())[0]).toMatchObject({ outcome: 'given up', attempts: ['status 500', expect.any(String), 'the reply is no <xml> document'] })
    expect((await call('GET', `/_sandbox${at}/official/messages`)).body).toMatchObject([{ from: 'customer', text: 'hi' }, { from: 'system' }])
  })

  test('subscribe and unsubscribe are events without MsgId, each once', async () => {
    const { at } = await person()
    expect(await control(`${at}/official/follow`)).toEqual({ reply: null })
    expect((await call('POST', `/_sandbox${at}/official/follow`)).status).toBe(409)
    expect(await control(`${at}/official/unfollow`)).toEqual({ reply: null })
    expect((await call('POST', `/_sandbox${at}/official/send`, { text: 'hi' })).status).toBe(409)
    expect(seen.map(innerOf)).toMatchObject([{ MsgType: 'event', Event: 'subscribe' }, { Event: 'unsubscribe' }])
    expect(innerOf(seen[0]!)).not.toHaveProperty('MsgId')
  })

  test('the URL check wants the bare echo', async () => {
    answers = [({ query }) => query.get('echostr') ?? '']
    expect(await control('/official/check-url')).toEqual({ ok: true })
    answers = [({ query }) => `"${query.get('echostr') ?? ''}"`]
    expect(await control('/official/check-url')).toEqual({ ok: false, why: 'the echo is not bare' })
  })
})

describe('a reply', () => {
  test.each([['success', ''], ['empty', 'success']])('%s is none', async (_, answer) => {
    answers = [() => answer]
    expect(await control(`${(await person()).at}/official/send`, { text: 'hi' })).toEqual({ reply: null })
    expect(seen).toHaveLength(1)
  })

  test('is seen by the follower when everything in it is right', async () => {
    const { at, openid } = await person()
    answers = [() => sealReply(clearReply(openid, '收到 <b>'))]
    expect(await control(`${at}/official/send`, { text: 'hi' })).toEqual({ reply: '收到 <b>' })
    await control('/settings', { officialMode: 'plain' })
    answers = [() => clearReply(openid, '收到')]
    expect(await control(`${at}/official/send`, { text: 'hi' })).toEqual({ reply: '收到' })
  })

  test.each<[string, (openid: string) => string, string]>([
    ['in the clear', (openid) => clearReply(openid, 'x'), 'the reply is not encrypted'],
    ['sealed for another app', (openid) => sealReply(clearReply(openid, 'x'), 'wxother'), 'the reply is sealed for another app'],
    ['signed with another token', (openid) => sealReply(clearReply(openid, 'x'), known.officialAppId, 'other'), 'MsgSignature does not fit'],
    ['to somebody else', () => sealReply(clearReply('oOther', 'x')), 'ToUserName is not the follower'],
    ['without content', (openid) => sealReply(clearReply(openid, '')), 'Content is empty or longer than 2048 bytes'],
    ['too long', (openid) => sealReply(clearReply(openid, '长'.repeat(683))), 'Content is empty or longer than 2048 bytes'],
    ['malformed', (openid) => sealReply(clearReply(openid, 'x', '<a>1</b>')), 'the reply is malformed'],
  ])('%s is refused', async (_, make, why) => {
    const { at, openid } = await person()
    answers = [() => make(openid)]
    await control(`${at}/official/send`, { text: 'hi' })
    expect((await pushes())[0]?.attempts).toEqual([why, why, why])
  })
})

describe('the API', () => {
  const token = async (app: 'official' | 'mini'): Promise<string> => {
    const [appid, secret] = app === 'official' ? [known.officialAppId, known.officialAppSecret] : [known.miniAppId, known.miniAppSecret]
    return String((await call('POST', '/weixin/cgi-bin/stable_token', { grant_type: 'client_credential', appid, secret })).body['access_token'])
  }
  const info = async (openid: string, app: 'official' | 'mini' = 'official') =>
    (await call('GET', `/weixin/cgi-bin/user/info?access_token=${await token(app)}&openid=${openid}&lang=zh_CN`)).body
  const send = async (openid: string) =>
    (await call('POST', `/weixin/cgi-bin/message/custom/send?access_token=${await token('official')}`, { touser: openid, msgtype: 'text', text: { content: 'hi' } })).body['errcode']

  test('user/info has a unionid for followers only, and only where it is visible', async () => {
    const one = await person()
    expect(await info(one.openid)).toEqual({ subscribe: 0, openid: one.openid, tagid_list: [] })
    await control(`${one.at}/official/follow`)
    expect(await info(one.openid)).toMatchObject({ subscribe: 1, unionid: (one as Json)['unionid'] })
    await control('/faults', { unionidUnavailable: 'weixin' })
    expect(await info(one.openid)).not.toHaveProperty('unionid')
    expect(await info(one.openid, 'mini')).toMatchObject({ errcode: 40003 })
    expect(await info('oInvented')).toMatchObject({ errcode: 40003 })
  })

  test('five messages within 48 hours of the follower\'s last one', async () => {
    const one = await person()
    expect(await send(one.openid)).toBe(45015)
    await control(`${one.at}/official/send`, { text: 'hi' })
    for (const expected of [0, 0, 0, 0, 0, 45047]) expect(await send(one.openid)).toBe(expected)
    await control(`${one.at}/official/send`, { text: 'hi' })
    await control('/clock', { advanceSeconds: 48 * 3600 })
    expect(await send(one.openid)).toBe(45015)
    await control('/clock', { advanceSeconds: -48 * 3600 })
    expect(await send(one.openid)).toBe(0)
    await control(`${one.at}/official/unfollow`)
    expect(await send(one.openid)).toBe(45015)
    expect(await send('oInvented')).toBe(40003)
  })

  test('three within a minute of an event', async () => {
    const one = await person()
    await control(`${one.at}/official/follow`)
    for (const expected of [0, 0, 0, 45047]) expect(await send(one.openid)).toBe(expected)
  })
})
