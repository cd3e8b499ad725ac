import { afterEach, describe, expect, test } from '@jest/globals'
import { pushEnvironment } from '../../scripts/sandbox/environment.ts'
import { botTexts, type Person } from '../../scripts/play/people.ts'
import { bindByCode } from '../test/bind-by-code.ts'
import { runJobsNow, tryAgain } from '../test/job-desk.ts'
import { ADMIN_KEY, OFFICIAL, useTown } from '../test/town.ts'

const town = useTown({ ...OFFICIAL, ...pushEnvironment, STAFF_QUIET_HOURS: 'off' })

/** Pushes are refused by a clock that is elsewhere: it goes back after each test. */
let ahead = 0
const advance = (hours: number): void => {
  ahead += hours
  town().clock.advance(hours * 3_600_000)
}
afterEach(() => advance(-ahead))

const STAGE = 'tpl-stage'
const stagesAt = (name: string) => ({
  stages: ['测量', '设计', '安装'].map((one) => ({
    name: one,
    status: one === name ? 'active' : 'pending',
  })),
})

type Received = { kind?: string; templateId?: string; page?: string; data?: unknown }
const messagesOf = async (person: Person): Promise<Received[]> =>
  ((await person.inbox()) as Received[]).filter(({ kind }) => kind === 'subscribe')

/** Somebody who sees his order, which is at its first stage. */
async function customerAt(orderNo: string): Promise<Person> {
  const { people, settle } = town()
  const customer = await people.arrive()
  await people.add('zhangsan', customer.phone)
  await bindByCode(town(), customer)
  await people.load(orderNo, customer.phone, stagesAt('测量'))
  await settle()
  return customer
}

const accept = (person: Person, choice: 'accept' | 'reject' = 'accept') =>
  town().control.post(`/_sandbox/people/${person.personId}/subscribe`, {
    templateId: STAGE,
    choice,
  })

async function remainingOf(person: Person): Promise<number> {
  const { body } = await town().server.get('/api/notices/templates', person.token)
  const items = body.data.items as { templateId: string; remaining: number }[]
  return items.find(({ templateId }) => templateId === STAGE)!.remaining
}

const move = async (orderNo: string, customer: Person, stage: string): Promise<void> => {
  await town().people.load(orderNo, customer.phone, stagesAt(stage))
  await town().settle()
}

type Told = { kind: string; to: string; result?: string; reason?: string; stage?: string }
/** What an admin sees of how his customer was told of stages, the latest first. */
async function noticesOf(customer: Person): Promise<Told[]> {
  const { server } = town()
  const found = await server.get(`/api/admin/customers?phone=${customer.phone}`, ADMIN_KEY)
  const { body } = await server.get(
    `/api/admin/customers/${found.body.data.items[0].id}`,
    ADMIN_KEY,
  )
  return (body.data.notices as Told[]).filter(({ kind }) => kind === 'stage')
}

async function taskTextsOf(userid: string): Promise<string[]> {
  const { body } = await town().control.get(`/_sandbox/members/${userid}/inbox`)
  return (body as { content?: string }[]).flatMap(({ content }) =>
    content?.includes('通知不到') ? [content] : [],
  )
}
const newsIn = async (customer: Person): Promise<string[]> =>
  botTexts(await customer.chat()).filter((text) => text.includes('新进展'))

describe('a stage that moves', () => {
  test('is told by a subscribe message that opens the project, once, and an admin sees it', async () => {
    const customer = await customerAt('SO-MOVE')
    await accept(customer)
    await town().settle()
    expect(await remainingOf(customer)).toBe(1)
    await move('SO-MOVE', customer, '设计')
    const [message, ...more] = await messagesOf(customer)
    expect(more).toEqual([])
    expect(message).toMatchObject({
      templateId: STAGE,
      data: { thing1: { value: 'SO-MOVE 全屋定制' }, thing2: { value: '设计' } },
    })
    const id = new URLSearchParams(message!.page!.split('?')[1]).get('id')!
    expect((await customer.project(id)).body.data).toMatchObject({ stage: '设计' })
    expect(await remainingOf(customer)).toBe(0)
    expect(await noticesOf(customer)).toMatchObject([
      { to: 'subscribe', result: 'sent', stage: '设计' },
    ])
    await move('SO-MOVE', customer, '测量')
    await move('SO-MOVE', customer, '设计')
    expect(await messagesOf(customer)).toHaveLength(1)
  })

  test('is told in his chat, where he has refused', async () => {
    const customer = await customerAt('SO-CHAT')
    await accept(customer)
    await accept(customer, 'reject')
    await move('SO-CHAT', customer, '设计')
    expect(await messagesOf(customer)).toEqual([])
    expect(await newsIn(customer)).toEqual([expect.stringContaining('「设计」')])
    expect(await noticesOf(customer)).toMatchObject([{ to: 'kf', result: 'sent' }])
  })

  test('is told in his chat, where WeChat says that his consent is spent', async () => {
    const customer = await customerAt('SO-SPENT')
    await accept(customer)
    await town().settle()
    await town().control.post(`/_sandbox/people/${customer.personId}/subscribe/settings`, {
      mainSwitch: false,
    })
    await move('SO-SPENT', customer, '设计')
    expect(await newsIn(customer)).toHaveLength(1)
    expect(await remainingOf(customer)).toBe(0)
    expect(await noticesOf(customer)).toMatchObject([
      { to: 'kf', result: 'sent' },
      { to: 'subscribe', result: 'refused', reason: 'no_consent' },
    ])
  })

  test('is told by the member who has him, where nothing else reaches him: with a masked phone, once', async () => {
    const customer = await customerAt('SO-TASK')
    advance(49)
    await customer.signIn()
    await move('SO-TASK', customer, '设计')
    const tasks = await taskTextsOf('zhangsan')
    expect(tasks).toEqual([expect.stringContaining('「SO-TASK 全屋定制」：「设计」')])
    expect(tasks.join()).not.toContain(customer.phone)
    expect(await noticesOf(customer)).toMatchObject([
      { to: 'staff', result: 'sent' },
      { to: 'official', result: 'refused', reason: 'closed' },
      { to: 'kf', result: 'refused', reason: 'closed' },
    ])
  })

  test('is told to nobody at the first load, nor while the order is hidden', async () => {
    const customer = await customerAt('SO-FIRST')
    expect(await town().db('notices')).toEqual([])
    await town().server.delete('/api/admin/projects/SO-FIRST', ADMIN_KEY, { reason: '误录' })
    await move('SO-FIRST', customer, '设计')
    expect(await town().db('notices')).toEqual([])
  })

  test('is told in the official account to who has come by it alone', async () => {
    const { people, settle } = town()
    const customer = await people.arrive()
    await customer.followOfficial()
    await customer.writeOfficial(customer.phone)
    await people.add('zhangsan', customer.phone)
    await people.load('SO-OFFICIAL', customer.phone, stagesAt('测量'))
    await settle()
    await move('SO-OFFICIAL', customer, '设计')
    await move('SO-OFFICIAL', customer, '设计')
    const heard = (await customer.officialChat()).filter(({ text }) => text.includes('新进展'))
    expect(heard).toMatchObject([{ from: 'account', text: expect.stringContaining('「设计」') }])
    expect((await noticesOf(customer))[0]).toMatchObject({ to: 'official', result: 'sent' })
  })

  test('that the last one is done is told too', async () => {
    const customer = await customerAt('SO-DONE')
    const done = stagesAt('').stages.map((stage) => ({ ...stage, status: 'done' }))
    await town().people.load('SO-DONE', customer.phone, { stages: done })
    await town().settle()
    expect(await noticesOf(customer)).toMatchObject([{ stage: '安装已完成' }])
    expect(await newsIn(customer)).toEqual([expect.stringContaining('「安装已完成」')])
  })

  test('is told to a viewer too, and to no stranger', async () => {
    const { people, settle } = town()
    const customer = await customerAt('SO-TWO')
    const viewer = await customerAt('SO-OTHER')
    await people.load('SO-TWO', customer.phone, { viewers: [{ phone: viewer.phone }] })
    const stranger = await customerAt('SO-THIRD')
    for (const person of [customer, viewer, stranger]) await accept(person)
    await settle()
    await move('SO-TWO', customer, '设计')
    const told = await Promise.all([customer, viewer, stranger].map(messagesOf))
    expect(told.map(({ length }) => length)).toEqual([1, 1, 0])
  })
})

describe('while WeChat does not answer', () => {
  const failing = (times: number) =>
    town().control.post('/_sandbox/faults', {
      endpoints: [{ path: 'cgi-bin/message/subscribe/send', errcode: 40164, times }],
    })

  test('a load is answered as ever, and the message arrives when it recovers', async () => {
    const customer = await customerAt('SO-DEAD')
    await accept(customer)
    await town().settle()
    await failing(1)
    await move('SO-DEAD', customer, '设计')
    expect(await messagesOf(customer)).toEqual([])
    await tryAgain(town().db, 'notices.send')
    await town().settle()
    expect(await messagesOf(customer)).toHaveLength(1)
    expect(await newsIn(customer)).toEqual([])
  })

  test('a stage that is over by then is told to nobody', async () => {
    const customer = await customerAt('SO-OVER')
    await accept(customer)
    await town().settle()
    await failing(1)
    await move('SO-OVER', customer, '设计')
    await move('SO-OVER', customer, '安装')
    await tryAgain(town().db, 'notices.send')
    await town().settle()
    expect((await messagesOf(customer)).map(({ data }) => data)).toMatchObject([
      { thing2: { value: '安装' } },
    ])
    expect((await noticesOf(customer)).map(({ to, result, stage }) => [to, result, stage])).toEqual(
      [
        ['subscribe', 'sent', '安装'],
        ['nobody', 'dropped', '设计'],
      ],
    )
  })
})

test('in the quiet hours nobody is told, after them of the stage that it is at then', async () => {
  const { server, settle, clock, db } = town()
  const customer = await customerAt('SO-NIGHT')
  await accept(customer)
  await settle()
  const hour = Number(
    new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Shanghai', hour: '2-digit' }).format(
      clock.now(),
    ),
  )
  const two = (hours: number): string => `${String((hours + 24) % 24).padStart(2, '0')}:00`
  const noticeQuietHours = `${two(hour - 1)}-${two(hour + 2)}`
  await server.put('/api/admin/settings', { noticeQuietHours }, ADMIN_KEY)
  await move('SO-NIGHT', customer, '设计')
  await runJobsNow(db, 'notices.send')
  await settle()
  expect(await messagesOf(customer)).toEqual([])
  advance(3)
  await runJobsNow(db, 'notices.send')
  await settle()
  expect(await messagesOf(customer)).toHaveLength(1)
})

test('WeChat may tell of consents in any shape, twice, and in any order', async () => {
  const { control, people, settle } = town()
  const person = await people.arrive()
  await person.signIn()
  let given = 0
  for (const pushMode of ['plain', 'compatible', 'safe'])
    for (const pushFormat of ['xml', 'json']) {
      await control.post('/_sandbox/settings', { pushMode, pushFormat })
      await control.post('/_sandbox/faults', { callbacks: { duplicate: 1 } })
      await control.post('/_sandbox/clock', { advanceSeconds: 2 })
      await accept(person)
      await settle()
      given += 1
      expect(await remainingOf(person)).toBe(given)
    }
  await control.post('/_sandbox/settings', { pushMode: 'safe', pushFormat: 'random' })
  await control.post('/_sandbox/clock', { advanceSeconds: -12 })
})

describe('a program of the company', () => {
  const sending = (person: Person, more: object = {}) => ({
    touser: person.openid,
    template_id: 'tpl-booking',
    data: {
      thing1: { value: '王小明' },
      time2: { value: '2026年5月1日 12:00' },
      thing3: { value: '到店量尺，请带上户型图，并提前一小时电话联系' },
      thing7: { value: '👨‍👩‍👧' },
    },
    page: 'pages/home/home?id=1',
    miniprogram_state: 'formal',
    ...more,
  })
  async function serviceKey(): Promise<string> {
    const { body } = await town().server.post(
      '/api/admin/keys',
      { name: 'ERP', scope: 'service' },
      ADMIN_KEY,
    )
    return body.data.key as string
  }

  test('sends by a consent (R2.8, R2.9), with values cut to what a field takes; without one it is told so', async () => {
    const { people, control, server, settle } = town()
    const [key, person] = [await serviceKey(), await people.arrive()]
    await person.signIn()
    await control.post(`/_sandbox/people/${person.personId}/subscribe`, {
      templateId: 'tpl-booking',
      choice: 'accept',
    })
    await settle()
    const sent = await server.post('/api/message/send', sending(person), key)
    expect(sent).toMatchObject({
      status: 200,
      body: {
        success: true,
        message: '发送订阅消息成功',
        data: { errcode: 0, errmsg: 'ok', msgid: expect.stringMatching(/^3\d{18}$/) },
      },
    })
    expect(await messagesOf(person)).toMatchObject([
      {
        data: {
          thing3: { value: '到店量尺，请带上户型图，并提前一小时电话' },
          thing7: { value: '👨‍👩‍👧' },
        },
      },
    ])
    expect(await server.post('/api/message/send', sending(person), key)).toMatchObject({
      status: 409,
      body: { error: { code: 'message.no_consent' } },
    })
  })

  test('is told what is wrong with what it asks, before anything is spent', async () => {
    const { people, server } = town()
    const [key, person] = [await serviceKey(), await people.arrive()]
    await person.signIn()
    const codes = []
    for (const more of [
      { touser: 'oNobody' },
      { template_id: 'tpl-nobody' },
      { page: 'pages/nowhere' },
      { data: { phrase1: { value: 'abc' } } },
      { surprise: 1 },
    ])
      codes.push(
        (await server.post('/api/message/send', sending(person, more), key)).body.error.code,
      )
    expect(codes).toEqual([
      'message.unknown_openid',
      'message.unknown_template',
      'message.unknown_page',
      'message.bad_field',
      'request.unknown_field',
    ])
  })

  test('is the only one who may: no customer and nobody unknown sends anything (R2.28)', async () => {
    const { people, server } = town()
    const person = await people.arrive()
    await person.signIn()
    expect((await server.post('/api/message/send', sending(person), person.token)).status).toBe(403)
    expect((await server.post('/api/message/send', sending(person))).status).toBe(401)
    expect(await messagesOf(person)).toEqual([])
  })
})

describe('templates that do not fit', () => {
  const template = {
    templateId: 'tpl-stage',
    page: 'pages/home/home',
    fields: { thing1: 'project' },
  }
  test.each([
    [{ page: 'pages/nowhere' }, 'request.invalid'],
    [{ fields: { thing1: 'secret' } }, 'request.invalid'],
    [{ fields: { title: 'project' } }, 'request.invalid'],
    [{ templateId: 'tpl-booking' }, 'settings.template_twice'],
  ])('%j are not saved', async (wrong, code) => {
    const noticeTemplates = { stage: { ...template, ...wrong } }
    const { body } = await town().server.put('/api/admin/settings', { noticeTemplates }, ADMIN_KEY)
    expect(body.error.code).toBe(code)
  })

  test('are said when they are saved, and when WeChat refuses them: once, and the customer is told otherwise', async () => {
    const { server, settle, lines } = town()
    const customer = await customerAt('SO-BAD')
    await accept(customer)
    await server.put('/api/admin/settings', { noticeTemplates: { stage: template } }, ADMIN_KEY)
    await settle()
    expect(lines.join()).toContain('does not fit its settings')
    for (const stage of ['设计', '安装']) await move('SO-BAD', customer, stage)
    expect(lines.filter((line) => line.includes('must be mended'))).toHaveLength(1)
    expect(await newsIn(customer)).toHaveLength(2)
    expect(await remainingOf(customer)).toBe(1)
  })
})
