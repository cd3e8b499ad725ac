import { beforeEach, describe, expect, test } from '@jest/globals'
import { inventPhone, type Person } from '../../scripts/play/people.ts'
import { daysAgo } from '../../scripts/play/days.ts'
import { addLongAgo, ordersOf } from '../test/long-ago.ts'
import { ADMIN_KEY, useTown } from '../test/town.ts'
import { addJob } from '../test/job-desk.ts'

const town = useTown()
const YEAR = 365

/** Somebody whom 张三 found by his number `days` ago, and who is signed in. */
async function proven(days: number, name = '王建国'): Promise<Person> {
  const customer = await town().people.arrive({ name })
  const add = () => town().people.add('zhangsan', customer.phone)
  if (days > 0) await addLongAgo(town(), days, add)
  else await add()
  await town().settle()
  await customer.signIn()
  return customer
}

/** The next owner of a number: a colleague adds him, and notes it. */
async function successor(former: Person, name = '李梅'): Promise<Person> {
  const owner = await town().people.arrive({ name })
  await town().people.add('lisi', owner.phone, { remarkMobiles: [former.phone] })
  await town().settle()
  await owner.signIn()
  return owner
}

const load = async (orderNo: string, phone: string, more: object = {}) =>
  (await town().people.load(orderNo, phone, more)).data
const admin = (path: string, body: object) =>
  town().server.post(`/api/admin/${path}`, { reason: '与客户电话核实', ...body }, ADMIN_KEY)
const cardOf = async (phone: string) =>
  (await town().server.get(`/api/admin/customers?phone=${phone}`, ADMIN_KEY)).body.data.items[0]
const questions = async (state = 'open') =>
  (await town().server.get(`/api/admin/questions?state=${state}`, ADMIN_KEY)).body.data
    .items as Record<string, any>[]
const numberQuestion = async () => (await questions()).find((one) => one['kind'] === 'number')!

/** Ten seconds later. */
async function tenSecondsLater(): Promise<void> {
  town().clock.advance(10_001)
  await addJob(town().db, 'questions.sweep')
  await town().settle()
  town().clock.advance(-10_001)
}

describe('an order belongs to a person; the number is only how he was found (D19)', () => {
  test('who gave his number up, and was proven long ago, does not read what is loaded for the next owner', async () => {
    const former = await proven(YEAR)
    expect(await load('SO-Y', former.phone)).toMatchObject({ state: 'held' })
    expect(await ordersOf(former)).toEqual([])
    expect((await former.project((await town().db('projects').first('id')).id)).status).toBe(404)
  })

  test('nor when he was proven yesterday and the order names somebody else', async () => {
    const former = await proven(0)
    expect(await load('SO-A', former.phone, { customerName: '王建国' })).toMatchObject({
      state: 'attached',
    })
    expect(await load('SO-Y', former.phone, { customerName: '李梅' })).toMatchObject({
      state: 'held',
    })
    expect(await ordersOf(former)).toEqual(['SO-A'])
    expect(await numberQuestion()).toMatchObject({
      orders: [{ orderNo: 'SO-Y', name: '李梅' }],
      about: { names: ['王建国'] },
    })
  })

  test('and what nobody named is held as well, at once, when another order of the number names somebody else', async () => {
    const former = await proven(0)
    await new Promise((resolve) => setTimeout(resolve, 1_100)) // WeCom's times have whole seconds
    await load('SO-A', former.phone, { customerName: '王建国' })
    await load('SO-W', former.phone)
    expect(await ordersOf(former)).toEqual(['SO-A', 'SO-W'])
    await load('SO-Y', former.phone, { customerName: '李梅' })
    expect(await ordersOf(former)).toEqual(['SO-A'])
  })

  test('nor once a colleague has noted the number at somebody else: until a person says whose it is, nobody does', async () => {
    const former = await proven(0)
    await new Promise((resolve) => setTimeout(resolve, 1_100)) // WeCom's times have whole seconds
    await load('SO-Y', former.phone)
    expect(await ordersOf(former)).toEqual(['SO-Y'])
    const owner = await successor(former)
    expect([await ordersOf(former), await ordersOf(owner)]).toEqual([[], 403])
  })

  test('and what a remark asked is asked no more when the remark is put right: the number is his again', async () => {
    const former = await proven(0)
    await new Promise((resolve) => setTimeout(resolve, 1_100))
    await load('SO-Y', former.phone)
    const other = await town().people.arrive()
    await town().people.add('lisi', other.phone, { remarkMobiles: [former.phone] })
    await town().settle()
    expect(await ordersOf(former)).toEqual([])
    await town().control.post('/_sandbox/members/lisi/edit', {
      phone: other.phone,
      remark: '王先生',
      mobiles: [other.phone],
    })
    await town().settle()
    expect(await ordersOf(former)).toEqual(['SO-Y'])
    expect((await questions()).map((one) => one['kind'])).toEqual(['phone_changed'])
  })

  test('a nickname that the customer gave himself makes him nobody', async () => {
    const former = await proven(YEAR, '李梅')
    await load('SO-Y', former.phone, { customerName: '李梅' })
    expect(await ordersOf(former)).toEqual([])
  })

  test('an order that is rewritten for another buyer leaves the one it had', async () => {
    const [former, owner] = [await proven(0), await proven(0)]
    await load('SO-1', former.phone)
    await load('SO-1', owner.phone)
    expect([await ordersOf(former), await ordersOf(owner)]).toEqual([[], ['SO-1']])
    await load('SO-2', former.phone, { customerName: '王建国' })
    await load('SO-2', former.phone, { customerName: '李梅' })
    expect(await ordersOf(former)).toEqual([])
  })

  test('what contradicts his name stays held, however often it is looked at and whatever else names that other person', async () => {
    const former = await proven(0)
    await load('SO-1', former.phone, { customerName: '王建国' })
    for (const more of [{ customerName: '李梅' }, { customerName: '李梅', address: '一号' }])
      expect(await load('SO-1', former.phone, more)).toMatchObject({ state: 'held' })
    await town().server.put('/api/admin/settings', { freshDays: 365 }, ADMIN_KEY)
    await town().settle()
    expect(await load('SO-2', former.phone, { customerName: '李梅' })).toMatchObject({
      state: 'held',
    })
    expect(await ordersOf(former)).toEqual([])
  })

  test('a number that was mistyped in a load and is put right moves the order to the right one only', async () => {
    const [wrong, right] = [await proven(0), await proven(0)]
    await load('SO-1', wrong.phone, { viewers: [{ phone: right.phone, role: '配偶' }] })
    await load('SO-1', right.phone, { viewers: [] })
    expect([await ordersOf(wrong), await ordersOf(right)]).toEqual([[], ['SO-1']])
  })

  test('what was loaded while nobody owned the number is his who proves it, and after a merger as well', async () => {
    const phone = inventPhone()
    for (const orderNo of ['SO-1', 'SO-2'])
      expect(await load(orderNo, phone)).toMatchObject({ state: 'waiting' })
    const customer = await town().people.arrive({ phone })
    await customer.signIn()
    await customer.say((await customer.code()).bindCode)
    await town().settle()
    expect(await ordersOf(customer)).toBe(403)
    await town().people.add('zhangsan', phone)
    await town().settle()
    expect(await ordersOf(customer)).toEqual(['SO-1', 'SO-2'])
    expect(await load('SO-1', phone)).toMatchObject({ changed: false, state: 'attached' })
  })

  test('progress moves no order: what is held stays held, what is shown stays shown', async () => {
    const former = await proven(YEAR)
    await load('SO-Y', former.phone)
    await load('SO-Y', former.phone, {
      status: '施工中',
      stages: [{ name: '设计', status: 'done', doneAt: daysAgo(1) }],
    })
    expect(await ordersOf(former)).toEqual([])
    const customer = await proven(0)
    await load('SO-1', customer.phone, { status: '施工中' })
    await load('SO-1', customer.phone, { status: '已验收' })
    expect(await ordersOf(customer)).toEqual(['SO-1'])
  })
})

describe('a recycled number: its new owner reads nothing of the former one (D21)', () => {
  test.each<[string, object, boolean]>([
    ['finished, in a word nobody mapped', { status: '已验收了' }, false],
    [
      'archived, with old dates',
      { status: 'archived', order: { signedAt: '2019-03-01T00:00:00Z' } },
      false,
    ],
    ['finished, without any date', { status: '已完成' }, false],
    [
      'running, signed seven years ago',
      { status: '施工中', order: { signedAt: '2019-03-01T00:00:00Z' } },
      false,
    ],
    [
      'all stages done, years ago',
      { stages: [{ name: '验收', status: 'done', doneAt: '2019-03-01T00:00:00Z' }] },
      false,
    ],
    [
      'a word nobody mapped and a date to come',
      { status: '售后', order: { signedAt: daysAgo(-30) } },
      false,
    ],
    ['signed a month ago', { status: '售后', order: { signedAt: daysAgo(30) } }, true],
  ])('%s', async (_, more, shown) => {
    const phone = inventPhone()
    await load('SO-OLD', phone, more)
    const customer = await town().people.arrive({ phone })
    await town().people.add('zhangsan', phone)
    await town().settle()
    await customer.signIn()
    expect(await ordersOf(customer)).toEqual(shown ? ['SO-OLD'] : [])
  })

  test("an admin's word for the number shows no order of 2019 either", async () => {
    const customer = await town().people.arrive()
    await customer.signIn()
    await town().people.add('zhangsan', customer.phone, { addWay: 1 })
    await town().settle()
    await load('SO-2019', customer.phone, {
      status: '已完成',
      order: { signedAt: '2019-03-01T00:00:00Z' },
    })
    const body = {
      customerPhone: customer.phone,
      wechatOpenid: customer.openid,
      weworkUserid: customer.externalUserid,
      operatorUserid: 'zhangsan',
      reason: '门店核对身份证',
    }
    expect((await town().server.post('/api/wework/manual-bind', body, ADMIN_KEY)).status).toBe(200)
    expect(await ordersOf(customer)).toEqual([])
  })

  test('when it goes over by itself, only what was loaded since goes with it', async () => {
    const former = await proven(0)
    await load('SO-OLD', former.phone, { customerName: '王建国' })
    await load('SO-MINE', former.phone)
    await town().control.post('/_sandbox/members/zhangsan/remove', { phone: former.phone })
    await town().settle()
    await load('SO-NEW', former.phone)
    const owner = await successor(former)
    expect(await ordersOf(owner)).toEqual(['SO-NEW'])
    expect((await questions()).map((one) => [one['kind'], one['externalUserId']])).toEqual([
      ['phone_recycled', former.externalUserid],
    ])
    const phone = inventPhone()
    expect(
      (
        await admin(`customers/${String((await cardOfContact(former)).id)}/phone`, {
          phone,
          phoneAgain: phone,
          proven: true,
        })
      ).status,
    ).toBe(200)
    await former.signIn()
    expect(await ordersOf(former)).toEqual(['SO-MINE', 'SO-OLD'])
  })
})

const cardOfContact = async (who: Person) =>
  (await town().server.get(`/api/admin/customers?externalUserId=${who.externalUserid}`, ADMIN_KEY))
    .body.data.items[0]

describe('whatever gives a number to somebody else goes one way (D20)', () => {
  let former: Person
  let owner: Person

  /** SO-A is surely the former owner's; SO-Y is the next one's, and waits. */
  beforeEach(async () => {
    former = await proven(0)
    await load('SO-A', former.phone, { customerName: '王建国' })
    await new Promise((resolve) => setTimeout(resolve, 1_100))
    await load('SO-Y', former.phone)
    owner = await successor(former)
    expect([await ordersOf(former), await ordersOf(owner)]).toEqual([['SO-A'], 403])
  })

  const both = async () => {
    await town().settle()
    await former.signIn()
    await owner.signIn()
    return [await ordersOf(former), await ordersOf(owner)]
  }

  test("changing the former owner's phone", async () => {
    const phone = inventPhone()
    expect(
      (
        await admin(`customers/${String((await cardOf(former.phone)).id)}/phone`, {
          phone,
          proven: true,
          phoneAgain: phone,
        })
      ).status,
    ).toBe(200)
    expect(await both()).toEqual([['SO-A'], ['SO-Y']])
  })

  test("an admin's bind with override", async () => {
    const body = {
      customerPhone: former.phone,
      wechatOpenid: owner.openid,
      weworkUserid: owner.externalUserid,
      operatorUserid: 'lisi',
      reason: '门店核对身份证',
      override: true,
    }
    expect((await town().server.post('/api/wework/manual-bind', body, ADMIN_KEY)).status).toBe(200)
    expect(await both()).toEqual([403, ['SO-Y']])
  })

  test('the hand-over itself: a dry run says the same and changes nothing', async () => {
    const hand = {
      phone: former.phone,
      since: new Date().toISOString(),
      toExternalUserId: owner.externalUserid,
      orders: ['SO-Y'],
    }
    const told = { moved: ['SO-Y'], stay: ['SO-A'], held: [], ended: [expect.any(Number)] }
    const before = await town().db('project_parties').orderBy('id')
    expect(await admin('phones/hand-over', { ...hand, dryRun: true })).toMatchObject({
      status: 200,
      body: { data: told },
    })
    expect(await town().db('project_parties').orderBy('id')).toEqual(before)
    expect(await town().db('number_answers')).toEqual([])
    expect(await town().db('operation_log').where({ operation: 'number.handed_over' })).toEqual([])
    expect(await admin('phones/hand-over', hand)).toMatchObject({
      status: 200,
      body: { data: told },
    })
    expect(await both()).toEqual([403, ['SO-Y']])
    const [entry] = await town().db('operation_log').where({ operation: 'number.handed_over' })
    expect(entry).toMatchObject({
      operator_userid: 'ADMIN_KEY',
      reason: '与客户电话核实',
      after: { moved: ['SO-Y'], stay: ['SO-A'] },
    })
    expect(JSON.stringify(entry)).not.toContain(former.phone)
    const { toExternalUserId: _, ...again } = hand
    expect(await admin('phones/hand-over', { ...again, orders: [] })).toMatchObject({
      body: { data: { moved: [], ended: [] } },
    })
    expect(await both()).toEqual([403, ['SO-Y']])
  })

  test('the end of the follow that had proven it, also after the next owner was added', async () => {
    await town().people.remove('zhangsan', { personId: former.personId })
    expect(await both()).toEqual([403, []])
    await load('SO-NEXT', former.phone)
    expect(await ordersOf(owner)).toEqual(['SO-NEXT'])
  })

  test('ends what was asked because the number stood at the next owner, and nothing else', async () => {
    const other = await town().people.arrive()
    await town().people.add('lisi', other.phone, { remarkMobiles: [other.phone, former.phone] })
    await town().settle()
    expect((await questions()).map((one) => one['kind'])).toEqual([
      'phone_proven_for_other_contact',
      'several_phones',
    ])
    await admin('phones/hand-over', { phone: former.phone, since: daysAgo(1) })
    await town().settle()
    expect((await questions()).map((one) => one['kind'])).toEqual(['several_phones'])
  })

  test('without a day nothing is taken that is surely his, and the next owner gets the rest', async () => {
    expect(await admin('phones/hand-over', { phone: former.phone })).toMatchObject({
      status: 400,
      body: { error: { code: 'request.invalid' } },
    })
    expect(
      await admin('phones/hand-over', {
        phone: former.phone,
        since: new Date(Date.now() - 60_000).toISOString(),
      }),
    ).toMatchObject({ body: { data: { moved: ['SO-Y'], stay: ['SO-A'] } } })
    expect(await both()).toEqual([403, ['SO-Y']])
  })

  test.each<[string, object, string[]]>([
    ['names it', { orders: ['SO-A'] }, ['SO-A', 'SO-Y']],
    ['names none', { orders: [] }, ['SO-Y']],
    ['just says that the number is the owner’s', {}, ['SO-Y']],
  ])(
    'what stays with the former owner, and the next one names, is asked about; a member who %s decides',
    async (_, orders, seen) => {
      const since = new Date(Date.now() - 60_000).toISOString()
      await admin('phones/hand-over', { phone: former.phone, since })
      expect(await both()).toEqual([403, ['SO-Y']])
      const claim = () =>
        town().server.post('/api/projects/claim', { orderNo: 'SO-A' }, owner.token)
      expect(await claim()).toMatchObject({ status: 404 })
      const { id, ...asked } = await numberQuestion()
      expect(asked).toMatchObject({
        orders: [{ orderNo: 'SO-A' }],
        about: { externalUserId: owner.externalUserid },
      })
      await claim()
      expect(await numberQuestion()).toMatchObject({ id })
      await admin(`questions/${String(id)}/answer`, { answer: 'same', ...orders })
      await tenSecondsLater()
      expect(await both()).toEqual([403, seen])
      expect(await questions()).toEqual([])
      await claim()
      expect(await questions()).toEqual([])
    },
  )

  test('what an admin names goes to the next owner, whomever it names', async () => {
    const more = {
      since: daysAgo(0),
      toExternalUserId: owner.externalUserid,
      orders: ['SO-A', 'SO-Y'],
    }
    expect(await admin('phones/hand-over', { phone: former.phone, ...more })).toMatchObject({
      body: { data: { moved: ['SO-A', 'SO-Y'], stay: [] } },
    })
    expect(await both()).toEqual([403, ['SO-A', 'SO-Y']])
  })

  test('a strong order goes only when it is named, and what was learned from it goes with it', async () => {
    await admin('phones/hand-over', {
      phone: former.phone,
      since: daysAgo(900),
      toExternalUserId: owner.externalUserid,
    })
    expect(await both()).toEqual([403, ['SO-Y']])
    expect((await cardOfContact(former)).name).toBe('王建国')
    await admin('phones/hand-over', {
      phone: former.phone,
      since: new Date().toISOString(),
      orders: ['SO-A'],
    })
    expect((await cardOfContact(former)).name).toBeUndefined()
  })

  test('an old follow proves the number never again, also when a member edits the remark or all contacts are pulled', async () => {
    await admin('phones/hand-over', { phone: former.phone, since: daysAgo(1) })
    await town().control.post('/_sandbox/members/zhangsan/edit', {
      phone: former.phone,
      remark: '老客户',
      mobiles: [former.phone],
    })
    await town().server.post('/api/admin/reconciliations', undefined, ADMIN_KEY)
    await load('SO-NEXT', former.phone)
    expect(await both()).toEqual([403, ['SO-NEXT', 'SO-Y']])
  })

  test.each([
    ['a number nobody has', () => ({ phone: inventPhone() }), 404, 'remedies.unknown_number'],
    [
      'a contact nobody knows',
      () => ({ toExternalUserId: 'wmNobodyKnows123' }),
      404,
      'remedies.unknown_contact',
    ],
    [
      'an order of another number',
      () => ({ orders: ['SO-ELSEWHERE'] }),
      404,
      'remedies.unknown_orders',
    ],
    ['a day to come', () => ({ since: daysAgo(-1) }), 400, 'remedies.in_future'],
    ['no reason', () => ({ reason: '' }), 400, 'request.invalid'],
    ['a word it does not know', () => ({ from: 1 }), 400, 'request.unknown_field'],
  ])('refuses %s and does nothing', async (_, more, status, code) => {
    expect(
      await admin('phones/hand-over', { phone: former.phone, since: daysAgo(0), ...more() }),
    ).toMatchObject({ status, body: { error: { code } } })
    expect(await ordersOf(former)).toEqual(['SO-A'])
  })
})

test('a question is closed by itself when the office has mended what raised it, and holds nothing any more', async () => {
  const customer = await proven(0)
  await load('SO-1', customer.phone, { customerName: '王建国' })
  await new Promise((resolve) => setTimeout(resolve, 1_100)) // WeCom's times have whole seconds
  await load('SO-2', customer.phone)
  await load('SO-WRONG', customer.phone, { customerName: '李梅' })
  expect(await ordersOf(customer)).toEqual(['SO-1'])
  await load('SO-WRONG', inventPhone(), { customerName: '李梅' })
  expect(await ordersOf(customer)).toEqual(['SO-1', 'SO-2'])
  expect(await questions()).toEqual([])
  await load('SO-2', customer.phone, { customerName: '李梅' })
  expect(await ordersOf(customer)).toEqual(['SO-1'])
  await load('SO-2', customer.phone, { customerName: '王建国' })
  expect(await ordersOf(customer)).toEqual(['SO-1', 'SO-2'])
  expect(await questions()).toEqual([])
  await load('SO-2', customer.phone, { customerName: '李梅' })
  expect(await numberQuestion()).toMatchObject({ orders: [{ orderNo: 'SO-2', name: '李梅' }] })
})

describe("what was once surely somebody's", () => {
  let former: Person
  let owner: Person

  /** The number went from 王建国 to somebody of whom nothing is named; SO-A stays with him. */
  beforeEach(async () => {
    former = await proven(0)
    await load('SO-A', former.phone, { customerName: '王建国' })
    owner = await successor(former)
    await admin('phones/hand-over', {
      phone: former.phone,
      since: daysAgo(1),
      toExternalUserId: owner.externalUserid,
    })
    await town().settle()
    expect(await ordersOf(owner)).toEqual([])
  })

  test.each([
    ['was given another number in the load', () => load('SO-A', inventPhone())],
    [
      'is gone with him, because he was erased',
      async () => {
        const { id } = await cardOfContact(former)
        expect((await admin(`customers/${String(id)}/erase`, {})).status).toBe(200)
        await load('SO-A', former.phone, { customerName: '王建国' })
      },
    ],
  ])(
    "also when what was his on it %s, nothing that names him is the next owner's",
    async (_, part) => {
      await part()
      expect(await load('SO-A2', former.phone, { customerName: '王建国' })).toMatchObject({
        state: 'held',
      })
      expect(await ordersOf(owner)).toEqual([])
    },
  )

  test("another order that names him, loaded under the number he had, is not the next owner's", async () => {
    expect(await load('SO-A2', former.phone, { customerName: '王建国' })).toMatchObject({
      state: 'held',
    })
    expect(await ordersOf(owner)).toEqual([])
    expect(await numberQuestion()).toMatchObject({
      orders: expect.arrayContaining([expect.objectContaining({ orderNo: 'SO-A2' })]),
    })
    expect(await load('SO-B', former.phone, { customerName: '李梅' })).not.toMatchObject({
      state: 'waiting',
    })
  })

  test('nor is his own order after its number was mistyped and put right', async () => {
    await load('SO-A', inventPhone(), { customerName: '王建国' })
    expect(await load('SO-A', former.phone, { customerName: '王建国' })).toMatchObject({
      state: 'held',
    })
    expect(await ordersOf(owner)).toEqual([])
  })

  test('a hand-over to who has the number already takes nothing from him, and gives what it names', async () => {
    await load('SO-X', former.phone, { customerName: '王建国' })
    const again = { phone: former.phone, since: daysAgo(1), toExternalUserId: owner.externalUserid }
    expect(await admin('phones/hand-over', again)).toMatchObject({
      status: 200,
      body: { data: { moved: [], ended: [] } },
    })
    expect(await ordersOf(owner)).toEqual([])
    expect(await admin('phones/hand-over', { ...again, orders: ['SO-X'] })).toMatchObject({
      body: { data: { moved: ['SO-X'], ended: [] } },
    })
    expect(await ordersOf(owner)).toEqual(['SO-X'])
  })
})

test("an order moved from one proven customer to another is shown to him only when nothing said that it was surely the other's", async () => {
  const [one, other] = [await proven(0), await proven(0)]
  await load('SO-N', one.phone, { customerName: '王建国' })
  await load('SO-W', one.phone)
  await load('SO-M', other.phone, { customerName: '李梅' })
  for (const orderNo of ['SO-N', 'SO-W']) await load(orderNo, other.phone)
  expect([await ordersOf(one), await ordersOf(other)]).toEqual([[], ['SO-M', 'SO-W']])
})

test("what was his when the number came into question stays his at a hand-over, and is never the next owner's by a mere 是这位客户的", async () => {
  const former = await proven(0)
  await new Promise((resolve) => setTimeout(resolve, 1_100)) // WeCom's times have whole seconds
  await load('SO-A', former.phone)
  const owner = await successor(former)
  expect(await ordersOf(former)).toEqual([])
  expect(
    await admin('phones/hand-over', {
      phone: former.phone,
      since: new Date().toISOString(),
      toExternalUserId: owner.externalUserid,
    }),
  ).toMatchObject({ body: { data: { stay: ['SO-A'] } } })
  await town().settle()
  await owner.signIn()
  await town().server.post('/api/projects/claim', { orderNo: 'SO-A' }, owner.token)
  const asked = await questions()
  for (const one of asked.filter(({ kind }) => kind === 'number'))
    await admin(`questions/${String(one['id'])}/answer`, { answer: 'same' })
  await tenSecondsLater()
  expect(await ordersOf(owner)).toEqual([])
  const phone = inventPhone()
  await admin(`customers/${String((await cardOfContact(former)).id)}/phone`, {
    phone,
    phoneAgain: phone,
    proven: true,
  })
  await former.signIn()
  expect(await ordersOf(former)).toEqual(['SO-A'])
})

test('a couple that changes places in an order goes on seeing it, both of them', async () => {
  const [husband, wife] = [await proven(0), await proven(0, '李梅')]
  const [his, hers] = [
    { phone: husband.phone, name: '王建国' },
    { phone: wife.phone, name: '李梅' },
  ]
  await load('SO-1', husband.phone, { customerName: his.name, viewers: [hers] })
  await load('SO-1', wife.phone, { customerName: hers.name, viewers: [his] })
  expect([await ordersOf(husband), await ordersOf(wife)]).toEqual([['SO-1'], ['SO-1']])
  const son = await town().people.arrive({ name: '王小建' })
  const viewer = { phone: son.phone, name: '王小建' }
  await load('SO-1', wife.phone, { viewers: [his, viewer] })
  await load('SO-1', son.phone, { customerName: viewer.name, viewers: [his, hers] })
  await town().people.add('zhangsan', son.phone)
  await town().settle()
  await son.signIn()
  expect([await ordersOf(wife), await ordersOf(son)]).toEqual([['SO-1'], ['SO-1']])
})

test('who was found by his new number already may query by it as soon as the former one is handed over', async () => {
  const { people, settle } = town()
  const customer = await proven(0)
  const former = customer.phone
  const next = inventPhone()
  await customer.changePhone(next)
  await people.addPerson('lisi', { personId: customer.personId }, { remarkMobiles: [next] })
  await settle()
  await admin('phones/hand-over', { phone: former, since: daysAgo(0) })
  await settle()
  await customer.signIn()
  expect((await customer.me()).canQuery).toBe(true)
})

describe('vouching for a number takes it twice, or names the member who saw it', () => {
  test.each<[string, (phone: string) => object, number]>([
    ['once', () => ({}), 400],
    ['twice', (phone) => ({ phoneAgain: phone }), 200],
    ['twice, written otherwise', (phone) => ({ phoneAgain: `+86 ${phone}` }), 200],
    ['with a typing mistake', () => ({ phoneAgain: inventPhone() }), 400],
    ['once, seen by a member', () => ({ seenBy: 'lisi' }), 200],
  ])('%s', async (_, more, status) => {
    const customer = await proven(0)
    const phone = inventPhone()
    expect(
      (
        await admin(`customers/${String((await cardOf(customer.phone)).id)}/phone`, {
          phone,
          proven: true,
          ...more(phone),
        })
      ).status,
    ).toBe(status)
    await town().people.load('SO-NEXT', phone)
    expect(await ordersOf(customer)).toEqual(status === 200 ? ['SO-NEXT'] : [])
  })

  test.each([
    ['him or nobody', null, 200],
    ['somebody else', '李梅', 409],
  ])('for one of which the office has loaded an order that names %s', async (_, name, status) => {
    const customer = await proven(0)
    await load('SO-1', customer.phone, { customerName: '王建国' })
    const phone = inventPhone()
    await load('SO-NEXT', phone, { customerName: name })
    const { id } = await cardOf(customer.phone)
    const vouched = { phone, proven: true, phoneAgain: phone }
    expect((await admin(`customers/${String(id)}/phone`, vouched)).status).toBe(status)
    await customer.signIn()
    expect(await ordersOf(customer)).toEqual(status === 200 ? ['SO-1', 'SO-NEXT'] : ['SO-1'])
  })
})

test('a contact that staff added is known on one side, with a phone or without (D2)', async () => {
  const [found, scanned] = [inventPhone(), inventPhone()]
  await load('SO-1', found)
  await town().people.arrive({ phone: found })
  await town().people.arrive({ phone: scanned })
  await town().people.add('zhangsan', found)
  await town().people.add('zhangsan', scanned, { addWay: 1 })
  await town().settle()
  expect(
    await town().db('customers').whereNotNull('wework_userid').pluck('binding_status'),
  ).toEqual(['partial', 'partial'])
})

describe("names are the office's, not the customer's own", () => {
  test('also when the order came first, and after a merger; who proved the phone is named, not who came first', async () => {
    const phone = inventPhone()
    await load('SO-1', phone, { customerName: '陈建国' })
    expect(await cardOf(phone)).toMatchObject({ name: '陈建国' })
    const customer = await town().people.arrive({ phone, name: '微信昵称', unionid: false })
    await town().people.add('lisi', phone, { addWay: 1 })
    await customer.signIn()
    await customer.say((await customer.code()).bindCode)
    await town().settle()
    const { findTicket } = await import('../../scripts/play/people.ts')
    await customer.openTicket(findTicket(await customer.chat())!)
    await town().people.add('zhangsan', phone)
    await town().settle()
    expect(await cardOf(phone)).toMatchObject({
      name: '陈建国',
      bindingStatus: 'bound',
      canQuery: true,
    })
    expect(await town().db('customers').whereNull('merged_into').pluck('bound_by')).toEqual([
      'zhangsan',
    ])
    expect(await town().db('contacts').pluck('name')).toEqual(['微信昵称'])
  })

  test('two people whose orders name two different people are not made one', async () => {
    const customer = await proven(0)
    await load('SO-A', customer.phone, { customerName: '王建国' })
    await admin('phones/hand-over', { phone: customer.phone, since: daysAgo(0) })
    const other = inventPhone()
    await load('SO-B', other, { customerName: '李梅' })
    await town().people.addPerson(
      'lisi',
      { personId: customer.personId },
      { remarkMobiles: [other] },
    )
    await town().settle()
    await customer.signIn()
    expect(await ordersOf(customer)).toBe(403)
    expect((await questions()).map((one) => one['kind'])).toContain('names_differ')
  })
})

describe("the day of going live proves no stranger's order (D6, narrowed)", () => {
  const goLive = (goLiveAt: string) =>
    town().server.put('/api/admin/settings', { goLiveAt }, ADMIN_KEY)

  /** Searched 300 days ago, noted only now. */
  async function searchedLongAgo(): Promise<Person> {
    const customer = await town().people.arrive()
    await addLongAgo(town(), 300, () =>
      town().people.add('zhangsan', customer.phone, { remarkMobile: 'empty' }),
    )
    await town().control.post('/_sandbox/members/zhangsan/edit', {
      phone: customer.phone,
      remark: '客户',
      mobiles: [customer.phone],
    })
    await town().settle()
    await customer.signIn()
    return customer
  }

  test('an order that is loaded later makes no old, unproven add count', async () => {
    const customer = await searchedLongAgo()
    expect((await goLive(new Date().toISOString())).status).toBe(200)
    await load('SO-Y', customer.phone)
    await town().control.post('/_sandbox/members/zhangsan/edit', {
      phone: customer.phone,
      remark: '老客户',
      mobiles: [customer.phone],
    })
    await town().settle()
    expect(await ordersOf(customer)).toBe(403)
  })

  test('nor without the admin who says when that was', async () => {
    const customer = await searchedLongAgo()
    await load('SO-Y', customer.phone)
    await town().server.post('/api/admin/reconciliations', undefined, ADMIN_KEY)
    await town().settle()
    expect(await ordersOf(customer)).toBe(403)
  })

  test('an order from before proves the number, and only what is not old is shown', async () => {
    const customer = await searchedLongAgo()
    await load('SO-OLD', customer.phone, { status: '已完成', order: { signedAt: daysAgo(600) } })
    await load('SO-NOW', customer.phone, { status: '施工中', order: { signedAt: daysAgo(250) } })
    expect(
      (await goLive(new Date(Date.now() + town().clock.now().getTime() - Date.now()).toISOString()))
        .status,
    ).toBe(200)
    await town().settle()
    expect((await customer.me()).canQuery).toBe(true)
    expect(await ordersOf(customer)).toEqual([])
    expect(
      (await town().server.post('/api/projects/claim', { orderNo: 'SO-NOW' }, customer.token))
        .status,
    ).toBe(200)
    expect(await ordersOf(customer)).toEqual(['SO-NOW'])
  })
})

describe('a claim that ended is no evidence (D26)', () => {
  const trusting = useTown({ BINDING_TRUST_PHONE_CLAIM: 'true' })

  test("who claims a stranger's phone, and then his own, does not read the stranger's projects", async () => {
    const { people, settle, server, clock, db } = trusting()
    const [attacker, victim] = [
      await people.arrive({ unionid: false }),
      await people.arrive({ unionid: false }),
    ]
    await people.load('SO-V', victim.phone)
    await attacker.signIn()
    expect(
      (await server.post('/api/binding/temp', { phoneNumber: victim.phone }, attacker.token))
        .status,
    ).toBe(200)
    clock.advance(61_000)
    expect(
      (await server.post('/api/binding/temp', { phoneNumber: attacker.phone }, attacker.token))
        .status,
    ).toBe(200)
    await settle()
    await people.add('zhangsan', victim.phone)
    await settle()
    expect(await ordersOf(attacker)).toBe(403)
    expect(
      await db('evidence').where({ kind: 'phone_claim' }).orderBy('id').pluck('revoked_reason'),
    ).toEqual(['another claim took its place', null])
    clock.advance(-61_000)
  })

  test('nor when his claim ran out, whatever the clock of the database says', async () => {
    const { people, settle, server, clock, db } = trusting()
    const [attacker, victim] = [
      await people.arrive({ unionid: false }),
      await people.arrive({ unionid: false }),
    ]
    await attacker.signIn()
    await server.post('/api/binding/temp', { phoneNumber: victim.phone }, attacker.token)
    clock.advance(48 * 3_600_000 + 1)
    await addJob(db, 'phone-claims.expire')
    await settle()
    clock.advance(-(48 * 3_600_000 + 1))
    await people.add('zhangsan', victim.phone)
    await settle()
    await attacker.signIn()
    expect(await ordersOf(attacker)).toBe(403)
    expect(await db('evidence').where({ kind: 'phone_claim' }).pluck('revoked_reason')).toEqual([
      'the claim expired',
    ])
  })
})

describe('what is asked about a number is answered by a person (ownership.md, 2 to 7)', () => {
  let customer: Person

  /** Proven long ago; SO-OLD is his of years ago, SO-X names nobody. */
  beforeEach(async () => {
    customer = await proven(YEAR)
    await load('SO-X', customer.phone)
    await load('SO-OLD', customer.phone, {
      status: '已完成',
      order: { signedAt: '2019-03-01T00:00:00Z' },
    })
    expect(await ordersOf(customer)).toEqual([])
    expect(
      (await town().server.post('/api/projects/ask-advisor', undefined, customer.token)).status,
    ).toBe(200)
  })

  const answer = async (body: object) =>
    admin(`questions/${String((await numberQuestion())['id'])}/answer`, body)

  test('是这位客户的: after ten seconds all of them are his, the old ones too, and he is asked about no more', async () => {
    expect((await numberQuestion())['orders']).toMatchObject([
      { orderNo: 'SO-X' },
      { orderNo: 'SO-OLD' },
    ])
    expect(await answer({ answer: 'same' })).toMatchObject({
      status: 200,
      body: { data: { effectiveAt: expect.any(String) } },
    })
    await town().settle()
    expect(await ordersOf(customer)).toEqual([])
    await tenSecondsLater()
    expect(await ordersOf(customer)).toEqual(['SO-OLD', 'SO-X'])
    expect(await questions()).toEqual([])
    expect(await questions('answered')).toMatchObject([
      { kind: 'number', answer: { answer: 'same', by: 'ADMIN_KEY', isEffective: true } },
    ])
    expect(await town().db('project_parties').whereNull('confirmed_at')).toEqual([])
    await load('SO-NEXT', customer.phone)
    expect(await ordersOf(customer)).toContain('SO-NEXT')
  })

  test('only those that are named; the others stay held', async () => {
    await answer({ answer: 'same', orders: ['SO-X'] })
    await tenSecondsLater()
    expect(await ordersOf(customer)).toEqual(['SO-X'])
    expect(
      (await town().server.post('/api/projects/claim', { orderNo: 'SO-OLD' }, customer.token))
        .status,
    ).toBe(404)
  })

  test('a hand-over says what nobody gets until a person says', async () => {
    const hand = { phone: customer.phone, since: new Date().toISOString(), dryRun: true }
    expect(await admin('phones/hand-over', hand)).toMatchObject({
      status: 200,
      body: { data: { moved: [], stay: ['SO-X', 'SO-OLD'], held: ['SO-X', 'SO-OLD'] } },
    })
  })

  test('号码换人了: the customer loses the number, and what was unclear', async () => {
    await answer({ answer: 'changed' })
    await tenSecondsLater()
    await customer.signIn()
    expect(await ordersOf(customer)).toBe(403)
    const owner = await successor(customer)
    expect(await ordersOf(owner)).toEqual(['SO-X'])
  })

  test('an answer says nothing of what was loaded, or came to name somebody else, after it was given', async () => {
    await load('SO-X', customer.phone, { customerName: '王建国' })
    await load('SO-Z', customer.phone)
    await answer({ answer: 'same' })
    await load('SO-Z', customer.phone, { customerName: '赵六子' })
    await load('SO-LATE', customer.phone, { customerName: '钱七七' })
    await load('SO-MORE', customer.phone)
    await tenSecondsLater()
    expect(await ordersOf(customer)).toEqual(['SO-MORE', 'SO-OLD', 'SO-X'])
    expect((await numberQuestion())['orders']).toMatchObject([
      { orderNo: 'SO-Z' },
      { orderNo: 'SO-LATE' },
    ])
  })

  test('号码换人了 for some of the orders leaves with nobody only what was asked about', async () => {
    await answer({ answer: 'changed', orders: ['SO-X'] })
    await load('SO-LATE', customer.phone, { customerName: '李梅' })
    await tenSecondsLater()
    expect(await ordersOf(await successor(customer))).toEqual(['SO-LATE', 'SO-X'])
  })

  test('an answer can be taken back for ten seconds, and not after', async () => {
    await answer({ answer: 'same' })
    const { id } = (await numberQuestion()) as { id: number }
    expect(await admin(`questions/${String(id)}/take-back`, {})).toMatchObject({
      status: 200,
      body: { data: { takenBack: true } },
    })
    await tenSecondsLater()
    expect(await ordersOf(customer)).toEqual([])
    await answer({ answer: 'same' })
    await tenSecondsLater()
    expect(await admin(`questions/${String(id)}/take-back`, {})).toMatchObject({
      status: 409,
      body: { error: { code: 'questions.too_late' } },
    })
    expect(await ordersOf(customer)).toEqual(['SO-OLD', 'SO-X'])
  })

  test('the first of two answers at once wins, and the second is told who gave it', async () => {
    const { id } = (await numberQuestion()) as { id: number }
    const both = await Promise.all(
      ['zhangsan', 'lisi'].map((operatorUserid) =>
        admin(`questions/${String(id)}/answer`, { answer: 'same', operatorUserid }),
      ),
    )
    expect(both.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([
      200, 409,
    ])
    const second = both.find(({ status }) => status === 409)!
    expect(second.body).toMatchObject({
      error: { code: 'questions.answered' },
      message: expect.stringMatching(/^(zhangsan|lisi) 已经回答/),
    })
  })

  test('不清楚 is for an admin: the question stays open', async () => {
    await answer({ answer: 'unknown' })
    await tenSecondsLater()
    expect(await numberQuestion()).toMatchObject({ escalated: true })
    await answer({ answer: 'same' })
    await tenSecondsLater()
    expect(await ordersOf(customer)).toEqual(['SO-OLD', 'SO-X'])
  })

  test('an answer about somebody who has lost the number meanwhile is asked again', async () => {
    await answer({ answer: 'same' })
    await admin('phones/hand-over', { phone: customer.phone, since: daysAgo(2) })
    const owner = await successor(customer)
    await tenSecondsLater()
    expect(await ordersOf(owner)).toEqual(
      ['SO-OLD', 'SO-X'].filter((orderNo) => orderNo === 'SO-X'),
    )
    expect(await ordersOf(customer)).toBe(401)
  })

  test.each([
    [
      'orders of another number',
      { answer: 'same', orders: ['SO-ELSEWHERE'] },
      400,
      'questions.unknown_orders',
    ],
    ['a day to come', { answer: 'changed', since: daysAgo(-1) }, 400, 'questions.in_future'],
    ['no answer', {}, 400, 'request.invalid'],
    ['another answer', { answer: 'maybe' }, 400, 'request.invalid'],
    ['no reason', { answer: 'same', reason: '' }, 400, 'request.invalid'],
  ])('refuses %s', async (_, body, status, code) => {
    expect(await answer(body)).toMatchObject({ status, body: { error: { code } } })
  })

  test('reviews are in the same list and have no such answer', async () => {
    const other = await town().people.arrive()
    await town().people.add('zhangsan', other.phone, {
      remarkMobiles: [other.phone, inventPhone()],
    })
    await town().settle()
    const review = (await questions()).find((one) => one['kind'] === 'several_phones')!
    expect(
      await admin(`questions/${String(review['id'])}/answer`, { answer: 'same' }),
    ).toMatchObject({ status: 409, body: { error: { code: 'questions.other_kind' } } })
    expect(
      (await town().server.get('/api/admin/reviews', ADMIN_KEY)).body.data.items.map(
        (one: { kind: string }) => one.kind,
      ),
    ).toEqual(['number', 'several_phones'])
  })
})

describe('没看到订单？输入订单号 (ownership.md, 3)', () => {
  const claim = (customer: Person, orderNo: string) =>
    town().server.post('/api/projects/claim', { orderNo }, customer.token)
  const UNKNOWN = { status: 404, body: { error: { code: 'projects.claim_unknown' } } }

  test("settles that order alone, on the customer's own number, however it is written", async () => {
    const customer = await proven(YEAR)
    for (const orderNo of ['SO-1', 'SO-2']) await load(orderNo, customer.phone)
    expect(await claim(customer, ' ｓｏ－1 ')).toMatchObject({
      status: 200,
      body: { data: { found: true } },
    })
    expect(await ordersOf(customer)).toEqual(['SO-1'])
    expect(await claim(customer, 'SO-1')).toMatchObject({ status: 200 })
  })

  test("says the same of an order that is somebody else's, of a number nobody has proven, and of none; staff are asked about the second", async () => {
    const [customer, stranger] = [await proven(YEAR), await proven(0)]
    await load('SO-S', stranger.phone)
    await load('SO-W', inventPhone())
    const answers = [
      await claim(customer, 'SO-S'),
      await claim(customer, 'SO-W'),
      await claim(customer, 'SO-NONE'),
    ]
    for (const one of answers) expect(one).toMatchObject(UNKNOWN)
    expect(new Set(answers.map(({ body }) => body.message)).size).toBe(1)
    expect(await ordersOf(stranger)).toEqual(['SO-S'])
    expect(
      (await questions()).map((one) =>
        one['orders'].map((order: { orderNo: string }) => order.orderNo),
      ),
    ).toEqual([['SO-W']])
    expect(await claim(customer, 'SO-NONE')).toMatchObject({
      status: 429,
      headers: expect.anything(),
      body: { error: { code: 'projects.claim_too_often' } },
    })
  })

  test('what a member then says of the number nobody had is his who asked', async () => {
    const customer = await proven(YEAR)
    await load('SO-W', inventPhone())
    await claim(customer, 'SO-W')
    await admin(`questions/${String((await numberQuestion())['id'])}/answer`, { answer: 'same' })
    await tenSecondsLater()
    expect(await ordersOf(customer)).toEqual(['SO-W'])
    // He named an order; the number of that order is not his by it.
    expect(await town().db('number_answers')).toEqual([])
  })

  test("what he asked about a number that nobody had holds nothing of its owner's once he has proven it", async () => {
    const customer = await proven(YEAR)
    const phone = inventPhone()
    await load('SO-W', phone)
    await claim(customer, 'SO-W')
    expect(await questions()).toHaveLength(1)
    const owner = await town().people.arrive({ phone })
    await town().people.add('lisi', phone)
    await town().settle()
    await owner.signIn()
    await new Promise((resolve) => setTimeout(resolve, 1_100)) // WeCom's times have whole seconds
    await load('SO-NEXT', phone)
    expect(await ordersOf(owner)).toEqual(['SO-NEXT', 'SO-W'])
    expect(await questions()).toEqual([])
  })

  test('opens no order whose name contradicts him, though its number is right: a number is guessed sooner than a person', async () => {
    const former = await proven(0)
    await load('SO-A', former.phone, { customerName: '王建国' })
    await load('SO-Y', former.phone, { customerName: '李梅' })
    expect(await claim(former, 'SO-Y')).toMatchObject(UNKNOWN)
    expect(await ordersOf(former)).toEqual(['SO-A'])
  })

  test('a name that comes later to an order he has named is his, and makes him known', async () => {
    const customer = await proven(YEAR)
    await load('SO-1', customer.phone)
    await claim(customer, 'SO-1')
    await load('SO-1', customer.phone, { customerName: '王建国' })
    expect(await ordersOf(customer)).toEqual(['SO-1'])
    expect(await cardOf(customer.phone)).toMatchObject({ name: '王建国' })
    expect(await load('SO-2', customer.phone, { customerName: '王建国' })).toMatchObject({
      state: 'attached',
    })
    expect(await load('SO-3', customer.phone, { customerName: '李梅' })).toMatchObject({
      state: 'held',
    })
  })

  test('nor while somebody doubts that the number is his', async () => {
    const former = await proven(YEAR)
    await load('SO-Y', former.phone)
    await successor(former)
    expect(await claim(former, 'SO-Y')).toMatchObject(UNKNOWN)
    expect(await ordersOf(former)).toEqual([])
  })

  test('three tries a day count together from two phones at once, and for who may not query there is none', async () => {
    const customer = await proven(YEAR)
    const statuses = (
      await Promise.all([1, 2, 3, 4, 5, 6].map((index) => claim(customer, `SO-${String(index)}`)))
    ).map(({ status }) => status)
    expect(statuses.toSorted((one, other) => one - other)).toEqual([404, 404, 404, 429, 429, 429])
    const visitor = await town().people.arrive()
    await visitor.signIn()
    expect(await claim(visitor, 'SO-1')).toMatchObject({ status: 403 })
    expect(
      (await town().server.post('/api/projects/ask-advisor', undefined, visitor.token)).status,
    ).toBe(403)
  })

  test('who tried in vain a day ago is asked about', async () => {
    const customer = await proven(YEAR)
    await load('SO-1', customer.phone)
    await claim(customer, 'SO-MISREAD')
    expect(await questions()).toEqual([])
    town().clock.advance(25 * 3_600_000)
    await addJob(town().db, 'questions.follow-up')
    await town().settle()
    town().clock.advance(-25 * 3_600_000)
    expect(await numberQuestion()).toMatchObject({ orders: [{ orderNo: 'SO-1' }] })
  })
})
