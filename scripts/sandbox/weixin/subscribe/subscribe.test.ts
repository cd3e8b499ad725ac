import { createHash } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { decrypt, getSignature } from '@wecom/crypto'

import { sandboxCredentials as known } from '../../base/credentials.ts'
import { createSandbox, type Sandbox } from '../../sandbox.ts'

type Json = Record<string, unknown>
type Seen = { path: string; query: URLSearchParams; type: string; body: string }
/** Stands where the server would stand; `answers` are used up but the last. */
let server: Server
let sandbox: Sandbox
const seen: Seen[] = []
let answers: [number, string][] = []

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://x')
      const type = request.headers['content-type'] ?? ''
      const body = Buffer.concat(chunks).toString()
      seen.push({ path: url.pathname, query: url.searchParams, type, body })
      const [status, answer] = (answers.length > 1 ? answers.shift() : answers[0]) ?? [200, '']
      response.statusCode = status
      response.end(answer)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const callbackBase = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  sandbox = await createSandbox({ port: 0, callbackBase })
})
afterAll(async () => {
  await sandbox.stop()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})
beforeEach(async () => {
  await sandbox.idle()
  await control('/reset')
  await control('/settings', {
    pushMode: 'safe',
    pushFormat: 'json',
    pushList: 'object',
    retryDelayMs: 5,
    bannedTemplates: [],
    publishedPages: null,
    silentChoicesArePushed: true,
  })
  seen.length = 0
  answers = [[200, 'success']]
})

const call = async (method: string, path: string, body?: Json) => {
  const init = body === undefined ? { method } : { method, body: JSON.stringify(body) }
  const response = await fetch(sandbox.url + path, init)
  const text = await response.text()
  return { status: response.status, text, body: JSON.parse(text) as Json }
}
const control = async (path: string, body: Json = {}) =>
  (await call('POST', `/_sandbox${path}`, body)).body
const look = async (path: string) => (await call('GET', `/_sandbox${path}`)).body

let phone = 13800132000
const person = async () => {
  const made = await control('/people', { name: '王小明', phone: String((phone += 1)) })
  return { at: `/people/${String(made['personId'])}`, openid: String(made['openid']) }
}
const token = async (account: 'mini' | 'official' = 'mini') => {
  const { body } = await call('POST', '/weixin/cgi-bin/stable_token', {
    grant_type: 'client_credential',
    appid: account === 'mini' ? known.miniAppId : known.officialAppId,
    secret: account === 'mini' ? known.miniAppSecret : known.officialAppSecret,
  })
  return String(body['access_token'])
}
const STAGE = {
  thing1: { value: '滨江花园 8 幢 1201 全屋定制' },
  thing2: { value: '安装' },
  time3: { value: '2026年11月27日 15:01' },
  thing4: { value: '师傅明天上午上门' },
}
const send = async (touser: string, more: Json = {}, account: 'mini' | 'official' = 'mini') => {
  const message = { touser, template_id: 'tpl-stage', data: STAGE, ...more }
  const at = `/weixin/cgi-bin/message/subscribe/send?access_token=${await token(account)}`
  return call('POST', at, message)
}
const accept = (at: string, templateId = 'tpl-stage') =>
  control(`${at}/subscribe`, { templateId, choice: 'accept' })

function opened({ query, body, type }: Seen): { text: string; outside: string[] } {
  const isJson = type === 'application/json'
  const fields = isJson ? (JSON.parse(body) as Record<string, string>) : nodes(body)
  const sealed = fields['Encrypt'] ?? ''
  const { message, id } = decrypt(known.pushAesKey, sealed)
  expect(id).toBe(known.miniAppId)
  expect(query.get('msg_signature')).toBe(
    getSignature(known.pushToken, query.get('timestamp') ?? '', query.get('nonce') ?? '', sealed),
  )
  return { text: message, outside: Object.keys(fields) }
}
const nodes = (xml: string): Record<string, string> =>
  Object.fromEntries(
    [...xml.matchAll(/<(\w+)>(?:<!\[CDATA\[(.*?)\]\]>|([^<]*))<\/\1>/g)].map((match) => [
      match[1],
      match[2] ?? match[3] ?? '',
    ]),
  )
const events = async (): Promise<Json[]> => {
  await sandbox.idle()
  return seen.map((one) => JSON.parse(opened(one).text) as Json)
}

describe('subscribe/send', () => {
  test('one accept is one message, which stands in the inbox with its page', async () => {
    const { at, openid } = await person()
    await accept(at)
    const page = 'pages/project-detail/project-detail?id=7'
    expect((await send(openid, { page })).body).toMatchObject({ errcode: 0, errmsg: 'ok' })
    expect(await look(`${at}/inbox`)).toEqual([
      expect.objectContaining({ kind: 'subscribe', templateId: 'tpl-stage', data: STAGE, page }),
    ])
    expect((await send(openid)).body).toMatchObject({
      errcode: 43101,
      errmsg: expect.stringMatching(/^user refuse to accept the msg rid: /),
    })
    expect(await look(`${at}/inbox`)).toHaveLength(1)
  })

  test('accepts add up, per template', async () => {
    const { at, openid } = await person()
    for (const templateId of ['tpl-stage', 'tpl-stage', 'tpl-booking']) await accept(at, templateId)
    const codes = []
    for (let time = 0; time < 3; time += 1) codes.push((await send(openid)).body['errcode'])
    expect(codes).toEqual([0, 0, 43101])
    expect(await look(`${at}/subscribe`)).toMatchObject({
      consents: { 'tpl-booking': { left: 1 }, 'tpl-stage': { left: 0 } },
    })
  })

  test('msgid is a bare number that no double holds', async () => {
    const { at, openid } = await person()
    await accept(at)
    const digits = /"msgid":(\d+)/.exec((await send(openid)).text)?.[1] ?? ''
    expect(Number(digits)).toBeGreaterThan(2 ** 53)
    expect(await events()).toContainEqual(
      expect.objectContaining({
        Event: 'subscribe_msg_sent_event',
        List: {
          TemplateId: 'tpl-stage',
          MsgID: digits,
          ErrorCode: '0',
          ErrorStatus: 'success',
        },
      }),
    )
  })

  test('nobody, and anybody by the token of another account, is 40003', async () => {
    const { at, openid } = await person()
    await accept(at)
    expect((await send('oInvented')).body).toMatchObject({ errcode: 40003 })
    expect((await send(openid, {}, 'official')).body).toMatchObject({ errcode: 40003 })
    expect((await send(openid)).body).toMatchObject({ errcode: 0 })
  })

  test.each([
    [{ template_id: 'tpl-unknown' }, 40037, 'invalid template_id'],
    [{ page: 'pages/nowhere/nowhere' }, 41030, 'invalid page'],
    [{ page: '/pages/home/home' }, 41030, 'invalid page'],
    [{ page: 'pages/home/home.html' }, 41030, 'invalid page'],
    [{ data: undefined }, 47003, 'argument invalid! data invalid'],
    [{ data: { ...STAGE, thing2: undefined } }, 47003, 'argument invalid! data.thing2.value'],
    [{ data: { ...STAGE, thing2: { value: '' } } }, 47003, 'argument invalid! data.thing2.value'],
    [{ data: { ...STAGE, thing2: { value: 7 } } }, 47003, 'argument invalid! data.thing2.value'],
    [{ data: { ...STAGE, thing9: { value: 'x' } } }, 47003, 'argument invalid! data.thing9'],
    [{ data: { ...STAGE, time3: { value: '明天' } } }, 47003, 'argument invalid! data.time3.value'],
    [{ miniprogram_state: 'release' }, 47003, 'argument invalid! miniprogram_state'],
    [{ lang: 'de_DE' }, 47003, 'argument invalid! lang'],
    [{ to: 'x' }, 47003, 'argument invalid! to'],
  ])('%j is %i and costs no consent', async (more, errcode, words) => {
    const { at, openid } = await person()
    await accept(at)
    const { body } = await send(openid, more)
    expect(body).toMatchObject({ errcode, errmsg: expect.stringContaining(words) })
    expect((await send(openid)).body).toMatchObject({ errcode: 0 })
  })

  test('a page counts as published by the list of the version, whatever its query', async () => {
    const { at, openid } = await person()
    await control('/settings', { publishedPages: ['a/b'] })
    await accept(at)
    expect((await send(openid, { page: 'pages/home/home' })).body).toMatchObject({ errcode: 41030 })
    expect((await send(openid, { page: 'a/b?x=/pages/home/home' })).body['errcode']).toBe(0)
  })

  test.each([43102, 43103, 43104, 45009])('%i by fault costs no consent', async (errcode) => {
    const { at, openid } = await person()
    await accept(at)
    await control('/faults', { endpoints: [{ path: 'message/subscribe/send', errcode }] })
    expect((await send(openid)).body).toMatchObject({ errcode })
    expect((await send(openid)).body).toMatchObject({ errcode: 0 })
  })

  test('a template out of use sends nothing', async () => {
    const { at, openid } = await person()
    await accept(at)
    await control('/settings', { bannedTemplates: ['tpl-stage'] })
    expect((await send(openid)).body).toMatchObject({ errcode: 43107 })
  })
})

describe('a value', () => {
  test.each([
    ['thing', '一二三四五六七八九十一二三四五六七八九😀', true],
    ['thing', '一二三四五六七八九十一二三四五六七八九十a', false],
    ['number', '12.50', true],
    ['number', '12,50', false],
    ['number', '1'.repeat(33), false],
    ['letter', 'abcDEF', true],
    ['letter', 'abc1', false],
    ['symbol', '#!?', true],
    ['symbol', '######', false],
    ['character_string', 'JD-2026/001', true],
    ['character_string', '订单1', false],
    ['time', '15:01', true],
    ['time', '9:00~18:00', true],
    ['time', '2026年2月30日', false],
    ['time', '24:00', false],
    ['date', '2026-11-27 08:30', true],
    ['date', '15:01', false],
    ['amount', '¥128000.50', true],
    ['amount', '12345678901', false],
    ['phone_number', '+86-0571-87654321', true],
    ['phone_number', '电话', false],
    ['car_number', '浙A88888', true],
    ['car_number', '浙A88888888', false],
    ['name', '王小明', true],
    ['name', '王小明Wang', false],
    ['phrase', '已完工', true],
    ['phrase', '已经完工啦啊', false],
    ['constructor', 'x', false],
  ])('of %s may be %s: %s', async (type, value, fits) => {
    const { at, openid } = await person()
    const key = `${type}1`
    const fields = [{ key, label: '内容' }]
    await control('/templates', { templateId: `t-${key}`, title: key, fields })
    await accept(at, `t-${key}`)
    const { body } = await send(openid, { template_id: `t-${key}`, data: { [key]: { value } } })
    expect(body['errcode']).toBe(fits ? 0 : 47003)
  })
})

describe('gettemplate', () => {
  test('names the templates with their keys', async () => {
    const at = `/weixin/wxaapi/newtmpl/gettemplate?access_token=${await token()}`
    const { body } = await call('GET', at)
    expect(body['errcode']).toBe(0)
    expect(body['data']).toContainEqual({
      priTmplId: 'tpl-stage',
      title: '项目进度提醒',
      content:
        '项目:{{thing1.DATA}}\n阶段:{{thing2.DATA}}\n时间:{{time3.DATA}}\n备注:{{thing4.DATA}}\n',
      example: expect.stringContaining('项目:'),
      type: 2,
    })
  })
})

describe('a push', () => {
  const both = { 'tpl-stage': 'accept', 'tpl-booking': 'reject' }

  test('of one dialog tells each template, signed and sealed for the mini-program', async () => {
    const { at, openid } = await person()
    await control(`${at}/subscribe`, { choices: both })
    const [event] = await events()
    expect(seen[0]?.path).toBe('/api/wechat/miniprogram')
    expect(opened(seen[0]!).outside).toEqual(['ToUserName', 'Encrypt'])
    expect(seen[0]?.query.get('openid')).toBe(openid)
    expect(event).toMatchObject({
      ToUserName: known.miniOriginalId,
      FromUserName: openid,
      MsgType: 'event',
      Event: 'subscribe_msg_popup_event',
      List: [
        {
          TemplateId: 'tpl-stage',
          SubscribeStatusString: 'accept',
          PopupScene: expect.stringMatching(/^[012]$/),
        },
        { TemplateId: 'tpl-booking', SubscribeStatusString: 'reject' },
      ],
    })
  })

  test('in XML repeats the List node', async () => {
    const { at, openid } = await person()
    await control('/settings', { pushFormat: 'xml' })
    await control(`${at}/subscribe`, { choices: both })
    await sandbox.idle()
    const { text } = opened(seen[0]!)
    expect(seen[0]?.type).toBe('text/xml')
    expect(nodes(text)).toMatchObject({ FromUserName: openid, Event: 'subscribe_msg_popup_event' })
    expect(text).toMatch(
      /<SubscribeMsgPopupEvent>(<List><TemplateId><!\[CDATA\[[\w-]+\]\]><\/TemplateId><SubscribeStatusString><!\[CDATA\[\w+\]\]><\/SubscribeStatusString><PopupScene>\d<\/PopupScene><\/List>){2}<\/SubscribeMsgPopupEvent><\/xml>$/,
    )
  })

  test.each(['xml', 'json'])('in plain mode shows its %s and is signed', async (pushFormat) => {
    const { at, openid } = await person()
    await control('/settings', { pushMode: 'plain', pushFormat })
    await accept(at)
    await sandbox.idle()
    const { body, query } = seen[0]!
    expect(body).toContain(openid)
    expect(body).not.toContain('Encrypt')
    const parts = [known.pushToken, query.get('timestamp') ?? '', query.get('nonce') ?? '']
    const signature = createHash('sha1').update(parts.sort().join('')).digest('hex')
    expect(query.get('signature')).toBe(signature)
  })

  test.each(['xml', 'json'])('in compatible mode has both in %s', async (pushFormat) => {
    const { at, openid } = await person()
    await control('/settings', { pushMode: 'compatible', pushFormat })
    await accept(at)
    await sandbox.idle()
    expect(seen[0]?.body).toContain(openid)
    expect(opened(seen[0]!).text).toContain(openid)
  })

  test('has one template bare or in an array, drawn by the seed', async () => {
    const { at } = await person()
    await control('/settings', { pushList: 'random' })
    const shapes = async (seed: number) => {
      await control('/faults', { seed })
      seen.length = 0
      for (let time = 0; time < 8; time += 1) {
        await accept(at)
        await sandbox.idle()
      }
      return (await events()).map((event) => Array.isArray(event['List']))
    }
    const first = await shapes(7)
    expect(new Set(first).size).toBe(2)
    expect(await shapes(7)).toEqual(first)
    await control('/settings', { pushList: 'array' })
    expect(new Set(await shapes(7))).toEqual(new Set([true]))
  })

  test('comes again until the answer is success or empty', async () => {
    const { at } = await person()
    answers = [
      [500, ''],
      [200, '{"ok":true}'],
      [200, 'success'],
    ]
    await accept(at)
    const all = await events()
    expect(all).toHaveLength(3)
    expect(new Set(all.map((event) => JSON.stringify(event))).size).toBe(1)
    expect(new Set(seen.map(({ query }) => query.get('nonce'))).size).toBe(3)
  })

  test('may be lost or doubled by the faults of callbacks, or not be configured', async () => {
    const { at } = await person()
    const count = async () => {
      seen.length = 0
      await accept(at)
      return (await events()).length
    }
    await control('/faults', { callbacks: { duplicate: true } })
    expect(await count()).toBe(2)
    await control('/faults', { callbacks: { drop: true } })
    expect(await count()).toBe(0)
    await control('/faults', { clear: true })
    await control('/settings', { pushMode: 'off' })
    expect(await count()).toBe(0)
  })
})

describe('the dialog', () => {
  const ask = (at: string, templateIds: string[]) => control(`${at}/subscribe/ask`, { templateIds })
  const openOf = (asked: Json) =>
    (asked['open'] as { templateId: string }[]).map(({ templateId }) => templateId)

  test.each([
    [[], 10001],
    [['a', 'b', 'c', 'd'], 20003],
    [['tpl-stage', 'tpl-unknown'], 20001],
  ])('is refused for %j by %i', async (templateIds, errCode) => {
    const { at } = await person()
    expect(await ask(at, templateIds)).toEqual({
      error: { errCode, errMsg: expect.stringMatching(/^requestSubscribeMessage:fail /) },
    })
  })

  test('shows neither a banned template nor a second one of the same title', async () => {
    const { at } = await person()
    await control('/settings', { bannedTemplates: ['tpl-booking'] })
    const fields = [{ key: 'thing1', label: '项目' }]
    await control('/templates', { templateId: 'tpl-twin', title: '项目进度提醒', fields })
    const asked = await ask(at, ['tpl-stage', 'tpl-booking', 'tpl-twin'])
    expect(openOf(asked)).toEqual(['tpl-stage'])
    expect(asked['decided']).toEqual({ 'tpl-booking': 'ban', 'tpl-twin': 'filter' })
    const choices = { 'tpl-stage': 'accept', 'tpl-booking': 'accept', 'tpl-twin': 'accept' }
    expect(await control(`${at}/subscribe`, { choices })).toEqual({
      results: { 'tpl-stage': 'accept', 'tpl-booking': 'ban', 'tpl-twin': 'filter' },
    })
    expect((await events()).map((event) => event['List'])).toMatchObject([
      { TemplateId: 'tpl-stage' },
    ])
  })

  test('does not come up again once a yes is kept, and each time counts', async () => {
    const { at, openid } = await person()
    const choices = { 'tpl-stage': 'accept' }
    await control(`${at}/subscribe`, { choices, keep: true })
    expect(await ask(at, ['tpl-stage'])).toEqual({ decided: choices, open: [] })
    await control(`${at}/subscribe`, { choices })
    expect(await events()).toHaveLength(2)
    await control('/settings', { silentChoicesArePushed: false })
    await control(`${at}/subscribe`, { choices })
    expect(await events()).toHaveLength(2)
    const codes = []
    for (let time = 0; time < 4; time += 1) codes.push((await send(openid)).body['errcode'])
    expect(codes).toEqual([0, 0, 0, 43101])
  })

  test('a no that is kept ends what was agreed to before, a plain no does not', async () => {
    const { at, openid } = await person()
    await accept(at)
    await control(`${at}/subscribe`, { templateId: 'tpl-stage', choice: 'reject' })
    expect((await send(openid)).body['errcode']).toBe(0)
    await accept(at)
    await control(`${at}/subscribe`, { choices: { 'tpl-stage': 'reject' }, keep: true })
    expect((await send(openid)).body['errcode']).toBe(43101)
  })

  test('the main switch refuses the dialog and every message', async () => {
    const { at, openid } = await person()
    await accept(at)
    await control(`${at}/subscribe/settings`, { mainSwitch: false })
    expect(await ask(at, ['tpl-stage'])).toMatchObject({ error: { errCode: 20004 } })
    expect((await send(openid)).body['errcode']).toBe(43101)
    await control(`${at}/subscribe/settings`, { mainSwitch: true })
    expect((await send(openid)).body['errcode']).toBe(0)
  })

  test('the settings tell of a no at once and end the consents', async () => {
    const { at, openid } = await person()
    await accept(at)
    await sandbox.idle()
    await control(`${at}/subscribe/settings`, { templateId: 'tpl-stage', choice: 'reject' })
    expect((await events()).at(-1)).toMatchObject({
      Event: 'subscribe_msg_change_event',
      FromUserName: openid,
      List: { TemplateId: 'tpl-stage', SubscribeStatusString: 'reject' },
    })
    expect((await send(openid)).body['errcode']).toBe(43101)
    await control(`${at}/subscribe/settings`, { templateId: 'tpl-stage', choice: 'ask' })
    expect(openOf(await ask(at, ['tpl-stage']))).toEqual(['tpl-stage'])
  })
})
