import { afterAll, beforeEach, expect, test } from '@jest/globals'
import { keptLog, memoryTokens, startScriptedPlatform } from '../../lib/http-client.scripted.ts'
import { createWecom } from './wecom.ts'

const platform = await startScriptedPlatform()
const wecom = createWecom({
  baseUrl: platform.baseUrl,
  corpId: 'ww1',
  agentId: 1000002,
  contactSecret: 'contact',
  kfSecret: 'kf',
  tokens: memoryTokens(),
  log: keptLog(),
})
const { oauth } = wecom
afterAll(async () => {
  await wecom.close()
  await platform.stop()
})
beforeEach(() => {
  platform.reset()
  platform.script('/cgi-bin/gettoken', { errcode: 0, access_token: 'token', expires_in: 7200 })
})
const answer = (body: Record<string, unknown>) =>
  platform.script('/cgi-bin/auth/getuserinfo', { errcode: 0, ...body })

test('the page that asks the visitor', () => {
  expect(
    oauth.authorizeUrl({ redirectUri: 'https://a.example/api/staff/callback?x=1', state: 'abc' }),
  ).toBe(
    'https://open.weixin.qq.com/connect/oauth2/authorize?appid=ww1&redirect_uri=https%3A%2F%2Fa.example%2Fapi%2Fstaff%2Fcallback%3Fx%3D1&response_type=code&scope=snsapi_base&state=abc&agentid=1000002#wechat_redirect',
  )
})

test.each([
  ['a member', { userid: 'zhangsan', user_ticket: 'T' }, { kind: 'member', userId: 'zhangsan' }],
  [
    'a customer',
    { openid: 'o1', external_userid: 'wm1' },
    { kind: 'customer', openid: 'o1', externalUserId: 'wm1' },
  ],
  ['a stranger', { openid: 'o1' }, { kind: 'customer', openid: 'o1', externalUserId: undefined }],
  ['an unknown code', { errcode: 40029 }, { kind: 'refused' }],
  ['a code too late', { errcode: 42003 }, { kind: 'refused' }],
  ['a code used', { errcode: 42022 }, { kind: 'refused' }],
  ['a code refused by a number of no source', { errcode: 95007 }, { kind: 'refused' }],
])('%s', async (_, body, visitor) => {
  answer(body)
  expect(await oauth.exchange('C')).toEqual(visitor)
})

test('a code that cannot be one is not sent; another failure is thrown', async () => {
  expect([await oauth.exchange(''), await oauth.exchange('码'.repeat(171))]).toEqual([
    { kind: 'refused' },
    { kind: 'refused' },
  ])
  expect(platform.seen('/cgi-bin/auth/getuserinfo')).toEqual([])
  answer({ errcode: 60020 })
  await expect(oauth.exchange('C')).rejects.toMatchObject({ errcode: 60020 })
})
