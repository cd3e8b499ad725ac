import { describe, expect, test } from '@jest/globals'
import { inventPhone } from '../../scripts/play/people.ts'
import { ADMIN_KEY, useTown } from '../test/town.ts'

const town = useTown()

type Item = Record<string, any>
const get = (path = '') => town().server.get(`/api/admin/projects${path}`, ADMIN_KEY)
const list = async (query = ''): Promise<Item[]> => (await get(query)).body.data.items
const numbersOf = async (query: string): Promise<string[]> =>
  (await list(query)).map(({ orderNo }) => orderNo)

describe('the list of orders', () => {
  test('is found by the beginning of a number or title, or by a phone, and by nothing else', async () => {
    const { people } = town()
    const [phone, viewer] = [inventPhone(), inventPhone()]
    await people.load('SO-2026-1', phone, { title: '翠湖花园 全屋定制' })
    await people.load('SO-2026-2', phone, { title: '老房改造', viewers: [{ phone: viewer }] })
    await people.load('XY-1', inventPhone(), { title: '地暖' })
    expect(await numbersOf('?q=so-2026')).toEqual(['SO-2026-2', 'SO-2026-1'])
    expect(await numbersOf(`?q=${encodeURIComponent('翠湖')}`)).toEqual(['SO-2026-1'])
    expect(await numbersOf(`?q=${phone}`)).toEqual(['SO-2026-2', 'SO-2026-1'])
    expect(await numbersOf(`?q=${viewer}`)).toEqual(['SO-2026-2'])
    for (const q of ['2026', '%25', '_', inventPhone()])
      expect(await numbersOf(`?q=${q}`)).toEqual([])
    expect(await numbersOf('')).toEqual(['XY-1', 'SO-2026-2', 'SO-2026-1'])
  })

  test('comes page by page, each order once', async () => {
    const { people } = town()
    for (let n = 0; n < 5; n += 1) await people.load(`SO-${String(n)}`, inventPhone())
    const seen: string[] = []
    let query = '?limit=2'
    for (;;) {
      const { data } = (await get(query)).body
      seen.push(...data.items.map(({ orderNo }: Item) => orderNo))
      if (data.nextCursor === undefined) break
      query = `?limit=2&cursor=${data.nextCursor}`
    }
    expect(seen).toEqual(['SO-4', 'SO-3', 'SO-2', 'SO-1', 'SO-0'])
  })

  test.each(['?cursor=x', '?limit=0', '?limit=101', `?q=${'x'.repeat(101)}`])(
    'refuses %s',
    async (query) => expect((await get(query)).status).toBe(400),
  )
})

test('an order is read as it was loaded, with whose it is, and with masked phones', async () => {
  const { people, settle } = town()
  const customer = await people.arrive()
  const viewer = inventPhone()
  await people.load('SO-1', customer.phone, {
    customerName: '王建国',
    address: '西湖区 1 号',
    order: { amount: 33_500, margin: '12%' },
    stages: [
      { name: '生产', status: 'done', doneAt: '2026-05-01T01:00:00Z' },
      { name: '安装', status: 'pending' },
    ],
    viewers: [{ phone: viewer, role: 'spouse' }],
  })
  const waiting = (await get('/SO-1')).body.data
  expect(waiting).toMatchObject({
    orderNo: 'SO-1',
    address: '西湖区 1 号',
    stagesDone: 1,
    stagesTotal: 2,
    order: { amount: 33_500, margin: '12%' },
    stages: [{ name: '生产', doneAt: '2026-05-01T01:00:00.000Z' }, { name: '安装' }],
    parties: [
      { role: 'owner', name: '王建国', state: 'waiting', shown: false },
      { role: 'spouse', state: 'waiting' },
    ],
  })
  expect(waiting.parties[0].customerId).toBeUndefined()
  await people.add('zhangsan', customer.phone)
  await settle()
  const attached = (await get('/SO-1')).body.data
  expect(attached.parties[0]).toMatchObject({
    state: 'attached',
    shown: true,
    customerId: expect.any(Number),
    phoneMasked: `${customer.phone.slice(0, 3)}****${customer.phone.slice(7)}`,
  })
  expect(JSON.stringify([waiting, attached])).not.toMatch(new RegExp(`${customer.phone}|${viewer}`))
  expect(await get('/SO-NONE')).toMatchObject({
    status: 404,
    body: { error: { code: 'projects.unknown' } },
  })
})

describe('a member leaves', () => {
  const handOver = (from: string, body: object) =>
    town().server.post(
      `/api/admin/members/${from}/hand-over`,
      { reason: '离职', ...body },
      ADMIN_KEY,
    )
  const whose = async (orderNo: string) => {
    const { designerUserid, projectManagerUserid } = (await get(`/${orderNo}`)).body.data
    return [designerUserid, projectManagerUserid]
  }

  test('his orders are named, and then become the other one’s; the rest stays, also when the office loads the same again', async () => {
    const { people, db } = town()
    const phone = inventPhone()
    const load = () =>
      people.load('SO-1', phone, { designerUserid: 'zhangsan', projectManagerUserid: 'wangwu' })
    await load()
    await people.load('SO-2', phone, {
      designerUserid: 'ZhangSan',
      projectManagerUserid: 'zhangsan',
    })
    await people.load('SO-3', phone, { designerUserid: 'lisi' })
    const before = (await get('/SO-1')).body.data.updatedAt
    const expected = [
      { orderNo: 'SO-1', asDesigner: true, asManager: false },
      { orderNo: 'SO-2', asDesigner: true, asManager: true },
    ]
    const tried = (await handOver('zhangsan', { to: 'lisi', dryRun: true })).body.data.orders
    expect(tried.toSorted((a: Item, b: Item) => a['orderNo'].localeCompare(b['orderNo']))).toEqual(
      expected,
    )
    expect(await whose('SO-1')).toEqual(['zhangsan', 'wangwu'])
    expect((await handOver('zhangsan', { to: 'lisi' })).status).toBe(200)
    expect(await whose('SO-1')).toEqual(['lisi', 'wangwu'])
    expect(await whose('SO-2')).toEqual(['lisi', 'lisi'])
    expect((await get('/SO-1')).body.data.updatedAt).toBe(before)
    await load()
    expect(await whose('SO-1')).toEqual(['lisi', 'wangwu'])
    expect((await handOver('zhangsan', { to: 'lisi' })).body.data.orders).toEqual([])
    const log = await db('operation_log').where({ operation: 'member.handed_over' })
    expect(log).toHaveLength(1)
    expect(log[0]).toMatchObject({ target_id: 'zhangsan', reason: '离职', after: { to: 'lisi' } })
  })

  test('to nobody who does not work here, nor while WeCom cannot say', async () => {
    const { people, control } = town()
    await people.load('SO-1', inventPhone(), { designerUserid: 'zhangsan' })
    expect(await handOver('zhangsan', { to: 'nobody' })).toMatchObject({
      status: 404,
      body: { error: { code: 'members.unknown' } },
    })
    await control.post('/_sandbox/members', { userid: 'fresh', name: '新人' })
    await control.post('/_sandbox/faults', {
      endpoints: [{ path: 'user/get', errcode: 45009, times: 2 }],
    })
    expect(await handOver('zhangsan', { to: 'fresh' })).toMatchObject({ status: 503 })
    expect(await whose('SO-1')).toEqual(['zhangsan', undefined])
  })

  test.each([
    [{}],
    [{ to: 'lisi', reason: '' }],
    [{ to: 'a b' }],
    [{ to: 'lisi', force: true }],
    [{ to: 'ZhangSan' }],
  ])('not with %j', async (body) => expect((await handOver('zhangsan', body)).status).toBe(400))
})
