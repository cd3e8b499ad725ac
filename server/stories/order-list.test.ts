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
