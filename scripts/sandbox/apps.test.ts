import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'

import { sandboxCredentials as credentials } from './base/credentials.ts'
import { clean, createKit, type Kit } from './testing/kit.ts'
import { pngBytes, upload, uploadImage } from './testing/upload.ts'

let kit: Kit

beforeAll(async () => {
  kit = await createKit()
})
afterAll(() => kit.stop())
beforeEach(() => clean(kit))

const gettoken = (corpid: string, secret: string) =>
  kit.call('GET', `/wecom/cgi-bin/gettoken?corpid=${corpid}&corpsecret=${secret}`)

describe('gettoken', () => {
  test('gives the same token until it ends, and each app its own', async () => {
    const first = await kit.token(credentials.kfSecret)
    expect(await kit.token(credentials.kfSecret)).toBe(first)
    expect(await kit.token(credentials.contactSecret)).not.toBe(first)
    await kit.control('/clock', { advanceSeconds: 7201 })
    expect(await kit.token(credentials.kfSecret)).not.toBe(first)
    expect(
      await kit.call('GET', `/wecom/cgi-bin/getcallbackip?access_token=${first}`),
    ).toMatchObject({ errcode: 42001 })
  })

  test.each([
    ['', credentials.kfSecret, 41002],
    [credentials.corpId, '', 41004],
    ['wwother', credentials.kfSecret, 40013],
    [credentials.corpId, 'wrong', 40001],
  ])('corpid %s with secret %s is %i', async (corpid, secret, errcode) => {
    expect(await gettoken(corpid, secret)).toMatchObject({ errcode })
  })

  test('a token that the platform ended early is refused until a new one is fetched', async () => {
    const token = await kit.token(credentials.kfSecret)
    await kit.control('/faults', { invalidateTokens: { which: 'wecom', errcode: 42001 } })
    expect(
      await kit.call('GET', `/wecom/cgi-bin/getcallbackip?access_token=${token}`),
    ).toMatchObject({ errcode: 42001 })
    expect(await kit.kf('GET', 'getcallbackip')).toMatchObject({ errcode: 0 })
  })
})

describe('permission', () => {
  test('the token of one app does not open the other, unless they are one app', async () => {
    const list = { offset: 0, limit: 100 }
    expect(await kit.contact('POST', 'kf/account/list', list)).toMatchObject({ errcode: 48002 })
    expect(await kit.kf('GET', 'externalcontact/get_follow_user_list')).toMatchObject({
      errcode: 48002,
    })
    await kit.control('/settings', { oneApp: true })
    expect(await kit.contact('POST', 'kf/account/list', list)).toMatchObject({ errcode: 0 })
    await kit.control('/settings', { oneApp: false })
  })

  test('no token is 41001, an invented one 40014, one in a header counts as none', async () => {
    const path = '/wecom/cgi-bin/getcallbackip'
    expect(await kit.call('GET', path)).toMatchObject({ errcode: 41001 })
    expect(await kit.call('GET', `${path}?access_token=abc`)).toMatchObject({ errcode: 40014 })
  })

  test('every refusal is HTTP 200 with the headers and the hint', async () => {
    const response = await fetch(`${kit.sandbox.url}/wecom/cgi-bin/getcallbackip`)
    const body = (await response.json()) as { errmsg: string }
    expect(response.status).toBe(200)
    expect(response.headers.get('error-code')).toBe('41001')
    expect(response.headers.get('error-msg')).toContain('access_token missing')
    expect(body.errmsg).toMatch(
      /, hint: \[\d+_\d+_[0-9a-f]+\], from ip: \S+, more info at https:\/\/open\.work\.weixin\.qq\.com\/devtool\/query\?e=41001$/,
    )
  })

  test('the wrong method and a body that is no JSON are parameter errors', async () => {
    expect(await kit.kf('GET', 'kf/account/list')).toMatchObject({ errcode: 40058 })
    expect(await kit.kf('POST', 'kf/servicer/list', {})).toMatchObject({ errcode: 40058 })
    expect(await kit.kf('POST', 'kf/account/list')).toMatchObject({ errcode: 44002 })
    const path = `/wecom/cgi-bin/kf/account/list?access_token=${await kit.token(credentials.kfSecret)}`
    const response = await fetch(kit.sandbox.url + path, { method: 'POST', body: 'offset=0' })
    expect(await response.json()).toMatchObject({ errcode: 47001 })
  })

  test('an address that is not played is 40066', async () => {
    expect(await kit.kf('POST', 'kf/nothing', {})).toMatchObject({ errcode: 40066 })
  })

  test('the kf account is listed with its servicers and its link', async () => {
    const { openKfId } = credentials
    expect(await kit.kf('POST', 'kf/account/list', {})).toMatchObject({
      account_list: [{ open_kfid: openKfId, name: '项目进度客服', manage_privilege: true }],
    })
    expect(await kit.kf('GET', `kf/servicer/list?open_kfid=${openKfId}`)).toMatchObject({
      servicer_list: [
        { userid: 'zhangsan', status: 0 },
        { userid: 'lisi', status: 0 },
      ],
    })
    const way = (scene: unknown) =>
      kit.kf('POST', 'kf/add_contact_way', { open_kfid: openKfId, scene })
    expect((await way('bind'))['url']).toMatch(
      /^https:\/\/work\.weixin\.qq\.com\/kf\/kfc\w+\?enc_scene=ENC\w+$/,
    )
    expect((await way('bind'))['url']).toBe((await way('bind'))['url'])
    expect(await way('a b')).toMatchObject({ errcode: 40058 })
    expect(await way('a'.repeat(33))).toMatchObject({ errcode: 40058 })
  })
})

describe('media', () => {
  test('an upload gives a media_id and a created_at that is a string, for both apps', async () => {
    expect(await upload(kit, { type: 'image', bytes: pngBytes })).toMatchObject({
      errcode: 0,
      type: 'image',
      created_at: expect.stringMatching(/^\d+$/),
    })
    expect(
      await upload(kit, { type: 'image', bytes: pngBytes, secret: credentials.kfSecret }),
    ).toMatchObject({
      errcode: 0,
    })
  })

  test.each([
    ['an unknown type', 'photo', pngBytes, 'media', 40004],
    ['another field name', 'image', pngBytes, 'file', 44001],
    ['five bytes', 'file', Buffer.from('12345'), 'media', 40006],
    ['text as image', 'image', Buffer.from('not a picture'), 'media', 40005],
  ])('%s is refused', async (_name, type, bytes, field, errcode) => {
    expect(await upload(kit, { type, bytes, field })).toMatchObject({ errcode })
  })

  test('a media_id ends after three days', async () => {
    const mediaId = await uploadImage(kit)
    const person = await kit.control('/people', { name: '赵', phone: '13800139999' })
    const send = async () => {
      await kit.control(`/people/${String(person['personId'])}/kf/send`, { text: '你好' })
      const body = {
        touser: person['externalUserid'],
        open_kfid: credentials.openKfId,
        msgtype: 'image',
        image: { media_id: mediaId },
      }
      return kit.kf('POST', 'kf/send_msg', body)
    }
    expect(await send()).toMatchObject({ errcode: 0 })
    await kit.control('/clock', { advanceSeconds: 3 * 86_400 + 1 })
    expect(await send()).toMatchObject({ errcode: 40007 })
  })
})

describe('message/send', () => {
  const card = {
    title: '客户等待添加',
    description: '请尽快添加',
    url: 'http://127.0.0.1:3000/staff',
  }
  const send = (more: Record<string, unknown>) =>
    kit.contact('POST', 'message/send', {
      touser: 'zhangsan',
      msgtype: 'textcard',
      agentid: Number(credentials.agentId),
      textcard: card,
      ...more,
    })

  test('a card arrives, and unknown members are named without failing the rest', async () => {
    expect(await send({ touser: 'chenjing|nobody' })).toMatchObject({
      errcode: 0,
      invaliduser: 'nobody',
    })
    expect(await kit.look('/members/chenjing/inbox')).toMatchObject([
      { kind: 'app-message', type: 'textcard', ...card },
    ])
  })

  test('the same card again within the interval is not shown twice', async () => {
    for (let count = 0; count < 2; count += 1)
      expect(await send({ touser: 'wangwei', enable_duplicate_check: 1 })).toMatchObject({
        errcode: 0,
      })
    expect(await kit.look('/members/wangwei/inbox')).toHaveLength(1)
  })

  test.each([
    ['only unknown members', { touser: 'nobody' }, 81013],
    ['nobody', { touser: undefined }, 40058],
    ['a string as agentid', { agentid: credentials.agentId }, 40058],
    ['another agentid', { agentid: 1000009 }, 40056],
    ['a title above 128 bytes', { textcard: { ...card, title: '好'.repeat(43) } }, 45002],
    ['a card without url', { textcard: { title: 'a', description: 'b' } }, 40058],
    ['an unknown type', { msgtype: 'card' }, 40008],
    ['1001 members', { touser: Array.from({ length: 1001 }, (_, n) => `u${n}`).join('|') }, 40058],
  ])('%s is refused', async (_name, more, errcode) => {
    expect(await send(more)).toMatchObject({ errcode })
  })
})
