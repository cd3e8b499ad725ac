import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { createHttpClient, OutsideError } from '../../lib/http-client.ts'
import { keptLog, memoryTokens, startScriptedPlatform } from '../../lib/http-client.scripted.ts'
import { createSubscribe } from './subscribe.ts'
import { createWeixinCall } from './weixin.call.ts'
import { WeixinError } from './weixin.errors.ts'

const SEND = '/cgi-bin/message/subscribe/send'
let platform: Awaited<ReturnType<typeof startScriptedPlatform>>
let subscribe: ReturnType<typeof createSubscribe>
let close: () => Promise<void>

beforeAll(async () => {
  platform = await startScriptedPlatform()
  const http = createHttpClient({ baseUrl: platform.baseUrl, timeoutMs: 200 })
  close = http.close
  subscribe = createSubscribe(
    createWeixinCall({
      http,
      appId: 'wx1',
      appSecret: 'secret',
      tokens: memoryTokens(),
      log: keptLog(),
      wait: () => Promise.resolve(),
    }),
  )
})
beforeEach(() => {
  platform.reset()
  platform.script('/cgi-bin/stable_token', { access_token: 'token-1', expires_in: 7200 })
})
afterAll(async () => {
  await close()
  await platform.stop()
})

const MESSAGE = { openid: 'o1', templateId: 't1', data: { thing1: '全屋定制' } }

test('a message goes out in the words of the platform, and its number keeps its digits', async () => {
  platform.script(SEND, () => ({ errcode: 0, errmsg: 'ok', msgid: '3123456789012345678' }))
  const page = 'pages/me/me?id=1'
  expect(await subscribe.send({ ...MESSAGE, page, version: 'trial', lang: 'zh_CN' })).toEqual({
    kind: 'sent',
    msgId: '3123456789012345678',
  })
  expect(platform.seen(SEND)[0]).toMatchObject({
    query: { access_token: 'token-1' },
    body: {
      touser: 'o1',
      template_id: 't1',
      data: { thing1: { value: '全屋定制' } },
      page,
      miniprogram_state: 'trial',
      lang: 'zh_CN',
    },
  })
})

test('what is left out is not sent, and a number that is not told is not there', async () => {
  expect(await subscribe.send(MESSAGE)).toEqual({ kind: 'sent' })
  expect(Object.keys(platform.seen(SEND)[0]!.body as object)).toEqual([
    'touser',
    'template_id',
    'data',
  ])
})

describe('a refusal is named by its number', () => {
  test.each([
    [40003, 'unknown_openid'],
    [40037, 'unknown_template'],
    [41030, 'unknown_page'],
    [43101, 'no_consent'],
    [43102, 'foreign_template'],
    [43103, 'only_cancels'],
    [43104, 'app_not_allowed'],
    [43107, 'banned'],
    [43108, 'too_many_at_once'],
    [45009, 'quota_used'],
    [47003, 'bad_field'],
    [49999, 'other'],
  ])('%i', async (errcode, reason) => {
    platform.script(SEND, { errcode, errmsg: 'user refuse to accept the msg rid: 1-2-3' })
    expect(await subscribe.send(MESSAGE)).toEqual({ kind: 'refused', reason, errcode })
    expect(platform.seen(SEND)).toHaveLength(1)
  })

  test('47003 with the field that the words name, for people', async () => {
    platform.script(SEND, {
      errcode: 47003,
      errmsg: 'argument invalid! data.thing3.value invalid rid: 1-2-3',
    })
    expect(await subscribe.send(MESSAGE)).toMatchObject({ reason: 'bad_field', field: 'thing3' })
  })
})

test('a busy platform says nothing of what became of it, and is not asked again', async () => {
  platform.script(SEND, { errcode: -1, errmsg: 'system error' })
  expect(await subscribe.send(MESSAGE)).toEqual({ kind: 'unclear' })
  expect(platform.seen(SEND)).toHaveLength(1)
})

test.each([40125, 40164, 48001])('%i is about us, and thrown', async (errcode) => {
  platform.script(SEND, { errcode, errmsg: 'no' })
  await expect(subscribe.send(MESSAGE)).rejects.toThrow(WeixinError)
})

test.each(['cut', 'hang', 502] as const)(
  'without an answer (%s) it is not repeated',
  async (answer) => {
    platform.script(SEND, answer)
    await expect(subscribe.send(MESSAGE)).rejects.toMatchObject({ sent: true })
    await expect(subscribe.send(MESSAGE)).rejects.toThrow(OutsideError)
    expect(platform.seen(SEND)).toHaveLength(2)
  },
)

test('the templates are read with the keys of their fields', async () => {
  platform.script('/wxaapi/newtmpl/gettemplate', {
    errcode: 0,
    data: [
      {
        priTmplId: 't1',
        title: '进度',
        content: '项目:{{thing1.DATA}}\n时间:{{time3.DATA}}\n',
        type: 2,
      },
      { priTmplId: 't2', title: '政务', content: '{{ thing9.DATA }}', type: 3 },
      { title: 'without an id' },
    ],
  })
  expect(await subscribe.listTemplates()).toEqual([
    { templateId: 't1', title: '进度', isOneTime: true, keys: ['thing1', 'time3'] },
    { templateId: 't2', title: '政务', isOneTime: false, keys: ['thing9'] },
  ])
})
