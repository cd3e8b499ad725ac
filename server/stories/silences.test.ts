import { beforeEach, describe, expect, test } from '@jest/globals'
import { botTexts, findTicket, type Person } from '../../scripts/play/people.ts'
import { memberBrowsers } from '../test/member-browser.ts'
import { ADMIN_KEY, OFFICIAL, useTown, type Town } from '../test/town.ts'
import { addJob, listJobs } from '../test/job-desk.ts'

const HOME = 'https://staff.example.com'
const town = useTown({ ...OFFICIAL, PUBLIC_BASE_URL: HOME, STAFF_QUIET_HOURS: 'off' })
const trusting = useTown({
  PUBLIC_BASE_URL: HOME,
  STAFF_QUIET_HOURS: 'off',
  BINDING_TRUST_PHONE_CLAIM: 'true',
  BINDING_PHONE_BUTTON: 'true',
})
const night = useTown({ PUBLIC_BASE_URL: HOME, STAFF_QUIET_HOURS: '00:00-23:59' })
const { signedIn } = memberBrowsers(town, HOME)

beforeEach(() => {
  for (const { clock } of [town(), trusting(), night()])
    clock.advance(Date.now() - clock.now().getTime())
})

const because = { reason: '门店核对身份证', operatorUserid: 'chenjing' }
const mask = (phone: string): string => `${phone.slice(0, 3)}****${phone.slice(-4)}`

type AppMessage = { content?: string }
/** The app messages of a member that tell of bindings. */
async function toldTo(userid: string, at: Town = town()): Promise<string[]> {
  const inbox = (await at.control.get(`/_sandbox/members/${userid}/inbox`)).body as AppMessage[]
  return inbox
    .map(({ content }) => content ?? '')
    .filter((text) => text.startsWith('客户的绑定有变化'))
}
const toldInChat = async (customer: Person) =>
  botTexts(await customer.chat()).filter((text) => text.includes('刚刚绑定了一个'))

/** A contact of 张三 who has written in the chat before. */
async function known(at = town(), how: { unionid?: boolean } = {}): Promise<Person> {
  const customer = await at.people.arrive(how)
  await customer.say('进度')
  await at.people.add('zhangsan', customer.phone)
  await at.settle()
  return customer
}

const manualBind = ({ server }: Town, customer: Person, openid = customer.openid) =>
  server.post(
    '/api/wework/manual-bind',
    {
      customerPhone: customer.phone,
      wechatOpenid: openid,
      weworkUserid: customer.externalUserid,
      override: true,
      ...because,
    },
    ADMIN_KEY,
  )

/** Each way of tying without a word in the chat: whose account is tied, and what is said of how. */
const WAYS: [
  string,
  () => Town,
  string,
  { unionid: boolean },
  (at: Town, customer: Person) => Promise<Person>,
][] = [
  [
    'equal unionids',
    town,
    '微信确认是同一个微信号',
    { unionid: true },
    async (_, customer) => {
      await customer.signIn()
      return customer
    },
  ],
  [
    'a forwarded card opened by one who states the phone',
    town,
    '打开了顾问发的卡片并填写了手机号',
    { unionid: false },
    async (at, customer) => {
      const stranger = await at.people.arrive({ unionid: false })
      await stranger.signIn()
      await at.server.post('/api/binding/temp', { phoneNumber: customer.phone }, stranger.token)
      const [card] = (await customer.inbox()).filter(
        ({ miniprogramPath }: { miniprogramPath?: string }) => miniprogramPath,
      )
      await stranger.openTicket(
        new URLSearchParams(card.miniprogramPath.split('?')[1]).get('ticket') ?? '',
      )
      return stranger
    },
  ],
  [
    'an admin',
    town,
    '工作人员手动绑定',
    { unionid: false },
    async (at, customer) => {
      await customer.signIn()
      expect((await manualBind(at, customer)).status).toBe(200)
      return customer
    },
  ],
  [
    'a trusted claim',
    trusting,
    '填写的手机号与顾问添加的一致',
    { unionid: false },
    async (at, customer) => {
      const stranger = await at.people.arrive({ unionid: false })
      await stranger.signIn()
      await at.server.post('/api/binding/temp', { phoneNumber: customer.phone }, stranger.token)
      return stranger
    },
  ],
  [
    'the phone button',
    trusting,
    '授权的微信手机号与顾问添加的一致',
    { unionid: false },
    async (at, customer) => {
      await customer.signIn()
      const { code } = (await at.control.post(`/_sandbox/people/${customer.personId}/phone-code`))
        .body
      expect(
        (await at.server.post('/api/binding/phone-button', { code }, customer.token)).status,
      ).toBe(200)
      return customer
    },
  ],
]

describe.each(WAYS)('a tie made by %s', (_, at, way, how, make) => {
  test('is told once in the chat, on the page and to the responsible member, with the way to end it; its end once more', async () => {
    const customer = await known(at(), how)
    const owner = await make(at(), customer)
    await at().settle()
    const [said, ...more] = await toldInChat(customer)
    expect(more).toEqual([])
    expect(said).toContain(way)
    expect(said).toContain('「解绑」')
    expect((await owner.me()).notice).toMatchObject({
      kind: 'bound',
      text: expect.stringMatching(new RegExp(`${way}.*「我的」里解除绑定.*「解绑」`)),
      at: expect.any(String),
    })
    const [told, ...again] = await toldTo('zhangsan', at())
    expect(again).toEqual([])
    expect(told).toContain(`${mask(customer.phone)} 已绑定小程序（${way}）`)
    expect(told).toContain('「解绑」')
    expect(told).not.toContain(customer.phone)
    await addJob(at().db, 'staff.tell-ties')
    await at().settle()
    expect(await toldTo('zhangsan', at())).toHaveLength(1)

    expect((await at().server.delete('/api/binding', owner.token)).status).toBe(200)
    await at().settle()
    expect((await toldTo('zhangsan', at())).slice(1)).toEqual([
      expect.stringContaining(`${mask(customer.phone)} 的绑定已解除（在小程序里操作）`),
    ])
  })
})

describe('nobody is told twice', () => {
  test('of a tie that the contact made in its own chat: the result message says it', async () => {
    const { settle } = town()
    const customer = await known(town(), { unionid: false })
    await customer.signIn()
    await customer.say((await customer.code()).bindCode)
    await settle()
    await customer.openTicket(findTicket(await customer.chat())!)
    await settle()
    expect((await customer.me()).bindingStatus).toBe('bound')
    expect(
      botTexts(await customer.chat()).filter((text) => text.includes('绑定成功')),
    ).toHaveLength(1)
    expect(await toldInChat(customer)).toEqual([])
    expect((await customer.me()).notice).toBeUndefined()
    expect(await toldTo('zhangsan')).toEqual([])
  })

  test('nor never: a tie that WeChat itself makes while a code waits for its tap is told there', async () => {
    const { settle, control, people } = town()
    await control.post('/_sandbox/faults', { unionidUnavailable: 'wecom' })
    const customer = await people.arrive()
    await customer.signIn()
    await customer.say((await customer.code()).bindCode)
    await settle()
    expect(findTicket(await customer.chat())).toBeDefined()
    await control.post('/_sandbox/faults', { clear: true })
    await people.add('zhangsan', customer.phone)
    await settle()
    expect((await customer.me()).bindingStatus).toBe('bound')
    expect(
      botTexts(await customer.chat()).filter((text) => text.includes('绑定成功')),
    ).toHaveLength(1)
    expect(await toldInChat(customer)).toEqual([])
  })

  test('of another app of the WeChat user who is tied already', async () => {
    const { settle, db } = town()
    const customer = await known()
    await customer.signIn()
    await settle()
    await customer.followOfficial()
    await settle()
    expect(await db('customer_accounts').whereNull('ended_at')).toHaveLength(2)
    expect(await toldInChat(customer)).toHaveLength(1)
    expect(await toldTo('zhangsan')).toHaveLength(1)
  })

  test('by an order that is done a second time', async () => {
    const { settle, db } = town()
    const customer = await known()
    await customer.signIn()
    await settle()
    const { id } = await db('customer_accounts').first('id')
    await addJob(db, 'kf.tell-tied', {
      payload: { tieId: id, externalUserId: customer.externalUserid },
    })
    await settle()
    expect(await toldInChat(customer)).toHaveLength(1)
  })
})

test("somebody else's account tied beside his own is told to the follower", async () => {
  const { settle, people } = town()
  const customer = await known()
  await customer.followOfficial()
  await customer.writeOfficial('进度')
  await settle()
  const stranger = await people.arrive({ unionid: false })
  await stranger.signIn()
  expect((await manualBind(town(), customer, stranger.openid)).status).toBe(200)
  await settle()
  const told = (await customer.officialChat()).filter(
    ({ from, text }) => from === 'account' && text.includes('刚刚绑定了一个'),
  )
  expect(told).toHaveLength(1)
  expect(told[0]!.text).toContain('「解绑」')
})

test('a chat in which nobody wrote is not open: the page and the member are told all the same', async () => {
  const { people, settle } = town()
  const customer = await people.arrive()
  await people.add('zhangsan', customer.phone)
  await customer.signIn()
  await settle()
  expect(botTexts(await customer.chat())).toEqual([])
  expect((await customer.me()).notice).toMatchObject({ kind: 'bound' })
  expect(await toldTo('zhangsan')).toHaveLength(1)
})

test('nobody follows the contact: who is on duty is told', async () => {
  const { people, settle } = town()
  const customer = await people.arrive({ unionid: false })
  await customer.signIn()
  await people.add('wangwei', customer.phone)
  await settle()
  await town().control.post('/_sandbox/members/wangwei/remove', { phone: customer.phone })
  await settle()
  expect((await manualBind(town(), customer)).status).toBe(200)
  await settle()
  expect(await toldTo('wangwei')).toEqual([])
  expect(await toldTo('zhangsan')).toHaveLength(1)
  expect(await toldTo('lisi')).toHaveLength(1)
})

test('at night an order waits for the morning, and members are told then', async () => {
  const { settle, db } = night()
  const customer = await known(night())
  await customer.signIn()
  await settle()
  expect(await toldTo('zhangsan', night())).toEqual([])
  expect(await db('staff_tie_notices')).toEqual([])
  expect(await listJobs(db, 'staff.tell-ties').where('run_at', '>', db.fn.now())).toHaveLength(1)
  expect(await toldInChat(customer)).toHaveLength(1)
})

test('a message to members that certainly did not leave is sent by the next try', async () => {
  const { settle, control, db } = town()
  await control.post('/_sandbox/faults', {
    endpoints: [{ path: 'message/send', errcode: 45009, times: 1 }],
  })
  const customer = await known()
  await customer.signIn()
  await settle()
  expect(await toldTo('zhangsan')).toEqual([])
  expect(await db('staff_tie_notices')).toEqual([])
  await addJob(db, 'staff.tell-ties')
  await settle()
  expect(await toldTo('zhangsan')).toHaveLength(1)
})

describe('an end', () => {
  async function bound(): Promise<Person> {
    const customer = await known()
    await customer.signIn()
    await town().settle()
    expect(await toldTo('zhangsan')).toHaveLength(1)
    return customer
  }

  test('made in the mini-program is told in the chat and to the member', async () => {
    const { server, settle } = town()
    const customer = await bound()
    expect((await server.delete('/api/binding', customer.token)).status).toBe(200)
    await settle()
    expect(
      botTexts(await customer.chat()).filter((text) =>
        text.includes('已解除绑定（在小程序里操作）'),
      ),
    ).toHaveLength(1)
    expect((await toldTo('zhangsan')).slice(1)).toEqual([
      expect.stringContaining(`${mask(customer.phone)} 的绑定已解除（在小程序里操作）`),
    ])
  })

  test('made by an admin is told on the page as well', async () => {
    const { server, settle } = town()
    const customer = await bound()
    const [card] = (await server.get(`/api/admin/customers?phone=${customer.phone}`, ADMIN_KEY))
      .body.data.items
    await server.post(`/api/admin/customers/${String(card.id)}/unbind`, because, ADMIN_KEY)
    await settle()
    expect(
      botTexts(await customer.chat()).filter((text) =>
        text.includes('已解除绑定（由工作人员操作）'),
      ),
    ).toHaveLength(1)
    expect((await toldTo('zhangsan')).slice(1)).toEqual([
      expect.stringContaining('的绑定已解除（工作人员操作）'),
    ])
    await customer.signIn()
    expect((await customer.me()).notice).toMatchObject({
      kind: 'unbound',
      text: expect.stringContaining('工作人员'),
    })
  })

  test('of two contacts by one override is told to each', async () => {
    const { server, settle } = town()
    const [one, other] = [await bound(), await known()]
    await other.signIn()
    await settle()
    const moved = await server.post(
      '/api/wework/manual-bind',
      {
        customerPhone: other.phone,
        wechatOpenid: one.openid,
        weworkUserid: other.externalUserid,
        override: true,
        ...because,
      },
      ADMIN_KEY,
    )
    expect(moved.status).toBe(200)
    await settle()
    for (const customer of [one, other]) {
      expect(
        botTexts(await customer.chat()).filter((text) =>
          text.includes('已解除绑定（由工作人员操作）'),
        ),
      ).toHaveLength(1)
    }
  })

  test('said in the chat is answered there, and told on the page, not to members', async () => {
    const { settle } = town()
    const customer = await bound()
    await customer.say('解绑')
    await settle()
    const yes = (await customer.chat())
      .flatMap(({ menu }) => menu ?? [])
      .find(({ text }) => text === '确认解绑')!
    await customer.tap(yes.id!)
    await settle()
    expect(botTexts(await customer.chat()).at(-1)).toMatch(/^已解除绑定，/)
    expect(await toldTo('zhangsan')).toHaveLength(1)
    await customer.signIn()
    expect((await customer.me()).notice).toMatchObject({
      kind: 'unbound',
      text: expect.stringContaining('客服聊天'),
    })
  })
})

describe('a phone proven for a contact whose likely account is tied to another', () => {
  const reviews = async () =>
    (await town().server.get('/api/admin/reviews', ADMIN_KEY)).body.data.items as {
      kind: string
      externalUserId: string
      advice: string
    }[]

  /** His own account is tied to a colleague's contact, by an admin's mistake. */
  async function tiedToAnother(how: {
    unionid: boolean
  }): Promise<{ customer: Person; other: Person }> {
    const { people, settle } = town()
    const customer = await people.arrive(how)
    const other = await known(town(), { unionid: false })
    await customer.signIn()
    expect((await manualBind(town(), other, customer.openid)).status).toBe(200)
    await settle()
    return { customer, other }
  }

  test.each([
    ['the same unionid', true],
    ['a live claim of the phone', false],
  ])('by %s opens a review for the admin and the member', async (_, unionid) => {
    const { people, settle, server } = town()
    const { customer } = await tiedToAnother({ unionid })
    if (!unionid)
      expect(
        (await server.post('/api/binding/temp', { phoneNumber: customer.phone }, customer.token))
          .status,
      ).toBe(200)
    await people.add('lisi', customer.phone)
    await settle()
    expect(await reviews()).toEqual([
      expect.objectContaining({
        kind: 'account_tied_elsewhere',
        externalUserId: customer.externalUserid,
        advice: expect.stringContaining('另一位联系人'),
      }),
    ])
    const missing = (await (await signedIn('lisi')).get('/api/staff/phone-missing')).json().data
      .items
    expect(missing).toEqual([
      expect.objectContaining({
        kind: 'account_tied_elsewhere',
        hint: expect.stringContaining('管理员'),
      }),
    ])
  })

  test('is not asked about when nothing says that the account is his', async () => {
    const { people, settle } = town()
    const { customer } = await tiedToAnother({ unionid: false })
    await people.add('lisi', customer.phone)
    await settle()
    expect(await reviews()).toEqual([])
  })
})
