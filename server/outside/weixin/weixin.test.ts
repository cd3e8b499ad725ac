import { afterAll, beforeEach, describe, expect, test } from '@jest/globals'
import { createHttpClient } from '../../lib/http-client.ts'
import {
  keptLog,
  memoryTokens,
  startScriptedPlatform,
  type Scripted,
} from '../../lib/http-client.scripted.ts'
import { createWeixinCall } from './weixin.call.ts'
import { isErrcode, WEIXIN_ERRCODE } from './weixin.errors.ts'
import { createWeixin } from './weixin.ts'

const platform = await startScriptedPlatform()
const log = keptLog()
const weixin = createWeixin({
  baseUrl: platform.baseUrl,
  appId: 'wx1',
  appSecret: 'SECRET-SECRET',
  tokens: memoryTokens(),
  log,
  timeoutMs: 150,
})
const http = createHttpClient({ baseUrl: platform.baseUrl, timeoutMs: 150 })
afterAll(async () => {
  await weixin.close()
  await http.close()
  await platform.stop()
})
beforeEach(() => {
  platform.reset()
  log.lines.length = 0
})

const LOGIN = '/sns/jscode2session'
const TOKEN = '/cgi-bin/stable_token'
const refusal = (errcode: number) => ({ errcode, errmsg: `no, rid: 6166f719-6cb5d09c-633ab469` })

describe('the code of the phone button', () => {
  const PHONE = '/wxa/business/getuserphonenumber'

  test.each([40029, 40003, 40163, 77777])(
    '%i, which no source names, is a refusal: he taps again',
    async (errcode) => {
      platform.script(TOKEN, { access_token: 'T', expires_in: 7_200 })
      platform.script(PHONE, refusal(errcode))
      expect(await weixin.phone.exchangeCode('CODE', 'o1')).toEqual({
        kind: 'refused',
        reason: 'code_invalid',
      })
      expect(platform.seen(PHONE)).toHaveLength(1)
    },
  )

  test.each<[unknown, object]>([
    ['86', { kind: 'phone', phone: '15112345678' }],
    [86, { kind: 'phone', phone: '15112345678' }],
    ['49', { kind: 'refused', reason: 'foreign_number' }],
    ['', { kind: 'refused', reason: 'foreign_number' }],
    [undefined, { kind: 'refused', reason: 'foreign_number' }],
  ])('a number of the country %j', async (countryCode, expected) => {
    platform.script(TOKEN, { access_token: 'T', expires_in: 7_200 })
    platform.script(PHONE, {
      errcode: 0,
      phone_info: { phoneNumber: '15112345678', purePhoneNumber: '15112345678', countryCode },
    })
    expect(await weixin.phone.exchangeCode('CODE', 'o1')).toEqual(expected)
  })

  test.each([45009, 48001, 40164])('%i is about us, and goes on', async (errcode) => {
    platform.script(TOKEN, { access_token: 'T', expires_in: 7_200 })
    platform.script(PHONE, refusal(errcode))
    await expect(weixin.phone.exchangeCode('CODE', 'o1')).rejects.toMatchObject({ errcode })
  })
})

describe('exchangeCode', () => {
  test('who it is; the session key stays outside', async () => {
    platform.script(
      LOGIN,
      { openid: 'o1', session_key: 'tiihtNczf5v6AKRyjwEUhQ==', unionid: 'u1' },
      { openid: 'o1', session_key: 'k', unionid: '', errcode: 0, errmsg: '' },
    )
    expect(await weixin.login.exchangeCode('CODE')).toEqual({
      kind: 'signed-in',
      openid: 'o1',
      unionid: 'u1',
    })
    expect(await weixin.login.exchangeCode('CODE')).toEqual({ kind: 'signed-in', openid: 'o1' })
    expect(platform.requests[0]).toMatchObject({
      method: 'GET',
      query: {
        appid: 'wx1',
        secret: 'SECRET-SECRET',
        js_code: 'CODE',
        grant_type: 'authorization_code',
      },
    })
  })

  test.each([
    [40029, 'code_invalid'],
    [41008, 'code_invalid'],
    [40163, 'code_used'],
    [40226, 'blocked'],
    [45011, 'too_fast'],
  ])('%i is a refusal: %s', async (errcode, reason) => {
    platform.script(LOGIN, refusal(errcode))
    expect(await weixin.login.exchangeCode('CODE')).toEqual({ kind: 'refused', reason })
    expect(platform.seen(LOGIN)).toHaveLength(1)
  })

  test('no code is refused without a call', async () => {
    expect(await weixin.login.exchangeCode('')).toEqual({ kind: 'refused', reason: 'code_invalid' })
    expect(platform.requests).toHaveLength(0)
  })

  test.each([-1, 40013, 40125, 40164, 41002, 41004])(
    '%i is a failure, and the code is not tried again',
    async (errcode) => {
      platform.script(LOGIN, refusal(errcode))
      await expect(weixin.login.exchangeCode('CODE-CODE')).rejects.toMatchObject({
        name: 'WeixinError',
        errcode,
        endpoint: `GET ${LOGIN}`,
        errmsgShort: expect.stringContaining('6166f719-6cb5d09c-633ab469'),
      })
      expect(platform.seen(LOGIN)).toHaveLength(1)
    },
  )

  test.each<Scripted>(['cut', 'hang', 502, { session_key: 'k' }])(
    '%j: the code is not tried again, and nothing is told',
    async (answer) => {
      platform.script(LOGIN, answer)
      const error: unknown = await weixin.login
        .exchangeCode('CODE-CODE')
        .catch((reason: unknown) => reason)
      expect(error).toMatchObject({ name: 'OutsideError' })
      expect(platform.seen(LOGIN)).toHaveLength(1)
      expect(
        [String(error), JSON.stringify(error), ...log.lines.map(({ text }) => text)].join('\n'),
      ).not.toMatch(/CODE-CODE|SECRET-SECRET/)
    },
  )
})

describe('calls with a token', () => {
  const build = () => {
    const tokens = memoryTokens()
    return {
      tokens,
      call: createWeixinCall({
        http,
        appId: 'wx1',
        appSecret: 'SECRET-SECRET',
        tokens,
        log,
        wait: () => Promise.resolve(),
      }),
    }
  }
  const issueTokens = () => {
    let count = 0
    platform.script(TOKEN, () => ({ access_token: `t${String((count += 1))}`, expires_in: 7200 }))
  }

  test('stable_token, never forced', async () => {
    issueTokens()
    await build().call.read('/a')
    expect(platform.seen(TOKEN)).toMatchObject([
      {
        method: 'POST',
        query: {},
        body: {
          grant_type: 'client_credential',
          appid: 'wx1',
          secret: 'SECRET-SECRET',
          force_refresh: false,
        },
      },
    ])
    expect(platform.seen('/a')[0]?.query).toEqual({ access_token: 't1' })
  })

  test.each([40001, 40014, 42001])('a token refused with %i is replaced once', async (errcode) => {
    issueTokens()
    const { call, tokens } = build()
    platform.script('/a', refusal(errcode), { errcode: 0, value: 1 })
    expect(await call.tell('/a', {})).toMatchObject({ value: 1 })
    expect(tokens.invalidated).toEqual(['t1'])
    platform.script('/a', refusal(errcode))
    platform.requests.length = 0
    await expect(call.ask('/a', {})).rejects.toMatchObject({ errcode })
    expect(platform.seen('/a')).toHaveLength(2)
  })

  test.each([40001, 40013, 40125, 40164, 40243, 89503])(
    'no token because of %i',
    async (errcode) => {
      platform.script(TOKEN, refusal(errcode))
      await expect(build().call.read('/a')).rejects.toMatchObject({
        errcode,
        endpoint: `POST ${TOKEN}`,
      })
      expect(platform.seen(TOKEN)).toHaveLength(1)
      expect(platform.seen('/a')).toHaveLength(0)
    },
  )

  test('busy is repeated only where it is harmless', async () => {
    issueTokens()
    const { call } = build()
    platform.script('/a', refusal(-1))
    await expect(call.ask('/a', {})).rejects.toMatchObject({ errcode: -1 })
    expect(platform.seen('/a')).toHaveLength(3)
    platform.requests.length = 0
    await expect(call.tell('/a', {})).rejects.toMatchObject({ errcode: -1 })
    expect(platform.seen('/a')).toHaveLength(1)
  })

  test.each(Object.entries(WEIXIN_ERRCODE))('%s (%i) is told by its number', async (_, errcode) => {
    issueTokens()
    platform.script('/a', refusal(errcode))
    const error: unknown = await build()
      .call.tell('/a', {})
      .catch((reason: unknown) => reason)
    expect(isErrcode(error, errcode)).toBe(true)
  })
})
