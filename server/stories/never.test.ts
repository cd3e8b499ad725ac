import { beforeEach, describe, expect, test } from '@jest/globals'
import { inventPhone, type Person } from '../../scripts/play/people.ts'
import { ADMIN_KEY, useTown } from '../test/town.ts'

const town = useTown()
let a: Person
let b: Person
let projectOfB: string

/** Two customers of one company with one surname, served by one advisor; each has one project. */
beforeEach(async () => {
  ;[a, b] = [await ready('王小明', 'SO-A'), await ready('王小明', 'SO-B')]
  projectOfB = (await b.projects()).body.data.items[0].id
})

async function ready(name: string, order: string): Promise<Person> {
  const { people, settle } = town()
  const customer = await people.arrive({ name })
  await people.load(order, customer.phone, { title: '王家 · 全屋定制', address: '翠湖花园 3 栋' })
  await people.add('zhangsan', customer.phone)
  await settle()
  await customer.signIn()
  return customer
}
const ordersOf = async (customer: Person): Promise<unknown> => {
  const { status, body } = await customer.projects()
  return status === 200 ? body.data.items.map((item: { orderNo: string }) => item.orderNo) : status
}

describe('A never sees B', () => {
  test('same company, same surname, same address, same advisor', async () => {
    expect([await ordersOf(a), await ordersOf(b)]).toEqual([['SO-A'], ['SO-B']])
  })

  test("with somebody else's project id, or cursor", async () => {
    expect((await a.project(projectOfB)).status).toBe(404)
    const cursor = Buffer.from(`${String(Date.now() + 1_000)}.${projectOfB}`).toString('base64url')
    expect(
      (await a.projects(`?cursor=${cursor}`)).body.data.items.map(
        (item: { orderNo: string }) => item.orderNo,
      ),
    ).toEqual(['SO-A'])
  })

  test('with a phone, an openid or an id of B in path, query or body', async () => {
    const { server } = town()
    expect(
      (await server.get(`/api/projects/my?phone=${b.phone}&openid=${b.openid}`, a.token)).body.data
        .items,
    ).toMatchObject([{ orderNo: 'SO-A' }])
    for (const path of ['binding-status', 'can-query'])
      expect((await server.get(`/api/customer/${path}/${b.phone}`, a.token)).status).toBe(404)
    expect(
      (
        await server.post(
          '/api/binding/temp',
          { phoneNumber: b.phone, wechatOpenid: b.openid },
          a.token,
        )
      ).status,
    ).toBe(200)
    await town().settle()
    expect([await ordersOf(a), await ordersOf(b)]).toEqual([['SO-A'], ['SO-B']])
  })

  test("after B's phone was changed to one that A had", async () => {
    const { server } = town()
    const card = async (phone: string) =>
      (await server.get(`/api/admin/customers?phone=${phone}`, ADMIN_KEY)).body.data.items[0]
    const former = a.phone
    const change = async (of: Person, phone: string) =>
      server.post(
        `/api/admin/customers/${String((await card(of.phone)).id)}/phone`,
        { phone, phoneAgain: phone, proven: true, reason: '客户换号' },
        ADMIN_KEY,
      )
    const [idOfB] = [(await card(b.phone)).id]
    expect((await change(a, inventPhone())).status).toBe(200)
    expect(
      (
        await server.post(
          `/api/admin/customers/${String(idOfB)}/phone`,
          { phone: former, seenBy: 'zhangsan', proven: true, reason: '客户换号' },
          ADMIN_KEY,
        )
      ).status,
    ).toBe(200)
    expect([await ordersOf(a), await ordersOf(b)]).toEqual([['SO-A'], ['SO-B']])
    await town().people.load('SO-NEXT', former)
    expect([await ordersOf(a), await ordersOf(b)]).toEqual([['SO-A'], ['SO-NEXT', 'SO-B']])
  })

  test('after unbinding, and with the session from before', async () => {
    const { server } = town()
    const stale = a.token
    await server.delete('/api/binding', stale)
    expect((await server.get('/api/projects/my', stale)).status).toBe(401)
    await a.signIn()
    expect(await ordersOf(a)).toBe(403)
    expect((await a.project(projectOfB)).status).toBe(403)
  })

  test('when A opens a code, a link or a ticket that was meant for B', async () => {
    const { people, settle } = town()
    const c = await people.arrive({ unionid: false, name: '王小明' })
    await c.signIn()
    const { bindCode, kfUrl } = await c.code()
    await a.say(bindCode)
    await a.enter(kfUrl)
    await settle()
    expect([await ordersOf(a), await ordersOf(b), await ordersOf(c)]).toEqual([
      ['SO-A'],
      ['SO-B'],
      403,
    ])
  })

  test("when an advisor notes B's phone at A", async () => {
    const { control, settle } = town()
    await control.post('/_sandbox/members/zhangsan/edit', {
      phone: a.phone,
      remark: '王先生',
      mobiles: [b.phone],
    })
    await settle()
    expect([await ordersOf(a), await ordersOf(b)]).toEqual([['SO-A'], ['SO-B']])
  })
})

test('what happens to a contact is recorded, also what changes nothing and what nobody has heard of', async () => {
  const { control, settle, db, people } = town()
  const half = await people.arrive()
  await control.post('/_sandbox/members/lisi/add', { phone: half.phone, half: true, addWay: 1 })
  await control.post('/_sandbox/members/zhangsan/edit', { phone: a.phone, remark: '老客户' })
  await control.post('/_sandbox/members/zhangsan/transfer', {
    phone: a.phone,
    to: 'lisi',
    refused: true,
  })
  await settle()
  const types = await db('wework_customer_events').distinct('event_type').pluck('event_type')
  expect(types).toEqual(
    expect.arrayContaining([
      'add_external_contact',
      'add_half_external_contact',
      'edit_external_contact',
      'transfer_fail',
    ]),
  )
  expect(await ordersOf(a)).toEqual(['SO-A'])
})
