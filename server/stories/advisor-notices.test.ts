import { afterEach, describe, expect, test } from '@jest/globals'
import { pushEnvironment } from '../../scripts/sandbox/environment.ts'
import { botTexts, type Person } from '../../scripts/play/people.ts'
import { act, joinAdvisor, saveAdvisor } from '../test/advisors.ts'
import { bindByCode } from '../test/bind-by-code.ts'
import { tryAgain } from '../test/job-desk.ts'
import { ADMIN_KEY, OFFICIAL, useTown } from '../test/town.ts'

const town = useTown({ ...OFFICIAL, ...pushEnvironment, STAFF_QUIET_HOURS: 'off' })

/** Pushes are refused by a clock that is elsewhere: it goes back after each test. */
let ahead = 0
const advance = (hours: number): void => {
  ahead += hours
  town().clock.advance(hours * 3_600_000)
}
afterEach(() => advance(-ahead))

const ADVISOR = 'advisor-zhang'
const NEW_CUSTOMER = 'tpl-new-customer'
const BOOKING = 'tpl-booking'
const BOOKING_STATE = 'tpl-booking-state'

type Received = { kind?: string; templateId?: string; page?: string; data?: unknown }
type Someone = Pick<Person, 'personId' | 'inbox'>

const messagesOf = async (person: Someone): Promise<Received[]> =>
  ((await person.inbox()) as Received[]).filter(({ kind }) => kind === 'subscribe')

/** He allows one message of each. */
async function accept(person: Someone, ...templateIds: string[]): Promise<void> {
  for (const templateId of templateIds)
    await town().control.post(`/_sandbox/people/${person.personId}/subscribe`, {
      templateId,
      choice: 'accept',
    })
  await town().settle()
}

async function stranger(): Promise<Person> {
  const person = await town().people.arrive({ name: '王小明' })
  await person.signIn()
  return person
}

/** Who is bound, so that his chats are known. */
async function boundCustomer(): Promise<Person> {
  const { people, settle } = town()
  const person = await people.arrive({ name: '王小明' })
  await people.add('lisi', person.phone)
  await bindByCode(town(), person)
  await settle()
  return person
}

type Acted = { actionId: string; customerId: string | null; bookingId?: string }
const join = (more: object = {}) => joinAdvisor(town(), ADVISOR, { name: '张三', ...more })

async function acting(person: Person, actionType: string, more: object = {}): Promise<Acted> {
  const { status, body } = await act(town(), person, { advisorId: ADVISOR, actionType, ...more })
  expect(status).toBe(200)
  await town().settle()
  return body.data as Acted
}

const visitDay = (): string =>
  new Date(town().clock.now().getTime() + 10 * 24 * 3_600_000).toISOString().slice(0, 10)
/** As a message writes it. */
function visit(): string {
  const [, month, day] = visitDay().split('-').map(Number)
  return `${String(month)}月${String(day)}日 上午 量尺`
}

async function booking(person: Person, advisorId = ADVISOR): Promise<string> {
  const { bookingId } = await acting(person, 'book_service', {
    advisorId,
    actionData: { date: visitDay(), part: 'morning', service: '量尺' },
    customerName: '王小明',
    customerPhone: person.phone,
  })
  return bookingId!
}
async function moving(advisor: { token: string }, bookingId: string, state: string): Promise<void> {
  const path = `/api/advisor/bookings/${bookingId}`
  expect((await town().server.post(path, { state }, advisor.token)).status).toBe(200)
  await town().settle()
}
async function cancelling({ token }: { token: string }, bookingId: string): Promise<void> {
  const path = `/api/bookings/${bookingId}/cancel`
  expect((await town().server.post(path, undefined, token)).status).toBe(200)
  await town().settle()
}

async function memberTexts(userid: string, having: string): Promise<string[]> {
  const { body } = await town().control.get(`/_sandbox/members/${userid}/inbox`)
  return (body as { content?: string }[]).flatMap(({ content }) =>
    content?.includes(having) ? [content] : [],
  )
}
const NEWS = '您的客户有新动态'
const UNREACHED = '通知不到'

const endOf = async (kind: string) =>
  town().db('notices').where({ kind }).orderBy('id').select('state', 'reason')

const failing = (times: number) =>
  town().control.post('/_sandbox/faults', {
    endpoints: [{ path: 'cgi-bin/message/subscribe/send', errcode: 40164, times }],
  })

describe('an advisor', () => {
  test('R2.15, R2.8: hears of a new customer, by a message that opens the page of the lead', async () => {
    const advisor = await join()
    await accept(advisor, NEW_CUSTOMER)
    const customer = await stranger()
    const { customerId } = await acting(customer, 'contact_advisor', {
      customerName: '王小明',
      customerPhone: customer.phone,
    })
    const messages = await messagesOf(advisor)
    expect(messages).toMatchObject([
      {
        templateId: NEW_CUSTOMER,
        page: `pages/customer/detail?id=${customerId!}`,
        data: { thing1: { value: '新客户想要联系您' }, thing3: { value: '王小明' } },
      },
    ])
    expect(JSON.stringify(messages)).not.toContain(customer.phone)
  })

  test('R2.16, R2.17: of one who is known, in other words', async () => {
    const advisor = await join()
    await accept(advisor, NEW_CUSTOMER)
    const { actionId } = await acting(await stranger(), 'view_resume')
    expect(await messagesOf(advisor)).toMatchObject([
      {
        page: `pages/customer/detail?id=${actionId}`,
        data: { thing1: { value: '客户查看了您的简历' }, thing3: { value: '未留姓名' } },
      },
    ])
  })

  test('of a booking with its day, and that the customer has cancelled it', async () => {
    const advisor = await join()
    await accept(advisor, BOOKING)
    const customer = await stranger()
    const bookingId = await booking(customer)
    await town().control.post('/_sandbox/clock', { advanceSeconds: 2 })
    await accept(advisor, BOOKING)
    await cancelling(customer, bookingId)
    await town().control.post('/_sandbox/clock', { advanceSeconds: -2 })
    const note = { value: visit() }
    const told = await messagesOf(advisor)
    expect(told).toMatchObject([
      { templateId: BOOKING, data: { thing1: { value: '新客户预约了您的服务' }, thing7: note } },
      { templateId: BOOKING, data: { thing1: { value: '客户取消了预约' }, thing7: note } },
    ])
    expect(new Set(told.map(({ page }) => page)).size).toBe(1)
  })

  test('of who leaves his phone for a visit that he has booked already, as of a new customer: no other day', async () => {
    const advisor = await join()
    await accept(advisor, NEW_CUSTOMER, BOOKING)
    const customer = await stranger()
    const actionData = { date: visitDay(), part: 'morning', service: '量尺' }
    await acting(customer, 'book_service', { actionData })
    const said = { actionData, customerPhone: customer.phone }
    const { customerId } = await acting(customer, 'book_service', said)
    expect(await messagesOf(advisor)).toMatchObject([
      { templateId: BOOKING, data: { thing7: { value: visit() } } },
      {
        templateId: NEW_CUSTOMER,
        page: `pages/customer/detail?id=${customerId!}`,
        data: { thing1: { value: '新客户预约了您的服务' } },
      },
    ])
  })

  test('R2.21: is sent one message for each consent; what must not get lost he then hears in WeCom, once', async () => {
    const advisor = await join({ memberUserid: 'zhangsan' })
    await accept(advisor, NEW_CUSTOMER)
    const [one, other] = [await stranger(), await stranger()]
    await acting(one, 'contact_advisor')
    await acting(other, 'contact_advisor', { customerName: '李\n四 13900001234' })
    await acting(other, 'view_resume')
    expect(await messagesOf(advisor)).toHaveLength(1)
    const texts = await memberTexts('zhangsan', NEWS)
    expect(texts).toEqual([expect.stringContaining('客户想要联系您：「李 四 139****1234」')])
    expect(await endOf('advisor_action')).toEqual([
      { state: 'told', reason: null },
      { state: 'told', reason: null },
      { state: 'failed', reason: 'no way is open' },
    ])
  })

  test('R2.21: hears in WeCom what WeChat refuses because nothing is left (43101)', async () => {
    const advisor = await join({ memberUserid: 'zhangsan' })
    await accept(advisor, BOOKING)
    await town().control.post(`/_sandbox/people/${advisor.personId}/subscribe/settings`, {
      mainSwitch: false,
    })
    await booking(await stranger())
    expect(await messagesOf(advisor)).toEqual([])
    expect(await memberTexts('zhangsan', NEWS)).toEqual([
      expect.stringContaining('新客户预约了您的服务：「王小明」，'),
    ])
  })

  test('R2.20: who has not subscribed and is no member is told nothing, and the ledger says so', async () => {
    const advisor = await join()
    await acting(await stranger(), 'contact_advisor')
    expect(await messagesOf(advisor)).toEqual([])
    expect(await endOf('advisor_action')).toEqual([{ state: 'failed', reason: 'no way is open' }])
  })

  test('who has no account yet hears of a booking in WeCom; whom WeCom does not know, of nothing', async () => {
    await saveAdvisor(town(), ADVISOR, { memberUserid: 'zhangsan' })
    await booking(await stranger())
    expect(await memberTexts('zhangsan', NEWS)).toHaveLength(1)
    await saveAdvisor(town(), ADVISOR, { memberUserid: 'nobody-there' })
    await booking(await stranger())
    expect((await endOf('advisor_action')).at(-1)).toEqual({
      state: 'failed',
      reason: 'no member to tell',
    })
  })

  test('hears of one customer no more than once in the quiet time, however often he taps, or at once', async () => {
    const advisor = await join()
    for (let left = 0; left < 3; left += 1) {
      await town().control.post('/_sandbox/clock', { advanceSeconds: 1 })
      await accept(advisor, NEW_CUSTOMER)
    }
    await town().control.post('/_sandbox/clock', { advanceSeconds: -3 })
    const customer = await stranger()
    await Promise.all(
      ['1', '2', '3', '4'].map(() =>
        act(town(), customer, { advisorId: ADVISOR, actionType: 'contact_advisor' }),
      ),
    )
    await acting(customer, 'contact_advisor')
    expect(await messagesOf(advisor)).toHaveLength(1)
  })

  test('R2.25: is told when WeChat recovers; the customer is answered at once', async () => {
    const advisor = await join()
    await accept(advisor, NEW_CUSTOMER)
    await failing(1)
    await acting(await stranger(), 'contact_advisor')
    expect(await messagesOf(advisor)).toEqual([])
    await tryAgain(town().db, 'notices.send')
    await town().settle()
    expect(await messagesOf(advisor)).toHaveLength(1)
  })

  test('who is none any more by then is told nothing', async () => {
    const advisor = await join({ memberUserid: 'zhangsan' })
    await accept(advisor, NEW_CUSTOMER)
    await failing(1)
    await acting(await stranger(), 'contact_advisor')
    await saveAdvisor(town(), ADVISOR, { active: false })
    await tryAgain(town().db, 'notices.send')
    await town().settle()
    expect(await messagesOf(advisor)).toEqual([])
    expect(await memberTexts('zhangsan', NEWS)).toEqual([])
    expect(await endOf('advisor_action')).toEqual([
      { state: 'dropped', reason: 'no advisor any more' },
    ])
  })

  test('whose account is another by then is told nothing at the old one', async () => {
    const advisor = await join()
    await accept(advisor, NEW_CUSTOMER)
    await failing(1)
    await acting(await stranger(), 'contact_advisor')
    await join()
    await tryAgain(town().db, 'notices.send')
    await town().settle()
    expect(await messagesOf(advisor)).toEqual([])
    expect(await endOf('advisor_action')).toEqual([
      { state: 'dropped', reason: 'another account by now' },
    ])
  })

  test('a booking that was cancelled before he could be told of it is told as cancelled only', async () => {
    const advisor = await join()
    const customer = await stranger()
    await accept(advisor, BOOKING)
    await failing(1)
    const bookingId = await booking(customer)
    await cancelling(customer, bookingId)
    await tryAgain(town().db, 'notices.send')
    await town().settle()
    expect(await messagesOf(advisor)).toMatchObject([
      { data: { thing1: { value: '客户取消了预约' } } },
    ])
    expect(await endOf('advisor_action')).toEqual([
      { state: 'dropped', reason: 'another state by now' },
    ])
  })
})

describe('a customer whose booking was confirmed', () => {
  test('is told by a subscribe message that opens his bookings; that it is over he is not', async () => {
    const advisor = await join()
    const customer = await stranger()
    await accept(customer, BOOKING_STATE)
    const bookingId = await booking(customer)
    await moving(advisor, bookingId, '已确认')
    await moving(advisor, bookingId, '已完成')
    expect(await messagesOf(customer)).toMatchObject([
      {
        templateId: BOOKING_STATE,
        page: `pages/bookings/bookings?id=${bookingId}`,
        data: {
          thing1: { value: '量尺' },
          phrase2: { value: '已确认' },
          time3: { value: expect.stringMatching(/^\d{4}年\d+月\d+日 08:00~12:00$/) },
          thing4: { value: '张三' },
        },
      },
    ])
    expect(await endOf('booking_state')).toEqual([{ state: 'told', reason: null }])
  })

  test('is told in his chat, where he has not consented', async () => {
    const advisor = await join()
    const customer = await boundCustomer()
    const bookingId = await booking(customer)
    await moving(advisor, bookingId, '已确认')
    const said = botTexts(await customer.chat()).filter((text) => text.includes('预约'))
    expect(said).toEqual([`您的预约「${visit()}」已确认，顾问：张三。有变化可在小程序里取消。`])
  })

  test('is told in the official account, where he never wrote in the chat', async () => {
    const advisor = await join()
    const customer = await town().people.arrive({ name: '王小明' })
    await customer.followOfficial()
    await customer.writeOfficial(customer.phone)
    await town().people.add('lisi', customer.phone)
    await town().settle()
    await customer.signIn()
    await town().settle()
    const bookingId = await booking(customer)
    await moving(advisor, bookingId, '已确认')
    const heard = (await customer.officialChat()).filter(({ text }) => text.includes('您的预约'))
    expect(heard).toMatchObject([{ from: 'account', text: expect.stringContaining('已确认') }])
  })

  test('is told by his advisor, who is asked to in WeCom, where nothing else reaches him; with no member there is nobody', async () => {
    const advisor = await join({ memberUserid: 'zhangsan' })
    await moving(advisor, await booking(await stranger()), '已确认')
    const texts = await memberTexts('zhangsan', UNREACHED)
    expect(texts).toEqual([
      expect.stringMatching(/· 王小明：「\d+月\d+日 上午 量尺」：「预约已确认」/),
    ])
    await saveAdvisor(town(), ADVISOR, { memberUserid: null })
    await moving(advisor, await booking(await stranger()), '已确认')
    expect((await endOf('booking_state')).at(-1)).toEqual({
      state: 'failed',
      reason: 'no way is open',
    })
  })

  test('hears that the advisor cancelled; of what he cancelled himself he knows', async () => {
    const advisor = await join()
    const customer = await stranger()
    await accept(customer, BOOKING_STATE)
    await moving(advisor, await booking(customer), '已取消')
    expect(await messagesOf(customer)).toMatchObject([{ data: { phrase2: { value: '已取消' } } }])
    await cancelling(customer, await booking(customer))
    expect(await endOf('booking_state')).toHaveLength(1)
  })

  test('hears that the office cancelled what he had with two advisors, and so does the advisor', async () => {
    const leaving = await join({ memberUserid: 'lisi' })
    await joinAdvisor(town(), 'advisor-wang', { name: '王伟', memberUserid: 'wangwei' })
    const customer = await stranger()
    await accept(customer, BOOKING_STATE)
    await booking(customer)
    await accept(leaving, BOOKING)
    await booking(customer, 'advisor-wang')
    const handed = { to: 'wangwei', reason: '离职' }
    const answer = await town().server.post('/api/admin/members/lisi/hand-over', handed, ADMIN_KEY)
    expect(answer.status).toBe(200)
    await town().settle()
    expect(await messagesOf(customer)).toMatchObject([
      { data: { phrase2: { value: '已取消' }, thing5: { value: '公司调整了安排，详情请问客服' } } },
    ])
    expect(await messagesOf(leaving)).toMatchObject([
      { data: { thing1: { value: '公司取消了预约' } } },
    ])
  })

  test('is told where it stands: an older move that he was not told of yet is told to nobody', async () => {
    const advisor = await join()
    const customer = await stranger()
    await accept(customer, BOOKING_STATE)
    const bookingId = await booking(customer)
    await failing(1)
    await moving(advisor, bookingId, '已联系')
    await moving(advisor, bookingId, '已确认')
    await tryAgain(town().db, 'notices.send')
    await town().settle()
    expect((await messagesOf(customer)).map(({ data }) => data)).toMatchObject([
      { phrase2: { value: '已确认' } },
    ])
    expect(await endOf('booking_state')).toEqual([
      { state: 'dropped', reason: 'another state by now' },
      { state: 'told', reason: null },
    ])
  })
})

test('what an advisor was told of a customer is told to the customer, and erased with him', async () => {
  const { server, db } = town()
  const advisor = await join()
  await accept(advisor, BOOKING)
  const customer = await boundCustomer()
  await moving(advisor, await booking(customer), '已确认')
  const found = await server.get(`/api/admin/customers?phone=${customer.phone}`, ADMIN_KEY)
  const path = `/api/admin/customers/${String(found.body.data.items[0].id)}`
  const { body } = await server.get(`${path}/export?format=json`, ADMIN_KEY)
  const told = JSON.stringify(body)
  for (const kind of ['advisor_action', 'booking_state']) expect(told).toContain(kind)
  await server.post(`${path}/erase`, { reason: '客户要求删除' }, ADMIN_KEY)
  await town().settle()
  expect(await db('notices')).toEqual([])
})

describe('templates', () => {
  const listFor = async (person: { token: string }): Promise<string[]> => {
    const { body } = await town().server.get('/api/notices/templates', person.token)
    return (body.data.items as { templateId: string }[]).map(({ templateId }) => templateId)
  }

  test('of advisors are offered to advisors only', async () => {
    const advisor = await join()
    expect(await listFor(await stranger())).toEqual(['tpl-stage', BOOKING_STATE])
    expect(await listFor(advisor)).toEqual(['tpl-stage', NEW_CUSTOMER, BOOKING, BOOKING_STATE])
  })

  test('R2.8, R2.9: a program may send one that opens the page of a customer', async () => {
    const { server } = town()
    const advisor = await join()
    await accept(advisor, NEW_CUSTOMER)
    const made = await server.post('/api/admin/keys', { name: 'CRM', scope: 'service' }, ADMIN_KEY)
    const body = {
      touser: advisor.openid,
      template_id: NEW_CUSTOMER,
      data: {
        thing1: { value: '新客户查看了您的简历' },
        time2: { value: '2026年5月1日 12:00' },
        thing3: { value: '王小明' },
        thing7: { value: '备注' },
      },
      page: 'pages/customer/detail?id=1',
      miniprogram_state: 'formal',
    }
    const sent = await server.post('/api/message/send', body, made.body.data.key as string)
    expect(sent).toMatchObject({
      status: 200,
      body: { message: '发送订阅消息成功', data: { errcode: 0, errmsg: 'ok' } },
    })
    expect(await messagesOf(advisor)).toMatchObject([{ page: 'pages/customer/detail?id=1' }])
  })
})
