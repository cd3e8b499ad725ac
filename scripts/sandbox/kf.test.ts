import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'

import { sandboxCredentials as credentials } from './base/credentials.ts'
import { clean, createKit, type Json, type Kit, newPerson } from './testing/kit.ts'

const openKfId = credentials.openKfId
const HOURS = 3600
let kit: Kit

beforeAll(async () => {
  kit = await createKit()
})
afterAll(() => kit.stop())
beforeEach(() => clean(kit))

type Item = Json & { event?: Json; text?: Json }
const sync = async (more: Record<string, unknown> = {}) => {
  const page = await kit.kf('POST', 'kf/sync_msg', {
    open_kfid: openKfId,
    token: await doorToken(),
    ...more,
  })
  return { page, items: (page['msg_list'] ?? []) as Item[] }
}
const doorToken = async (): Promise<string> => {
  await kit.sandbox.idle()
  return (
    kit.listener.received.findLast((one) => one.event['Event'] === 'kf_msg_or_event')?.event[
      'Token'
    ] ?? ''
  )
}
const link = async (scene = 'bind'): Promise<string> =>
  String((await kit.kf('POST', 'kf/add_contact_way', { open_kfid: openKfId, scene }))['url'])
const enter = (personId: string, url: string) =>
  kit.control(`/people/${personId}/kf/enter`, { url })
const write = (personId: string, text = '你好') =>
  kit.control(`/people/${personId}/kf/send`, { text })
const send = (touser: string, more: Record<string, unknown> = {}) =>
  kit.kf('POST', 'kf/send_msg', {
    touser,
    open_kfid: openKfId,
    msgtype: 'text',
    text: { content: '您好' },
    ...more,
  })
const advance = (advanceSeconds: number) => kit.control('/clock', { advanceSeconds })
const codeOf = (items: Item[]) =>
  String(
    items.findLast((one) => one.event?.['event_type'] === 'enter_session')?.event?.['welcome_code'],
  )
const onEvent = (code: string, more: Record<string, unknown> = {}) =>
  kit.kf('POST', 'kf/send_msg_on_event', {
    code,
    msgtype: 'text',
    text: { content: '欢迎' },
    ...more,
  })
const menu = (list: unknown[]) => ({
  msgtype: 'msgmenu',
  text: undefined,
  msgmenu: { head_content: '请选择', list },
})

describe('entering', () => {
  test('a genuine link rings the doorbell and echoes the decoded scene_param', async () => {
    const person = await newPerson(kit)
    await enter(person.personId, `${await link()}&scene_param=${encodeURIComponent('a=1&b=进度')}`)
    const { items } = await sync()
    const bell = kit.listener.received.at(-1)?.event
    expect(bell).toMatchObject({
      ToUserName: credentials.corpId,
      MsgType: 'event',
      OpenKfId: openKfId,
    })
    expect(bell).not.toHaveProperty('FromUserName')
    expect(items[0]).not.toHaveProperty('open_kfid')
    expect(items[0]).not.toHaveProperty('external_userid')
    expect(items[0]?.event).toMatchObject({
      event_type: 'enter_session',
      external_userid: person.externalUserid,
      open_kfid: openKfId,
      scene: 'bind',
      scene_param: 'a=1&b=进度',
    })
  })

  test.each([
    [
      'an invented enc_scene',
      (url: string) => url.replace(/enc_scene=\w+/, 'enc_scene=ENCinvented'),
    ],
    ['a further parameter', (url: string) => `${url}&x=1`],
    ['another account id', (url: string) => url.replace('/kf/kfc', '/kf/kfd')],
    ['a scene_param that is not encoded', (url: string) => `${url}&scene_param=a+b`],
    ['a scene_param above 128 bytes', (url: string) => `${url}&scene_param=${'a'.repeat(129)}`],
  ])('%s makes no callback', async (_name, alter) => {
    const person = await newPerson(kit)
    expect(await enter(person.personId, alter(await link()))).toMatchObject({ event: false })
    await kit.sandbox.idle()
    expect(kit.listener.received).toHaveLength(0)
  })

  test('a second welcome within 48 h carries no code', async () => {
    const person = await newPerson(kit)
    const url = await link()
    await enter(person.personId, url)
    expect(await onEvent(codeOf((await sync()).items))).toMatchObject({ errcode: 0 })
    await advance(47 * HOURS)
    expect(await enter(person.personId, url)).toMatchObject({ welcome: false })
    await advance(HOURS + 1)
    expect(await enter(person.personId, url)).toMatchObject({ welcome: true })
  })

  test('who has written in the last 48 h gets no welcome code', async () => {
    const person = await newPerson(kit)
    await write(person.personId)
    await advance(47 * HOURS)
    expect(await enter(person.personId, await link())).toMatchObject({ welcome: false })
  })

  test('a welcome code works once and for 20 s', async () => {
    const person = await newPerson(kit)
    const url = await link()
    await enter(person.personId, url)
    const first = codeOf((await sync()).items)
    await advance(21)
    expect(await onEvent(first)).toMatchObject({ errcode: 42003 })
    await enter(person.personId, url)
    const second = codeOf((await sync()).items)
    expect(await onEvent(second)).toMatchObject({ errcode: 0 })
    expect(await onEvent(second)).toMatchObject({ errcode: 42022 })
    expect(await onEvent('never-issued')).toMatchObject({ errcode: 40029 })
  })

  test('a card cannot be a welcome', async () => {
    const person = await newPerson(kit)
    await enter(person.personId, await link())
    const location = {
      msgtype: 'location',
      text: undefined,
      location: { latitude: 1, longitude: 2 },
    }
    expect(await onEvent(codeOf((await sync()).items), location)).toMatchObject({ errcode: 40008 })
  })

  test('batchget gives the last entry for 48 h and then calls the customer invalid', async () => {
    const person = await newPerson(kit)
    await enter(person.personId, `${await link()}&scene_param=n1`)
    const ask = () =>
      kit.kf('POST', 'kf/customer/batchget', {
        external_userid_list: [person.externalUserid, 'wmStranger'],
        need_enter_session_context: 1,
      })
    expect(await ask()).toMatchObject({
      customer_list: [
        {
          external_userid: person.externalUserid,
          enter_session_context: { scene: 'bind', scene_param: 'n1' },
        },
      ],
      invalid_external_userid: ['wmStranger'],
    })
    await advance(48 * HOURS + 1)
    expect(await ask()).toMatchObject({
      customer_list: [],
      invalid_external_userid: [person.externalUserid, 'wmStranger'],
    })
  })
})

describe('sending', () => {
  test('entering alone does not allow send_msg', async () => {
    const person = await newPerson(kit)
    await enter(person.personId, await link())
    expect(await send(person.externalUserid)).toMatchObject({ errcode: 95018 })
  })

  test('five messages answer one customer message, the sixth is 95001', async () => {
    const person = await newPerson(kit)
    await write(person.personId)
    for (let count = 0; count < 5; count += 1)
      expect(await send(person.externalUserid)).toMatchObject({ errcode: 0 })
    expect(await send(person.externalUserid)).toMatchObject({ errcode: 95001 })
    await write(person.personId)
    expect(await send(person.externalUserid)).toMatchObject({ errcode: 0 })
  })

  test('48 h after the customer wrote sending is 95002', async () => {
    const person = await newPerson(kit)
    await write(person.personId)
    await advance(48 * HOURS + 1)
    expect(await send(person.externalUserid)).toMatchObject({ errcode: 95002 })
  })

  test.each([
    ['text above 2048 bytes', { text: { content: '好'.repeat(683) } }, 45002],
    ['empty text', { text: { content: '' } }, 40058],
    ['a number as text', { text: { content: 5 } }, 40058],
    ['an unknown field', { nonsense: 1 }, 40058],
    ['a second body', { msgmenu: {} }, 40058],
    ['an unknown msgtype', { msgtype: 'card' }, 40008],
    ['a msgid with a dot', { msgid: 'a.b' }, 40058],
    ['a msgid of 33 bytes', { msgid: 'a'.repeat(33) }, 40058],
    ['an unknown kf account', { open_kfid: 'wkOther' }, 95004],
    ['a malformed kf account', { open_kfid: 'kf' }, 95000],
    ['an unknown customer', { touser: 'wmNobody' }, 40096],
    [
      'eleven menu items',
      menu(
        Array.from({ length: 11 }, (_, n) => ({
          type: 'click',
          click: { id: `i${n}`, content: 'x' },
        })),
      ),
      95008,
    ],
    ['a menu item of unknown type', menu([{ type: 'tap', tap: {} }]), 95009],
    ['a click without id', menu([{ type: 'click', click: { content: 'x' } }]), 40058],
    [
      'a click content above 128 bytes',
      menu([{ type: 'click', click: { id: 'a', content: '好'.repeat(43) } }]),
      45002,
    ],
    [
      'a view without scheme',
      menu([{ type: 'view', view: { url: 'example.com', content: 'x' } }]),
      40058,
    ],
  ])('%s is refused', async (_name, more, errcode) => {
    const person = await newPerson(kit)
    await write(person.personId)
    expect(await send(person.externalUserid, more)).toMatchObject({ errcode })
  })

  test('a msgid is echoed, and used again it is 45065 and sends nothing', async () => {
    const person = await newPerson(kit)
    await write(person.personId)
    expect(await send(person.externalUserid, { msgid: 'm-1' })).toMatchObject({
      errcode: 0,
      msgid: 'm-1',
    })
    expect(await send(person.externalUserid, { msgid: 'm-1' })).toMatchObject({
      errcode: 45065,
      msgid: 'm-1',
    })
    expect(await kit.look(`/people/${person.personId}/kf/messages`)).toHaveLength(2)
  })

  test('a tap sends the content with its menu_id, and only of a menu that was received', async () => {
    const person = await newPerson(kit)
    await write(person.personId)
    const jump = {
      appid: credentials.miniAppId,
      pagepath: 'pages/bind/bind?ticket=t',
      content: '打开小程序',
    }
    await send(
      person.externalUserid,
      menu([
        { type: 'miniprogram', miniprogram: jump },
        { type: 'click', click: { id: 'no', content: '不是我' } },
      ]),
    )
    const lines = (await kit.look(`/people/${person.personId}/kf/messages`)) as unknown as Json[]
    expect(lines[1]).toMatchObject({
      from: 'bot',
      type: 'msgmenu',
      menu: [
        { text: '打开小程序', miniprogramPath: 'pages/bind/bind?ticket=t' },
        { id: 'no', text: '不是我' },
      ],
    })
    await expect(
      kit.control(`/people/${person.personId}/kf/send`, { menuId: 'other' }),
    ).rejects.toThrow('400')
    await kit.control(`/people/${person.personId}/kf/send`, { menuId: 'no' })
    expect((await sync()).items.at(-1)).toMatchObject({
      origin: 3,
      text: { content: '不是我', menu_id: 'no' },
    })
  })

  test('an injected failure arrives as msg_send_fail and not in the chat', async () => {
    const person = await newPerson(kit)
    await write(person.personId)
    await kit.control('/faults', { kfSendFail: { times: 1, failType: 10 } })
    const { msgid } = await send(person.externalUserid)
    expect((await sync()).items.at(-1)?.event).toMatchObject({
      event_type: 'msg_send_fail',
      fail_msgid: msgid,
      fail_type: 10,
    })
    expect(await kit.look(`/people/${person.personId}/kf/messages`)).toHaveLength(1)
  })
})
