import { describe, expect, test } from '@jest/globals'
import { botTexts, findDeny, findTicket, type Person } from '../../scripts/play/people.ts'
import { maskPhone } from '../../shared/phone.ts'
import { toMoment } from '../../shared/days.ts'
import { useTown } from '../test/town.ts'
import { addJob } from '../test/job-desk.ts'

const town = useTown()
const INVALID = '验证码无效或已过期，请回小程序换一个'
const state = (customer: Person) =>
  town().server.post('/api/binding/temp', { phoneNumber: customer.phone }, customer.token)

describe('from never seen to only his own projects', () => {
  test('sign-in, code, kf message, tap, bound but not yet added, phone search, projects', async () => {
    const { people, settle, clock } = town()
    const customer = await people.arrive({ unionid: false })
    await people.load('SO-1', customer.phone, {
      stages: [
        { name: '设计', status: 'done' },
        { name: '生产', status: 'active' },
      ],
      equipment: [{ name: '中央空调' }],
    })
    await customer.signIn()
    expect(await customer.me()).toMatchObject({
      openid: customer.openid,
      bindingStatus: 'unbound',
      canQuery: false,
      nextStep: 'get_code',
    })
    const { bindCode, corpId } = await customer.code()
    expect(bindCode).toMatch(/^\d{6}$/)
    expect(corpId).toMatch(/^ww/)
    expect(await customer.status()).toMatchObject({ state: 'code_live' })

    await customer.say(bindCode)
    await settle()
    expect(await customer.status()).toMatchObject({
      state: 'awaiting_confirmation',
      reason: 'awaiting_tap',
    })
    expect(await customer.me()).toMatchObject({ nextStep: 'confirm' })

    const opened = await customer.openTicket(findTicket(await customer.chat())!)
    expect(opened).toMatchObject({
      status: 200,
      body: { data: { state: 'bound', reason: 'not_added_yet' } },
    })
    await settle()
    // Nobody knows whom to look for yet: the phone is the next step, in the chat and on the page.
    expect(botTexts(await customer.chat()).at(-1)).toMatch(/^绑定成功！请填写手机号/)
    expect((await customer.chat()).at(-1)?.menu).toMatchObject([
      { text: '打开小程序填写手机号', miniprogramPath: 'pages/home/home' },
    ])
    const unknown = { bindingStatus: 'bound', canQuery: false, nextStep: 'state_phone' }
    expect(await customer.me()).toMatchObject(unknown)
    expect(await customer.me()).not.toHaveProperty('claim')
    expect(await customer.projects()).toMatchObject({
      status: 403,
      body: {
        error: { code: 'projects.not_allowed' },
        message: '您还没有查询权限，请联系销售人员通过手机号搜索添加您',
      },
    })

    const stated = await state(customer)
    expect(stated.status).toBe(200)
    await settle()
    const { claim, nextStepText } = await customer.me()
    expect(await customer.me()).toMatchObject({ nextStep: 'wait_for_advisor' })
    expect(claim).toEqual({
      phoneMasked: maskPhone(customer.phone),
      since: expect.any(String),
      expiresAt: stated.body.data.expiresAt,
    })
    expect(nextStepText).toContain(
      `到 ${toMoment(new Date(claim.expiresAt), 'Asia/Shanghai')} 还没有人添加`,
    )
    clock.advance(49 * 3_600_000)
    await customer.signIn()
    const over = await customer.me()
    clock.advance(-49 * 3_600_000)
    expect(over).toMatchObject({
      ...unknown,
      nextStepText: expect.stringContaining('再填写一次手机号'),
    })
    expect(over).not.toHaveProperty('claim')

    await people.add('zhangsan', customer.phone)
    await settle()
    expect(await customer.me()).toMatchObject({
      canQuery: true,
      nextStep: 'view_projects',
      phoneMasked: expect.stringMatching(/^139\*{4}\d{4}$/),
      advisor: { userid: 'zhangsan' },
      support: { kfUrl: expect.stringMatching(/^https:/), corpId },
    })
    const list = await customer.projects()
    expect(list.body.data.items).toMatchObject([
      { orderNo: 'SO-1', stage: '生产', stagesDone: 1, stagesTotal: 2 },
    ])
    expect((await customer.project(list.body.data.items[0].id)).body.data).toMatchObject({
      orderNo: 'SO-1',
      stages: [
        { name: '设计', status: 'done' },
        { name: '生产', status: 'active' },
      ],
      equipment: [{ name: '中央空调' }],
    })
    expect(JSON.stringify(await customer.inbox())).toContain('进度通')
  })

  test('equal unionids bind by the code without a tap', async () => {
    const { people, settle } = town()
    const customer = await people.arrive()
    await customer.signIn()
    await customer.say((await customer.code()).bindCode)
    await settle()
    expect(await customer.status()).toMatchObject({ state: 'bound' })
    expect(findTicket(await customer.chat())).toBeUndefined()
  })

  test('equal unionids bind at sign-in a customer who was added before he opened the mini-program', async () => {
    const { people, settle } = town()
    const customer = await people.arrive()
    await people.load('SO-2', customer.phone)
    await people.add('zhangsan', customer.phone)
    await settle()
    await customer.signIn()
    expect(await customer.me()).toMatchObject({ bindingStatus: 'bound', canQuery: true })
    expect((await customer.projects()).body.data.items).toHaveLength(1)
  })

  test('by the link alone it takes three taps: the chat, the card, his project', async () => {
    const { people, settle } = town()
    const customer = await people.arrive({ unionid: false })
    await people.load('SO-TAPS', customer.phone)
    await people.add('zhangsan', customer.phone)
    await settle()
    await customer.signIn()
    expect(await customer.me()).toMatchObject({
      nextStep: 'get_code',
      nextStepText: expect.stringContaining('请打开客服聊天，点一下收到的卡片'),
    })
    const { kfUrl } = await customer.code()
    await customer.enter(kfUrl)
    await settle()
    expect(await customer.status()).toMatchObject({
      state: 'awaiting_confirmation',
      reason: 'awaiting_tap',
    })
    expect(botTexts(await customer.chat())).toEqual([
      expect.stringMatching(/^您刚才在「进度通」里申请绑定了吗？.*「不是我」。$/s),
    ])
    await customer.openTicket(findTicket(await customer.chat())!)
    expect(await customer.me()).toMatchObject({ nextStep: 'view_projects', canQuery: true })
    expect((await customer.projects()).body.data.items).toMatchObject([{ orderNo: 'SO-TAPS' }])
  })

  test('without a welcome code the page asks for any word, and the item follows it', async () => {
    const { people, settle } = town()
    const customer = await people.arrive({ unionid: false })
    await customer.signIn()
    const { kfUrl } = await customer.code()
    await customer.enter(kfUrl.split('&scene_param')[0]!)
    await settle()
    await customer.enter(kfUrl)
    await settle()
    expect(await customer.status()).toMatchObject({
      state: 'awaiting_confirmation',
      reason: 'say_anything',
      text: expect.stringContaining('任意一句话'),
    })
    await customer.say('你好')
    await settle()
    expect(await customer.status()).toMatchObject({ reason: 'awaiting_tap' })
    await customer.openTicket(findTicket(await customer.chat())!)
    expect(await customer.status()).toMatchObject({ state: 'bound' })
  })

  test('a card that could be sent only late lives as long as any from then on', async () => {
    const { people, settle, clock } = town()
    clock.advance(-4 * 60_000)
    const customer = await people.arrive({ unionid: false })
    await customer.signIn()
    const { kfUrl } = await customer.code()
    await customer.enter(kfUrl.split('&scene_param')[0]!)
    await settle()
    await customer.enter(kfUrl)
    await settle()
    clock.advance(4 * 60_000)
    await customer.say('你好')
    await settle()
    clock.advance(8 * 60_000)
    await customer.openTicket(findTicket(await customer.chat())!)
    const status = await customer.status()
    clock.advance(-8 * 60_000)
    expect(status).toMatchObject({ state: 'bound' })
  })
})

describe('who may not see projects', () => {
  test.each([
    ['added by QR code', { addWay: 1 }],
    ['the customer searched the member', { initiatedBy: 'customer' }],
    ['added in a way nobody has heard of', { addWay: 203 }],
    ['the remark has no phone', { remarkMobile: 'empty' }],
  ])('%s', async (_, how) => {
    const { people, settle } = town()
    const customer = await people.arrive()
    await people.load('SO-3', customer.phone)
    await customer.signIn()
    await customer.say((await customer.code()).bindCode)
    await people.add('zhangsan', customer.phone, how)
    await settle()
    expect(await customer.me()).toMatchObject({ bindingStatus: 'bound', canQuery: false })
    expect((await customer.projects()).status).toBe(403)
  })

  test('a second customer never sees the project of the first', async () => {
    const { people, settle } = town()
    const [first, second] = [await people.arrive(), await people.arrive({ name: '王小红' })]
    for (const [customer, order] of [
      [first, 'SO-A'],
      [second, 'SO-B'],
    ] as const) {
      await people.load(order, customer.phone)
      await people.add('zhangsan', customer.phone)
      await settle()
      await customer.signIn()
    }
    const [mine] = (await first.projects()).body.data.items
    expect(
      (await second.projects()).body.data.items.map((item: { orderNo: string }) => item.orderNo),
    ).toEqual(['SO-B'])
    expect(await second.project(mine.id)).toMatchObject({
      status: 404,
      body: { error: { code: 'projects.unknown' } },
    })
  })
})

describe('codes', () => {
  test('unknown, used and expired codes get the same words', async () => {
    const { people, settle, clock } = town()
    const [customer, other] = [await people.arrive(), await people.arrive()]
    await other.say('000000')
    await customer.signIn()
    const { bindCode } = await customer.code()
    await customer.say(bindCode)
    await settle()
    await other.say(bindCode)
    const late = await people.arrive()
    await late.signIn()
    clock.advance(-6 * 60_000)
    const expired = (await late.code()).bindCode
    clock.advance(6 * 60_000)
    await late.say(expired)
    await settle()
    expect(botTexts(await other.chat())).toEqual([INVALID, INVALID])
    expect(botTexts(await late.chat())).toEqual([INVALID])
    expect(await late.status()).toMatchObject({ state: 'expired', reason: 'code_expired' })
  })

  test('full-width digits, spaces and dashes are the same code', async () => {
    const { people, settle } = town()
    const customer = await people.arrive()
    await customer.signIn()
    const { bindCode } = await customer.code()
    await customer.say(
      ` ${bindCode.slice(0, 3).replace(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0))}-${bindCode.slice(3)} `,
    )
    await settle()
    expect(await customer.status()).toMatchObject({ state: 'bound' })
  })

  test('one use ends the other live code of the account', async () => {
    const { people, settle, clock } = town()
    const [customer, other] = [await people.arrive(), await people.arrive()]
    await customer.signIn()
    clock.advance(-31_000)
    const first = await customer.code()
    clock.advance(31_000)
    const second = await customer.code()
    await customer.say(first.bindCode)
    await settle()
    await other.say(second.bindCode)
    await settle()
    expect(botTexts(await other.chat())).toEqual([INVALID])
  })

  test('are half a minute apart and five an hour, however many ask at once', async () => {
    const { people, server, clock, db } = town()
    const customer = await people.arrive()
    await customer.signIn()
    const ask = () => server.post('/api/binding/code', undefined, customer.token)
    const SECOND = 1_000
    const HOUR = 3_600 * SECOND
    const given: number[] = []
    const waits: (string | null)[] = []
    await clock.stopFor(async () => {
      for (const pauseMs of [0, 29 * SECOND, SECOND, ...Array<number>(3).fill(30 * SECOND), HOUR]) {
        clock.advance(pauseMs)
        const answers = await Promise.all([ask(), ask(), ask()])
        given.push(answers.filter(({ status }) => status === 200).length)
        const refused = answers.filter(({ status }) => status !== 200)
        for (const { status, body } of refused)
          expect([status, body]).toMatchObject([429, { error: { code: 'binding.code_too_soon' } }])
        waits.push(refused[0]!.headers.get('retry-after'))
      }
      const live = await db('bind_codes')
        .where({ status: 'live' })
        .where('expires_at', '>', clock.now())
      expect(live).toHaveLength(1)
    })
    clock.advance(-HOUR - 120 * SECOND)
    expect(given).toEqual([1, 0, 1, 1, 1, 1, 1])
    expect(waits).toEqual(['30', '1', '30', '30', '30', '3480', '30'])
  })
})

describe('attacks', () => {
  test('different unionids refuse', async () => {
    const { people, settle } = town()
    const [attacker, victim] = [await people.arrive(), await people.arrive()]
    await attacker.signIn()
    await victim.say((await attacker.code()).bindCode)
    await settle()
    expect(await attacker.status()).toMatchObject({ state: 'refused', reason: 'unionid_mismatch' })
    expect(botTexts(await victim.chat()).at(-1)).toContain('没有绑定')
  })

  const warnings = async (customer: Person) =>
    botTexts(await customer.chat()).filter((text) => text.includes('请不要替别人发送绑定码'))

  test("a victim who sends the attacker's code and taps the item is not bound to the attacker", async () => {
    const { people, settle, clock } = town()
    const [attacker, victim] = [
      await people.arrive({ unionid: false }),
      await people.arrive({ unionid: false }),
    ]
    await people.load('SO-V', victim.phone)
    await people.add('zhangsan', victim.phone)
    await attacker.signIn()
    clock.advance(-31_000)
    const { bindCode } = await attacker.code()
    clock.advance(31_000)
    await victim.say(bindCode)
    await settle()
    await victim.signIn()
    expect((await victim.openTicket(findTicket(await victim.chat())!)).status).toBe(200)
    await settle()
    const refused = await attacker.status()
    expect(refused).toMatchObject({ state: 'refused', reason: 'opened_by_other' })
    expect(await attacker.me()).toMatchObject({ bindingStatus: 'unbound' })
    expect((await attacker.projects()).status).toBe(403)
    // The one phone shows what to do; the other one thing, once, in the chat and on the page.
    expect(JSON.stringify([refused, await attacker.me()])).not.toContain(victim.phone.slice(-4))
    expect(await attacker.me()).not.toHaveProperty('notice')
    expect(await warnings(victim)).toHaveLength(1)
    const { notice } = await victim.me()
    expect(notice).toMatchObject({
      kind: 'attempt',
      title: '拦下了一次绑定',
      text: expect.stringContaining('没有给别人看到'),
    })

    await victim.say((await attacker.code()).bindCode)
    await settle()
    await victim.openTicket(findTicket(await victim.chat())!)
    await settle()
    expect(await attacker.status()).toMatchObject({ reason: 'opened_by_other' })
    expect(await warnings(victim)).toHaveLength(1)
    expect((await victim.me()).notice).toEqual(notice)

    // The victim's own binding has begun instead, and again needs a tap in his chat.
    expect(await victim.status()).toMatchObject({ state: 'awaiting_confirmation' })
    await victim.openTicket(findTicket(await victim.chat())!)
    expect((await victim.projects()).body.data.items).toMatchObject([{ orderNo: 'SO-V' }])
  })

  test('不是我 burns the attempt, and the page says so', async () => {
    const { people, settle } = town()
    const [attacker, victim] = [
      await people.arrive({ unionid: false }),
      await people.arrive({ unionid: false }),
    ]
    await attacker.signIn()
    await victim.say((await attacker.code()).bindCode)
    await settle()
    const ticket = findTicket(await victim.chat())!
    await victim.tap(findDeny(await victim.chat())!)
    await settle()
    expect(await attacker.status()).toMatchObject({ state: 'refused', reason: 'not_me' })
    expect((await attacker.openTicket(ticket)).status).toBe(404)
  })

  test('a contact bound to one account is not taken by another (D4)', async () => {
    const { people, settle } = town()
    const [owner, intruder] = [
      await people.arrive({ unionid: false }),
      await people.arrive({ unionid: false }),
    ]
    await owner.signIn()
    await owner.say((await owner.code()).bindCode)
    await settle()
    await owner.openTicket(findTicket(await owner.chat())!)
    await intruder.signIn()
    await owner.say((await intruder.code()).bindCode)
    await settle()
    expect(await intruder.status()).toMatchObject({ state: 'refused', reason: 'contact_taken' })
    expect(botTexts(await owner.chat()).at(-1)).toContain('解绑')
    expect(await owner.me()).toMatchObject({ bindingStatus: 'bound' })
  })
})

test('nothing prints a code, a full phone, a session or a secret', async () => {
  const { people, settle, lines, server } = town()
  const customer = await people.arrive({ unionid: false })
  await customer.signIn()
  const { bindCode, kfUrl } = await customer.code()
  await customer.say(bindCode)
  await people.add('zhangsan', customer.phone)
  await settle()
  const ticket = findTicket(await customer.chat())!
  await customer.openTicket(ticket)
  await server.post('/api/binding/ticket', { ticket: 'x' }, customer.token)
  await settle()
  const log = lines.join('\n')
  expect(lines.length).toBeGreaterThan(0)
  for (const secret of [
    bindCode,
    customer.phone,
    customer.token,
    ticket,
    kfUrl.split('scene_param=')[1]!,
  ])
    expect(log).not.toContain(secret)
})

test('a code that nobody sends ends once no message can meet it any more, and is forgotten a month later', async () => {
  const { people, settle, db, clock } = town()
  const customer = await people.arrive({ unionid: false })
  await customer.signIn()
  await customer.code()
  const tidy = async (job: string) => {
    await addJob(db, job)
    await settle()
    return db('bind_codes').pluck('status')
  }
  clock.advance(19 * 60_000)
  expect(await tidy('binding.tidy')).toEqual(['live']) // a message from within its life may still come
  clock.advance(2 * 60_000)
  expect(await tidy('binding.tidy')).toEqual(['expired'])
  clock.advance(30 * 24 * 3_600_000)
  expect(await tidy('binding.forget')).toEqual([])
  clock.advance(Date.now() - clock.now().getTime())
})

test('the link carries a nonce of 128 bits behind the scene of the chat', async () => {
  const customer = await town().people.arrive()
  await customer.signIn()
  const { kfUrl } = await customer.code()
  expect(new URL(kfUrl).searchParams.get('scene_param')).toMatch(/^[\w-]{22}$/)
})

test('a month after their end codes, attempts and tickets are deleted, and the binding stays', async () => {
  const { people, settle, db, clock } = town()
  const customer = await people.arrive({ unionid: false })
  await customer.signIn()
  await customer.say((await customer.code()).bindCode)
  await settle()
  await customer.openTicket(findTicket(await customer.chat())!)
  await settle()
  const kept = async () =>
    (
      await Promise.all(['tickets', 'pending_bindings', 'bind_codes'].map((table) => db(table)))
    ).map((rows) => rows.length)
  const forget = async () => {
    await addJob(db, 'binding.forget')
    await settle()
  }
  clock.advance(30 * 24 * 3_600_000 - 60_000)
  await forget()
  expect(await kept()).toEqual([1, 1, 1])
  clock.advance(20 * 60_000)
  await forget()
  expect(await kept()).toEqual([0, 0, 0])
  await customer.signIn()
  expect((await customer.me()).bindingStatus).toBe('bound')
  clock.advance(Date.now() - clock.now().getTime())
})
