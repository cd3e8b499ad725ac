import { afterAll, beforeEach, describe, expect, test } from '@jest/globals'
import { keptLog, memoryTokens, startScriptedPlatform } from '../../lib/http-client.scripted.ts'
import { createOfficial } from './official.ts'

const platform = await startScriptedPlatform()
const official = createOfficial({
  baseUrl: platform.baseUrl,
  appId: 'wx2',
  appSecret: 'SECRET',
  tokens: memoryTokens(),
  log: keptLog(),
  timeoutMs: 150,
})
afterAll(async () => {
  await official.close()
  await platform.stop()
})
const INFO = '/cgi-bin/user/info'
const SEND = '/cgi-bin/message/custom/send'
beforeEach(() => {
  platform.reset()
  platform.script('/cgi-bin/stable_token', { access_token: 't', expires_in: 7200 })
})
const refusal = (errcode: number) => ({ errcode, errmsg: 'no, rid: 6166f719-6cb5d09c-633ab469' })

describe('userInfo', () => {
  test('tells who follows, and the unionid if there is one', async () => {
    platform.script(
      INFO,
      { subscribe: 1, openid: 'o1', unionid: 'u1' },
      { subscribe: 1, openid: 'o1', unionid: '' },
      { subscribe: 0, openid: 'o1' },
    )
    expect(await official.userInfo('o1')).toEqual({
      kind: 'known',
      subscribed: true,
      unionid: 'u1',
    })
    expect(await official.userInfo('o1')).toEqual({ kind: 'known', subscribed: true })
    expect(await official.userInfo('o1')).toEqual({ kind: 'known', subscribed: false })
    expect(platform.seen(INFO)[0]).toMatchObject({
      method: 'GET',
      query: { access_token: 't', openid: 'o1', lang: 'zh_CN' },
    })
  })

  test.each([
    [40003, 'unknown_openid'],
    [48001, 'not_authorized'],
  ])('%i is a refusal: %s', async (errcode, reason) => {
    platform.script(INFO, refusal(errcode))
    expect(await official.userInfo('o1')).toEqual({ kind: 'refused', reason })
  })

  test('any other failure is thrown, never read as "no unionid"', async () => {
    platform.script(INFO, refusal(45009))
    await expect(official.userInfo('o1')).rejects.toMatchObject({
      name: 'WeixinError',
      errcode: 45009,
    })
    platform.script(INFO, 502)
    await expect(official.userInfo('o1')).rejects.toMatchObject({ name: 'OutsideError' })
  })
})

describe('sendText', () => {
  test('sends', async () => {
    expect(await official.sendText('o1', '你好')).toEqual({ kind: 'sent' })
    expect(platform.seen(SEND)).toMatchObject([
      { method: 'POST', body: { touser: 'o1', msgtype: 'text', text: { content: '你好' } } },
    ])
  })

  test.each([
    [45015, 'too_late'],
    [45047, 'too_many'],
    [43004, 'not_following'],
    [40003, 'unknown_openid'],
    [48001, 'not_authorized'],
  ])('%i is a refusal: %s', async (errcode, reason) => {
    platform.script(SEND, refusal(errcode))
    expect(await official.sendText('o1', 'x')).toEqual({ kind: 'refused', reason })
  })

  test('what may have arrived is not sent again', async () => {
    platform.script(SEND, 'cut')
    await expect(official.sendText('o1', 'x')).rejects.toMatchObject({ name: 'OutsideError' })
    expect(platform.seen(SEND)).toHaveLength(1)
  })
})
