import { describe, expect, test } from '@jest/globals'
import { findTicket, inventPhone, type Person } from '../../scripts/play/people.ts'
import { maskPhone } from '../../shared/phone.ts'
import { ADMIN_KEY, useTown } from '../test/town.ts'

const town = useTown()
const because = { reason: '门店核对身份证', operatorUserid: 'chenjing' }
const post = (path: string, more: object = {}) =>
  town().server.post(`/api/admin/${path}`, { ...because, ...more }, ADMIN_KEY)
const find = async (query: string) => town().server.get(`/api/admin/customers${query}`, ADMIN_KEY)
const cardOf = async (query: string) => (await find(query)).body.data.items[0]
const reviews = async (): Promise<Record<string, unknown>[]> =>
  (await town().server.get('/api/admin/reviews', ADMIN_KEY)).body.data.items
const logged = (): Promise<string[]> => town().db('operation_log').orderBy('id').pluck('operation')

async function bind(account: Person, contact: Person = account): Promise<void> {
  const { settle } = town()
  await account.signIn()
  await contact.say((await account.code()).bindCode)
  await settle()
  const ticket = findTicket(await contact.chat())
  if (ticket !== undefined) await account.openTicket(ticket)
  await settle()
}

async function bound(): Promise<Person> {
  const { people } = town()
  const customer = await people.arrive()
  await people.add('zhangsan', customer.phone)
  await bind(customer)
  return customer
}

/** Somebody's account tied to somebody else's contact, which comes out only later (D15). */
async function mismatched() {
  const { people, settle, control } = town()
  await control.post('/_sandbox/faults', { unionidUnavailable: true })
  const [account, contact] = [await people.arrive(), await people.arrive({ name: '李女士' })]
  await people.add('zhangsan', contact.phone)
  await settle()
  await bind(account, contact)
  await control.post('/_sandbox/faults', { clear: true })
  await control.post('/_sandbox/members/zhangsan/edit', { phone: contact.phone, remark: '老客户' })
  await settle()
  await account.signIn()
  return { account, contact, id: (await cardOf(`?phone=${contact.phone}`)).id as number }
}

/** What is held while a remedy is under way. */
async function holdRow(id: number): Promise<() => Promise<unknown>> {
  const held = await town().db.transaction()
  await held('customers').where({ id }).forNoKeyUpdate().select('id')
  return () => held.commit()
}

async function queued(count: number): Promise<void> {
  const { db } = town()
  for (;;) {
    const { rows } = await db.raw<{ rows: unknown[] }>(
      'select 1 from pg_stat_activity where datname = current_database() and wait_event_type = ?',
      ['Lock'],
    )
    if (rows.length >= count) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** The same remedy from two admins at the same moment. */
async function twice(path: string, more: object, id: number) {
  const release = await holdRow(id)
  const both = [post(path, more), post(path, more)]
  await queued(both.length)
  await release()
  return (await Promise.all(both)).map(({ status }) => status).toSorted((one, other) => one - other)
}

describe('a remedy that has nothing to mend says so, and leaves no entry in the operation log', () => {
  test('the phone he has already; vouching for it is something', async () => {
    const customer = await bound()
    const { id } = await cardOf(`?phone=${customer.phone}`)
    const same = { phone: `+86 ${customer.phone}` }
    expect(await post(`customers/${String(id)}/phone`, same)).toMatchObject({
      status: 409,
      body: { error: { code: 'remedies.same_phone' }, message: '手机号没有变化' },
    })
    expect(await logged()).toEqual([])
    expect(await customer.me()).toMatchObject({ canQuery: true })
    expect(
      await post(`customers/${String(id)}/phone`, {
        ...same,
        phoneAgain: same.phone,
        proven: true,
      }),
    ).toMatchObject({ status: 200, body: { data: { canQuery: true } } })
    expect(await logged()).toEqual(['customer.phone_changed'])
  })

  test('a customer who is not suspended', async () => {
    const customer = await bound()
    const { id } = await cardOf(`?phone=${customer.phone}`)
    expect(await post(`customers/${String(id)}/resume`)).toMatchObject({
      status: 409,
      body: { error: { code: 'remedies.not_suspended' }, message: '这位客户没有被暂停' },
    })
    expect(await logged()).toEqual([])
  })

  test('a customer who is not bound', async () => {
    const { people, settle } = town()
    const customer = await people.arrive()
    await people.add('zhangsan', customer.phone)
    await settle()
    await people.load('SO-IMPORTED', inventPhone())
    for (const { id } of await town().db('customers').select<{ id: number }[]>('id')) {
      expect(await post(`customers/${String(id)}/unbind`)).toMatchObject({
        status: 409,
        body: { error: { code: 'remedies.not_bound' }, message: '这位客户没有绑定' },
      })
    }
    expect((await logged()).filter((operation) => operation.startsWith('customer.'))).toEqual([])
  })

  test.each(['unbind', 'resume', 'phone'])(
    '%s of a customer nobody knows is 404',
    async (remedy) => {
      const more = remedy === 'phone' ? { phone: inventPhone() } : {}
      expect(await post(`customers/4711/${remedy}`, more)).toMatchObject({
        status: 404,
        body: { error: { code: 'remedies.unknown_customer' } },
      })
      expect(await logged()).toEqual([])
    },
  )

  test('a contact who is not paused, has only mistyped, or is unknown', async () => {
    const { people, settle, db } = town()
    const customer = await bound()
    const lift = (externalUserId: string) => post(`contacts/${externalUserId}/lift-code-stop`)
    expect(await lift('wmNobodyKnows123')).toMatchObject({
      status: 404,
      body: { error: { code: 'remedies.unknown_contact' } },
    })
    expect(await lift(customer.externalUserid)).toMatchObject({
      status: 200,
      body: { data: { lifted: false }, message: '这位联系人没有被暂停' },
    })
    expect(await logged()).toEqual([])
    const clumsy = await people.arrive()
    await clumsy.say('000001')
    await settle()
    expect(await lift(clumsy.externalUserid)).toMatchObject({
      status: 200,
      body: { data: { lifted: false }, message: '这位联系人没有被暂停，已清除输错的次数' },
    })
    expect(await db('code_tries')).toEqual([])
    expect(await logged()).toEqual(['contact.code_stop_lifted'])
  })

  test.each([
    ['resume', {}, 'customer.resumed'],
    ['phone', { phone: inventPhone() }, 'customer.phone_changed'],
  ])('%s by two admins at once is one action', async (remedy, more, operation) => {
    const { id } = await mismatched()
    expect(await twice(`customers/${String(id)}/${remedy}`, more, id)).toEqual([200, 409])
    expect(await logged()).toEqual([operation])
  })

  test('unbind by two admins at once is one action', async () => {
    const customer = await bound()
    const { id } = await cardOf(`?phone=${customer.phone}`)
    expect(await twice(`customers/${String(id)}/unbind`, {}, id as number)).toEqual([200, 409])
    expect(await logged()).toEqual(['customer.unbound'])
  })
})

describe('a review tells an admin what he needs to judge it', () => {
  test('several numbers: who, of whom, what is noted now, what to do; numbers masked', async () => {
    const { people, settle, control } = town()
    const customer = await people.arrive({ name: '李女士' })
    const other = inventPhone()
    await people.add('zhangsan', customer.phone, { remarkMobiles: [customer.phone, other] })
    await settle()
    const [review] = await reviews()
    const { id } = await cardOf(`?externalUserId=${customer.externalUserid}`)
    expect(review).toEqual({
      id: expect.any(Number),
      kind: 'several_phones',
      openedAt: expect.any(String),
      externalUserId: customer.externalUserid,
      contactName: '李女士',
      memberUserid: 'zhangsan',
      memberName: expect.any(String),
      customerId: id,
      notedPhonesMasked: [maskPhone(customer.phone), maskPhone(other)],
      canQuery: false,
      advice: expect.stringContaining(
        '请顾问在「待添加客户」页点选客户本人的号码，或核实后手动绑定',
      ),
    })
    await control.post(`/_sandbox/people/${customer.personId}/remove-member`, {
      userid: 'zhangsan',
    })
    await settle()
    expect((await reviews()).map(({ notedPhonesMasked }) => notedPhonesMasked)).toEqual([[]])
  })

  test('two people tied as one: the customer and what to do; ended, and the right one binds and may look', async () => {
    const { people } = town()
    const { contact, id } = await mismatched()
    expect(await reviews()).toMatchObject([
      {
        kind: 'unionid_mismatch',
        customerId: id,
        externalUserId: contact.externalUserid,
        contactName: '李女士',
        customerPhoneMasked: maskPhone(contact.phone),
        canQuery: false,
        advice: expect.stringContaining('先解除绑定，然后请客户本人重新绑定'),
      },
    ])
    expect((await reviews())[0]).not.toHaveProperty('notedPhonesMasked')
    await people.load('SO-RIGHT', contact.phone)
    expect((await post(`customers/${String(id)}/unbind`)).status).toBe(200)
    await bind(contact)
    expect(await contact.me()).toMatchObject({ bindingStatus: 'bound', canQuery: true })
    expect(await reviews()).toEqual([])
  })

  test('a number that changed hands names the former owner; one who is part of another by now, the other', async () => {
    const { people, settle, db } = town()
    const [former, next] = [await bound(), await people.arrive()]
    const { id } = await cardOf(`?phone=${former.phone}`)
    await db('reviews').insert({
      kind: 'phone_recycled',
      customer_id: id,
      detail: {},
      opened_at: new Date(),
    })
    expect(await reviews()).toMatchObject([
      {
        kind: 'phone_recycled',
        customerId: id,
        externalUserId: former.externalUserid,
        canQuery: true,
        advice: expect.stringContaining('更换手机号'),
      },
    ])
    await people.add('lisi', next.phone)
    await settle()
    const survivor = (await cardOf(`?phone=${next.phone}`)).id as number
    await db('customers').where({ id }).update({ merged_into: survivor })
    expect(await reviews()).toMatchObject([
      {
        customerId: survivor,
        externalUserId: next.externalUserid,
        customerPhoneMasked: maskPhone(next.phone),
      },
    ])
  })

  test('a kind nobody has written advice for, about nobody we know', async () => {
    await town().db('reviews').insert({
      kind: 'constructor',
      external_userid: 'wmNobodyKnows123',
      detail: {},
      opened_at: new Date(),
    })
    expect(await reviews()).toEqual([
      {
        id: expect.any(Number),
        kind: 'constructor',
        openedAt: expect.any(String),
        externalUserId: 'wmNobodyKnows123',
        canQuery: false,
        advice: '请核实后处理',
      },
    ])
  })

  test('closing it opens nothing, and says so', async () => {
    const { people, settle } = town()
    const customer = await people.arrive()
    await people.add('zhangsan', customer.phone, { remarkMobiles: [customer.phone, inventPhone()] })
    await settle()
    await bind(customer)
    const [review] = await reviews()
    expect(await post(`reviews/${String(review!['id'])}/close`)).toMatchObject({
      status: 200,
      body: { message: '已关闭。这不会开通查询权限；需要时请手动绑定' },
    })
    expect(await customer.me()).toMatchObject({ canQuery: false })
  })
})

describe('a customer is found by exactly one of phone and contact', () => {
  test('either leads to the same card; a contact nobody knows to none', async () => {
    const customer = await bound()
    const byContact = await find(`?externalUserId=${customer.externalUserid}`)
    expect(byContact.body.data.items).toMatchObject([
      {
        externalUserId: customer.externalUserid,
        openids: [customer.openid],
        phoneMasked: maskPhone(customer.phone),
      },
    ])
    expect((await find(`?phone=${customer.phone}`)).body.data).toEqual(byContact.body.data)
    expect((await find('?externalUserId=wmNobodyKnows123')).body.data).toEqual({ items: [] })
  })

  test.each([
    ['neither', '', '请填写 phone 或 externalUserId，只填其中一个'],
    [
      'both',
      '?phone=13800138000&externalUserId=wmNobodyKnows123',
      '请填写 phone 或 externalUserId，只填其中一个',
    ],
    ['a bad phone', '?phone=12345', '手机号格式不正确'],
    ['a bad contact', '?externalUserId=zhangsan', '外部联系人 ID 格式不正确'],
  ])('%s is 400', async (_, query, message) => {
    expect(await find(query)).toMatchObject({
      status: 400,
      body: { error: { code: 'request.invalid' }, message: expect.stringContaining(message) },
    })
  })
})

describe('what an admin reads of a phone', () => {
  const read = async (path: string, phone: string) =>
    (await town().server.get(`/api/customer/${path}/${phone}`, ADMIN_KEY)).body.data

  test('of one that nobody knows: that there is no record of it', async () => {
    const phone = inventPhone()
    expect(await read('binding-status', phone)).toEqual({
      status: 'not_found',
      message: '没有这个手机号的记录',
    })
    expect(await read('can-query', phone)).toEqual({
      canQuery: false,
      message: '没有这个手机号的记录',
    })
  })

  test('of one that somebody has stated, and of one that is bound', async () => {
    const { people, settle, server } = town()
    const customer = await people.arrive()
    await customer.signIn()
    await server.post('/api/binding/temp', { phoneNumber: customer.phone }, customer.token)
    expect(await read('binding-status', customer.phone)).toMatchObject({ status: 'pending' })
    await people.add('zhangsan', customer.phone)
    await settle()
    expect(await read('binding-status', customer.phone)).toMatchObject({ status: 'bound' })
    expect(await read('can-query', customer.phone)).toEqual({
      canQuery: true,
      message: '有查询权限',
    })
  })
})

test.each([['x'], ['-1'], ['1e3'], ['1234567890123'], ['']])(
  'questions behind the mark %j, which no page gave, are refused',
  async (cursor) => {
    const path = `/api/admin/questions?cursor=${encodeURIComponent(cursor)}`
    expect(await town().server.get(path, ADMIN_KEY)).toMatchObject({
      status: 400,
      body: { error: { code: 'request.invalid' } },
    })
  },
)
