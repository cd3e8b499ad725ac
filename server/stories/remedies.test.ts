import { describe, expect, test } from '@jest/globals'
import { inventPhone, type Person } from '../../scripts/play/people.ts'
import { maskPhone } from '../../shared/phone.ts'
import { bindByCode } from '../test/bind-by-code.ts'
import { memberBrowsers } from '../test/member-browser.ts'
import { ADMIN_KEY, useTown } from '../test/town.ts'

const HOME = 'https://staff.example.com'
const town = useTown({ PUBLIC_BASE_URL: HOME })
const { signedIn } = memberBrowsers(town, HOME)
const because = { reason: '门店核对身份证', operatorUserid: 'chenjing' }
const orders = async (customer: Person): Promise<string[]> =>
  (await customer.projects()).body.data.items.map((item: { orderNo: string }) => item.orderNo)
const cardOf = async (phone: string) =>
  (await town().server.get(`/api/admin/customers?phone=${phone}`, ADMIN_KEY)).body.data.items[0]
const editRemark = async (contact: Person, remark: string): Promise<void> => {
  await town().control.post('/_sandbox/members/zhangsan/edit', { phone: contact.phone, remark })
  await town().settle()
}
const changePhone = (id: number, phone: string, more: object = {}) =>
  town().server.post(
    `/api/admin/customers/${String(id)}/phone`,
    { phone, ...because, ...more },
    ADMIN_KEY,
  )
const manually = (customer: Person, more: object = {}) =>
  town().server.post(
    '/api/wework/manual-bind',
    {
      customerPhone: customer.phone,
      wechatOpenid: customer.openid,
      weworkUserid: customer.externalUserid,
      ...because,
      ...more,
    },
    ADMIN_KEY,
  )

async function bound(options: { unionid?: boolean } = {}): Promise<Person> {
  const customer = await town().people.arrive(options)
  await town().people.add('zhangsan', customer.phone)
  await bindByCode(town(), customer)
  return customer
}

describe('a binding by hand (R0.54, E7)', () => {
  test('gives what a search and a code would have given; the log has who, before, after, why', async () => {
    const { people, settle, db } = town()
    const customer = await people.arrive({ unionid: false })
    await people.load('SO-H', customer.phone)
    await people.add('zhangsan', customer.phone, { addWay: 1 })
    await settle()
    await customer.signIn()
    expect(await manually(customer)).toMatchObject({
      status: 200,
      body: {
        data: {
          bindingStatus: 'bound',
          canQuery: true,
          externalUserId: customer.externalUserid,
          openids: [customer.openid],
        },
      },
    })
    expect(await orders(customer)).toEqual(['SO-H'])
    const [entry] = await db('operation_log').where({ operation: 'customer.bound_manually' })
    expect(entry).toMatchObject({
      operator_userid: 'chenjing',
      reason: because.reason,
      before: expect.any(Object),
      after: expect.objectContaining({ canQuery: true }),
      operation_detail: 'key ADMIN_KEY',
    })
    expect(JSON.stringify(entry)).not.toContain(customer.phone)
  })

  test('holds even when the unionids differ, and a later look does not undo it', async () => {
    const { people, settle } = town()
    const [account, contact] = [await people.arrive(), await people.arrive()]
    await people.add('zhangsan', contact.phone)
    await settle()
    await account.signIn()
    expect((await manually(contact, { wechatOpenid: account.openid })).status).toBe(200)
    await editRemark(contact, '核对过')
    expect(await account.me()).toMatchObject({ bindingStatus: 'bound', canQuery: true })
  })

  test('takes nothing from anybody without override, and says what is in the way', async () => {
    const { people, settle, server } = town()
    const [owner, other] = [await bound(), await people.arrive()]
    await other.signIn()
    const refused = await manually(owner, { wechatOpenid: other.openid })
    expect(refused).toMatchObject({
      status: 409,
      body: {
        error: { code: 'remedies.contact_taken' },
        message: expect.stringContaining('override'),
      },
    })
    expect((await server.get('/api/me', owner.token)).body.data).toMatchObject({
      bindingStatus: 'bound',
    })
    expect((await manually(owner, { wechatOpenid: other.openid, override: true })).status).toBe(200)
    await settle()
    await owner.signIn()
    expect(await owner.me()).toMatchObject({ bindingStatus: 'unbound' })
    expect(await other.me()).toMatchObject({ bindingStatus: 'bound', canQuery: true })
  })

  test.each([
    [
      'the account of somebody else',
      'account_taken',
      (other: Person) => ({ wechatOpenid: other.openid }),
    ],
    [
      'the number of somebody else',
      'phone_taken',
      (other: Person) => ({ customerPhone: other.phone }),
    ],
    ['a second number', 'contact_has_other_phone', () => ({ customerPhone: inventPhone() })],
  ])('without override nobody is given %s', async (_, conflict, more) => {
    const { settle } = town()
    const [customer, other] = [await bound(), await bound()]
    await settle()
    expect(await manually(customer, more(other))).toMatchObject({
      status: 409,
      body: {
        error: { code: `remedies.${conflict}` },
        message: expect.stringContaining('override'),
      },
    })
    expect(await other.me()).toMatchObject({ bindingStatus: 'bound', canQuery: true })
  })

  test.each([
    ['no reason', { reason: undefined }, 400, 'request.invalid'],
    [
      'an account nobody has seen',
      { wechatOpenid: 'oNobodyKnows123' },
      404,
      'remedies.unknown_account',
    ],
    [
      'a contact nobody knows',
      { weworkUserid: 'wmNobodyKnows123' },
      404,
      'remedies.unknown_contact',
    ],
    ['a bad phone', { customerPhone: '12345' }, 400, 'request.invalid'],
  ])('refuses %s', async (_, more, status, code) => {
    const { people } = town()
    const customer = await people.arrive()
    await customer.signIn()
    expect(await manually(customer, more)).toMatchObject({ status, body: { error: { code } } })
  })
})

test("whoever was bound by mistake reads nothing when he binds himself after it was undone; the number's owner does", async () => {
  const { people, settle, server } = town()
  const [wrong, owner] = [await people.arrive(), await people.arrive()]
  await people.load('SO-1', owner.phone)
  await people.add('zhangsan', wrong.phone, { addWay: 1 })
  await settle()
  await wrong.signIn()
  expect((await manually(wrong, { customerPhone: owner.phone })).status).toBe(200)
  expect(await orders(wrong)).toEqual(['SO-1'])
  const { id } = await cardOf(owner.phone)
  const undone = await server.post(
    `/api/admin/customers/${String(id)}/unbind`,
    { reason: '绑错了人' },
    ADMIN_KEY,
  )
  expect(undone.status).toBe(200)
  await wrong.signIn()
  await bindByCode(town(), wrong)
  expect(await wrong.me()).toMatchObject({ bindingStatus: 'bound', canQuery: false })
  expect((await wrong.projects()).status).toBe(403)
  await people.add('lisi', owner.phone)
  await bindByCode(town(), owner)
  expect(await orders(owner)).toEqual(['SO-1'])
  await people.load('SO-2', wrong.phone)
  await people.add('lisi', wrong.phone)
  await settle()
  expect(await orders(wrong)).toEqual(['SO-2'])
})

test('what an admin said of a number that a member has searched as well goes with the tie, the number stays', async () => {
  const { settle, server, people, clock } = town()
  clock.advance(-31_000)
  const customer = await bound()
  clock.advance(31_000)
  await people.load('SO-1', customer.phone)
  await manually(customer)
  const { id } = await cardOf(customer.phone)
  await server.post(`/api/admin/customers/${String(id)}/unbind`, because, ADMIN_KEY)
  await customer.signIn()
  expect((await customer.projects()).status).toBe(403)
  await settle()
  await bindByCode(town(), customer)
  expect(await orders(customer)).toEqual(['SO-1'])
})

describe('a phone that an admin changed (D9)', () => {
  test('must be earned again; projects stay; and he reads for a day why he was signed out', async () => {
    const { people, settle, control, clock } = town()
    const customer = await bound()
    await people.load('SO-9', customer.phone)
    expect(await orders(customer)).toEqual(['SO-9'])
    const { id } = await cardOf(customer.phone)
    const phone = inventPhone()
    expect(await changePhone(id, phone)).toMatchObject({
      status: 200,
      body: { data: { canQuery: false, bindingStatus: 'bound' } },
    })
    expect((await customer.projects()).status).toBe(401)
    const readNotice = async (daysLater: number): Promise<unknown> => {
      clock.advance(daysLater * 24 * 3_600_000)
      await customer.signIn()
      const { notice } = await customer.me()
      clock.advance(-daysLater * 24 * 3_600_000)
      return notice
    }
    const told = {
      kind: 'phone_changed',
      title: '手机号已变更',
      text: expect.stringContaining('由工作人员更改'),
      at: expect.any(String),
    }
    // However late he comes, and for a day from then on.
    expect(await readNotice(30)).toEqual(told)
    expect(await readNotice(30.9)).toEqual(told)
    expect(await readNotice(31.1)).toBeUndefined()
    await customer.signIn()
    expect(await customer.me()).toMatchObject({ nextStep: 'ask_advisor', notice: told })
    expect((await customer.projects()).status).toBe(403)
    await people.add('lisi', customer.phone, { remarkMobiles: [phone] })
    await settle()
    expect(await orders(customer)).toEqual(['SO-9'])
    expect((await customer.me()).notice?.kind).toBe('bound')
    await control.post('/_sandbox/members/lisi/remove', { phone: customer.phone })
  })

  test('is one that he may vouch for at once, but not one that belongs to somebody', async () => {
    const { people } = town()
    const [customer, neighbour] = [await bound(), await bound()]
    await people.load('SO-V', customer.phone)
    const { id } = await cardOf(customer.phone)
    expect(await changePhone(id, neighbour.phone)).toMatchObject({
      status: 409,
      body: { error: { code: 'remedies.phone_taken' } },
    })
    expect(await orders(customer)).toEqual(['SO-V'])
    expect(
      await changePhone(id, inventPhone(), { proven: true, seenBy: 'zhangsan' }),
    ).toMatchObject({ body: { data: { canQuery: true } } })
    expect(await orders(customer)).toEqual(['SO-V'])
  })

  /** He had vouched for the former one. */
  async function vouchedAndChanged() {
    const { people, settle } = town()
    const customer = await people.arrive({ unionid: false })
    await people.add('zhangsan', customer.phone)
    await settle()
    await customer.signIn()
    const { id } = (await manually(customer)).body.data as { id: number }
    expect(await changePhone(id, inventPhone())).toMatchObject({
      status: 200,
      body: { data: { canQuery: false } },
    })
    return { customer, id }
  }

  test('must be earned again also when it comes back: an old word of an admin was for then', async () => {
    const { customer, id } = await vouchedAndChanged()
    expect(await changePhone(id, customer.phone)).toMatchObject({
      status: 200,
      body: { data: { canQuery: false } },
    })
  })

  test("is a new customer's when he states the former one: staff see that he waits", async () => {
    const { server, settle, people } = town()
    const { customer } = await vouchedAndChanged()
    const next = await people.arrive({ unionid: false, name: '新机主' })
    await next.signIn()
    expect(
      (await server.post('/api/binding/temp', { phoneNumber: customer.phone }, next.token)).status,
    ).toBe(200)
    await settle()
    const { items } = (await (await signedIn()).get('/api/staff/pending-customers')).json().data
    expect(items).toMatchObject([{ phoneMasked: maskPhone(customer.phone) }])
  })
})

describe('other remedies', () => {
  test('unbind, and lift a code stop', async () => {
    const { people, settle, server, db } = town()
    const customer = await bound()
    const { id } = await cardOf(customer.phone)
    expect(
      await server.post(`/api/admin/customers/${String(id)}/unbind`, because, ADMIN_KEY),
    ).toMatchObject({ status: 200, body: { data: { bindingStatus: 'partial' } } })
    expect((await server.get('/api/me', customer.token)).status).toBe(401)

    const clumsy = await people.arrive()
    for (const wrong of ['000001', '000002', '000003', '000004', '000005']) await clumsy.say(wrong)
    await settle()
    expect(await db('code_pauses')).toHaveLength(1)
    expect(
      await server.post(
        `/api/admin/contacts/${clumsy.externalUserid}/lift-code-stop`,
        because,
        ADMIN_KEY,
      ),
    ).toMatchObject({ body: { data: { lifted: true } } })
    await clumsy.signIn()
    await clumsy.say((await clumsy.code()).bindCode)
    await settle()
    expect(await clumsy.status()).toMatchObject({ state: 'bound' })
    expect(await db('operation_log').pluck('operation')).toEqual([
      'customer.unbound',
      'contact.code_stop_lifted',
    ])
  })

  test('what waits for a person is listed, and closed with a reason', async () => {
    const { people, settle, server } = town()
    const customer = await people.arrive()
    await people.add('zhangsan', customer.phone, { remarkMobiles: [customer.phone, inventPhone()] })
    await settle()
    const [review] = (await server.get('/api/admin/reviews', ADMIN_KEY)).body.data.items
    expect(review).toMatchObject({
      kind: 'several_phones',
      externalUserId: customer.externalUserid,
      memberUserid: 'zhangsan',
    })
    expect(
      (await server.post(`/api/admin/reviews/${String(review.id)}/close`, because, ADMIN_KEY))
        .status,
    ).toBe(200)
    expect(
      (await server.post(`/api/admin/reviews/${String(review.id)}/close`, because, ADMIN_KEY))
        .status,
    ).toBe(404)
    expect((await server.get('/api/admin/reviews', ADMIN_KEY)).body.data.items).toEqual([])
  })

  test('what waits, and what the pulls found, is listed page by page', async () => {
    const { people, settle, server, db } = town()
    for (let n = 0; n < 3; n += 1) {
      const customer = await people.arrive()
      const remarkMobiles = [customer.phone, inventPhone()]
      await people.add('zhangsan', customer.phone, { remarkMobiles })
    }
    await settle()
    await db('reconciliations').delete()
    const days = ['2026-03-01', '2026-03-02', '2026-03-03']
    await db('reconciliations').insert(days.map((day) => ({ started_at: `${day}T00:00:00Z` })))
    const walk = async (path: string): Promise<object[]> => {
      const first = (await server.get(`${path}?limit=2`, ADMIN_KEY)).body.data
      expect(first.items).toHaveLength(2)
      const rest = (await server.get(`${path}?limit=2&cursor=${first.nextCursor}`, ADMIN_KEY)).body
      expect(rest.data.nextCursor).toBeUndefined()
      const items = [...first.items, ...rest.data.items]
      const whole = (await server.get(path, ADMIN_KEY)).body.data
      expect(whole).toEqual({ items })
      return items
    }
    expect(await walk('/api/admin/reviews')).toHaveLength(3)
    expect(await walk('/api/admin/reconciliations')).toMatchObject(
      days.toReversed().map((day) => ({ startedAt: `${day}T00:00:00.000Z` })),
    )
  })

  test('a question that was closed is not asked again while nothing has changed', async () => {
    const { people, settle, server } = town()
    const customer = await people.arrive()
    await people.add('zhangsan', customer.phone, { remarkMobiles: [customer.phone, inventPhone()] })
    await settle()
    const [review] = (await server.get('/api/admin/reviews', ADMIN_KEY)).body.data.items
    expect(
      (await server.post(`/api/admin/reviews/${String(review.id)}/close`, because, ADMIN_KEY))
        .status,
    ).toBe(200)
    await editRemark(customer, '老客户')
    expect((await server.get('/api/admin/reviews', ADMIN_KEY)).body.data.items).toEqual([])
  })

  test('a permission that rested stays given back when an admin has looked, also after the next sign-in', async () => {
    const { control, server, people, settle } = town()
    await control.post('/_sandbox/faults', { unionidUnavailable: true })
    const [account, contact] = [await people.arrive(), await people.arrive()]
    await people.add('zhangsan', contact.phone)
    await settle()
    await bindByCode(town(), account, contact)
    expect(await account.me()).toMatchObject({ canQuery: true })
    await control.post('/_sandbox/faults', { clear: true })
    await editRemark(contact, '老客户')
    await account.signIn()
    expect(await account.me()).toMatchObject({ canQuery: false })
    const { id } = await cardOf(contact.phone)
    expect(
      (await server.post(`/api/admin/customers/${String(id)}/resume`, because, ADMIN_KEY)).status,
    ).toBe(200)
    expect(await account.me()).toMatchObject({ canQuery: true })
    await account.signIn()
    expect(await account.me()).toMatchObject({ canQuery: true })
  })

  test('none of it is open to customers or service keys', async () => {
    const { server, house, people } = town()
    const customer = await people.arrive()
    await customer.signIn()
    const service = await house.access.createKey({ name: 'oa', scope: 'service', expiresAt: null })
    for (const token of [customer.token, service]) {
      expect((await server.post('/api/wework/manual-bind', {}, token)).status).toBe(403)
      expect((await server.get('/api/admin/reviews', token)).status).toBe(403)
    }
  })
})

describe('the nightly pull repairs what events did not tell', () => {
  const pull = async () => {
    const { server, settle } = town()
    expect((await server.post('/api/admin/reconciliations', undefined, ADMIN_KEY)).status).toBe(200)
    await settle()
    return (await server.get('/api/admin/reconciliations', ADMIN_KEY)).body.data.items[0]
  }

  test('an add whose event was lost, a phone noted later, and a deletion once two pulls agree', async () => {
    const { people, settle, control } = town()
    const customer = await people.arrive()
    await people.load('SO-N', customer.phone)
    await customer.signIn()
    await control.post('/_sandbox/faults', { callbacks: { drop: 1 } })
    await people.add('zhangsan', customer.phone)
    expect(await customer.me()).toMatchObject({ canQuery: false })
    expect(await pull()).toMatchObject({
      complete: true,
      report: { seen: 1, repaired: 1, ended: 0 },
    })
    expect(await orders(customer)).toEqual(['SO-N'])
    expect(await pull()).toMatchObject({ report: { seen: 1, repaired: 0 } })

    await control.post('/_sandbox/members/zhangsan/remove', { phone: customer.phone })
    expect(await pull()).toMatchObject({ report: { missing: 1, ended: 0 } })
    expect((await customer.projects()).status).toBe(200)
    expect(await pull()).toMatchObject({ report: { missing: 1, ended: 1 } })
    expect((await customer.projects()).status).toBe(401)
    await control.post('/_sandbox/faults', { clear: true })
    await settle()
  })

  test('a pull that failed half-way ends nothing', async () => {
    const { people, settle, control, db } = town()
    const customer = await people.arrive()
    await people.add('zhangsan', customer.phone)
    await settle()
    await control.post('/_sandbox/faults', {
      endpoints: [{ path: 'batch/get_by_user', errcode: 50002, times: 50 }],
    })
    await control.post('/_sandbox/faults', { callbacks: { drop: 1 } })
    await control.post('/_sandbox/members/zhangsan/remove', { phone: customer.phone })
    await pull()
    await control.post('/_sandbox/faults', { clear: true })
    expect(await db('contact_follows').whereNotNull('ended_at')).toEqual([])
    expect(await db('contact_follows').where('missed_pulls', '>', 0)).toEqual([])
  })
})
