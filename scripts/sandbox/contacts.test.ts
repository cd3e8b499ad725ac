import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'

import { sandboxCredentials as credentials } from './base/credentials.ts'
import { clean, createKit, type Json, type Kit, newPerson } from './testing/kit.ts'
import { uploadImage } from './testing/upload.ts'

let kit: Kit

beforeAll(async () => {
  kit = await createKit()
})
afterAll(() => kit.stop())
beforeEach(() => clean(kit))

const add = (phone: string, more: Record<string, unknown> = {}, userid = 'zhangsan') =>
  kit.control(`/members/${userid}/add`, { phone, ...more })
const get = (externalUserid: string) =>
  kit.contact('GET', `externalcontact/get?external_userid=${externalUserid}`)
const events = async () => {
  await kit.sandbox.idle()
  return kit.listener.received.map((one) => one.event)
}
const followOf = (answer: Json) => (answer['follow_user'] as Json[])[0]
const remark = (externalUserid: string, more: Record<string, unknown>) =>
  kit.contact('POST', 'externalcontact/remark', {
    userid: 'zhangsan',
    external_userid: externalUserid,
    ...more,
  })

describe('adding', () => {
  test('a phone-search add rings with a welcome code and notes the phone', async () => {
    const { phone, externalUserid, unionid } = await newPerson(kit)
    expect(await add(phone)).toEqual({ externalUserid })
    const [event] = await events()
    expect(event).toMatchObject({
      ToUserName: credentials.corpId,
      FromUserName: 'sys',
      Event: 'change_external_contact',
      ChangeType: 'add_external_contact',
      UserID: 'zhangsan',
      ExternalUserID: externalUserid,
      WelcomeCode: expect.any(String),
    })
    const contact = await get(externalUserid)
    expect(contact).toMatchObject({
      external_contact: { external_userid: externalUserid, type: 1, unionid },
    })
    expect(followOf(contact)).toMatchObject({
      userid: 'zhangsan',
      add_way: 2,
      oper_userid: 'zhangsan',
      remark_mobiles: [phone],
    })
    expect(JSON.stringify(contact['external_contact'])).not.toContain(phone)
  })

  test('when the customer searched, oper_userid is the customer', async () => {
    const { phone, externalUserid } = await newPerson(kit)
    await add(phone, { initiatedBy: 'customer', state: 'door-7' })
    expect(followOf(await get(externalUserid))).toMatchObject({
      oper_userid: externalUserid,
      state: 'door-7',
    })
    expect((await events())[0]).toMatchObject({ State: 'door-7' })
  })

  test('a phone noted later rings nothing', async () => {
    const { phone, externalUserid } = await newPerson(kit)
    await add(phone, { remarkMobile: 'later' })
    expect(followOf(await get(externalUserid))).toMatchObject({ remark_mobiles: [] })
    await kit.control('/members/zhangsan/remark', { phone })
    expect(followOf(await get(externalUserid))).toMatchObject({ remark_mobiles: [phone] })
    expect(await events()).toHaveLength(1)
  })

  test('an edit of the remark rings, an edit of the phone alone does not', async () => {
    const { phone } = await newPerson(kit)
    await add(phone)
    expect(
      await kit.control('/members/zhangsan/edit', { phone, mobiles: ['+86 139-0000-0000'] }),
    ).toEqual({ event: false })
    expect(await kit.control('/members/zhangsan/edit', { phone, remark: '王先生' })).toEqual({
      event: true,
    })
    expect((await events()).map((event) => event['ChangeType'])).toEqual([
      'add_external_contact',
      'edit_external_contact',
    ])
  })

  test('unknown phones are 404 and a second add is 409', async () => {
    await expect(add('13900000000')).rejects.toThrow('404')
    const { phone } = await newPerson(kit)
    await add(phone)
    await expect(add(phone)).rejects.toThrow('409')
  })

  test('without unionid none is shown, and WeCom users never have one', async () => {
    const plain = await newPerson(kit, { unionid: false })
    const colleague = await newPerson(kit, { wecomUser: true })
    for (const { phone } of [plain, colleague]) await add(phone)
    expect((await get(plain.externalUserid))['external_contact']).not.toHaveProperty('unionid')
    expect((await get(colleague.externalUserid))['external_contact']).toMatchObject({ type: 2 })
    expect((await events())[1]).not.toHaveProperty('WelcomeCode')
  })

  test('a half contact is greeted once and listed only when accepted', async () => {
    const { phone, externalUserid } = await newPerson(kit)
    await add(phone, { half: true, initiatedBy: 'customer' })
    expect(await get(externalUserid)).toMatchObject({ errcode: 84061 })
    const code = (await events())[0]?.['WelcomeCode']
    await kit.contact('POST', 'externalcontact/send_welcome_msg', {
      welcome_code: code,
      text: { content: '您好' },
    })
    await add(phone, { initiatedBy: 'customer' })
    const [half, full] = await events()
    expect(half).toMatchObject({ ChangeType: 'add_half_external_contact' })
    expect(full).not.toHaveProperty('WelcomeCode')
  })
})

describe('ending', () => {
  test('each side deletes with its own event, and the contact is gone', async () => {
    const first = await newPerson(kit)
    const second = await newPerson(kit)
    await add(first.phone)
    await add(second.phone)
    await kit.control('/members/zhangsan/remove', { phone: first.phone })
    await kit.control(`/people/${second.personId}/remove-member`)
    expect((await events()).slice(2).map((event) => event['ChangeType'])).toEqual([
      'del_external_contact',
      'del_follow_user',
    ])
    expect(await get(first.externalUserid)).toMatchObject({ errcode: 84061 })
    expect(await kit.contact('GET', 'externalcontact/list?userid=zhangsan')).toMatchObject({
      errcode: 84061,
    })
  })

  test('a transfer is a deletion by transfer and an add with way 202', async () => {
    const { phone, externalUserid } = await newPerson(kit)
    await add(phone)
    await kit.control('/members/zhangsan/transfer', { phone, to: 'lisi' })
    expect((await events())[1]).toMatchObject({
      ChangeType: 'del_external_contact',
      Source: 'DELETE_BY_TRANSFER',
    })
    expect(followOf(await get(externalUserid))).toMatchObject({ userid: 'lisi', add_way: 202 })
  })
})

describe('reading', () => {
  test('list names the customers, get_follow_user_list the members', async () => {
    const { phone, externalUserid } = await newPerson(kit)
    await add(phone)
    expect(await kit.contact('GET', 'externalcontact/list?userid=zhangsan')).toMatchObject({
      external_userid: [externalUserid],
    })
    expect(await kit.contact('GET', 'externalcontact/list?userid=nobody')).toMatchObject({
      errcode: 60111,
    })
    const users = await kit.contact('GET', 'externalcontact/get_follow_user_list')
    expect(users['follow_user']).toEqual(
      expect.arrayContaining(['zhangsan', 'lisi', 'wangwei', 'chenjing']),
    )
  })

  test('get pages many followers and refuses a foreign cursor', async () => {
    await kit.control('/settings', { followPageSize: 1 })
    const { phone, externalUserid } = await newPerson(kit)
    await add(phone)
    await add(phone, {}, 'lisi')
    const first = await get(externalUserid)
    expect(first['follow_user']).toHaveLength(1)
    const next = `${externalUserid}&cursor=${String(first['next_cursor'])}`
    const second = await get(next)
    expect(followOf(second)).toMatchObject({ userid: 'lisi' })
    expect(second).not.toHaveProperty('next_cursor')
    expect(await get(`${externalUserid}&cursor=abc`)).toMatchObject({ errcode: 40058 })
    await kit.control('/settings', { followPageSize: 500 })
  })

  test('batch/get_by_user pages, clamps the limit and carries follow_info', async () => {
    const people = [await newPerson(kit), await newPerson(kit)]
    for (const { phone } of people) await add(phone)
    const ask = (more: Record<string, unknown>) =>
      kit.contact('POST', 'externalcontact/batch/get_by_user', {
        userid_list: ['zhangsan'],
        ...more,
      })
    const first = await ask({ limit: 1 })
    const second = await ask({ limit: 5000, cursor: first['next_cursor'] })
    const rows = [first, second].flatMap((page) => page['external_contact_list'] as Json[])
    expect(rows.map((row) => (row['follow_info'] as Json)['remark_mobiles'])).toEqual(
      people.map(({ phone }) => [phone]),
    )
    expect(second['next_cursor']).toBe('')
    expect(await ask({ userid_list: [] })).toMatchObject({ errcode: 40058 })
    expect(await ask({ userid_list: Array.from({ length: 101 }, () => 'zhangsan') })).toMatchObject(
      { errcode: 40058 },
    )
  })

  test('the missing and the unknown id have their own codes', async () => {
    expect(await kit.contact('GET', 'externalcontact/get')).toMatchObject({ errcode: 41035 })
    expect(await get('wmNobody')).toMatchObject({ errcode: 40096 })
  })
})

describe('remark', () => {
  test('overwrites the phones and rings nothing; [] leaves them, [""] clears them', async () => {
    const { phone, externalUserid } = await newPerson(kit)
    await add(phone)
    expect(await remark(externalUserid, { remark_mobiles: ['13700000000'] })).toMatchObject({
      errcode: 0,
    })
    expect(followOf(await get(externalUserid))).toMatchObject({ remark_mobiles: ['13700000000'] })
    expect(await remark(externalUserid, { remark: '王', remark_mobiles: [] })).toMatchObject({
      errcode: 0,
    })
    expect(followOf(await get(externalUserid))).toMatchObject({
      remark: '王',
      remark_mobiles: ['13700000000'],
    })
    expect(await remark(externalUserid, { remark_mobiles: [''] })).toMatchObject({ errcode: 0 })
    expect(followOf(await get(externalUserid))).toMatchObject({ remark_mobiles: [] })
    expect(await events()).toHaveLength(1)
  })

  test.each([
    ['nothing', {}, 40058],
    ['an empty list alone', { remark_mobiles: [] }, 40058],
    ['21 characters', { remark: '名'.repeat(21) }, 45002],
    ['numbers as phones', { remark_mobiles: [13700000000] }, 40058],
    ['one phone as a string', { remark_mobiles: '13700000000' }, 40058],
    ['a stranger to this member', { userid: 'lisi', remark: 'x' }, 84061],
  ])('%s is refused', async (_name, more, errcode) => {
    const { phone, externalUserid } = await newPerson(kit)
    await add(phone)
    expect(await remark(externalUserid, more)).toMatchObject({ errcode })
  })
})

describe('welcome', () => {
  const welcome = (code: unknown, more: Record<string, unknown> = { text: { content: '您好' } }) =>
    kit.contact('POST', 'externalcontact/send_welcome_msg', { welcome_code: code, ...more })
  const codeFor = async (phone: string) => {
    await add(phone)
    return (await events()).at(-1)?.['WelcomeCode']
  }
  const mini = (more: Record<string, unknown> = {}) => ({
    msgtype: 'miniprogram',
    miniprogram: {
      title: '我的项目',
      pic_media_id: 'none',
      appid: credentials.miniAppId,
      page: 'pages/card/card.html?t=1',
      ...more,
    },
  })

  test('text and card arrive in the inbox as two bubbles, once', async () => {
    const { phone, personId } = await newPerson(kit)
    const picture = await uploadImage(kit)
    const code = await codeFor(phone)
    const body = { text: { content: '您好' }, attachments: [mini({ pic_media_id: picture })] }
    expect(await welcome(code, body)).toMatchObject({ errcode: 0 })
    expect(await welcome(code, body)).toMatchObject({ errcode: 41051 })
    expect(await kit.look(`/people/${personId}/inbox`)).toMatchObject([
      { kind: 'welcome', type: 'text', from: 'zhangsan', text: '您好' },
      {
        kind: 'welcome',
        type: 'miniprogram',
        title: '我的项目',
        miniprogramPath: 'pages/card/card?t=1',
      },
    ])
  })

  test('after 20 s the code is 41050', async () => {
    const { phone } = await newPerson(kit)
    const code = await codeFor(phone)
    await kit.control('/clock', { advanceSeconds: 21 })
    expect(await welcome(code)).toMatchObject({ errcode: 41050 })
    expect(await welcome(undefined)).toMatchObject({ errcode: 41049 })
    expect(await welcome('invented')).toMatchObject({ errcode: 41050 })
  })

  test.each([
    ['an unknown picture', [mini()], 40007],
    ['ten attachments', Array.from({ length: 10 }, () => mini()), 41064],
    ['an unknown type', [{ msgtype: 'music', music: {} }], 41065],
    ['a link without url', [{ msgtype: 'link', link: { title: 'x' } }], 40058],
    ['nothing at all', [], 40058],
  ])('%s is refused and the code stays alive', async (_name, attachments, errcode) => {
    const { phone } = await newPerson(kit)
    const code = await codeFor(phone)
    expect(await welcome(code, { attachments })).toMatchObject({ errcode })
    expect(await welcome(code)).toMatchObject({ errcode: 0 })
  })

  test.each(['pages/card/card?t=1', 'pages/card/card', '', '?a=.html'])(
    'a card of the page %j opens the wrong page, so it is refused',
    async (page) => {
      const { phone } = await newPerson(kit)
      const attachments = [mini({ pic_media_id: await uploadImage(kit), page })]
      expect(await welcome(await codeFor(phone), { attachments })).toMatchObject({ errcode: 40058 })
    },
  )

  test('a mini-program of somebody else is refused', async () => {
    const { phone } = await newPerson(kit)
    const picture = await uploadImage(kit)
    const attachments = [mini({ pic_media_id: picture, appid: 'wx0000000000000000' })]
    expect(await welcome(await codeFor(phone), { attachments })).toMatchObject({ errcode: 40013 })
  })
})
