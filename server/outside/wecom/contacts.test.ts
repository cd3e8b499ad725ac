import { afterAll, beforeEach, describe, expect, test } from '@jest/globals'
import { keptLog, memoryTokens, startScriptedPlatform } from '../../lib/http-client.scripted.ts'
import { ADD_WAY } from './contacts.entries.ts'
import { createWecom } from './wecom.ts'

const platform = await startScriptedPlatform()
const log = keptLog()
const wecom = createWecom({
  baseUrl: platform.baseUrl,
  corpId: 'ww1',
  agentId: 1000002,
  contactSecret: 'contact',
  kfSecret: 'kf',
  tokens: memoryTokens(),
  log,
})
const { contacts, messages, media } = wecom
afterAll(async () => {
  await wecom.close()
  await platform.stop()
})
beforeEach(() => {
  platform.reset()
  log.lines.length = 0
  platform.script('/cgi-bin/gettoken', ({ query }) => ({
    errcode: 0,
    access_token: `token-of-${query['corpsecret'] ?? ''}`,
    expires_in: 7200,
  }))
})

const GET = '/cgi-bin/externalcontact/get'
const CONTACT = { external_userid: 'wo1', name: '李四', type: 1, gender: 1, unionid: 'o1' }
const follow = (userid: string, more = {}) => ({
  userid,
  createtime: 1_525_779_812,
  add_way: 2,
  oper_userid: userid,
  remark: '',
  remark_mobiles: [],
  state: '',
  ...more,
})

describe('getContact', () => {
  test('the contact and its followers in our words', async () => {
    platform.script(GET, {
      errcode: 0,
      external_contact: CONTACT,
      follow_user: [
        follow('rocky', { remark: '李部长', remark_mobiles: ['138 0000 0001', ''], state: 'qr1' }),
      ],
      next_cursor: '',
    })
    expect(await contacts.getContact('wo1')).toEqual({
      externalUserId: 'wo1',
      name: '李四',
      type: 1,
      unionid: 'o1',
      follows: [
        {
          userId: 'rocky',
          remark: '李部长',
          createdAt: new Date(1_525_779_812_000),
          addWay: ADD_WAY.phoneSearch,
          operUserId: 'rocky',
          remarkMobiles: ['138 0000 0001'],
          state: 'qr1',
        },
      ],
    })
    expect(platform.seen(GET)[0]?.query).toEqual({
      access_token: 'token-of-contact',
      external_userid: 'wo1',
    })
  })

  test('all pages of followers', async () => {
    platform.script(
      GET,
      { errcode: 0, external_contact: CONTACT, follow_user: [follow('a')], next_cursor: 'N' },
      { errcode: 0, external_contact: CONTACT, follow_user: [follow('b')] },
    )
    expect((await contacts.getContact('wo1'))?.follows.map(({ userId }) => userId)).toEqual([
      'a',
      'b',
    ])
    expect(platform.seen(GET)[1]?.query).toMatchObject({ cursor: 'N' })
  })

  test('followers out of range are simply missing, and an unknown way of meeting is kept', async () => {
    platform.script(
      GET,
      { errcode: 0, external_contact: CONTACT },
      {
        errcode: 0,
        external_contact: CONTACT,
        follow_user: [follow('a', { add_way: 208, remark_mobiles: undefined })],
      },
    )
    expect((await contacts.getContact('wo1'))?.follows).toEqual([])
    expect((await contacts.getContact('wo1'))?.follows).toMatchObject([
      { addWay: 208, remarkMobiles: [] },
    ])
  })

  test('a follower who cannot be read hides none of the others, and is missed', async () => {
    platform.script(GET, {
      errcode: 0,
      external_contact: CONTACT,
      follow_user: [follow('a'), { userid: 7 }, follow('b')],
    })
    expect(await contacts.getContact('wo1')).toMatchObject({
      isPartial: true,
      follows: [{ userId: 'a' }, { userId: 'b' }],
    })
    expect(log.lines.filter(({ level }) => level === 'warn')).toHaveLength(1)
  })

  test('a WeCom user has a company and no unionid', async () => {
    platform.script(GET, {
      errcode: 0,
      external_contact: { external_userid: 'wo2', name: '王五', type: 2, corp_name: '某公司' },
    })
    expect(await contacts.getContact('wo2')).toEqual({
      externalUserId: 'wo2',
      name: '王五',
      type: 2,
      corpName: '某公司',
      follows: [],
    })
  })

  test('84061 is nobody; so is 40096, with a word in the log', async () => {
    platform.script(
      GET,
      { errcode: 84061, errmsg: 'not external contact' },
      { errcode: 40096, errmsg: 'invalid external userid' },
    )
    expect(await contacts.getContact('wo1')).toBeNull()
    expect(log.lines.filter(({ level }) => level === 'warn')).toHaveLength(0)
    expect(await contacts.getContact('wo1')).toBeNull()
    expect(log.lines.filter(({ level }) => level === 'warn')).toHaveLength(1)
  })

  test('48002 is a failure', async () => {
    platform.script(GET, { errcode: 48002, errmsg: 'api forbidden' })
    await expect(contacts.getContact('wo1')).rejects.toMatchObject({ errcode: 48002 })
  })
})

describe('lists', () => {
  test('the contacts of a member; 84061 is an empty list', async () => {
    platform.script(
      '/cgi-bin/externalcontact/list',
      { errcode: 0, external_userid: ['a', 'b'] },
      { errcode: 84061, errmsg: 'no' },
    )
    expect(await contacts.listContactIds('rocky')).toEqual(['a', 'b'])
    expect(await contacts.listContactIds('rocky')).toEqual([])
  })

  test('the members who may have contacts', async () => {
    platform.script('/cgi-bin/externalcontact/get_follow_user_list', {
      errcode: 0,
      follow_user: ['zhangsan', 'lisi'],
    })
    expect(await contacts.followUsers()).toEqual(['zhangsan', 'lisi'])
  })

  const BATCH = '/cgi-bin/externalcontact/batch/get_by_user'
  const entry = (id: string) => ({
    external_contact: { ...CONTACT, external_userid: id },
    follow_info: { ...follow('rocky'), tag_id: [] },
  })
  const read = async (userIds: string[]) => {
    const pages: string[][] = []
    for await (const page of contacts.pagesByUsers(userIds))
      pages.push(
        page.kind === 'page'
          ? page.contacts.map(({ externalUserId }) => externalUserId)
          : ['failed', ...page.userIds],
      )
    return pages
  }

  test('pages until the cursor ends, empty ones too', async () => {
    platform.script(
      BATCH,
      { errcode: 0, external_contact_list: [entry('a')], next_cursor: '1' },
      { errcode: 0, external_contact_list: [], next_cursor: '2' },
      { errcode: 0, external_contact_list: [entry('b')], next_cursor: '' },
    )
    expect(await read(['rocky'])).toEqual([['a'], [], ['b']])
    expect(platform.seen(BATCH).map(({ body }) => body)).toEqual(
      ['', '1', '2'].map((cursor) => ({ userid_list: ['rocky'], cursor, limit: 100 })),
    )
  })

  test('an entry is the contact with that member', async () => {
    platform.script(BATCH, { errcode: 0, external_contact_list: [entry('a')] })
    for await (const page of contacts.pagesByUsers(['rocky'])) {
      expect(page).toEqual({
        kind: 'page',
        unreadable: [],
        contacts: [
          {
            externalUserId: 'a',
            name: '李四',
            type: 1,
            unionid: 'o1',
            follow: {
              userId: 'rocky',
              createdAt: new Date(1_525_779_812_000),
              addWay: 2,
              operUserId: 'rocky',
              remarkMobiles: [],
            },
          },
        ],
      })
    }
  })

  test('a hundred members per call', async () => {
    await read(Array.from({ length: 150 }, (_, i) => `u${String(i)}`))
    expect(
      platform
        .seen(BATCH)
        .map(({ body }) => (body as { userid_list: string[] }).userid_list.length),
    ).toEqual([100, 50])
  })

  test('a member without contacts does not hide the others', async () => {
    platform.script(BATCH, ({ body }) => {
      const { userid_list: userIds } = body as { userid_list: string[] }
      return userIds.includes('empty')
        ? { errcode: 84061, errmsg: 'no' }
        : { errcode: 0, external_contact_list: userIds.map(entry) }
    })
    expect(await read(['a', 'empty', 'b'])).toEqual([['a'], ['b']])
  })

  test('a member who is out of sight is named, and does not hide the others', async () => {
    platform.script(BATCH, ({ body }) => {
      const { userid_list: userIds } = body as { userid_list: string[] }
      return userIds.includes('gone')
        ? { errcode: 60111, errmsg: 'no' }
        : { errcode: 0, external_contact_list: userIds.map(entry) }
    })
    expect(await read(['a', 'gone', 'b'])).toEqual([['a'], ['failed', 'gone'], ['b']])
  })

  test('what is not about a member fails for the members asked for, and for no others', async () => {
    platform.script(BATCH, ({ body }) => {
      const { userid_list: userIds } = body as { userid_list: string[] }
      return userIds.includes('u0')
        ? { errcode: 45009, errmsg: 'no' }
        : { errcode: 0, external_contact_list: [entry('a')] }
    })
    const members = Array.from({ length: 101 }, (_, i) => `u${String(i)}`)
    expect(await read(members)).toEqual([['failed', ...members.slice(0, 100)], ['a']])
  })

  test.each<[string, string, unknown, object]>([
    ['no entry at all', 'external_userid', 7, { userIds: ['rocky', 'lisi'] }],
    [
      'a contact without an id',
      'external_userid',
      { external_contact: { name: '李四', type: 1 }, follow_info: follow('rocky') },
      { userIds: ['rocky'] },
    ],
    [
      'an id with a NUL',
      'external_userid',
      { ...entry('a\u0000'), follow_info: follow('rocky') },
      { userIds: ['rocky'] },
    ],
    ['an id that is too long', 'external_userid', entry('a'.repeat(65)), { userIds: ['rocky'] }],
    [
      'a contact of no kind',
      'type',
      { external_contact: { ...CONTACT, type: '1' }, follow_info: follow('rocky') },
      { userIds: ['rocky'], externalUserId: 'wo1' },
    ],
    [
      'a unionid that is none',
      'unionid',
      { external_contact: { ...CONTACT, unionid: 5 }, follow_info: follow('rocky') },
      { userIds: ['rocky'], externalUserId: 'wo1' },
    ],
    [
      'nobody who follows',
      'userid',
      { external_contact: CONTACT },
      { userIds: ['rocky', 'lisi'], externalUserId: 'wo1' },
    ],
    [
      'no instant',
      'createtime',
      { external_contact: CONTACT, follow_info: follow('rocky', { createtime: 9e15 }) },
      { userIds: ['rocky'], externalUserId: 'wo1' },
    ],
    [
      'no way of meeting',
      'add_way',
      { external_contact: CONTACT, follow_info: follow('rocky', { add_way: '2' }) },
      { userIds: ['rocky'], externalUserId: 'wo1' },
    ],
  ])('%s: the entry is named by %s, and the others are read', async (_, reason, broken, whose) => {
    platform.script(BATCH, { errcode: 0, external_contact_list: [entry('a'), broken, entry('b')] })
    for await (const page of contacts.pagesByUsers(['rocky', 'lisi'])) {
      expect(page).toMatchObject({
        kind: 'page',
        contacts: [{ externalUserId: 'a' }, { externalUserId: 'b' }],
      })
      expect(page).toHaveProperty('unreadable', [{ ...whose, reason }])
    }
  })
})

describe('setRemark', () => {
  test('no mobiles at all leaves them, an empty list clears them', async () => {
    await contacts.setRemark({ userId: 'rocky', externalUserId: 'wo1', remark: '张三' })
    await contacts.setRemark({ userId: 'rocky', externalUserId: 'wo1', mobiles: [] })
    await contacts.setRemark({
      userId: 'rocky',
      externalUserId: 'wo1',
      mobiles: ['13800000001'],
      description: 'd',
      company: 'c',
    })
    expect(platform.seen('/cgi-bin/externalcontact/remark').map(({ body }) => body)).toEqual([
      { userid: 'rocky', external_userid: 'wo1', remark: '张三' },
      { userid: 'rocky', external_userid: 'wo1', remark_mobiles: [''] },
      {
        userid: 'rocky',
        external_userid: 'wo1',
        remark_mobiles: ['13800000001'],
        description: 'd',
        remark_company: 'c',
      },
    ])
  })
})

test('a remark is cut at 20 characters, never inside an emoji', async () => {
  await contacts.setRemark({
    userId: 'rocky',
    externalUserId: 'wo1',
    remark: `${'王'.repeat(19)}👍🏽先生`,
    company: '公'.repeat(21),
  })
  expect(platform.seen('/cgi-bin/externalcontact/remark').at(-1)?.body).toMatchObject({
    remark: '王'.repeat(19),
    remark_company: '公'.repeat(20),
  })
})

describe('sendWelcome', () => {
  const PATH = '/cgi-bin/externalcontact/send_welcome_msg'

  test('text and cards', async () => {
    expect(
      await contacts.sendWelcome({
        welcomeCode: 'W',
        text: '您好',
        attachments: [
          {
            kind: 'mini-program',
            title: '进度',
            picMediaId: 'M',
            appId: 'wx1',
            page: 'pages/bind/bind?ticket=t.u',
          },
          { kind: 'link', title: '官网', url: 'https://e.com' },
          { kind: 'image', mediaId: 'I' },
        ],
      }),
    ).toBe('sent')
    expect(platform.seen(PATH)[0]?.body).toEqual({
      welcome_code: 'W',
      text: { content: '您好' },
      attachments: [
        {
          msgtype: 'miniprogram',
          miniprogram: {
            title: '进度',
            pic_media_id: 'M',
            appid: 'wx1',
            page: 'pages/bind/bind.html?ticket=t.u',
          },
        },
        { msgtype: 'link', link: { title: '官网', url: 'https://e.com' } },
        { msgtype: 'image', image: { media_id: 'I' } },
      ],
    })
  })

  test.each([
    [41049, 'expired'],
    [41050, 'expired'],
    [41051, 'already'],
    [41053, 'not-agreed'],
    [41096, 'sending-elsewhere'],
    [40007, 'refused'],
    [41064, 'refused'],
    [77777, 'refused'],
  ])('%i is an outcome: %s', async (errcode, outcome) => {
    platform.script(PATH, { errcode, errmsg: 'no' })
    expect(await contacts.sendWelcome({ welcomeCode: 'W', text: '您好' })).toBe(outcome)
    expect(platform.seen(PATH).map(({ body }) => body)).toEqual([
      { welcome_code: 'W', text: { content: '您好' } },
    ])
  })

  test('what is not about the welcome is a failure, and a cut line is not tried again', async () => {
    platform.script(PATH, { errcode: 48002, errmsg: 'forbidden' }, 'cut')
    await expect(contacts.sendWelcome({ welcomeCode: 'W', text: '您好' })).rejects.toMatchObject({
      errcode: 48002,
    })
    await expect(contacts.sendWelcome({ welcomeCode: 'W', text: '您好' })).rejects.toMatchObject({
      sent: true,
    })
    expect(platform.seen(PATH)).toHaveLength(2)
  })
})

describe('app messages', () => {
  const PATH = '/cgi-bin/message/send'

  test('a text and a card; who did not get it, in our spelling', async () => {
    platform.script(PATH, { errcode: 0, invaliduser: 'lisi|gone', msgid: 'm' }, { errcode: 0 })
    expect(await messages.sendText({ toUsers: ['ZhangSan', 'LiSi'], text: '有新客户' })).toEqual({
      invalidUsers: ['LiSi'],
    })
    expect(
      await messages.sendTextCard({
        toUsers: ['ZhangSan'],
        title: 't',
        description: 'd',
        url: 'https://e.com',
        buttonText: '查看',
      }),
    ).toEqual({ invalidUsers: [] })
    expect(platform.seen(PATH).map(({ body }) => body)).toEqual([
      { touser: 'ZhangSan|LiSi', agentid: 1000002, msgtype: 'text', text: { content: '有新客户' } },
      {
        touser: 'ZhangSan',
        agentid: 1000002,
        msgtype: 'textcard',
        textcard: { title: 't', description: 'd', url: 'https://e.com', btntxt: '查看' },
      },
    ])
  })

  test('a text is no markup: what somebody calls himself links nowhere', async () => {
    platform.script(PATH, { errcode: 0 })
    await messages.sendText({ toUsers: ['a'], text: '「<a href="//e.cn">王</a>」' })
    expect(platform.seen(PATH)[0]!.body).toMatchObject({
      text: { content: '「＜a href="//e.cn"＞王＜/a＞」' },
    })
  })

  test('81013: nobody got it', async () => {
    platform.script(PATH, { errcode: 81013, errmsg: 'all invalid' })
    expect(await messages.sendText({ toUsers: ['a', 'b'], text: 'x' })).toEqual({
      invalidUsers: ['a', 'b'],
    })
  })

  test('nobody to write to is no call', async () => {
    expect(await messages.sendText({ toUsers: [], text: 'x' })).toEqual({ invalidUsers: [] })
    expect(platform.requests).toHaveLength(0)
  })

  test('what is too long is cut between two characters', async () => {
    platform.script('/cgi-bin/message/send', { errcode: 0 }, { errcode: 0 })
    await messages.sendText({ toUsers: ['a'], text: `${'x'.repeat(2045)}👍🏽` })
    await messages.sendTextCard({
      toUsers: ['a'],
      title: `${'题'.repeat(127)}👍🏽`,
      description: 'd'.repeat(600),
      url: 'https://e.com',
      buttonText: '查看详情吧',
    })
    const [text, card] = platform
      .seen('/cgi-bin/message/send')
      .slice(-2)
      .map(({ body }) => body)
    expect(text).toMatchObject({ text: { content: 'x'.repeat(2045) } })
    expect(card).toMatchObject({
      textcard: { title: '题'.repeat(127), description: 'd'.repeat(512), btntxt: '查看详情' },
    })
  })
})

describe('media', () => {
  const CARD = {
    filename: 'card.png',
    contentType: 'image/png',
    bytes: Buffer.from('12345678'),
  } as const

  test.each([40004, 40006, 48002])('an image that is refused with %i', async (errcode) => {
    platform.script('/cgi-bin/media/upload', { errcode, errmsg: 'no' })
    expect(await media.uploadImage(CARD)).toEqual({ kind: 'refused', errcode })
  })

  test('is not refused by a limit: another try may be answered otherwise', async () => {
    platform.script('/cgi-bin/media/upload', { errcode: 45009, errmsg: 'limit' })
    await expect(media.uploadImage(CARD)).rejects.toMatchObject({ errcode: 45009 })
  })

  test('an image and its id', async () => {
    platform.script('/cgi-bin/media/upload', {
      errcode: 0,
      type: 'image',
      media_id: 'M',
      created_at: '1380000000',
    })
    expect(await media.uploadImage(CARD)).toEqual({
      kind: 'kept',
      mediaId: 'M',
      createdAt: new Date(1_380_000_000_000),
    })
    const [request] = platform.seen('/cgi-bin/media/upload')
    expect(request?.query).toEqual({ access_token: 'token-of-contact', type: 'image' })
    expect(request?.body).toContain('name="media"; filename="card.png"')
  })
})
