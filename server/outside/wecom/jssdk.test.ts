import { afterAll, beforeEach, describe, expect, test } from '@jest/globals'
import { keptLog, memoryTokens, startScriptedPlatform } from '../../lib/http-client.scripted.ts'
import { signJsapi } from './jssdk.ts'
import { createWecom } from './wecom.ts'

const platform = await startScriptedPlatform()
const connect = () =>
  createWecom({
    baseUrl: platform.baseUrl,
    corpId: 'ww1',
    agentId: 1000002,
    contactSecret: 'contact',
    kfSecret: 'kf',
    tokens: memoryTokens(),
    log: keptLog(),
  })
const wecom = connect()
afterAll(async () => {
  await wecom.close()
  await platform.stop()
})
beforeEach(() => {
  platform.reset()
  platform.script('/cgi-bin/gettoken', { errcode: 0, access_token: 'token', expires_in: 7200 })
})

// platform-facts 5.1
const vector = {
  ticket: 'sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg',
  nonceStr: 'Wm3WZYTPz0wzccnW',
  timestamp: 1414587457,
}
const vectors = [
  ['http://mp.weixin.qq.com?params=value', '0f9de62fce790f9a083d5c99e95740ceb90c27ed'],
  ['http://mp.weixin.qq.com?params=value#top', '0f9de62fce790f9a083d5c99e95740ceb90c27ed'],
  ['http://mp.weixin.qq.com', 'f4d90daf4b3bca3078ab155816175ba34c443a7b'],
] as const

test.each(vectors)('the signature of %s', (url, signature) => {
  expect(signJsapi({ ...vector, url })).toBe(signature)
})

describe('tickets', () => {
  test('each identity has its own, fetched once', async () => {
    platform.script('/cgi-bin/get_jsapi_ticket', {
      errcode: 0,
      ticket: vector.ticket,
      expires_in: 7200,
    })
    platform.script('/cgi-bin/ticket/get', { errcode: 0, ticket: 'other', expires_in: 7200 })
    const stamp = { ...vector, url: vectors[0][0] }
    expect(await wecom.jssdk.sign('config', stamp)).toBe(vectors[0][1])
    expect(await wecom.jssdk.sign('config', stamp)).toBe(vectors[0][1])
    expect(await wecom.jssdk.sign('agentConfig', stamp)).toBe(
      signJsapi({ ...stamp, ticket: 'other' }),
    )
    expect(platform.seen('/cgi-bin/get_jsapi_ticket')).toHaveLength(1)
    expect(platform.seen('/cgi-bin/ticket/get')).toMatchObject([
      { query: { type: 'agent_config', access_token: 'token' } },
    ])
  })

  test('an answer without one is no answer', async () => {
    const fresh = connect()
    platform.script('/cgi-bin/get_jsapi_ticket', { errcode: 0 })
    await expect(
      fresh.jssdk.sign('config', { ...vector, url: 'https://a.example' }),
    ).rejects.toMatchObject({ name: 'OutsideError', kind: 'bad_response' })
    await fresh.close()
  })
})
