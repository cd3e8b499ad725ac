import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'

import { sandboxCredentials as credentials } from '../base/credentials.ts'
import { clean, createKit, type Kit, newPerson } from '../testing/kit.ts'

let kit: Kit
let userid: string
let count = 0

beforeAll(async () => {
  kit = await createKit()
})
afterAll(() => kit.stop())
beforeEach(async () => {
  await clean(kit)
  userid = `member${String((count += 1))}`
  await put({ name: '孙丽', mobile: '13800000001', servicer: true })
})

const put = (change: Record<string, unknown>) => kit.control('/members', { userid, ...change })
const get = (asked = userid) => kit.contact('GET', `user/get?userid=${asked}`)
const followUsers = async () =>
  (await kit.contact('GET', 'externalcontact/get_follow_user_list'))['follow_user']
const authorize = async () => {
  const asked = {
    appid: credentials.corpId,
    redirect_uri: 'https://staff.example.com/back',
    response_type: 'code',
    scope: 'snsapi_base',
    state: 'S1',
    agentid: credentials.agentId,
  }
  const response = await fetch(
    `${kit.sandbox.url}/open/connect/oauth2/authorize?${new URLSearchParams({ ...asked, member: userid }).toString()}`,
    { redirect: 'manual' },
  )
  return {
    status: response.status,
    code: new URL(response.headers.get('location') ?? 'about:blank').searchParams.get('code') ?? '',
  }
}

test('two spellings of a userid are one member, also where callbacks and sign-in spell him otherwise', async () => {
  await put({ userid: userid.toUpperCase(), name: '孙丽丽' })
  expect(await get(userid.toUpperCase())).toMatchObject({ errcode: 0, name: '孙丽丽' })
  await kit.control('/settings', { otherUseridCase: true })
  const { code } = await authorize()
  expect(await kit.contact('GET', `auth/getuserinfo?code=${code}`)).toMatchObject({
    userid: userid.toUpperCase(),
  })
  await kit.control('/settings', { otherUseridCase: false })
})

describe('user/get', () => {
  test('tells what a self-built app may know, and no more', async () => {
    expect(await get()).toEqual({
      errcode: 0,
      errmsg: 'ok',
      userid,
      name: '孙丽',
      department: [1],
      status: 1,
    })
  })

  test.each([2, 4, 5])('status %i is told', async (status) => {
    await put({ status })
    expect(await get()).toMatchObject({ errcode: 0, name: '孙丽', status })
  })

  test('refuses who is unknown, deleted or out of range, and a question without a userid', async () => {
    expect(await get('nobody')).toMatchObject({ errcode: 60111 })
    expect(await kit.contact('GET', 'user/get')).toMatchObject({ errcode: 40003 })
    await put({ hidden: true })
    expect(await get()).toMatchObject({ errcode: 60011 })
    await put({ deleted: true })
    expect(await get()).toMatchObject({ errcode: 60111 })
  })

  test('is a GET of the self-built app', async () => {
    expect(await kit.contact('POST', 'user/get', { userid })).toMatchObject({ errcode: 40058 })
    expect(await kit.kf('GET', `user/get?userid=${userid}`)).toMatchObject({ errcode: 48002 })
  })
})

describe('a change of a member', () => {
  test('leaves what it does not name', async () => {
    await put({ name: '孙莉' })
    expect(await kit.look('/members')).toEqual(
      expect.arrayContaining([{ userid, name: '孙莉', followUser: true, mobile: '13800000001' }]),
    )
    await put({ status: 2 })
    expect(await get()).toMatchObject({ name: '孙莉', status: 2 })
  })

  test.each([[{ status: 3 }], [{ hidden: 'yes' }], [{ userid: 'newcomer' }]])(
    '%j is refused',
    async (change) => {
      await expect(put(change)).rejects.toThrow('400')
    },
  )
})

describe.each([
  ['left', { status: 5 }],
  ['was deleted', { deleted: true }],
])('who %s', (_, change) => {
  test('follows nobody, serves nobody and gets no messages', async () => {
    const person = await newPerson(kit)
    await kit.control(`/members/${userid}/add`, { phone: person.phone })
    expect(await followUsers()).toContain(userid)
    await put(change)
    expect(await followUsers()).not.toContain(userid)
    expect(
      await kit.contact('GET', `externalcontact/get?external_userid=${person.externalUserid}`),
    ).toMatchObject({ errcode: 40096 })
    expect(await kit.contact('GET', `externalcontact/list?userid=${userid}`)).toMatchObject({
      errcode: 60111,
    })
    expect(
      JSON.stringify(await kit.kf('GET', `kf/servicer/list?open_kfid=${credentials.openKfId}`)),
    ).not.toContain(userid)
    const message = {
      touser: `${userid}|zhangsan`,
      msgtype: 'text',
      agentid: Number(credentials.agentId),
      text: { content: '好' },
    }
    expect(await kit.contact('POST', 'message/send', message)).toMatchObject({
      errcode: 0,
      invaliduser: userid,
    })
  })

  test('cannot sign in, not even with a code from before', async () => {
    const { code } = await authorize()
    await put(change)
    expect(await kit.contact('GET', `auth/getuserinfo?code=${code}`)).toMatchObject({
      errcode: 60111,
    })
    expect((await authorize()).code).toBe('')
  })

  test('his customers can still be handed on', async () => {
    const person = await newPerson(kit)
    await kit.control(`/members/${userid}/add`, { phone: person.phone })
    await put(change)
    await kit.control(`/members/${userid}/transfer`, { phone: person.phone, to: 'lisi' })
    expect(
      await kit.contact('GET', `externalcontact/get?external_userid=${person.externalUserid}`),
    ).toMatchObject({ follow_user: [{ userid: 'lisi' }] })
  })
})

test.each([
  ['disabled', { status: 2 }],
  ['not activated', { status: 4 }],
  ['out of range', { hidden: true }],
])('who is %s does not see the app', async (_, change) => {
  await put(change)
  expect(await authorize()).toEqual({ status: 403, code: '' })
  await kit.control(`/members/${userid}/oauth-next`)
  const next = await fetch(
    `${kit.sandbox.url}/open/connect/oauth2/authorize?${new URLSearchParams({ appid: credentials.corpId, redirect_uri: 'https://a.example/', response_type: 'code', scope: 'snsapi_base', agentid: credentials.agentId }).toString()}`,
    { redirect: 'manual' },
  )
  expect(next.status).toBe(403)
})

test('whoever is out of range is no follow user, and gets no messages', async () => {
  await put({ hidden: true })
  expect(await followUsers()).not.toContain(userid)
  const message = {
    touser: userid,
    msgtype: 'text',
    agentid: Number(credentials.agentId),
    text: { content: '好' },
  }
  expect(await kit.contact('POST', 'message/send', message)).toMatchObject({ errcode: 81013 })
})

test('who has no client adds nobody', async () => {
  const { phone } = await newPerson(kit)
  await put({ status: 2 })
  await expect(kit.control(`/members/${userid}/add`, { phone })).rejects.toThrow('409')
})
