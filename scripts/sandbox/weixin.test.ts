import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'

import { sandboxCredentials as credentials } from './base/credentials.ts'
import { clean, createKit, type Kit, newPerson } from './testing/kit.ts'

let kit: Kit

beforeAll(async () => {
  kit = await createKit()
})
afterAll(() => kit.stop())
beforeEach(() => clean(kit))

const { miniAppId, miniAppSecret } = credentials
const loginCode = async (personId: string) =>
  String((await kit.control(`/people/${personId}/login-code`))['code'])
const exchange = (more: Record<string, string>) => {
  const query = {
    appid: miniAppId,
    secret: miniAppSecret,
    grant_type: 'authorization_code',
    ...more,
  }
  return kit.call('GET', `/weixin/sns/jscode2session?${new URLSearchParams(query).toString()}`)
}

describe('jscode2session', () => {
  test('success has openid, session_key and unionid and no errcode, as text/plain', async () => {
    const person = await newPerson(kit)
    const code = await loginCode(person.personId)
    const query = new URLSearchParams({
      appid: miniAppId,
      secret: miniAppSecret,
      js_code: code,
      grant_type: 'authorization_code',
    })
    const response = await fetch(`${kit.sandbox.url}/weixin/sns/jscode2session?${query.toString()}`)
    expect(response.headers.get('content-type')).toContain('text/plain')
    const body = await response.json()
    expect(body).toEqual({
      openid: person.openid,
      unionid: person.unionid,
      session_key: expect.any(String),
    })
  })

  test('a code works once', async () => {
    const code = await loginCode((await newPerson(kit)).personId)
    await exchange({ js_code: code })
    expect(await exchange({ js_code: code })).toMatchObject({
      errcode: 40163,
      errmsg: expect.stringMatching(/^code been used, rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$/),
    })
  })

  test('a failed exchange burns the code', async () => {
    const code = await loginCode((await newPerson(kit)).personId)
    expect(await exchange({ js_code: code, secret: 'wrong' })).toMatchObject({ errcode: 40125 })
    expect(await exchange({ js_code: code })).toMatchObject({ errcode: 40163 })
  })

  test('after five minutes a code is invalid', async () => {
    const code = await loginCode((await newPerson(kit)).personId)
    await kit.control('/clock', { advanceSeconds: 301 })
    expect(await exchange({ js_code: code })).toMatchObject({ errcode: 40029 })
  })

  test.each([
    [{ js_code: 'invented' }, 40029],
    [{ appid: 'wxother', js_code: 'x' }, 40013],
    [{ appid: '', js_code: 'x' }, 41002],
    [{ secret: '', js_code: 'x' }, 41004],
    [{ js_code: '' }, 41008],
    [{ js_code: 'x', grant_type: 'client_credential' }, 40002],
  ])('%j is %i', async (more, errcode) => {
    expect(await exchange(more)).toMatchObject({ errcode })
  })

  test('unionid hides by person, by setting and by fault, each side by itself', async () => {
    const hidden = await newPerson(kit, { unionid: false })
    expect(hidden.unionid).toBeNull()
    expect(await exchange({ js_code: await loginCode(hidden.personId) })).not.toHaveProperty(
      'unionid',
    )
    const shown = await newPerson(kit)
    const sessionOf = async () => exchange({ js_code: await loginCode(shown.personId) })
    await kit.control('/faults', { unionidUnavailable: 'weixin' })
    expect(await sessionOf()).not.toHaveProperty('unionid')
    await kit.control('/faults', { unionidUnavailable: 'wecom' })
    expect(await sessionOf()).toHaveProperty('unionid')
    await kit.control('/settings', { unionidAvailable: false })
    expect(await sessionOf()).not.toHaveProperty('unionid')
  })
})

describe('tokens', () => {
  const plain = async () =>
    kit.call(
      'GET',
      `/weixin/cgi-bin/token?grant_type=client_credential&appid=${miniAppId}&secret=${miniAppSecret}`,
    )
  const stable = (more: Record<string, unknown> = {}) =>
    kit.call('POST', '/weixin/cgi-bin/stable_token', {
      grant_type: 'client_credential',
      appid: miniAppId,
      secret: miniAppSecret,
      ...more,
    })
  const tryToken = (token: unknown) =>
    kit.call('GET', `/weixin/cgi-bin/getcallbackip?access_token=${String(token)}`)

  test('a new plain token ends the old one after five minutes', async () => {
    const first = (await plain())['access_token']
    const second = (await plain())['access_token']
    expect(second).not.toBe(first)
    expect(await tryToken(first)).toHaveProperty('ip_list')
    await kit.control('/clock', { advanceSeconds: 301 })
    expect(await tryToken(first)).toMatchObject({ errcode: 40001 })
    expect(await tryToken(second)).toHaveProperty('ip_list')
  })

  test('the stable token stays the same and lives apart from the plain one', async () => {
    const first = (await stable())['access_token']
    await plain()
    expect((await stable())['access_token']).toBe(first)
    await kit.control('/clock', { advanceSeconds: 7000 })
    const next = (await stable())['access_token']
    expect(next).not.toBe(first)
    expect(await tryToken(first)).toHaveProperty('ip_list')
  })

  test('a forced refresh ends the old one at once and is limited', async () => {
    const first = (await stable())['access_token']
    expect(await stable({ force_refresh: true })).toHaveProperty('access_token')
    expect(await tryToken(first)).toMatchObject({ errcode: 40001 })
    expect(await stable({ force_refresh: true })).toMatchObject({ errcode: 45011 })
    expect(await stable({ force_refresh: 'true' })).toMatchObject({ errcode: 40058 })
  })

  test('success has no errcode; missing, wrong and method have theirs', async () => {
    expect(await plain()).toEqual({ access_token: expect.any(String), expires_in: 7200 })
    expect(
      await kit.call('GET', '/weixin/cgi-bin/token?grant_type=client_credential'),
    ).toMatchObject({ errcode: 41002 })
    expect(await stable({ secret: 'wrong' })).toMatchObject({ errcode: 40125 })
    expect(await kit.call('POST', '/weixin/cgi-bin/token', {})).toMatchObject({ errcode: 43001 })
    expect(await kit.call('GET', '/weixin/cgi-bin/stable_token')).toMatchObject({ errcode: 43002 })
  })
})
