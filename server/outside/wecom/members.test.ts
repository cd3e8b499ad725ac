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
const { members } = wecom
afterAll(async () => {
  await wecom.close()
  await platform.stop()
})
beforeEach(() => {
  platform.reset()
  platform.script('/cgi-bin/gettoken', ({ query }) => ({
    errcode: 0,
    access_token: `token-of-${query['corpsecret'] ?? ''}`,
    expires_in: 7200,
  }))
})

const GET = '/cgi-bin/user/get'
const SUNLI = { userid: 'SunLi', name: '孙丽', department: [1], status: 1 }

test('asks with the app of the contacts', async () => {
  platform.script(GET, { errcode: 0, ...SUNLI })
  expect(await members.get('SunLi')).toEqual({ kind: 'found', name: '孙丽', active: true })
  expect(platform.seen(GET)).toMatchObject([
    { method: 'GET', query: { access_token: 'token-of-contact', userid: 'SunLi' } },
  ])
})

test.each([
  ['not activated yet', { status: 4 }, { kind: 'found', name: '孙丽', active: true }],
  ['disabled', { status: 2 }, { kind: 'found', name: '孙丽', active: false }],
  ['who has left', { status: 5 }, { kind: 'gone' }],
  ['of a status that we do not know', { status: 9 }, { kind: 'found', name: '孙丽', active: true }],
  ['without a status', { status: undefined }, { kind: 'found', name: '孙丽', active: true }],
  [
    'whose name is kept from the app',
    { name: 'sunli' },
    { kind: 'found', name: null, active: true },
  ],
  ['without a name', { name: '' }, { kind: 'found', name: null, active: true }],
])('a member %s', async (_, more, look) => {
  platform.script(GET, { errcode: 0, ...SUNLI, ...more })
  expect(await members.get('SunLi')).toEqual(look)
})

test.each([
  [60111, 'gone'],
  [60011, 'hidden'],
  [50002, 'hidden'],
  [60021, 'hidden'],
  [60030, 'hidden'],
])('%i: %s', async (errcode, kind) => {
  platform.script(GET, { errcode, errmsg: 'no' })
  expect(await members.get('SunLi')).toEqual({ kind })
})

test('no answer, or one about ourselves, says nothing about the member', async () => {
  platform.script(GET, { errcode: 60020, errmsg: 'not allow to access from your ip' })
  await expect(members.get('SunLi')).rejects.toMatchObject({ errcode: 60020 })
  platform.script(GET, { errcode: 48002, errmsg: 'api forbidden' })
  await expect(members.get('SunLi')).rejects.toMatchObject({ errcode: 48002 })
  platform.script(GET, 'cut')
  await expect(members.get('SunLi')).rejects.toMatchObject({ name: 'OutsideError' })
})
