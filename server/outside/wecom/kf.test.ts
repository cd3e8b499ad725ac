import { afterAll, beforeEach, describe, expect, test } from '@jest/globals'
import { keptLog, memoryTokens, startScriptedPlatform } from '../../lib/http-client.scripted.ts'
import { toKfItem } from './kf.items.ts'
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
const { kf } = wecom
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

const KF = 'wkAJ2GCAAASSm4_FhToWMFea0xAFfd3Q'
const CUSTOMER = 'wmAJ2GCAAAme1XQRC-NI-q0_ZM9ukoAw'
const AT = {
  msgid: 'm1',
  openKfId: KF,
  externalUserId: CUSTOMER,
  sendTime: new Date(1_615_478_585_000),
}
const message = (msgtype: string, body: unknown, more = {}) => ({
  msgid: 'm1',
  open_kfid: KF,
  external_userid: CUSTOMER,
  send_time: 1_615_478_585,
  origin: 3,
  msgtype,
  [msgtype]: body,
  ...more,
})
/** Events carry their ids inside. */
const event = (event_type: string, more = {}) => ({
  msgid: 'm1',
  send_time: 1_615_478_585,
  origin: 4,
  msgtype: 'event',
  event: { event_type, open_kfid: KF, external_userid: CUSTOMER, ...more },
})

describe('items', () => {
  test('a text', () => {
    expect(toKfItem(message('text', { content: '123456' }))).toEqual({
      kind: 'text',
      ...AT,
      origin: 'customer',
      text: '123456',
    })
  })

  test('a text from a menu, and one of a servicer', () => {
    expect(toKfItem(message('text', { content: '是我', menu_id: 'yes' }))).toMatchObject({
      text: '是我',
      menuId: 'yes',
    })
    expect(
      toKfItem(message('text', { content: '好' }, { origin: 5, servicer_userid: 'zhangsan' })),
    ).toMatchObject({ origin: 'servicer' })
    expect(toKfItem(message('text', { content: '?' }, { origin: 17 }))).toMatchObject({
      kind: 'text',
      origin: 'other:17',
    })
  })

  test('coming in, with everything and with nothing', () => {
    expect(
      toKfItem(
        event('enter_session', { scene: '123', scene_param: 'a=1&b=2', welcome_code: 'aaaaaa' }),
      ),
    ).toEqual({
      kind: 'enter-session',
      ...AT,
      origin: 'system',
      scene: '123',
      sceneParam: 'a=1&b=2',
      welcomeCode: 'aaaaaa',
    })
    expect(toKfItem(event('enter_session', { scene: '', scene_param: '' }))).toEqual({
      kind: 'enter-session',
      ...AT,
      origin: 'system',
    })
  })

  test.each([
    [1, 'taken-from-queue'],
    [2, 'transferred'],
    [3, 'ended'],
    [4, 'reopened'],
    [9, 'other:9'],
  ])('session change %i is %s', (type, change) => {
    expect(
      toKfItem(
        event('session_status_change', {
          change_type: type,
          old_servicer_userid: 'a',
          new_servicer_userid: 'b',
          msg_code: 'C',
        }),
      ),
    ).toEqual({
      kind: 'session-status-change',
      ...AT,
      origin: 'system',
      change,
      oldServicerUserId: 'a',
      newServicerUserId: 'b',
      msgCode: 'C',
    })
  })

  test('recalls', () => {
    expect(toKfItem(event('user_recall_msg', { recall_msgid: 'm0' }))).toMatchObject({
      kind: 'recall',
      by: 'customer',
      recalledMsgid: 'm0',
    })
    expect(
      toKfItem(event('servicer_recall_msg', { recall_msgid: 'm0', servicer_userid: 'a' })),
    ).toMatchObject({ kind: 'recall', by: 'servicer' })
  })

  test.each([
    [0, 'unknown'],
    [1, 'kf-account-deleted'],
    [2, 'app-closed'],
    [3, 'other:3'],
    [4, 'after-48-hours'],
    [5, 'session-closed'],
    [6, 'more-than-5-messages'],
    [10, 'rejected-by-customer'],
    [12, 'forbidden-type'],
    [99, 'other:99'],
  ])('a send that failed with %i: %s', (type, reason) => {
    expect(toKfItem(event('msg_send_fail', { fail_msgid: 'mine', fail_type: type }))).toEqual({
      kind: 'send-failed',
      ...AT,
      origin: 'system',
      failedMsgid: 'mine',
      reason,
    })
  })

  test.each(['image', 'miniprogram', 'merged_msg', 'note', 'meeting', 'never_heard_of'])(
    'a %s is kept by its type',
    (type) => {
      expect(toKfItem(message(type, { media_id: 'x' }))).toEqual({
        kind: 'other',
        ...AT,
        origin: 'customer',
        type,
      })
    },
  )

  test('an event of a servicer has no customer', () => {
    const raw = {
      msgid: 'm1',
      send_time: 1,
      origin: 4,
      msgtype: 'event',
      event: {
        event_type: 'servicer_status_change',
        servicer_userid: 'a',
        status: 1,
        open_kfid: KF,
      },
    }
    expect(toKfItem(raw)).toEqual({
      kind: 'other',
      type: 'event:servicer_status_change',
      msgid: 'm1',
      openKfId: KF,
      sendTime: new Date(1000),
      origin: 'system',
    })
  })

  test.each([
    ['no object', 5],
    ['null', null],
    ['nothing', {}],
    ['an event without a body', { msgid: 'm', msgtype: 'event' }],
    ['a body of the wrong type', message('text', 'x')],
    ['numbers for texts', message('text', { content: 5 }, { msgid: 7 })],
    ['a type named like a method', message('constructor', {})],
    ['lists for ids', message('text', {}, { open_kfid: ['a'] })],
  ])('%s never crashes', (_, raw) => {
    expect(toKfItem(raw)).toMatchObject({
      kind: expect.stringMatching(/^(text|other|unreadable)$/),
      msgid: expect.any(String),
    })
  })

  test.each<[string, unknown, string]>([
    ['no object', 'x', 'msgtype'],
    ['an entry of no kind', { msgid: 'm1' }, 'msgtype'],
    [
      'a text of nobody',
      message('text', { content: '1' }, { external_userid: 7 }),
      'external_userid',
    ],
    [
      'a picture of nobody',
      message('image', { media_id: 'x' }, { external_userid: '' }),
      'external_userid',
    ],
    [
      'a customer whose id is too long',
      message('text', { content: '1' }, { external_userid: 'w'.repeat(65) }),
      'external_userid',
    ],
    ['an entry of nobody', event('enter_session', { external_userid: 'a b' }), 'external_userid'],
    ['a text in no account', message('text', { content: '1' }, { open_kfid: null }), 'open_kfid'],
  ])('%s cannot be read, and says what it lacks', (_, raw, lacks) => {
    expect(toKfItem(raw)).toMatchObject({ kind: 'unreadable', lacks })
  })

  test('an id that no key can hold gives way to one made of the content', () => {
    expect(toKfItem(message('text', { content: '1' }, { msgid: 'm'.repeat(129) }))).toMatchObject({
      kind: 'text',
      msgid: expect.stringMatching(/^sha256:/),
    })
  })

  test('an instant that is none is 1970', () => {
    expect(toKfItem(message('text', { content: '1' }, { send_time: 9e15 }))).toMatchObject({
      kind: 'text',
      sendTime: new Date(0),
    })
  })

  test('an item without an id gets the same one each time it is read', () => {
    const raw = { msgtype: 'new', send_time: 1 }
    expect(toKfItem(raw).msgid).toBe(toKfItem({ ...raw }).msgid)
    expect(toKfItem(raw).msgid).not.toBe(toKfItem({ ...raw, send_time: 2 }).msgid)
  })
})

describe('syncMessages', () => {
  const PATH = '/cgi-bin/kf/sync_msg'

  test('names the account always, cursor and token when there are', async () => {
    platform.script(PATH, {
      errcode: 0,
      next_cursor: 'c2',
      has_more: 1,
      msg_list: [message('text', { content: 'a' }), event('unheard_of')],
    })
    const first = await kf.syncMessages({ openKfId: KF })
    const second = await kf.syncMessages({ openKfId: KF, cursor: 'c1', token: 'T', limit: 50 })
    expect(platform.seen(PATH).map(({ body }) => body)).toEqual([
      { open_kfid: KF, limit: 1000 },
      { open_kfid: KF, cursor: 'c1', token: 'T', limit: 50 },
    ])
    expect(first).toMatchObject({
      nextCursor: 'c2',
      hasMore: true,
      messages: [{ kind: 'text' }, { kind: 'other', type: 'event:unheard_of' }],
    })
    expect(second.hasMore).toBe(true)
    expect(platform.seen(PATH)[0]?.query['access_token']).toBe('token-of-kf')
  })

  test('an empty page can have more behind it', async () => {
    platform.script(PATH, { errcode: 0, next_cursor: 'c2', has_more: 1, msg_list: [] })
    expect(await kf.syncMessages({ openKfId: KF, cursor: 'c1' })).toEqual({
      messages: [],
      nextCursor: 'c2',
      hasMore: true,
    })
  })

  test('a page without a cursor keeps the old one, and what it says of more is told', async () => {
    platform.script(PATH, { errcode: 0, has_more: 1, msg_list: [] })
    expect(await kf.syncMessages({ openKfId: KF, cursor: 'c1' })).toEqual({
      messages: [],
      nextCursor: 'c1',
      hasMore: true,
    })
  })

  test('an old token is left out: the messages come without it too', async () => {
    platform.script(
      PATH,
      { errcode: 95007, errmsg: 'invalid msg token' },
      { errcode: 0, next_cursor: 'c2', has_more: 0, msg_list: [] },
    )
    expect(await kf.syncMessages({ openKfId: KF, cursor: 'c1', token: 'OLD' })).toEqual({
      messages: [],
      nextCursor: 'c2',
      hasMore: false,
    })
    expect(platform.seen(PATH).map(({ body }) => body)).toEqual([
      { open_kfid: KF, cursor: 'c1', token: 'OLD', limit: 1000 },
      { open_kfid: KF, cursor: 'c1', limit: 1000 },
    ])
  })
})

describe('sending', () => {
  test('a text, under our own id', async () => {
    platform.script('/cgi-bin/kf/send_msg', { errcode: 0, msgid: 'mine' })
    expect(
      await kf.sendText({ openKfId: KF, externalUserId: CUSTOMER, text: '你好', msgid: 'mine' }),
    ).toEqual({ kind: 'sent', msgid: 'mine' })
    expect(platform.seen('/cgi-bin/kf/send_msg')[0]?.body).toEqual({
      touser: CUSTOMER,
      open_kfid: KF,
      msgid: 'mine',
      msgtype: 'text',
      text: { content: '你好' },
    })
  })

  test('a menu with every kind of line', async () => {
    platform.script('/cgi-bin/kf/send_msg', { errcode: 0, msgid: 'm' })
    await kf.sendMenu({
      openKfId: KF,
      externalUserId: CUSTOMER,
      head: '是您本人吗？',
      tail: '谢谢',
      items: [
        { kind: 'click', id: 'yes', text: '是我' },
        { kind: 'view', url: 'https://e.com', text: '官网' },
        { kind: 'mini-program', appId: 'wx1', pagePath: 'pages/bind/bind?ticket=t', text: '打开' },
      ],
    })
    expect(platform.seen('/cgi-bin/kf/send_msg')[0]?.body).toEqual({
      touser: CUSTOMER,
      open_kfid: KF,
      msgtype: 'msgmenu',
      msgmenu: {
        head_content: '是您本人吗？',
        tail_content: '谢谢',
        list: [
          { type: 'click', click: { id: 'yes', content: '是我' } },
          { type: 'view', view: { url: 'https://e.com', content: '官网' } },
          {
            type: 'miniprogram',
            miniprogram: { appid: 'wx1', pagepath: 'pages/bind/bind?ticket=t', content: '打开' },
          },
        ],
      },
    })
  })

  test('on an event: the code instead of an address', async () => {
    platform.script('/cgi-bin/kf/send_msg_on_event', { errcode: 0, msgid: 'm' })
    await kf.sendOnEvent('CODE', { kind: 'menu', items: [{ kind: 'click', id: 'a', text: 'A' }] })
    await kf.sendOnEvent('CODE', { kind: 'text', text: '你好' }, 'mine')
    expect(platform.seen('/cgi-bin/kf/send_msg_on_event').map(({ body }) => body)).toEqual([
      {
        code: 'CODE',
        msgtype: 'msgmenu',
        msgmenu: { list: [{ type: 'click', click: { id: 'a', content: 'A' } }] },
      },
      { code: 'CODE', msgid: 'mine', msgtype: 'text', text: { content: '你好' } },
    ])
  })

  test.each([
    [95001, 'too_many'],
    [95002, 'too_late'],
    [95013, 'state_forbids'],
    [95018, 'state_forbids'],
    [45065, 'other'],
    [40029, 'other'],
    [42022, 'other'],
    [95007, 'other'],
    [40058, 'other'],
    [77777, 'other'],
  ])(
    '%i is the refusal %s, of a message and of an event, and not repeated',
    async (errcode, reason) => {
      for (const path of ['/cgi-bin/kf/send_msg', '/cgi-bin/kf/send_msg_on_event'])
        platform.script(path, { errcode, errmsg: 'no' })
      expect(await kf.sendText({ openKfId: KF, externalUserId: CUSTOMER, text: 'x' })).toEqual({
        kind: 'refused',
        reason,
        errcode,
      })
      expect(await kf.sendOnEvent('CODE', { kind: 'text', text: 'x' })).toEqual({
        kind: 'refused',
        reason,
        errcode,
      })
      for (const path of ['/cgi-bin/kf/send_msg', '/cgi-bin/kf/send_msg_on_event'])
        expect(platform.seen(path)).toHaveLength(1)
    },
  )

  test.each([-1, 45009, 45033, 60020])(
    '%i says nothing of a code or a message: both may be tried again',
    async (errcode) => {
      for (const path of ['/cgi-bin/kf/send_msg', '/cgi-bin/kf/send_msg_on_event'])
        platform.script(path, { errcode, errmsg: 'no' })
      await expect(
        kf.sendText({ openKfId: KF, externalUserId: CUSTOMER, text: 'x' }),
      ).rejects.toMatchObject({ errcode })
      await expect(kf.sendOnEvent('CODE', { kind: 'text', text: 'x' })).rejects.toMatchObject({
        errcode,
      })
    },
  )

  test.each([48002, 48007, 95000, 95003, 95004, 95011, 95012, 95017, 95030])(
    '%i is for an administrator, and goes on from a message; of a code it is the end',
    async (errcode) => {
      for (const path of ['/cgi-bin/kf/send_msg', '/cgi-bin/kf/send_msg_on_event'])
        platform.script(path, { errcode, errmsg: 'no' })
      await expect(
        kf.sendText({ openKfId: KF, externalUserId: CUSTOMER, text: 'x' }),
      ).rejects.toMatchObject({ errcode })
      expect(await kf.sendOnEvent('CODE', { kind: 'text', text: 'x' })).toEqual({
        kind: 'refused',
        reason: 'other',
        errcode,
      })
    },
  )

  test('no second message after a cut line', async () => {
    platform.script('/cgi-bin/kf/send_msg', 'cut')
    platform.script('/cgi-bin/kf/send_msg_on_event', 'cut')
    await expect(
      kf.sendText({ openKfId: KF, externalUserId: CUSTOMER, text: 'x' }),
    ).rejects.toMatchObject({ sent: true })
    await expect(kf.sendOnEvent('CODE', { kind: 'text', text: 'x' })).rejects.toMatchObject({
      sent: true,
    })
    expect(platform.seen('/cgi-bin/kf/send_msg')).toHaveLength(1)
    expect(platform.seen('/cgi-bin/kf/send_msg_on_event')).toHaveLength(1)
  })
})

describe('sessions and accounts', () => {
  test.each([
    [0, 'unhandled'],
    [1, 'assistant'],
    [2, 'queue'],
    [4, 'ended'],
    [8, 'other:8'],
  ])('state %i is %s', async (service_state, state) => {
    platform.script('/cgi-bin/kf/service_state/get', {
      errcode: 0,
      service_state,
      servicer_userid: '',
    })
    expect(await kf.serviceState({ openKfId: KF, externalUserId: CUSTOMER })).toEqual({ state })
  })

  test('state 3 has a servicer', async () => {
    platform.script('/cgi-bin/kf/service_state/get', {
      errcode: 0,
      service_state: 3,
      servicer_userid: 'zhangsan',
    })
    expect(await kf.serviceState({ openKfId: KF, externalUserId: CUSTOMER })).toEqual({
      state: 'human',
      servicerUserId: 'zhangsan',
    })
  })

  test('a transfer names the state by number and may bring a code', async () => {
    const path = '/cgi-bin/kf/service_state/trans'
    platform.script(path, { errcode: 0, msg_code: 'C' }, { errcode: 0 })
    expect(
      await kf.transferTo({
        openKfId: KF,
        externalUserId: CUSTOMER,
        state: 'human',
        servicerUserId: 'zhangsan',
      }),
    ).toEqual({ kind: 'moved', msgCode: 'C' })
    expect(await kf.transferTo({ openKfId: KF, externalUserId: CUSTOMER, state: 'ended' })).toEqual(
      { kind: 'moved' },
    )
    expect(platform.seen(path).map(({ body }) => body)).toEqual([
      { open_kfid: KF, external_userid: CUSTOMER, service_state: 3, servicer_userid: 'zhangsan' },
      { open_kfid: KF, external_userid: CUSTOMER, service_state: 4 },
    ])
  })

  test.each([
    [95014, 'no_servicer'],
    [95016, 'not_allowed'],
    [95019, 'nobody_on_duty'],
    [95099, 'other'],
  ])('a transfer refused with %i is %s', async (errcode, reason) => {
    platform.script('/cgi-bin/kf/service_state/trans', { errcode, errmsg: 'no' })
    expect(await kf.transferTo({ openKfId: KF, externalUserId: CUSTOMER, state: 'queue' })).toEqual(
      { kind: 'refused', reason, errcode },
    )
  })

  test('accounts of all pages', async () => {
    const page = (count: number) => ({
      errcode: 0,
      account_list: Array.from({ length: count }, (_, i) => ({
        open_kfid: `wk${String(i)}`,
        name: '客服',
        manage_privilege: i === 0,
      })),
    })
    platform.script('/cgi-bin/kf/account/list', page(100), page(3))
    const accounts = await kf.listAccounts()
    expect(accounts).toHaveLength(103)
    expect(accounts.slice(0, 2)).toEqual([
      { openKfId: 'wk0', name: '客服', managed: true },
      { openKfId: 'wk1', name: '客服', managed: false },
    ])
    expect(platform.seen('/cgi-bin/kf/account/list').map(({ body }) => body)).toEqual([
      { offset: 0, limit: 100 },
      { offset: 100, limit: 100 },
    ])
  })

  test('servicers on duty; departments and those who stopped are left out', async () => {
    platform.script('/cgi-bin/kf/servicer/list', {
      errcode: 0,
      servicer_list: [
        { userid: 'zhangsan', status: 0 },
        { userid: 'lisi', status: 1, stop_type: 1 },
        { department_id: 2 },
        { department_id: 3, status: 0 },
        { userid: 'wangwei', status: 0 },
      ],
    })
    expect(await kf.pageServicersOnDuty(KF)).toEqual(['zhangsan', 'wangwei'])
    expect(platform.seen('/cgi-bin/kf/servicer/list')).toMatchObject([
      { method: 'GET', query: { access_token: 'token-of-kf', open_kfid: KF } },
    ])
    platform.script('/cgi-bin/kf/servicer/list', { errcode: 0 })
    expect(await kf.pageServicersOnDuty(KF)).toEqual([])
  })

  test('the link of a scene', async () => {
    platform.script('/cgi-bin/kf/add_contact_way', {
      errcode: 0,
      url: 'https://work.weixin.qq.com/kf/kfc?enc_scene=E',
    })
    expect(await kf.addContactWay({ openKfId: KF, scene: 'bind' })).toBe(
      'https://work.weixin.qq.com/kf/kfc?enc_scene=E',
    )
  })
})

describe('customers', () => {
  const PATH = '/cgi-bin/kf/customer/batchget'

  test('known ones with and without unionid and context, and the unknown', async () => {
    platform.script(PATH, {
      errcode: 0,
      customer_list: [
        {
          external_userid: 'wm1',
          nickname: '张三',
          unionid: 'o1',
          enter_session_context: { scene: '123', scene_param: 'abc', wechat_channels: {} },
        },
        { external_userid: 'wm2', nickname: '李四', gender: 0, unionid: '' },
      ],
      invalid_external_userid: ['wm3'],
    })
    expect(await kf.customers(['wm1', 'wm2', 'wm3'], { withEnterContext: true })).toEqual({
      found: [
        {
          externalUserId: 'wm1',
          nickname: '张三',
          unionid: 'o1',
          enterContext: { scene: '123', sceneParam: 'abc' },
        },
        { externalUserId: 'wm2', nickname: '李四' },
      ],
      unknown: ['wm3'],
    })
    expect(platform.seen(PATH)[0]?.body).toEqual({
      external_userid_list: ['wm1', 'wm2', 'wm3'],
      need_enter_session_context: 1,
    })
  })

  test('more than a hundred in several calls, none in no call', async () => {
    platform.script(PATH, { errcode: 0, customer_list: [] })
    await kf.customers(Array.from({ length: 205 }, (_, i) => `wm${String(i)}`))
    await kf.customers([])
    expect(
      platform
        .seen(PATH)
        .map(
          ({ body }) => (body as { external_userid_list: string[] }).external_userid_list.length,
        ),
    ).toEqual([100, 100, 5])
  })
})

test('what is too long is cut between two characters, not refused as a whole', async () => {
  platform.script('/cgi-bin/kf/send_msg', () => ({ errcode: 0, msgid: 'm' }))
  const family = '👨‍👩‍👧‍👦'
  const long = (before: number): string => 'a'.repeat(before) + family.repeat(100)
  await kf.sendText({ openKfId: KF, externalUserId: CUSTOMER, text: long(7) })
  await kf.sendMenu({
    openKfId: KF,
    externalUserId: CUSTOMER,
    head: long(1),
    items: [
      { kind: 'click', id: 'c', text: long(3) },
      { kind: 'view', url: 'https://e.com', text: long(0) },
    ],
    tail: long(2),
  })
  const [text, menu] = platform.seen('/cgi-bin/kf/send_msg').map(({ body }) => body as any)
  expect(text.text.content).toBe('a'.repeat(7) + family.repeat(81))
  expect([menu.msgmenu.head_content, menu.msgmenu.tail_content]).toEqual([
    `a${family.repeat(40)}`,
    `aa${family.repeat(40)}`,
  ])
  expect(menu.msgmenu.list).toEqual([
    { type: 'click', click: { id: 'c', content: `aaa${family.repeat(5)}` } },
    { type: 'view', view: { url: 'https://e.com', content: family.repeat(40) } },
  ])
})
