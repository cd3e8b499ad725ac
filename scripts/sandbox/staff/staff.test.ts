import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'

import { sandboxCredentials as credentials } from '../base/credentials.ts'
import { clean, createKit, type Kit, newPerson } from '../testing/kit.ts'

let kit: Kit

beforeAll(async () => {
  kit = await createKit()
})
afterAll(() => kit.stop())
beforeEach(() => clean(kit))

const asked = {
  appid: credentials.corpId,
  redirect_uri: 'https://staff.example.com/back?a=1',
  response_type: 'code',
  scope: 'snsapi_base',
  state: 'S1',
  agentid: credentials.agentId,
}

async function open(more: Record<string, string> = {}) {
  const response = await fetch(
    `${kit.sandbox.url}/open/connect/oauth2/authorize?${new URLSearchParams({ ...asked, ...more }).toString()}`,
    { redirect: 'manual' },
  )
  return {
    status: response.status,
    text: await response.text(),
    to: new URL(response.headers.get('location') ?? 'about:blank'),
  }
}
const codeOf = async (more: Record<string, string> = {}): Promise<string> =>
  (await open(more)).to.searchParams.get('code') ?? ''
const exchange = (code: string) => kit.contact('GET', `auth/getuserinfo?code=${code}`)

describe('OAuth', () => {
  test('sends the chosen member back with code and state; the code tells his userid once', async () => {
    await kit.control('/members/lisi/oauth-next')
    const { status, to } = await open()
    expect([
      status,
      to.origin + to.pathname,
      to.searchParams.get('a'),
      to.searchParams.get('state'),
    ]).toEqual([302, 'https://staff.example.com/back', '1', 'S1'])
    const code = to.searchParams.get('code') ?? ''
    expect(await exchange(code)).toEqual({ errcode: 0, errmsg: 'ok', userid: 'lisi' })
    expect(await exchange(code)).toMatchObject({ errcode: 42022 })
  })

  test('without a choice it asks who it is; the choice holds for one page', async () => {
    await kit.control('/members/lisi/oauth-next')
    await open()
    const page = await open()
    expect(page.status).toBe(200)
    expect(page.text).toContain('member=zhangsan')
    expect(await exchange(await codeOf({ member: 'zhangsan' }))).toMatchObject({
      userid: 'zhangsan',
    })
  })

  test('a customer has an openid, and an external_userid only when somebody follows him', async () => {
    const person = await newPerson(kit)
    await kit.control(`/people/${person.personId}/oauth-next`)
    const stranger = await exchange(await codeOf())
    expect(Object.keys(stranger).toSorted()).toEqual(['errcode', 'errmsg', 'openid'])
    await kit.control('/members/zhangsan/add', { phone: person.phone })
    expect(await exchange(await codeOf({ person: person.personId }))).toMatchObject({
      external_userid: person.externalUserid,
    })
  })

  test('codes: made up, too late, too long', async () => {
    expect(await exchange('made-up')).toMatchObject({ errcode: 40029 })
    expect(await exchange('a'.repeat(513))).toMatchObject({ errcode: 40029 })
    const code = await codeOf({ member: 'lisi' })
    await kit.control('/clock', { advanceSeconds: 301 })
    expect(await exchange(code)).toMatchObject({ errcode: 42003 })
    await kit.control('/clock', { advanceSeconds: -301 })
  })

  test.each([
    ['another corp', { appid: 'ww1' }],
    ['another response type', { response_type: 'token' }],
    ['an unknown scope', { scope: 'snsapi_login' }],
    ['a state with signs', { state: 'a-b' }],
    ['a long state', { state: 'a'.repeat(129) }],
    ['another app', { agentid: '1' }],
    ['no address', { redirect_uri: 'back' }],
  ])('%s is refused', async (_, more) => {
    expect((await open({ member: 'lisi', ...more })).status).toBe(400)
  })
})

describe('JS-SDK tickets', () => {
  test('company and app have different ones, the same until they end', async () => {
    const [corp, agent] = [
      await kit.contact('GET', 'get_jsapi_ticket'),
      await kit.contact('GET', 'ticket/get?type=agent_config'),
    ]
    expect(corp).toMatchObject({
      errcode: 0,
      ticket: expect.any(String),
      expires_in: expect.any(Number),
    })
    expect(agent['ticket']).not.toBe(corp['ticket'])
    expect((await kit.contact('GET', 'get_jsapi_ticket'))['ticket']).toBe(corp['ticket'])
    await kit.control('/clock', { advanceSeconds: 7201 })
    expect((await kit.contact('GET', 'get_jsapi_ticket'))['ticket']).not.toBe(corp['ticket'])
    await kit.control('/clock', { advanceSeconds: -7201 })
    expect(await kit.contact('GET', 'ticket/get?type=wx_card')).toMatchObject({ errcode: 40058 })
  })
})

test('agent/get tells the app of itself alone, as its page in the console has it', async () => {
  const look = (agentid: string) => kit.contact('GET', `agent/get?agentid=${agentid}`)
  expect(await look('1000099')).toMatchObject({ errcode: 40056 })
  expect(await look(credentials.agentId)).toMatchObject({
    errcode: 0,
    agentid: Number(credentials.agentId),
    close: 0,
    allow_partys: { partyid: [1] },
  })
  await kit.control('/settings', {
    trustedDomain: 'staff.example.com',
    appHome: '',
    appIsStopped: true,
    appIsVisible: false,
  })
  expect(await look(credentials.agentId)).toMatchObject({
    close: 1,
    allow_partys: { partyid: [] },
    redirect_domain: 'staff.example.com',
    home_url: '',
  })
})
