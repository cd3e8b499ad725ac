import { describe, expect, test } from '@jest/globals'
import { botTexts, inventPhone, type Person } from '../../scripts/play/people.ts'
import { ADMIN_KEY, OFFICIAL, useTown } from '../test/town.ts'

const town = useTown(OFFICIAL)

type Item = Record<string, any>
const path = (orderNo: string, more = '') => `/api/admin/projects/${orderNo}${more}`
const hide = (orderNo: string, body: object = { reason: '试单，不是客户的' }, key = ADMIN_KEY) =>
  town().server.delete(path(orderNo), key, body)
const show = (orderNo: string, body: object = { reason: '查过了，是客户的' }, key = ADMIN_KEY) =>
  town().server.post(path(orderNo, '/show'), body, key)
const read = async (orderNo: string): Promise<Item> =>
  (await town().server.get(path(orderNo), ADMIN_KEY)).body.data
const numbersOf = async (query: string): Promise<string[]> =>
  (await town().server.get(path(query), ADMIN_KEY)).body.data.items.map(
    ({ orderNo }: Item) => orderNo,
  )
const put = async (orderNo: string, body: object, query = ''): Promise<Item> => {
  const { status, body: answer } = await town().server.put(path(orderNo, query), body, ADMIN_KEY)
  expect([status, answer.error]).toEqual([200, undefined])
  return answer
}
const operations = () =>
  town().db('operation_log').whereIn('operation', ['project.hidden', 'project.shown']).orderBy('id')

/** Bound, found by his number, with these orders. */
async function welcome(orderNos: readonly string[]): Promise<Person> {
  const { people, settle } = town()
  const customer = await people.arrive()
  await people.add('zhangsan', customer.phone)
  for (const orderNo of orderNos) await people.load(orderNo, customer.phone)
  await settle()
  await customer.signIn()
  await settle()
  return customer
}
const seenBy = async (customer: Person): Promise<string[]> =>
  (await customer.projects()).body.data.items.map(({ orderNo }: Item) => orderNo)
const whyOf = async ({ phone }: Person): Promise<Item> =>
  (await town().server.post('/api/admin/customers/search', { q: phone }, ADMIN_KEY)).body.data
    .items[0]

describe('an order that a person hides', () => {
  test('is absent for its customer wherever he looks, and comes back as it was', async () => {
    const { people, settle, server } = town()
    const customer = await welcome(['SO-1', 'SO-2'])
    const { id } = (await customer.projects()).body.data.items.find(
      ({ orderNo }: Item) => orderNo === 'SO-1',
    )
    expect((await hide('SO-1')).body).toMatchObject({
      data: { orderNo: 'SO-1', hidden: true, changed: true },
      message: expect.stringContaining('隐藏'),
    })
    expect(await seenBy(customer)).toEqual(['SO-2'])
    expect(await customer.project(id)).toMatchObject({
      status: 404,
      body: { error: { code: 'projects.unknown' } },
    })
    expect((await customer.project(id)).body).toMatchObject(
      (({ error, message }) => ({ error, message }))(
        (await customer.project('0b7e9c1e-6a52-4a5f-9c5d-0d6a8f3b2c11')).body,
      ),
    )
    await customer.say('进度')
    await settle()
    expect(botTexts(await customer.chat()).at(-1)).toMatch(/^(?=.*SO-2)(?!.*SO-1)/s)
    expect(await customer.writeOfficial('查询项目进度')).not.toContain('SO-1')
    const claimed = await server.post('/api/projects/claim', { orderNo: 'SO-1' }, customer.token)
    const unknown = await server.post('/api/projects/claim', { orderNo: 'SO-99' }, customer.token)
    expect([claimed.status, claimed.body.message]).toEqual([404, unknown.body.message])

    await hide('SO-2')
    expect(await seenBy(customer)).toEqual([])
    expect((await customer.me()).why).toMatchObject({ code: 'no_order' })
    expect(await whyOf(customer)).toMatchObject({
      why: { code: 'no_order', nextStep: expect.stringContaining('隐藏') },
      projects: 0,
      heldOrders: 0,
    })

    await people.load('SO-1', customer.phone, { status: '施工中' })
    expect(await seenBy(customer)).toEqual([])
    expect((await show('SO-1')).body.data).toEqual({
      orderNo: 'SO-1',
      hidden: false,
      changed: true,
    })
    expect(await seenBy(customer)).toEqual(['SO-1'])
    expect((await customer.project(id)).body.data).toMatchObject({ status: '施工中' })
    expect((await whyOf(customer))['why'].code).toBe('may_query')
  })

  test('is told to who works with it, stays hidden whatever is loaded, and whose it is goes on', async () => {
    const { people, settle } = town()
    const phone = inventPhone()
    await people.load('SO-1', phone)
    await people.load('SO-2', phone)
    await hide('SO-1')
    expect(await read('SO-1')).toMatchObject({ hidden: true, hiddenReason: '试单，不是客户的' })
    expect(await read('SO-2')).toMatchObject({ hidden: false })
    expect(await numbersOf('')).toEqual(['SO-2', 'SO-1'])
    expect(await numbersOf('?hidden=true')).toEqual(['SO-1'])
    expect(await numbersOf(`?hidden=false&q=${phone}`)).toEqual(['SO-2'])
    const body = { title: '新的名称', customerPhone: phone }
    expect(await put('SO-1', body)).toMatchObject({
      data: { hidden: true, changed: true },
      message: expect.stringContaining('隐藏'),
    })
    expect((await put('SO-1', body))['data']).toMatchObject({ hidden: true, changed: false })
    expect((await put('SO-2', body))['data']).toMatchObject({ hidden: false })
    const customer = await people.arrive({ phone })
    await people.add('zhangsan', phone)
    await settle()
    await customer.signIn()
    await settle()
    expect(await seenBy(customer)).toEqual(['SO-2'])
    expect((await read('SO-1'))['parties']).toMatchObject([{ state: 'attached', shown: true }])
    const story = await town().server.get(
      `/api/admin/customers/${String((await whyOf(customer))['id'])}`,
      ADMIN_KEY,
    )
    expect(
      story.body.data.projects.map(({ orderNo, hidden }: Item) => [orderNo, hidden]).toSorted(),
    ).toEqual([
      ['SO-1', true],
      ['SO-2', false],
    ])
  })

  test('is asked about no more, and asked about again once it is shown', async () => {
    const { people, settle } = town()
    const customer = await people.arrive()
    await people.load('SO-1', customer.phone, { customerName: '王建国' })
    await people.add('zhangsan', customer.phone)
    await settle()
    const asked = async (): Promise<Item[]> =>
      (await town().server.get('/api/admin/questions?state=open', ADMIN_KEY)).body.data.items
    await people.load('SO-2', customer.phone, { customerName: '李梅' })
    await settle()
    expect(await asked()).toMatchObject([{ kind: 'number', orders: [{ orderNo: 'SO-2' }] }])
    await hide('SO-2')
    expect(await asked()).toEqual([])
    await people.load('SO-2', customer.phone, { customerName: '李梅梅' })
    await settle()
    expect(await asked()).toEqual([])
    await show('SO-2')
    expect(await asked()).toMatchObject([{ kind: 'number', orders: [{ orderNo: 'SO-2' }] }])
  })

  test('twice is once, also at the same time; both are in the log, with why', async () => {
    await town().people.load('SO-1', inventPhone())
    const answers = await Promise.all([hide('SO-1'), hide('SO-1'), hide('SO-1')])
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    expect(answers.filter(({ body }) => body.data.changed)).toHaveLength(1)
    expect((await show('SO-1')).body.data.changed).toBe(true)
    expect((await show('SO-1')).body.data.changed).toBe(false)
    expect(await operations()).toMatchObject([
      {
        operation: 'project.hidden',
        target_type: 'project',
        target_id: 'SO-1',
        before: { hidden: false },
        after: { hidden: true },
        reason: '试单，不是客户的',
      },
      { operation: 'project.shown', before: { hidden: true }, after: { hidden: false } },
    ])
  })
})

test('who may hide and show, and how', async () => {
  const { server, people } = town()
  await people.load('SO-1', inventPhone())
  const make = async (scope: string): Promise<string> =>
    (await server.post('/api/admin/keys', { name: scope, scope }, ADMIN_KEY)).body.data.key
  const keys = { viewer: await make('viewer'), service: await make('service') }
  for (const act of [hide, show]) {
    expect((await act('SO-1', undefined, 'x'.repeat(43))).status).toBe(401)
    for (const key of Object.values(keys))
      expect(await act('SO-1', undefined, key)).toMatchObject({ status: 403 })
    expect(await act('SO-NONE')).toMatchObject({
      status: 404,
      body: { error: { code: 'projects.unknown' } },
    })
    for (const body of [{}, { reason: ' ' }, { reason: '试单', more: 1 }])
      expect((await act('SO-1', body)).status).toBe(400)
    expect((await act('SO-1', undefined, await make('operator'))).status).toBe(200)
  }
  expect(await server.delete(path('SO-1'), ADMIN_KEY)).toMatchObject({ status: 415 })
  expect(await operations()).toHaveLength(2)
})

describe('a load says what it changes', () => {
  test('field by field, phones masked; a dry run says the same and changes nothing', async () => {
    const { db } = town()
    const [phone, next, viewer] = [inventPhone(), inventPhone(), inventPhone()]
    const masked = (one: string) => `${one.slice(0, 3)}****${one.slice(7)}`
    const first = {
      title: '全屋定制',
      customerPhone: phone,
      customerName: '王建国',
      order: { amount: 5 },
      stages: [{ name: '生产', status: 'active' }],
    }
    const count = async () => Number((await db('operation_log').count())[0]!['count'])
    const tried = (await put('SO-1', first, '?dryRun=true'))['data']
    expect(tried.id).toBeUndefined()
    expect(tried).toMatchObject({ created: true, changed: true, state: 'waiting' })
    expect((await town().server.get(path('SO-1'), ADMIN_KEY)).status).toBe(404)
    expect([await db('customers'), await db('project_parties'), await count()]).toEqual([[], [], 0])
    const made = (await put('SO-1', first))['data']
    expect(made).toEqual({ ...tried, id: expect.any(String) })
    expect(made.changes).toEqual(
      expect.arrayContaining([
        { field: 'title', before: null, after: '全屋定制' },
        { field: 'order.amount', before: null, after: 5 },
        { field: 'customerPhone', before: null, after: masked(phone) },
        { field: 'customerName', before: null, after: '王建国' },
      ]),
    )
    const second = {
      title: '全屋定制',
      customerPhone: next,
      stages: [{ name: '生产', status: 'done' }],
      viewers: [{ phone: viewer, role: 'spouse' }],
    }
    const whatIs = async () => [await read('SO-1'), await count()]
    const before = await whatIs()
    const would = (await put('SO-1', second, '?dryRun=true'))['data']
    expect(await whatIs()).toEqual(before)
    const did = (await put('SO-1', second))['data']
    expect(did).toEqual(would)
    expect(did.changes).toEqual([
      { field: 'stages: 生产.status', before: 'active', after: 'done' },
      { field: 'customerPhone', before: masked(phone), after: masked(next) },
      {
        field: `viewers: ${masked(viewer)}`,
        before: null,
        after: { role: 'spouse', name: null },
      },
    ])
    expect(JSON.stringify([made, did])).not.toMatch(new RegExp(`${phone}|${next}|${viewer}`))
    expect((await put('SO-1', second))['data']).toMatchObject({ changed: false, changes: [] })
  })

  test('and a dry run is a yes or a no', async () => {
    const body = { title: '订单', customerPhone: inventPhone() }
    expect((await town().server.put(path('SO-1', '?dryRun=x'), body, ADMIN_KEY)).status).toBe(400)
    expect((await put('SO-1', body, '?dryRun=false'))['data']).toMatchObject({ created: true })
    expect(await read('SO-1')).toMatchObject({ title: '订单' })
  })
})
