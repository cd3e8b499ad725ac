import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { decrypt, encrypt, getSignature } from '@wecom/crypto'

import { sandboxCredentials as known } from '../base/credentials.ts'
import { createSandbox, type Sandbox } from '../sandbox.ts'
import { jpegBytes, pngBytes, postFile } from '../testing/upload.ts'

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
      const one = {
        method: request.method ?? '',
        query: url.searchParams,
        body: Buffer.concat(chunks).toString(),
      }
      seen.push(one)
      const answer = (answers.length > 1 ? answers.shift() : answers[0])?.(one) ?? ''
      if (answer === -1) return void request.socket.destroy()
      response.statusCode = typeof answer === 'number' ? answer : 200
      response.end(typeof answer === 'number' ? '' : answer)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  sandbox = await createSandbox({
    port: 0,
    callbackBase: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  })
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
const call = async (
  method: string,
  path: string,
  body?: Json,
): Promise<{ status: number; body: Json }> => {
  const response = await fetch(sandbox.url + path, {
    method,
    ...(body && { body: JSON.stringify(body) }),
  })
  return { status: response.status, body: (await response.json()) as Json }
}
const control = async (path: string, body: Json = {}) =>
  (await call('POST', `/_sandbox${path}`, body)).body
let phone = 13800131000
const person = async (more: Json = {}) => {
  const made = await control('/people', { name: '王小明', phone: String((phone += 1)), ...more })
  return {
    ...made,
    at: `/people/${String(made['personId'])}`,
    openid: String(made['officialOpenid']),
  }
}
const nodes = (xml: string): Record<string, string> =>
  Object.fromEntries(
    [...xml.matchAll(/<(\w+)>(?:<!\[CDATA\[(.*?)\]\]>|([^<]*))<\/\1>/g)].map((match) => [
      match[1],
      match[2] ?? match[3] ?? '',
    ]),
  )
const clearReply = (to: string, text: string, more = '') =>
  `<xml><ToUserName><![CDATA[${to}]]></ToUserName><FromUserName><![CDATA[${known.officialOriginalId}]]></FromUserName><CreateTime>1348831860</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[${text}]]></Content>${more}</xml>`
const sealReply = (
  clear: string,
  appId: string = known.officialAppId,
  token: string = known.officialToken,
) => {
  const sealed = encrypt(known.officialAesKey, clear, appId)
  return `<xml><Encrypt><![CDATA[${sealed}]]></Encrypt><MsgSignature><![CDATA[${getSignature(token, '1', 'n', sealed)}]]></MsgSignature><TimeStamp>1</TimeStamp><Nonce><![CDATA[n]]></Nonce></xml>`
}
const innerOf = ({ query, body }: Seen): Record<string, string> => {
  const { Encrypt = '' } = nodes(body)
  expect(query.get('msg_signature')).toBe(
    getSignature(
      known.officialToken,
      query.get('timestamp') ?? '',
      query.get('nonce') ?? '',
      Encrypt,
    ),
  )
  const { message, id } = decrypt(known.officialAesKey, Encrypt)
  expect(id).toBe(known.officialAppId)
  return nodes(message)
}
const pushes = async () =>
  (await call('GET', '/_sandbox/official/pushes')).body as unknown as {
    attempts: string[]
    outcome: string
  }[]

describe('a push', () => {
  test('in safe mode shows the account and nothing else outside', async () => {
    const { at, openid } = await person()
    await control(`${at}/official/send`, { text: '你好 & <b>' })
    const [push] = seen
    expect(Object.keys(nodes(push!.body))).toEqual(['ToUserName', 'Encrypt'])
    expect(Object.fromEntries(push!.query)).toMatchObject({
      openid,
      encrypt_type: 'aes',
      signature: expect.any(String),
    })
    expect(innerOf(push!)).toMatchObject({
      ToUserName: known.officialOriginalId,
      FromUserName: openid,
      MsgType: 'text',
      Content: '你好 & <b>',
      MsgId: expect.stringMatching(/^\d{18,19}$/),
    })
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
    expect(await control(`${at}/official/send`, { text: 'hi' })).toEqual({
      reply: '该公众号暂时无法提供服务，请稍后再试',
    })
    expect(new Set(seen.map((one) => innerOf(one)['MsgId'])).size).toBe(1)
    expect(new Set(seen.map((one) => one.query.get('nonce'))).size).toBe(3)
    expect((await pushes())[0]).toMatchObject({
      outcome: 'given up',
      attempts: ['status 500', expect.any(String), 'the reply is no <xml> document'],
    })
    expect((await call('GET', `/_sandbox${at}/official/messages`)).body).toMatchObject([
      { from: 'customer', text: 'hi' },
      { from: 'system' },
    ])
  })

  test('subscribe and unsubscribe are events without MsgId, each once', async () => {
    const { at } = await person()
    expect(await control(`${at}/official/follow`)).toEqual({ reply: null })
    expect((await call('POST', `/_sandbox${at}/official/follow`)).status).toBe(409)
    expect(await control(`${at}/official/unfollow`)).toEqual({ reply: null })
    expect((await call('POST', `/_sandbox${at}/official/send`, { text: 'hi' })).status).toBe(409)
    expect(seen.map(innerOf)).toMatchObject([
      { MsgType: 'event', Event: 'subscribe' },
      { Event: 'unsubscribe' },
    ])
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
  test.each([
    ['success', ''],
    ['empty', 'success'],
  ])('%s is none', async (_, answer) => {
    answers = [() => answer]
    expect(await control(`${(await person()).at}/official/send`, { text: 'hi' })).toEqual({
      reply: null,
    })
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
    [
      'sealed for another app',
      (openid) => sealReply(clearReply(openid, 'x'), 'wxother'),
      'the reply is sealed for another app',
    ],
    [
      'signed with another token',
      (openid) => sealReply(clearReply(openid, 'x'), known.officialAppId, 'other'),
      'MsgSignature does not fit',
    ],
    [
      'to somebody else',
      () => sealReply(clearReply('oOther', 'x')),
      'ToUserName is not the follower',
    ],
    [
      'without content',
      (openid) => sealReply(clearReply(openid, '')),
      'Content is empty or longer than 2048 bytes',
    ],
    [
      'too long',
      (openid) => sealReply(clearReply(openid, '长'.repeat(683))),
      'Content is empty or longer than 2048 bytes',
    ],
    [
      'malformed',
      (openid) => sealReply(clearReply(openid, 'x', '<a>1</b>')),
      'the reply is malformed',
    ],
  ])('%s is refused', async (_, make, why) => {
    const { at, openid } = await person()
    answers = [() => make(openid)]
    await control(`${at}/official/send`, { text: 'hi' })
    expect((await pushes())[0]?.attempts).toEqual([why, why, why])
  })
})

const token = async (app: 'official' | 'mini'): Promise<string> => {
  const [appid, secret] =
    app === 'official'
      ? [known.officialAppId, known.officialAppSecret]
      : [known.miniAppId, known.miniAppSecret]
  return String(
    (
      await call('POST', '/weixin/cgi-bin/stable_token', {
        grant_type: 'client_credential',
        appid,
        secret,
      })
    ).body['access_token'],
  )
}

describe('the API', () => {
  const info = async (openid: string, app: 'official' | 'mini' = 'official') =>
    (
      await call(
        'GET',
        `/weixin/cgi-bin/user/info?access_token=${await token(app)}&openid=${openid}&lang=zh_CN`,
      )
    ).body
  const send = async (openid: string) =>
    (
      await call(
        'POST',
        `/weixin/cgi-bin/message/custom/send?access_token=${await token('official')}`,
        { touser: openid, msgtype: 'text', text: { content: 'hi' } },
      )
    ).body['errcode']

  test('user/info has a unionid for followers only, and only where it is visible', async () => {
    const one = await person()
    expect(await info(one.openid)).toEqual({ subscribe: 0, openid: one.openid, tagid_list: [] })
    await control(`${one.at}/official/follow`)
    expect(await info(one.openid)).toMatchObject({
      subscribe: 1,
      unionid: (one as Json)['unionid'],
    })
    await control('/faults', { unionidUnavailable: 'weixin' })
    expect(await info(one.openid)).not.toHaveProperty('unionid')
    expect(await info(one.openid, 'mini')).toMatchObject({ errcode: 40003 })
    expect(await info('oInvented')).toMatchObject({ errcode: 40003 })
  })

  test("five messages within 48 hours of the follower's last one", async () => {
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

describe('temporary media', () => {
  const upload = async (
    type: string,
    bytes: Buffer,
    { field = 'media', app = 'official' as 'official' | 'mini' } = {},
  ) =>
    postFile(
      `${sandbox.url}/weixin/cgi-bin/media/upload?access_token=${await token(app)}&type=${type}`,
      bytes,
      field,
    )
  const asThumb = Buffer.concat([jpegBytes, Buffer.alloc(64 * 1024 - jpegBytes.length)])

  test('a picture gets a media_id, a thumb a thumb_media_id; the time is a number and there is no errcode', async () => {
    expect(await upload('image', pngBytes)).toEqual({
      type: 'image',
      media_id: expect.stringMatching(/^\w{64}$/),
      created_at: expect.any(Number),
    })
    expect(await upload('thumb', asThumb)).toEqual({
      type: 'thumb',
      thumb_media_id: expect.any(String),
      created_at: expect.any(Number),
    })
  })

  test.each<[string, string, Buffer, string, number]>([
    ['a type of WeCom', 'file', pngBytes, 'media', 40004],
    ['no type', '', pngBytes, 'media', 40004],
    ['words as a picture', 'image', Buffer.from('not a picture'), 'media', 40005],
    ['a thumb that is PNG', 'thumb', pngBytes, 'media', 40005],
    ['a thumb above 64 KB', 'thumb', Buffer.concat([asThumb, Buffer.alloc(1)]), 'media', 40006],
    ['a part of another name', 'image', pngBytes, 'file', 41005],
    ['nothing', 'image', Buffer.alloc(0), 'media', 44001],
  ])('%s is refused', async (_, type, bytes, field, errcode) =>
    expect((await upload(type, bytes, { field })).errcode).toBe(errcode),
  )

  test('JSON, a wrong token and GET are refused', async () => {
    const at = async (access: string) =>
      `/weixin/cgi-bin/media/upload?type=image&access_token=${access}`
    expect(
      (await call('POST', await at(await token('official')), { media: 'x' })).body,
    ).toMatchObject({ errcode: 41005 })
    expect((await call('POST', await at('guessed'), {})).body).toMatchObject({ errcode: 40001 })
    expect((await call('GET', await at(await token('official')))).body).toMatchObject({
      errcode: 43002,
    })
  })

  describe('a card', () => {
    const card = {
      title: '查看我的项目进度',
      appid: known.miniAppId,
      pagepath: 'pages/home/home?from=oa',
      thumb_media_id: '',
    }
    const send = async (openid: string, more: Json = {}, app: 'official' | 'mini' = 'official') =>
      (
        await call('POST', `/weixin/cgi-bin/message/custom/send?access_token=${await token(app)}`, {
          touser: openid,
          msgtype: 'miniprogrampage',
          miniprogrampage: { ...card, ...more },
        })
      ).body['errcode']
    const follower = async () => {
      const one = await person()
      await control(`${one.at}/official/follow`)
      return one
    }

    test.each(['image', 'thumb'])(
      'with a picture uploaded as %s opens the mini-program',
      async (type) => {
        const { at, openid } = await follower()
        const { media_id, thumb_media_id } = await upload(type, asThumb)
        expect(await send(openid, { thumb_media_id: media_id ?? thumb_media_id })).toBe(0)
        expect((await call('GET', `/_sandbox${at}/official/messages`)).body).toMatchObject([
          {
            from: 'account',
            type: 'miniprogrampage',
            text: card.title,
            miniprogramPath: card.pagepath,
          },
        ])
      },
    )

    test('that is not right is refused and costs nothing', async () => {
      const { openid } = await follower()
      const thumb_media_id = String((await upload('thumb', asThumb))['thumb_media_id'])
      const foreign = String((await upload('image', pngBytes, { app: 'mini' }))['media_id'])
      const voice = String((await upload('voice', Buffer.from('#!AMR')))['media_id'])
      for (const wrong of ['invented', foreign, voice])
        expect(await send(openid, { thumb_media_id: wrong })).toBe(40007)
      expect(await send(openid, { thumb_media_id, appid: 'wx0000000000000000' })).toBe(40013)
      for (const wrong of [
        { pagepath: '/pages/home/home' },
        { pagepath: '' },
        { title: '' },
        { title: undefined },
        { url: 'x' },
      ])
        expect(await send(openid, { thumb_media_id, ...wrong })).toBe(40058)
      expect(await send('oInvented', { thumb_media_id })).toBe(40003)
      for (const expected of [0, 0, 0, 45047])
        expect(await send(openid, { thumb_media_id })).toBe(expected)
    })

    test('needs its picture within three days', async () => {
      const { at, openid } = await follower()
      const thumb_media_id = String((await upload('thumb', asThumb))['thumb_media_id'])
      await control('/clock', { advanceSeconds: 3 * 86_400 + 1 })
      await control(`${at}/official/send`, { text: 'hi' })
      expect(await send(openid, { thumb_media_id })).toBe(40007)
      await control('/clock', { advanceSeconds: -3 * 86_400 - 1 })
    })
  })

  test.each<[Json, number]>([
    [{ msgtype: 'image', image: { media_id: 'x' } }, 40008],
    [{ msgtype: 'text', text: { content: '' } }, 40058],
    [{ msgtype: 'text', text: { content: '长'.repeat(683) } }, 45002],
    [{ msgtype: 'text', text: { content: 'x' }, miniprogrampage: {} }, 40058],
    [{ text: { content: 'x' } }, 40058],
  ])('the message %j is refused', async (message, errcode) => {
    const { at, openid } = await person()
    await control(`${at}/official/follow`)
    expect(
      (
        await call(
          'POST',
          `/weixin/cgi-bin/message/custom/send?access_token=${await token('official')}`,
          { touser: openid, ...message },
        )
      ).body,
    ).toMatchObject({ errcode })
  })
})
