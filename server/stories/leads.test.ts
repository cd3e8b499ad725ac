import { beforeEach, describe, expect, test } from '@jest/globals'
import { inventPhone, type Person } from '../../scripts/play/people.ts'
import { act as actIn, joinAdvisor, saveAdvisor } from '../test/advisors.ts'
import { bindByCode } from '../test/bind-by-code.ts'
import { ADMIN_KEY, useTown } from '../test/town.ts'

const town = useTown({ STAFF_QUIET_HOURS: 'off' })
const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
const A = 'advisor-a'
const B = 'advisor-b'
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const UNKNOWN = '00000000-0000-4000-8000-000000000000'

const refusal = (status: number, code: string) => ({
  status,
  body: { error: { code }, message: expect.stringMatching(/[\u4e00-\u9fff]/) },
})
const act = (person: Person, body: object = {}) =>
  actIn(town(), person, { advisorId: A, actionType: 'view_resume', ...body })
const masked = (phone: string): string => `${phone.slice(0, 3)}****${phone.slice(-4)}`

async function arrive(name = '王小明'): Promise<Person> {
  const person = await town().people.arrive({ name })
  await person.signIn()
  return person
}
const get = (path: string, { token }: Person) => town().server.get(path, token)
const itemsOf = async (path: string, person: Person): Promise<Record<string, any>[]> =>
  (await get(path, person)).body.data.items
const actions = (query: Record<string, unknown> = {}) =>
  town().db('customeractions').where(query).orderBy('first_at')
const leads = () => town().db('leads').orderBy('created_at')

let advisor: Person
beforeEach(async () => {
  const { clock } = town()
  clock.advance(Date.now() - clock.now().getTime())
  advisor = await joinAdvisor(town(), A)
  await saveAdvisor(town(), B)
})

describe('an action', () => {
  test('R2.1 R2.5 R2.6 R2.7 is answered in the envelope, with three different ids of a customer', async () => {
    const person = await arrive()
    const phone = inventPhone()
    const answer = await act(person, {
      customerId: 'oSomebodyElse',
      actionType: 'contact_advisor',
      actionData: { resumeId: 'r1', timestamp: '2026-03-01T00:00:00Z' },
      customerName: '王女士',
      customerPhone: phone,
    })
    expect(answer).toMatchObject({ status: 200 })
    const [row] = await actions()
    const [lead] = await leads()
    expect(answer.body).toEqual({
      success: true,
      message: '记录客户行为成功，已创建新客户线索',
      timestamp: expect.any(Number),
      data: {
        actionId: row.id,
        customerCreated: true,
        customerId: lead.id,
        action: {
          _id: row.id,
          customerId: person.openid,
          advisorId: A,
          actionType: 'contact_advisor',
          customerRecordId: lead.id,
          notified: false,
        },
        customer: {
          _id: lead.id,
          name: '王女士',
          phone,
          leadSource: '其他',
          customerId: lead.customer_no,
        },
      },
    })
    expect(lead.customer_no).toMatch(/^CUS\d{11}$/)
    expect(lead.id).toMatch(UUID)
  })

  test('is done by whoever is signed in, whatever the body says', async () => {
    const [person, other] = [await arrive(), await arrive()]
    await act(person, { customerId: other.openid, customerPhone: inventPhone() })
    const openids = await town()
      .db('customeractions as c')
      .join('accounts as a', 'a.id', 'c.account_id')
      .pluck('a.openid')
    expect(openids).toEqual([person.openid])
    const { id } = await town().db('accounts').where({ openid: other.openid }).first('id')
    await town().db('accounts').where({ id }).update({ app: 'official' })
    expect(await act(other)).toMatchObject(refusal(403, 'action.elsewhere'))
    expect(await actions()).toHaveLength(1)
  })

  test('R2.14 is one of the kinds there are, and each is kept', async () => {
    const person = await arrive()
    for (const actionType of ['view_resume', 'contact_advisor', 'view_project'])
      expect((await act(person, { actionType })).status).toBe(200)
    expect(await act(person, { actionType: 'share' })).toMatchObject(
      refusal(400, 'request.invalid'),
    )
    const kept = (await actions()).map((row) => row.action_type)
    expect(kept).toEqual(['view_resume', 'contact_advisor', 'view_project'])
  })

  test('R2.15 R2.16 R2.17 is told to the advisor in the words for a new customer, or an ordinary one', async () => {
    const person = await arrive()
    const phone = inventPhone()
    const book = { actionType: 'book_service', actionData: booking() }
    await act(person, { actionType: 'view_resume' })
    await act(person, { actionType: 'contact_advisor', customerPhone: phone })
    await act(person, book)
    const [stranger, third] = [await arrive(), await arrive()]
    await act(stranger, { actionType: 'view_resume', customerPhone: inventPhone() })
    await act(stranger, { actionType: 'contact_advisor' })
    await act(third, { ...book, customerPhone: inventPhone() })
    const texts = (await itemsOf('/api/advisor/actions', advisor)).map(({ text }) => text)
    expect(texts).toEqual([
      '新客户预约了您的服务',
      '客户想要联系您',
      '新客户查看了您的简历',
      '客户预约了您的服务',
      '新客户想要联系您',
      '客户查看了您的简历',
    ])
  })

  test('that is repeated within the quiet time is one that counts, and a new one after it', async () => {
    const { clock } = town()
    const person = await arrive()
    const first = (await act(person)).body.data.actionId
    clock.advance(20 * MINUTE)
    expect((await act(person, { customerName: '老王' })).body.data.actionId).toBe(first)
    clock.advance(20 * MINUTE)
    expect((await act(person)).body.data.actionId).toBe(first)
    expect(await itemsOf('/api/advisor/actions', advisor)).toMatchObject([
      { actionId: first, times: 3, customerName: '老王', at: expect.any(String) },
    ])
    clock.advance(30 * MINUTE)
    expect((await act(person)).body.data.actionId).not.toBe(first)
    expect((await act(person, { advisorId: B })).body.data.actionId).not.toBe(first)
    expect((await actions()).map(({ times }) => times)).toEqual([3, 1, 1])
  })

  test('that is repeated by twenty taps at once is one', async () => {
    const person = await arrive()
    const answers = await Promise.all(Array.from({ length: 20 }, () => act(person)))
    expect(new Set(answers.map(({ body }) => body.data.actionId)).size).toBe(1)
    expect(await actions()).toMatchObject([{ times: 20 }])
  })

  test('of an advisor about himself is refused, and of another advisor is not', async () => {
    const other = await joinAdvisor(town(), 'advisor-c')
    expect(await act(advisor, { customerPhone: inventPhone() })).toMatchObject(
      refusal(409, 'action.own'),
    )
    expect((await act(other)).status).toBe(200)
    expect(await actions()).toHaveLength(1)
    expect(await leads()).toEqual([])
  })
})

/** A visit that one may ask for today. */
const booking = (more: object = {}) => ({
  date: new Date(town().clock.now().getTime() + 3 * DAY).toISOString().slice(0, 10),
  part: 'morning',
  service: '上门量尺',
  ...more,
})

describe('a lead', () => {
  test('R2.10 R2.13 is made of a valid phone, with all that is known of it', async () => {
    const person = await arrive()
    const phone = inventPhone()
    expect((await act(person, { customerName: '李雷' })).body.data).toMatchObject({
      customerCreated: false,
      customerId: null,
      customer: null,
    })
    expect(await leads()).toEqual([])
    await act(person, {
      actionType: 'contact_advisor',
      customerName: '李雷',
      customerPhone: `+86 ${phone.slice(0, 3)}-${phone.slice(3, 7)}-${phone.slice(7)}`,
    })
    expect(await leads()).toMatchObject([
      {
        name: '李雷',
        phone,
        source: '其他',
        state: '待定',
        created_by: A,
        advisor_id: A,
        remark: expect.stringMatching(
          /^\d{4}年\d+月\d+日 \d\d:\d\d 联系顾问时留下手机号，系统自动创建$/,
        ),
      },
    ])
    const [{ account_id: accountId }] = await leads()
    expect(await town().db('accounts').where({ id: accountId })).toMatchObject([
      { openid: person.openid },
    ])
  })

  test.each([
    '12345678901',
    '1381234567',
    '138123456789',
    '23812345678',
    '138 1234 567x',
    '010-12345678',
    '+85291234567',
    '1３812345678 13812345679',
    '',
    '   ',
  ])('R2.11 R2.26 is not made of %p, which is no mistake either', async (customerPhone) => {
    const person = await arrive()
    const answer = await act(person, { customerPhone })
    expect(answer).toMatchObject({
      status: 200,
      body: { message: '记录客户行为成功', data: { customerCreated: false, customer: null } },
    })
    expect(await leads()).toEqual([])
    expect(await actions()).toHaveLength(1)
  })

  test('R2.12 is made once: also by twenty requests at once, and with another advisor, whose it does not become', async () => {
    const person = await arrive()
    const phone = inventPhone()
    const say = (body: object = {}) => act(person, { customerPhone: phone, ...body })
    const kinds = ['view_resume', 'contact_advisor', 'view_project']
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, at) => say({ actionType: kinds[at % 3] })),
    )
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200))
    const created = answers.filter(({ body }) => body.data.customerCreated)
    expect(created).toHaveLength(1)
    const [lead] = await leads()
    for (const { body } of answers)
      expect(body.data).toMatchObject({
        customerId: lead.id,
        customer: { customerId: lead.customer_no, phone },
      })
    expect((await say({ advisorId: B })).body).toMatchObject({
      message: '记录客户行为成功',
      data: { customerCreated: false, customerId: lead.id },
    })
    expect(await leads()).toMatchObject([{ id: lead.id, advisor_id: A, created_by: A }])
  })

  test('within the quiet time is an action of its own, of which the advisor reads that the customer is new', async () => {
    const person = await arrive()
    const contact = { actionType: 'contact_advisor' }
    const phone = inventPhone()
    const first = (await act(person, contact)).body.data.actionId
    const second = (await act(person, { ...contact, customerPhone: phone })).body.data
    expect(second).toMatchObject({ customerCreated: true })
    expect(second.actionId).not.toBe(first)
    const third = (await act(person, { ...contact, customerPhone: phone })).body.data
    expect(third).toMatchObject({ customerCreated: false, actionId: second.actionId })
    expect(await itemsOf('/api/advisor/actions', advisor)).toMatchObject([
      { text: '新客户想要联系您', times: 2, phoneMasked: masked(phone) },
      { text: '客户想要联系您', times: 1, phoneMasked: null },
    ])
  })

  test('is called as the account called itself last with this phone', async () => {
    const person = await arrive()
    const phone = inventPhone()
    await act(person, { customerPhone: phone })
    await act(person, { customerPhone: phone, customerName: '小红' })
    await act(person, { customerPhone: phone })
    await act(person, { customerName: '别的名字' })
    expect(await leads()).toMatchObject([{ name: '小红' }])
    const answer = await act(person, { customerPhone: phone })
    // What he has not said just now he is not told.
    expect(answer.body.data.customer.name).toBeNull()
  })

  test('R2.26 is made for an advisor only who is there: of nobody, and of one who is there no more, nothing is kept', async () => {
    const person = await arrive()
    const say = (advisorId: string) => act(person, { advisorId, customerPhone: inventPhone() })
    await saveAdvisor(town(), B, { active: false })
    expect(await say('nobody')).toMatchObject(refusal(404, 'advisor.unknown'))
    expect(await say(B)).toMatchObject(refusal(404, 'advisor.unknown'))
    for (const advisorId of ["a' or 1=1", '', 'x'.repeat(65)])
      expect(await say(advisorId)).toMatchObject(refusal(400, 'request.invalid'))
    expect(await leads()).toEqual([])
    expect(await actions()).toEqual([])
  })

  test('R2.24 R2.25 stands in a table of the names that were asked for, and its phone is found by an index', async () => {
    const tables = await town().db('pg_tables').where({ schemaname: 'public' }).pluck('tablename')
    expect(tables).toEqual(expect.arrayContaining(['customeractions', 'customers', 'leads']))
    const indexes = await town().db('pg_indexes').where({ tablename: 'leads' }).pluck('indexdef')
    expect(indexes.some((text: string) => text.includes('(phone)'))).toBe(true)
  })
})

describe('R2.20 the flow', () => {
  type Path = { said: object; lead: boolean; message: string; kept: number }
  const MADE = '记录客户行为成功，已创建新客户线索'
  const KEPT = '记录客户行为成功'
  test.each<[string, (phone: string) => Path]>([
    [
      'without a phone: the action alone',
      () => ({ said: {}, lead: false, message: KEPT, kept: 0 }),
    ],
    [
      'with what is no phone: the action alone',
      () => ({ said: { customerPhone: '12345' }, lead: false, message: KEPT, kept: 0 }),
    ],
    [
      'with a phone: the action and a lead',
      (phone) => ({ said: { customerPhone: phone }, lead: true, message: MADE, kept: 1 }),
    ],
  ])('%s', async (_, path) => {
    const person = await arrive()
    const { said, lead, message, kept } = path(inventPhone())
    const answer = await act(person, said)
    expect(answer.body.message).toBe(message)
    expect(answer.body.data.customerCreated).toBe(lead)
    expect(await leads()).toHaveLength(kept)
    expect(await actions()).toMatchObject([{ created_lead: lead }])
  })

  test('with a phone that he has stated before: the action, with the lead that there is', async () => {
    const person = await arrive()
    const phone = inventPhone()
    await act(person, { customerPhone: phone })
    const answer = await act(person, { actionType: 'contact_advisor', customerPhone: phone })
    expect(answer.body).toMatchObject({ message: KEPT, data: { customerCreated: false } })
    const [lead] = await leads()
    expect(await actions()).toMatchObject([
      { lead_id: lead.id, created_lead: true },
      { lead_id: lead.id, created_lead: false },
    ])
  })
})

describe('whether anybody else has a phone', () => {
  /** Bound, with an order, and a lead of his own. */
  async function known(): Promise<Person> {
    const { people, settle } = town()
    const customer = await people.arrive({ name: '赵敏' })
    await people.load('SO-KNOWN', customer.phone)
    await people.add('zhangsan', customer.phone)
    await bindByCode(town(), customer)
    await act(customer, { customerPhone: customer.phone, customerName: '赵敏' })
    await settle()
    return customer
  }
  const shape = ({ status, body }: Awaited<ReturnType<typeof act>>) => ({
    status,
    message: body.message,
    keys: Object.keys(body.data).sort(),
    created: body.data.customerCreated,
    customer: { ...body.data.customer, _id: '', phone: '', customerId: '' },
    isOwn: [body.data.customer.customerId.length, body.data.customer._id.length],
  })

  test.each(['contact_advisor', 'book_service'])(
    'no answer to %s tells, nor what is done for it',
    async (actionType) => {
      const { listen, settle } = town()
      const customer = await known()
      const say = async (phone: string) => {
        const person = await arrive()
        let answer: Awaited<ReturnType<typeof act>>
        // What jobs ask for it is heard to its end, whenever they do: which statements there are tells, not when.
        const asked = await listen(async () => {
          answer = await act(person, {
            actionType,
            customerPhone: phone,
            ...(actionType === 'book_service' && { actionData: booking() }),
          })
          await settle()
        })
        const later = await act(person, { actionType: 'view_project', customerPhone: phone })
        // With a booking a job states the phone, as the form for it does: nobody waits for what it asks.
        const [tables, ofTheJob] =
          actionType === 'book_service'
            ? [/"(?:leads|customeractions|bookings)"/, '"leads" where "id"']
            : [/customers|accounts|temp_bindings|evidence|leads|customeractions/, 'none']
        const own = new Set(asked.filter((sql) => tables.test(sql) && !sql.includes(ofTheJob)))
        return { own, answer: shape(answer!), later: shape(later) }
      }
      const [fresh, taken] = [await say(inventPhone()), await say(customer.phone)]
      expect(taken).toEqual(fresh)
      expect(fresh.answer).toMatchObject({ created: true, customer: { name: null } })
    },
  )

  test('nor do the numbers of leads: two accounts with one phone have two', async () => {
    const customer = await known()
    const person = await arrive()
    await act(person, { customerPhone: customer.phone })
    const [one, other] = await leads()
    expect(one.phone).toBe(other.phone)
    expect(one.customer_no).not.toBe(other.customer_no)
    const numbers = await town().db('customers').pluck('customer_no')
    expect(numbers).not.toContain(one.customer_no)
    expect(numbers).not.toContain(other.customer_no)
  })
})

describe('an account', () => {
  test('leaves five new phones a day, and no more', async () => {
    const { clock } = town()
    const person = await arrive()
    const first = inventPhone()
    await clock.stopFor(async () => {
      for (const phone of [first, ...Array.from({ length: 4 }, inventPhone)])
        expect((await act(person, { customerPhone: phone })).body.data.customerCreated).toBe(true)
      const sixth = await act(person, { customerPhone: inventPhone() })
      expect(sixth).toMatchObject(refusal(429, 'action.too_often'))
      expect(sixth.headers.get('retry-after')).toBe(String(DAY / 1000))
      expect((await act(person, { customerPhone: first })).status).toBe(200)
    })
    expect(await leads()).toHaveLength(5)
    clock.advance(DAY - MINUTE)
    await person.signIn()
    expect((await act(person, { customerPhone: inventPhone() })).status).toBe(429)
    clock.advance(MINUTE)
    await person.signIn()
    expect((await act(person, { customerPhone: inventPhone() })).status).toBe(200)
  })

  test('does twenty new things a minute; what it only repeats is none', async () => {
    const { clock } = town()
    const person = await arrive()
    const many = Array.from({ length: 21 }, (_, at) => `advisor-${String(at)}`)
    for (const advisorId of many) await saveAdvisor(town(), advisorId)
    await clock.stopFor(async () => {
      for (const advisorId of many.slice(0, 20))
        expect((await act(person, { advisorId })).status).toBe(200)
      const more = await act(person, { advisorId: many[20] })
      expect(more).toMatchObject(refusal(429, 'action.too_often'))
      expect(more.headers.get('retry-after')).toBe('60')
      expect((await act(person, { advisorId: many[0] })).status).toBe(200)
      expect((await act(await arrive(), { advisorId: many[20] })).status).toBe(200)
    })
  })
})

describe('an advisor', () => {
  const post = (path: string, body: object | undefined, { token }: Person) =>
    town().server.post(path, body, token)
  async function lead(name: string): Promise<{ id: string; phone: string; person: Person }> {
    const person = await arrive()
    const phone = inventPhone()
    const answer = await act(person, { customerName: name, customerPhone: phone })
    return { id: answer.body.data.customerId, phone, person }
  }
  const operations = async (id: string): Promise<Record<string, any>[]> =>
    (await town().server.get(`/api/admin/operations?targetType=lead&targetId=${id}`, ADMIN_KEY))
      .body.data.items

  test('reads his actions and leads page by page, each once, and nobody else reads them', async () => {
    for (const name of ['一', '二', '三', '四', '五']) await lead(name)
    for (const path of ['/api/advisor/leads', '/api/advisor/actions']) {
      const seen: string[] = []
      let cursor: string | undefined
      do {
        const query = cursor === undefined ? '' : `&cursor=${cursor}`
        const { data } = (await get(`${path}?limit=2${query}`, advisor)).body
        expect(data.items.length).toBeLessThanOrEqual(2)
        seen.push(...data.items.map((item: any) => item.name ?? item.customerName))
        cursor = data.nextCursor
      } while (cursor !== undefined)
      expect(seen).toEqual(['五', '四', '三', '二', '一'])
      expect(await get(path, await arrive())).toMatchObject(refusal(403, 'advisor.not_one'))
      const other = await joinAdvisor(town(), `other-${path.slice(-4)}`)
      expect(await itemsOf(path, other)).toEqual([])
      const page = Buffer.from('123.x').toString('base64url')
      expect(await get(`${path}?cursor=${page}`, advisor)).toMatchObject(
        refusal(400, 'request.invalid'),
      )
    }
  })

  test('sees a customer by his lead or by what he did: both, with what was done and booked', async () => {
    const { person, id, phone } = await lead('韩梅梅')
    const seen = (await act(person, { actionType: 'contact_advisor' })).body.data.actionId
    await act(person, { actionType: 'book_service', actionData: booking(), customerPhone: phone })
    await act(person, { advisorId: B, actionType: 'contact_advisor' })
    for (const by of [id, seen]) {
      const { data } = (await get(`/api/advisor/customers/${by}`, advisor)).body
      expect(data).toMatchObject({
        id,
        name: '韩梅梅',
        phoneMasked: masked(phone),
        lead: { id, customerNo: expect.stringMatching(/^CUS\d{11}$/), state: '待定' },
        bookings: [{ customerId: id, service: '上门量尺', state: '新' }],
      })
      expect(data.actions.map(({ actionType }: any) => actionType)).toEqual([
        'book_service',
        'contact_advisor',
        'view_resume',
      ])
    }
    const nameless = await arrive()
    const { actionId } = (await act(nameless)).body.data
    expect((await get(`/api/advisor/customers/${actionId}`, advisor)).body.data).toMatchObject({
      id: actionId,
      name: null,
      phoneMasked: null,
      lead: null,
      bookings: [],
      actions: [{ actionId, customerId: actionId }],
    })
    expect(await get(`/api/advisor/customers/${UNKNOWN}`, advisor)).toMatchObject(
      refusal(404, 'lead.unknown'),
    )
  })

  test('sees of what was stated to him and is the lead of another no more than that', async () => {
    const { person, id, phone } = await lead('韩梅梅')
    const other = await joinAdvisor(town(), B)
    await act(person, { advisorId: B, actionType: 'contact_advisor', customerPhone: phone })
    const [action] = await itemsOf('/api/advisor/actions', other)
    expect(action).toMatchObject({ customerId: action!['actionId'], phoneMasked: masked(phone) })
    const page = `/api/advisor/customers/${String(action!['actionId'])}`
    expect((await get(page, other)).body.data).toMatchObject({
      id: action!['actionId'],
      lead: null,
      phoneMasked: masked(phone),
    })
    expect(await itemsOf('/api/advisor/leads', other)).toEqual([])
    for (const path of [`leads/${id}`, `customers/${id}`])
      expect(await get(`/api/advisor/${path}`, other)).toMatchObject(refusal(404, 'lead.unknown'))
    expect(await post(`/api/advisor/leads/${id}`, { state: '跟进中' }, other)).toMatchObject(
      refusal(404, 'lead.unknown'),
    )
    expect(await post(`/api/advisor/leads/${id}/reveal`, undefined, other)).toMatchObject(
      refusal(404, 'lead.unknown'),
    )
    expect(await operations(id)).toEqual([])
  })

  test('sees nothing of what his customer does with a colleague, also when the same phone is left there', async () => {
    const { person, id, phone } = await lead('韩梅梅')
    const said = { advisorId: B, customerPhone: phone }
    await act(person, { ...said, actionType: 'contact_advisor' })
    const note = booking({ note: '只想让您知道' })
    await act(person, { ...said, actionType: 'book_service', actionData: note })
    const { data } = (await get(`/api/advisor/customers/${id}`, advisor)).body
    expect(data.actions.map(({ actionType }: any) => actionType)).toEqual(['view_resume'])
    expect(data.bookings).toEqual([])
  })

  test('reads no phone in what a customer calls himself, or writes', async () => {
    const person = await arrive()
    const [own, other] = [inventPhone(), inventPhone()]
    const wordy = { customerName: `老王 ${other}`, customerPhone: own }
    await act(person, {
      actionType: 'book_service',
      actionData: booking({ service: `量尺 ${other}`, note: `打 ${other}` }),
      ...wordy,
    })
    const [{ customerId }] = (await itemsOf('/api/advisor/actions', advisor)) as [any]
    for (const path of ['actions', 'leads', 'bookings', `customers/${customerId}`]) {
      const text = JSON.stringify((await get(`/api/advisor/${path}`, advisor)).body)
      expect(text).toContain(masked(other))
      expect(text).not.toContain(other)
      expect(text).not.toContain(own)
    }
    expect(await itemsOf('/api/bookings/my', person)).toMatchObject([{ note: `打 ${other}` }])
  })

  test('says how it stands with a lead, which is in the log with before and after, once', async () => {
    const { id } = await lead('韩梅梅')
    const path = `/api/advisor/leads/${id}`
    const said = { state: '跟进中', note: '周末到店' }
    expect((await post(path, said, advisor)).body).toMatchObject({ message: '已保存', data: said })
    expect((await post(path, said, advisor)).body.data).toMatchObject(said)
    expect((await post(path, { state: '已签约' }, advisor)).body.data).toMatchObject({
      state: '已签约',
      note: '周末到店',
    })
    expect((await post(path, { note: null }, advisor)).body.data).toMatchObject({ note: null })
    expect((await get(path, advisor)).body.data).toMatchObject({ state: '已签约', note: null })
    const log = (await operations(id)).map(({ operator, operation, before, after }) => ({
      operator,
      operation,
      before,
      after,
    }))
    expect(log.toReversed()).toEqual([
      {
        operator: `advisor:${A}`,
        operation: 'lead.changed',
        before: { state: '待定', note: null },
        after: said,
      },
      expect.objectContaining({ after: { state: '已签约', note: '周末到店' } }),
      expect.objectContaining({ after: { state: '已签约', note: null } }),
    ])
    for (const wrong of [{ state: '成交' }, { note: 'x'.repeat(501) }, { phone: '13800138000' }])
      expect((await post(path, wrong, advisor)).status).toBe(400)
  })

  test('sees the full phone when he asks for it, which is in the log, and of sixty an hour', async () => {
    const { clock, db, lines } = town()
    const { id, phone } = await lead('韩梅梅')
    const reveal = (of: string) => post(`/api/advisor/leads/${of}/reveal`, undefined, advisor)
    expect((await get(`/api/advisor/leads/${id}`, advisor)).body.data.phoneMasked).toBe(
      masked(phone),
    )
    expect((await reveal(id)).body.data).toEqual({ phone })
    expect(await operations(id)).toMatchObject([
      {
        operator: `advisor:${A}`,
        operation: 'lead.phone_revealed',
        after: { phone: masked(phone) },
      },
    ])
    expect(lines.filter((line) => line.includes(phone))).toEqual([])
    const [{ account_id: accountId }] = await leads()
    await db.raw(
      `insert into leads (id, account_id, phone, customer_no, created_by, advisor_id, remark, created_at, updated_at)
       select gen_random_uuid(), ?, (13700000000 + n)::text, 'CUS' || n, ?, ?, '', now(), now() from generate_series(1, 60) n`,
      [accountId, A, A],
    )
    const others = (await leads()).filter((one) => one.id !== id)
    const answers = await Promise.all(others.map((one) => reveal(one.id)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(59)
    const refused = answers.find(({ status }) => status === 429)!
    expect(refused).toMatchObject(refusal(429, 'lead.too_many_reveals'))
    expect(refused.headers.get('retry-after')).toBe('3600')
    expect((await reveal(id)).status).toBe(200)
    clock.advance(60 * MINUTE)
    expect((await reveal(others[0].id)).status).toBe(200)
  })

  test('is none when the office ends it: he sees and does nothing more', async () => {
    const { id } = await lead('韩梅梅')
    await saveAdvisor(town(), A, { active: false })
    for (const path of ['actions', 'leads', `leads/${id}`, `customers/${id}`, 'bookings'])
      expect(await get(`/api/advisor/${path}`, advisor)).toMatchObject(
        refusal(403, 'advisor.not_one'),
      )
    for (const [path, body] of [
      [`leads/${id}`, { state: '跟进中' }],
      [`leads/${id}/reveal`, undefined],
      [`bookings/${UNKNOWN}`, { state: '已联系' }],
    ] as const)
      expect(await post(`/api/advisor/${path}`, body, advisor)).toMatchObject(
        refusal(403, 'advisor.not_one'),
      )
  })
})

describe('a person', () => {
  const post = (path: string, body: object, token = ADMIN_KEY) =>
    town().server.post(path, body, token)
  const NAMES = ['令狐冲', '城南小院三号']

  /** Whether any row of any of our tables holds one of these words. */
  async function namedIn(words: readonly string[]): Promise<string[]> {
    const { db } = town()
    const tables = await db('pg_tables')
      .where({ schemaname: 'public' })
      .pluck<string[]>('tablename')
    const found = await Promise.all(
      tables.map(async (table) => {
        const pattern = words.join('|')
        const { rows } = await db.raw(`select 1 from "${table}" t where t::text ~ ?`, [pattern])
        return rows.length > 0 ? [table] : []
      }),
    )
    return found.flat().toSorted()
  }

  test('is told what he left advisors, and what they noted; an erasure leaves nothing of it', async () => {
    const { people, settle, db } = town()
    const person = await people.arrive({ name: '令狐冲' })
    await people.add('zhangsan', person.phone)
    await bindByCode(town(), person)
    const said = { customerName: '令狐冲', customerPhone: person.phone }
    const answer = await act(person, { actionType: 'contact_advisor', ...said })
    await act(person, {
      actionType: 'book_service',
      actionData: booking({ note: '城南小院三号' }),
      ...said,
    })
    const { customerId: leadId } = answer.body.data
    await post(`/api/advisor/leads/${leadId}`, { note: '住城南小院三号' }, advisor.token)
    const stranger = await arrive()
    const his = (await act(stranger, { customerPhone: person.phone })).body.data.customerId
    await post(`/api/advisor/leads/${his}`, { note: '其实住城南小院三号' }, advisor.token)
    const ofHim = { customerPhone: person.phone, customerName: '令狐冲' }
    await act(stranger, { actionType: 'book_service', actionData: booking(), ...ofHim })
    await act(stranger, { actionType: 'contact_advisor', customerName: '别人' })
    await settle()

    const found = await town().server.get(`/api/admin/customers?phone=${person.phone}`, ADMIN_KEY)
    const at = `/api/admin/customers/${found.body.data.items[0].id}`
    const story = (await town().server.get(at, ADMIN_KEY)).body.data
    expect(story).toMatchObject({
      actions: [
        { actionType: 'book_service', advisorId: A, times: 1, createdLead: false },
        { actionType: 'contact_advisor', advisorName: `顾问 ${A}`, createdLead: true },
      ],
      bookings: [{ advisorId: A, service: '上门量尺', part: 'morning', state: '新' }],
    })
    const told = JSON.stringify((await town().server.get(`${at}/export`, ADMIN_KEY)).body.data)
    for (const word of [...NAMES, '留给顾问的手机号', '住城南小院三号', `顾问 ${A}`, '上门量尺'])
      expect(told).toContain(word)
    expect(told).not.toContain(stranger.openid)

    const words = [...NAMES, person.phone, person.openid, leadId]
    const tables = ['bookings', 'customeractions', 'leads', 'operation_log']
    expect(await namedIn(words)).toEqual(expect.arrayContaining(tables))
    const erased = await post(`${at}/erase`, { reason: '本人书面申请' })
    expect(erased.body.data.counts).toMatchObject({
      booking_moves: 1,
      bookings: 1,
      customeractions: 2,
      leads: 1,
    })
    await settle()
    // That somebody changed a lead stays, by its number of chance.
    expect(await namedIn([...NAMES, person.phone, person.openid])).toEqual([])
    expect(await db('operation_log').where({ target_id: leadId })).toMatchObject([
      { operation: 'lead.changed', before: null, after: null },
    ])
    expect(await itemsOf('/api/advisor/leads', advisor)).toEqual([])
    // What others did stays; that they left his number does not.
    expect(await itemsOf('/api/advisor/actions', advisor)).toMatchObject([
      { customerName: '别人' },
      { customerName: null, phoneMasked: null },
      { customerName: null, phoneMasked: null },
    ])
  })
})
