import { describe, expect, test } from '@jest/globals'
import type { Person } from '../../scripts/play/people.ts'
import { inventPhone } from '../../scripts/play/people.ts'
import { bindByCode } from '../test/bind-by-code.ts'
import { ADMIN_KEY, useTown } from '../test/town.ts'

const town = useTown()

type Item = Record<string, any>
const search = async (body: object): Promise<Item[]> =>
  (await town().server.post('/api/admin/customers/search', body, ADMIN_KEY)).body.data.items
const get = (path: string) => town().server.get(`/api/admin/customers${path}`, ADMIN_KEY)
const only = async (q: string): Promise<Item> => {
  const found = await search({ q })
  expect(found).toHaveLength(1)
  return found[0]!
}
const whyOf = async (q: string): Promise<string> => (await only(q))['why'].code as string

/** Bound, and found by his number. */
async function welcome(options: object = {}, how: object = {}): Promise<Person> {
  const { people, settle } = town()
  const customer = await people.arrive(options)
  await people.add('zhangsan', customer.phone, how)
  await settle()
  await customer.signIn()
  await settle()
  return customer
}

test('a customer is found by whatever one remembers of him, however it is written, and by nothing else', async () => {
  const { people, lines } = town()
  const customer = await welcome({ name: '小明爱装修' })
  await people.load('SO-Find-1', customer.phone, { customerName: '王建国' })
  await welcome({ name: '别人' })
  const card = await only(customer.phone)
  const { phone } = customer
  for (const q of [
    '王建国',
    '王建',
    '建国',
    '国',
    '爱装',
    '小明',
    'so-find-1',
    customer.openid,
    customer.externalUserid,
    card['customerNo'] as string,
    `+86 ${phone.slice(0, 3)}-${phone.slice(3, 7)}-${phone.slice(7)}`,
    ` ${phone} `,
  ])
    expect([q, (await only(q))['id']]).toEqual([q, card['id']])
  for (const q of ['国建', '王国', '张', '%', '_', phone.slice(0, 10), 'SO-Find', inventPhone()])
    expect([q, await search({ q })]).toEqual([q, []])
  expect((await get(`?q=${encodeURIComponent('王建国')}`)).body.data.items).toEqual([
    await only('王建国'),
  ])
  expect(lines.filter((line) => line.includes(phone) || line.includes('王建国'))).toEqual([])
})

test('what an admin reads of him: who he is, who has him, and what he sees, with his phone masked', async () => {
  const { people } = town()
  const customer = await welcome()
  await people.load('SO-1', customer.phone, { customerName: '王建国' })
  const item = await only(customer.phone)
  expect(item).toMatchObject({
    customerNo: expect.stringMatching(/^CUS\d{11}$/),
    name: '王建国',
    contactName: '王小明',
    phoneMasked: `${customer.phone.slice(0, 3)}****${customer.phone.slice(7)}`,
    openids: [customer.openid],
    externalUserId: customer.externalUserid,
    advisor: { userid: 'zhangsan' },
    addWay: 2,
    bindingStatus: 'bound',
    canQuery: true,
    why: { code: 'may_query', nextStep: '无需处理' },
    projects: 1,
    heldOrders: 0,
    boundAt: expect.any(String),
    lastSeenAt: expect.any(String),
  })
  expect(JSON.stringify(item)).not.toContain(customer.phone)
})

describe('why he may or may not query', () => {
  test('no order yet; and then one', async () => {
    const { people } = town()
    const customer = await welcome()
    expect(await whyOf(customer.phone)).toBe('no_order')
    await people.load('SO-1', customer.phone)
    expect(await whyOf(customer.phone)).toBe('may_query')
  })

  test('his order names somebody else', async () => {
    const { people } = town()
    const customer = await welcome()
    await people.load('SO-1', customer.phone, { customerName: '王建国' })
    await people.load('SO-2', customer.phone, { customerName: '李梅' })
    expect((await only(customer.phone))['heldOrders']).toBeGreaterThan(0)
  })

  test('whose order is held is found by that, also when he sees another; who sees all of his is not', async () => {
    const { people } = town()
    const [part, whole] = [await welcome(), await welcome()]
    await people.load('SO-1', part.phone, { customerName: '王建国' })
    await people.load('SO-2', part.phone, { customerName: '李梅' })
    await people.load('SO-3', whole.phone)
    expect(await only(part.phone)).toMatchObject({ projects: 1, heldOrders: 1 })
    expect(await search({ reason: 'order_held' })).toMatchObject([
      { externalUserId: part.externalUserid },
    ])
    expect(await search({ reason: 'may_query' })).toHaveLength(2)
  })

  test('nobody has added him: there is only his order', async () => {
    const phone = inventPhone()
    await town().people.load('SO-1', phone)
    expect(await whyOf(phone)).toBe('not_added')
  })

  test.each<[string, object, string]>([
    ['by a QR code', { addWay: 1 }, 'added_otherwise'],
    ['by his own search', { initiatedBy: 'customer' }, 'customer_searched'],
    ['by his number, which nobody noted', { remarkMobiles: [] }, 'phone_missing'],
    [
      'with two numbers noted',
      { remarkMobiles: ['13800138000', '13900139000'] },
      'phone_in_question',
    ],
  ])('he was added %s', async (_, how, code) => {
    const customer = await welcome({}, how)
    expect(await whyOf(customer.externalUserid)).toBe(code)
    expect((await customer.me())['canQuery']).toBe(false)
  })

  test('he is found, and has not come; he comes, and ends it; he comes again', async () => {
    const { people, settle, server } = town()
    const customer = await people.arrive({ unionid: false })
    await people.add('zhangsan', customer.phone)
    await settle()
    expect(await whyOf(customer.phone)).toBe('not_bound')
    await bindByCode(town(), customer)
    expect(await whyOf(customer.phone)).toBe('no_order')
    await server.delete('/api/binding', customer.token)
    expect(await whyOf(customer.phone)).toBe('ended')
  })

  test('he is bound, and nobody knows his number', async () => {
    const customer = await town().people.arrive({ unionid: false })
    await bindByCode(town(), customer)
    expect(await whyOf(customer.externalUserid)).toBe('no_phone_stated')
    const phone = customer.phone
    await town().server.post('/api/binding/temp', { phoneNumber: phone }, customer.token)
    expect(await whyOf(customer.externalUserid)).toBe('not_added')
  })
})

test('two rows that are probably one person name each other', async () => {
  const { people } = town()
  const loaded = inventPhone()
  await people.load('SO-1', loaded, { customerName: '王建国' })
  const met = await welcome({ name: '小明' }, { addWay: 1, remarkMobiles: [loaded] })
  const [one, other] = [await only(met.externalUserid), await only(loaded)]
  expect(one['likely']).toMatchObject([
    { id: other['id'], because: expect.stringContaining('备注') },
  ])
  expect(other['likely']).toMatchObject([{ id: one['id'] }])
  const stranger = await welcome()
  expect((await only(stranger.phone))['likely']).toBeUndefined()
})

test('those who are stuck, and why, page by page, the newest first', async () => {
  const { people, settle, server } = town()
  for (let n = 0; n < 5; n += 1) await people.load(`SO-${String(n)}`, inventPhone())
  const well = await welcome()
  await people.load('SO-W', well.phone)
  await settle()
  const ids: number[] = []
  let cursor: string | undefined
  do {
    const { data } = (
      await server.post(
        '/api/admin/customers/search',
        { stuck: true, limit: 2, ...(cursor && { cursor }) },
        ADMIN_KEY,
      )
    ).body
    ids.push(...data.items.map(({ id }: Item) => id))
    cursor = data.nextCursor
  } while (cursor !== undefined)
  expect(ids).toHaveLength(5)
  expect(ids).toEqual([...ids].sort((a, b) => b - a))
  expect(await search({ stuck: false })).toHaveLength(1)
  expect(await search({ reason: 'not_added' })).toHaveLength(5)
  expect(await search({ reason: 'phone_missing' })).toEqual([])
  expect(await search({})).toHaveLength(6)
})

describe('the whole story of one', () => {
  test('says what happened, with masked phones', async () => {
    const { people } = town()
    const customer = await welcome()
    await people.load('SO-1', customer.phone)
    const { id } = await only(customer.phone)
    const { status, body } = await get(`/${String(id)}`)
    expect(status).toBe(200)
    expect(body.data).toMatchObject({
      id,
      why: { code: 'may_query' },
      accounts: [{ openid: customer.openid, app: 'miniprogram' }],
      contacts: [{ userid: 'zhangsan', addWay: 2, externalUserId: customer.externalUserid }],
      projects: [{ orderNo: 'SO-1', state: 'attached', shown: true, hidden: false }],
      claims: [],
      questions: [],
      erp: {},
    })
    expect(body.data.evidence.map(({ kind }: Item) => kind)).toContain('phone_search')
    expect(body.data.history.length).toBeGreaterThan(0)
    expect(JSON.stringify(body)).not.toContain(customer.phone)
  })

  test.each([
    ['999999', 404],
    ['x', 400],
  ])('of nobody: %s', async (id, status) => {
    expect((await get(`/${id}`)).status).toBe(status)
  })
})

test.each([
  [{ q: 'x'.repeat(101) }],
  [{ limit: 0 }],
  [{ limit: 101 }],
  [{ cursor: 'x' }],
  [{ reason: 'unlucky' }],
  [{ nonsense: true }],
])('a search of %j is refused', async (body) => {
  expect((await town().server.post('/api/admin/customers/search', body, ADMIN_KEY)).status).toBe(
    400,
  )
})
