import { setTimeout as wait } from 'node:timers/promises'
import { beforeEach, describe, expect, test } from '@jest/globals'
import { findTicket, inventPhone, type Person } from '../../scripts/play/people.ts'
import { addJob } from '../test/job-desk.ts'
import { ADMIN_KEY, OFFICIAL, useTown } from '../test/town.ts'

const town = useTown({ ...OFFICIAL, STAFF_QUIET_HOURS: 'off' })
const NAME = '欧阳明月'
const REMARK = '明月姐小区团购'
const ADDRESS = '星河路八十八号一六零一'
const TOMORROW = (): Date => new Date(Date.now() + 86_400_000)
const because = { reason: '本人书面申请' }

const refusal = (status: number, code: string) => ({
  status,
  body: { error: { code }, message: expect.stringMatching(/[\u4e00-\u9fff]/) },
})
const get = (path: string, key = ADMIN_KEY) => town().server.get(path, key)
const post = (path: string, body: object, key = ADMIN_KEY) => town().server.post(path, body, key)
const find = async (phone: string): Promise<number> =>
  (await get(`/api/admin/customers?phone=${phone}`)).body.data.items[0].id
const erase = (id: number, more: object = {}) =>
  post(`/api/admin/customers/${String(id)}/erase`, { ...because, ...more })
const exported = async (id: number) =>
  (await get(`/api/admin/customers/${String(id)}/export`)).body.data
const page = async (id: number): Promise<Response> =>
  fetch(`${town().address}/api/admin/customers/${String(id)}/export?format=html`, {
    headers: { Authorization: `Bearer ${ADMIN_KEY}` },
  })

/** Every row of every table as text, with the name of its table before it. */
async function dump(): Promise<string[]> {
  const { db } = town()
  const { rows } = await db.raw<{ rows: { schema: string; name: string }[] }>(`
    select table_schema as schema, table_name as name from information_schema.tables
    where table_type = 'BASE TABLE' and table_schema in ('public', 'graphile_worker')`)
  const tables = rows.map(async ({ schema, name }) => {
    const found = await db.raw<{ rows: { row: string }[] }>(
      `select t::text as row from "${schema}"."${name}" t`,
    )
    return found.rows.map(({ row }) => `${name}: ${row}`)
  })
  return (await Promise.all(tables)).flat()
}

const identifiersOf = (person: Person): string[] => [
  person.phone,
  `${person.phone.slice(0, 3)} ${person.phone.slice(3, 7)} ${person.phone.slice(7)}`,
  person.openid,
  person.officialOpenid,
  person.externalUserid,
  ...(person.unionid === undefined ? [] : [person.unionid]),
]
const naming = (texts: readonly string[], words: readonly string[]): string[] =>
  texts.filter((text) => words.some((word) => text.includes(word)))

async function bind(person: Person): Promise<void> {
  const { settle } = town()
  await person.signIn()
  await person.say((await person.code()).bindCode)
  await settle()
  const ticket = findTicket(await person.chat())
  if (ticket !== undefined) await person.openTicket(ticket)
  await settle()
}

/** Added by his number, bound, with an order. */
async function customer(name: string, more: object = {}): Promise<Person> {
  const { people, settle } = town()
  const person = await people.arrive({ name })
  await people.load(`SO-${person.phone.slice(-6)}`, person.phone, { customerName: name, ...more })
  await people.add('zhangsan', person.phone)
  await settle()
  await bind(person)
  return person
}

/** Everything that can happen to somebody here. */
async function live() {
  const { people, settle, control, server, db } = town()
  const spouse = await customer('司马青山', { order: { remark: '没有别人' } })
  const person = await people.arrive({ name: NAME })
  await people.load('SO-LIFE-1', person.phone, {
    customerName: NAME,
    title: `${NAME}的新家`,
    address: ADDRESS,
    order: {
      signedAt: new Date().toISOString(),
      amount: 88_000,
      receiver: `${NAME} ${person.phone}`,
      mobile: Number(person.phone),
      delivery: `送到${ADDRESS}`,
      cost: 12_345,
    },
    stages: [{ name: '量尺', status: 'active', note: `与${NAME}约在周六，电话 ${person.phone}` }],
    viewers: [{ phone: spouse.phone, name: '司马青山', role: '家人' }],
  })
  await people.load('SO-SPOUSE', spouse.phone, {
    title: '同一个小区',
    order: { contact: `楼上 ${person.phone}`, other: '不变' },
    viewers: [{ phone: person.phone, name: NAME }],
  })
  await fetch(`${town().address}/api/admin/imports`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${ADMIN_KEY}` },
    body: `订单号,标题,客户手机,客户姓名,签约日期\nSO-LIFE-9,新家,${person.phone},${NAME},去年\nSO-LIFE-1,${NAME}的新家,12,,\n`,
  })
  await person.signIn()
  await server.post('/api/binding/temp', { phoneNumber: person.phone }, person.token)
  await person.followOfficial()
  await person.writeOfficial(person.phone)
  await people.add('zhangsan', person.phone)
  await settle()
  await bind(person)
  await person.say('000000')
  await person.say('请问什么时候可以安装？')
  await person.writeOfficial('查询项目进度')
  await control.post('/_sandbox/members/zhangsan/edit', { phone: person.phone, remark: REMARK })
  await people.add('lisi', spouse.phone, { remarkMobiles: [spouse.phone, person.phone] })
  await server.post('/api/projects/claim', { orderNo: 'SO-NOWHERE' }, person.token)
  await people.load('SO-LIFE-2', person.phone, { customerName: '上官流云' })
  await settle()
  await db('binding_history').insert({
    at: new Date(),
    decision: 'somebody else',
    outcome: 'refuse',
    actor: 'decision table',
    detail: { contact: person.externalUserid },
  })
  const id = await find(person.phone)
  await post(`/api/admin/customers/${String(id)}/phone`, {
    phone: person.phone,
    phoneAgain: person.phone,
    proven: true,
    reason: `${NAME} 到店，电话 ${person.phone}`,
  })
  await settle()
  // None of these tells his number, in whatever text it stands.
  for (const path of ['projects/SO-LIFE-1', 'projects', `customers/${String(id)}`, 'operations'])
    expect((await get(`/api/admin/${path}`)).status).toBe(200)
  return { person, spouse, id }
}

beforeEach(() => {
  const { clock } = town()
  clock.advance(Date.now() - clock.now().getTime())
})

test('a whole life is told, then ended: nothing names him in any table or line of the log, whatever the platforms tell again', async () => {
  const { settle, db, lines, people, control } = town()
  const { person, spouse, id } = await live()
  const words = [...identifiersOf(person), NAME, REMARK, ADDRESS]
  await db('callback_inbox').insert({
    payload_hash: Buffer.from('one that nobody has drained'),
    source: 'contact',
    payload: `<xml><ExternalUserID>${person.externalUserid}</ExternalUserID></xml>`,
    set_aside: 'unreadable',
    drained_at: new Date(),
  })
  await db('lane_jobs').insert({
    lane: `contact:${person.externalUserid}`,
    name: 'contacts.look-again',
    payload: { externalUserId: person.externalUserid, look: 9 },
    run_at: TOMORROW(),
    max_attempts: 25,
  })
  await db.raw(
    `select graphile_worker.add_job('official.identify', ?::json, run_at => ?::timestamptz)`,
    [JSON.stringify({ openid: person.officialOpenid }), TOMORROW()],
  )
  const told = JSON.stringify(await exported(id))
  for (const word of [person.phone, ...identifiersOf(person).slice(2), NAME, REMARK, ADDRESS])
    expect(told).toContain(word)
  expect(told).toContain('SO-LIFE-1')
  for (const hidden of [spouse.phone, spouse.openid, '司马青山', '12345'])
    expect(told).not.toContain(hidden)
  expect(naming(await dump(), words).length).toBeGreaterThan(20)

  const before = await dump()
  const tried = (await erase(id, { dryRun: true })).body.data
  expect(tried).toMatchObject({
    already: false,
    counts: { customers: 1, contacts: 1, accounts: 2 },
  })
  expect(naming(await dump(), words)).toEqual(naming(before, words))

  const { phone_hmac: hash } = await db('customers').where({ id }).first('phone_hmac')
  const done = await erase(id, { reason: `${NAME} 书面申请，电话 ${person.phone}` })
  expect(done).toMatchObject({ status: 200, body: { data: { counts: tried.counts } } })
  expect((await town().server.get('/api/me', person.token)).status).toBe(401)
  await settle()
  expect(naming(await dump(), [...words, hash.toString('hex')])).toEqual([])
  expect(naming(lines, words)).toEqual([])

  await wait(1_100)
  await control.post('/_sandbox/members/zhangsan/edit', { phone: person.phone, remark: REMARK })
  await control.post('/_sandbox/members/lisi/edit', { phone: spouse.phone, remark: '邻居' })
  await control.post('/_sandbox/faults', { duplicate: true })
  for (const job of [
    'contacts.reconcile',
    'contacts.tidy',
    'callbacks.tidy',
    'kf.catch-up',
    'kf.tidy',
  ])
    await addJob(db, job)
  await person.unfollowOfficial()
  await people.remove('zhangsan', { phone: person.phone })
  await settle()
  await control.post('/_sandbox/faults', { clear: true })
  expect(naming(await dump(), words)).toEqual([])
  expect(naming(lines, words)).toEqual([])

  const [order] = await db('projects').where({ order_no: 'SO-LIFE-1' })
  expect(order).toMatchObject({ address: null, order_info: { amount: 88_000, cost: 12_345 } })
  expect(await db('projects').where({ order_no: 'SO-SPOUSE' }).first('order_info')).toMatchObject({
    order_info: { other: '不变' },
  })
  expect(await spouse.me()).toMatchObject({ canQuery: true })
  const log = (await get(`/api/admin/operations?targetType=customer&targetId=${String(id)}`)).body
    .data
  expect(log.items[0]).toMatchObject({
    operation: 'customer.erased',
    operator: 'ADMIN_KEY',
    after: { counts: done.body.data.counts },
    reason: '（已删除） 书面申请，电话 （已删除）',
  })
  expect(log.items[1]).toMatchObject({ operation: 'customer.exported', operator: 'ADMIN_KEY' })
})

describe('the copy that a person gets', () => {
  test('is a page that loads nothing, runs nothing and says what customers wrote as they wrote it', async () => {
    const person = await customer('<script>alert(1)</script>')
    const id = await find(person.phone)
    const answer = await page(id)
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-disposition': `attachment; filename="personal-data-CUS${String(id).padStart(11, '0')}.html"`,
      'cache-control': 'no-store',
      'content-security-policy': expect.stringContaining("default-src 'self'"),
    })
    const html = await answer.text()
    expect(html).not.toMatch(/<script|<style|style=|<link|<img|\son\w+=|href|src=/i)
    for (const word of [
      '个人信息副本',
      person.phone,
      '&#60;script&#62;',
      '员工的备注',
      '没有记录的部分',
    ])
      expect(html).toContain(word)
  })

  test('tells a further viewer nothing of the owner', async () => {
    const { people, settle } = town()
    const owner = await customer('慕容复')
    const viewer = await people.arrive({ name: '段誉' })
    await people.load('SO-SEEN', owner.phone, {
      customerName: '慕容复',
      title: '慕容复的家',
      address: ADDRESS,
      order: { amount: 5, contact: owner.phone },
      stages: [{ name: '量尺', status: 'active', note: `找慕容复 ${owner.phone}` }],
      viewers: [{ phone: viewer.phone, name: '段誉' }],
    })
    await people.add('zhangsan', viewer.phone)
    await settle()
    await bind(viewer)
    const told = JSON.stringify(await exported(await find(viewer.phone)))
    expect(told).toContain('SO-SEEN')
    for (const hidden of ['慕容复', owner.phone, ADDRESS]) expect(told).not.toContain(hidden)
  })
})

describe('who was erased', () => {
  test('is somebody of whom nothing is known when he comes anew', async () => {
    const { people, settle, db } = town()
    const person = await customer('令狐冲')
    const id = await find(person.phone)
    await erase(id)
    await wait(1_100)
    await person.say('你好')
    await settle()
    expect(await db('kf_messages').where({ external_userid: person.externalUserid })).toHaveLength(
      1,
    )
    await bind(person)
    expect(await person.me()).toMatchObject({ canQuery: false })
    expect((await person.projects()).status).toBe(403)
    expect(await db('contact_follows')).toEqual([])
    await addJob(db, 'contacts.reconcile')
    await settle()
    expect(await db('contact_follows')).toEqual([])

    await people.remove('zhangsan', { phone: person.phone })
    await wait(1_100)
    await people.add('zhangsan', person.phone)
    await settle()
    expect(await person.me()).toMatchObject({ bindingStatus: 'bound', canQuery: true })
    expect((await person.projects()).body.data.items).toEqual([])
    expect(await find(person.phone)).not.toBe(id)
  })

  test('is a new customer when the office loads an order for his number', async () => {
    const { people, db } = town()
    const person = await customer('任盈盈')
    const id = await find(person.phone)
    await erase(id)
    await people.load(`SO-${person.phone.slice(-6)}`, person.phone, { customerName: '任盈盈' })
    const again = await find(person.phone)
    expect(again).not.toBe(id)
    expect((await get(`/api/admin/customers/${String(again)}`)).body.data).toMatchObject({
      accounts: [],
      contacts: [],
      evidence: [],
    })
    expect(await db('project_parties').select('state', 'customer_id')).toEqual([
      { state: 'waiting', customer_id: null },
    ])
  })

  test('leaves nothing in what is told of him later, and what is told of others stays whole', async () => {
    const { people, settle, db } = town()
    const [person, other] = [await customer('岳灵珊'), await customer('仪琳')]
    await erase(await find(person.phone))
    const payloads = () => db('callback_inbox').orderBy('id').pluck<string[]>('payload')
    const before = await payloads()
    await people.remove('zhangsan', { phone: person.phone })
    await people.remove('zhangsan', { phone: other.phone })
    await settle()
    const after = await payloads()
    expect(after.slice(0, before.length)).toEqual(before)
    expect(after.slice(before.length).map((text) => text !== '')).toEqual([false, true])
  })

  test('makes no account anew when WeChat tells only then who the follower was', async () => {
    const { db, people, settle, lines } = town()
    const person = await people.arrive()
    await person.followOfficial()
    await person.writeOfficial(person.phone)
    await people.add('zhangsan', person.phone)
    await settle()
    expect((await erase(await find(person.phone))).status).toBe(200)
    await addJob(db, 'official.identify', { payload: { openid: person.officialOpenid } })
    await settle()
    expect(lines.filter((line) => line.includes('"job":"official.identify"'))).toEqual([])
    expect(await db('accounts').where({ app: 'official', openid: person.officialOpenid })).toEqual(
      [],
    )
  })

  test('is erased once, however often and by however many at once', async () => {
    const { db } = town()
    const person = await customer('岳不群')
    const id = await find(person.phone)
    const answers = await Promise.all([erase(id), erase(id), erase(id)])
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    const data = answers.map(({ body }) => body.data)
    expect(data.filter(({ already }) => already)).toHaveLength(2)
    for (const { counts } of data) expect(counts).toEqual(data[0].counts)
    expect((await erase(id)).body.data).toMatchObject({ already: true, counts: data[0].counts })
    expect(await db('operation_log').where({ operation: 'customer.erased' })).toHaveLength(1)
    expect(await db('erasures')).toHaveLength(1)
  })

  test('is named in no entry of the log that is about somebody else', async () => {
    const { people } = town()
    const [mistaken, handed] = [inventPhone(), inventPhone()]
    await people.load('SO-WRONG', mistaken, { customerName: '东方不败' })
    await people.load('SO-WRONG', inventPhone(), { customerName: '杨莲亭' })
    await people.load('SO-GIVEN', handed, { customerName: '任我行' })
    const id = await find(handed)
    const hand = { phone: handed, since: new Date().toISOString(), reason: '号码换人了' }
    expect((await post('/api/admin/phones/hand-over', hand)).status).toBe(200)
    expect(naming(await dump(), ['东方不败', '任我行']).length).toBeGreaterThan(2)
    expect((await erase(await find(mistaken))).status).toBe(200)
    expect((await erase(id)).status).toBe(200)
    expect(naming(await dump(), [mistaken, handed, '东方不败', '任我行'])).toEqual([])
    expect(naming(await dump(), ['杨莲亭'])).not.toEqual([])
  })

  test('is there as before when something fails on the way', async () => {
    const { db } = town()
    const person = await customer('左冷禅')
    const id = await find(person.phone)
    const before = await dump()
    await db.raw(`
      create function refuse() returns trigger language plpgsql as $$ begin raise exception 'the disk is full'; end $$;
      create trigger refuse before delete on contacts execute function refuse()`)
    try {
      expect((await erase(id)).status).toBe(500)
      expect(naming(await dump(), identifiersOf(person))).toEqual(
        naming(before, identifiersOf(person)),
      )
      expect(await person.me()).toMatchObject({ canQuery: true })
    } finally {
      await db.raw('drop trigger refuse on contacts; drop function refuse()')
    }
    expect((await erase(id)).status).toBe(200)
    expect(naming(await dump(), identifiersOf(person))).toEqual([])
  })

  test('stays erased though callbacks, a pull and chats go on at that moment', async () => {
    const { control, settle, db } = town()
    const people = await Promise.all(['甲乙丙', '丁戊己', '庚辛壬'].map((name) => customer(name)))
    const [person, ...others] = people
    const id = await find(person!.phone)
    const storm = people.flatMap((one) => [
      control.post('/_sandbox/members/zhangsan/edit', { phone: one.phone, remark: '备注改了' }),
      addJob(db, 'contacts.reconcile'),
      one === person ? Promise.resolve() : one.say('请问进度'),
      town().people.load(`SO-${others[0]!.phone.slice(-6)}`, others[0]!.phone, {
        status: one.phone.slice(0, 3),
      }),
    ])
    const [, erased] = await Promise.all([person!.say('还有事吗'), erase(id), ...storm])
    expect(erased.status).toBe(200)
    await settle()
    const left = naming(await dump(), identifiersOf(person!))
    // What he wrote meanwhile may count as coming anew; nothing of before does.
    expect(
      left.filter((row) => !row.startsWith('kf_messages: ') && !row.startsWith('contacts: ')),
    ).toEqual([])
    for (const other of others) expect(await other.me()).toMatchObject({ canQuery: true })
  })

  test('leaves others what is theirs: a claim of his number ends, a rival of his claim takes its place', async () => {
    const { people, server, db } = town()
    const person = await customer('向问天')
    const stranger = await people.arrive()
    await stranger.signIn()
    await server.post('/api/binding/temp', { phoneNumber: person.phone }, stranger.token)
    const disputed = inventPhone()
    await server.post('/api/binding/temp', { phoneNumber: disputed }, person.token)
    const rivals = [await people.arrive(), await people.arrive()]
    for (const rival of rivals) {
      await rival.signIn()
      await server.post('/api/binding/temp', { phoneNumber: disputed }, rival.token)
    }
    expect((await erase(await find(person.phone))).status).toBe(200)
    const claims = await db('temp_bindings')
      .orderBy('id')
      .select('id', 'phone_number', 'status', 'rival_of')
    expect(claims).toEqual([
      {
        id: expect.any(Number),
        phone_number: expect.stringContaining('****'),
        status: 'expired',
        rival_of: null,
      },
      { id: claims[1]!.id, phone_number: disputed, status: 'waiting', rival_of: null },
      {
        id: expect.any(Number),
        phone_number: disputed,
        status: 'waiting',
        rival_of: claims[1]!.id,
      },
    ])
    expect(await stranger.me()).toMatchObject({ openid: stranger.openid })
  })
})

describe('a customer asks in the mini-program', () => {
  const ask = (person: Person, kind: string) =>
    town().server.post('/api/rights/requests', { kind }, person.token)
  const asked = async (person: Person) =>
    (await town().server.get('/api/rights/requests', person.token)).body.data.items
  const open = async (state = 'open') =>
    (await get(`/api/admin/rights?state=${state}`)).body.data.items

  test('once of a kind at a time; an export closes it, a refusal says why', async () => {
    const person = await customer('莫大')
    const id = await find(person.phone)
    expect(await asked(person)).toEqual([])
    const both = await Promise.all([ask(person, 'export'), ask(person, 'export')])
    expect(both.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([
      200, 409,
    ])
    expect(await ask(person, 'export')).toMatchObject(refusal(409, 'rights.open'))
    expect(await ask(person, 'erase')).toMatchObject({
      status: 200,
      body: { message: '已申请，工作人员会在 15 个工作日内处理' },
    })
    const [erasing, exporting] = await open()
    expect(exporting).toMatchObject({
      kind: 'export',
      state: 'open',
      customerId: id,
      phoneMasked: `${person.phone.slice(0, 3)}****${person.phone.slice(-4)}`,
    })
    await exported(id)
    expect(await asked(person)).toMatchObject([
      { kind: 'erase', state: 'open' },
      { kind: 'export', state: 'done', closedAt: expect.any(String) },
    ])
    const path = `/api/admin/rights/${String(erasing.id)}/decline`
    expect((await post(path, { reason: '订单还在质保期' })).status).toBe(200)
    expect(await post(path, { reason: '订单还在质保期' })).toMatchObject(
      refusal(409, 'rights.closed'),
    )
    expect((await asked(person))[0]).toMatchObject({ state: 'declined', reason: '订单还在质保期' })
    expect(await open()).toEqual([])
    expect(await open('done')).toHaveLength(2)
    const log = (await get('/api/admin/operations?operation=rights.declined')).body.data.items
    expect(log).toMatchObject([{ operator: 'ADMIN_KEY', reason: '订单还在质保期' }])
    for (let tries = 0; tries < 2; tries += 1) {
      await ask(person, 'export')
      await exported(id)
    }
    expect(await ask(person, 'export')).toMatchObject(refusal(429, 'rights.too_often'))
  })

  test('an erasure closes it, and leaves of it no more than that it was', async () => {
    const person = await customer('曲洋')
    const id = await find(person.phone)
    await ask(person, 'erase')
    await erase(id)
    expect(await town().db('rights_requests')).toMatchObject([
      { account_id: null, customer_id: id, kind: 'erase', outcome: 'done', closed_by: 'ADMIN_KEY' },
    ])
  })

  test('also who is bound to nobody', async () => {
    const { people, db } = town()
    const person = await people.arrive()
    await person.signIn()
    await town().server.post('/api/binding/temp', { phoneNumber: person.phone }, person.token)
    await ask(person, 'erase')
    const [{ id, ...request }] = await open()
    expect(request).toEqual({
      kind: 'erase',
      state: 'open',
      accountId: expect.any(Number),
      requestedAt: expect.any(String),
    })
    const of = `/api/admin/rights/${String(id)}`
    expect(JSON.stringify((await get(`${of}/export`)).body.data)).toContain(person.openid)
    expect(await post(`${of}/erase`, because)).toMatchObject({
      status: 200,
      body: { data: { counts: { accounts: 1, temp_bindings: 1 } } },
    })
    expect(naming(await dump(), identifiersOf(person))).toEqual([])
    expect(await post(`${of}/erase`, because)).toMatchObject(refusal(404, 'rights.unknown'))
    expect(await db('operation_log').orderBy('id').pluck('target_type')).toEqual([
      'account',
      'account',
    ])
  })
})

describe('each door', () => {
  const DOORS: [string, string, object | undefined][] = [
    ['GET', '/api/admin/customers/4711/export', undefined],
    ['POST', '/api/admin/customers/4711/erase', because],
    ['GET', '/api/admin/rights/4711/export', undefined],
    ['POST', '/api/admin/rights/4711/erase', because],
    ['POST', '/api/admin/rights/4711/decline', because],
  ]
  const knock = (
    method: string,
    path: string,
    body: object | undefined,
    key: string | undefined,
  ) => (method === 'GET' ? town().server.get(path, key) : town().server.post(path, body, key))

  test.each(DOORS)(
    '%s %s refuses who may not, and whom nobody knows',
    async (method, path, body) => {
      const { people, house } = town()
      const person = await people.arrive()
      await person.signIn()
      const operator = await house.access.createKey({
        name: 'o',
        scope: 'operator',
        expiresAt: null,
      })
      expect(await knock(method, path, body, undefined)).toMatchObject(refusal(401, 'key.missing'))
      expect((await knock(method, path, body, person.token)).status).toBe(403)
      expect(await knock(method, path, body, operator)).toMatchObject(refusal(403, 'key.forbidden'))
      expect((await knock(method, path, body, ADMIN_KEY)).status).toBe(404)
      expect((await knock(method, path.replace('4711', 'x1'), body, ADMIN_KEY)).status).toBe(400)
      if (method === 'POST')
        for (const wrong of [{}, { reason: ' ' }, { ...because, dryrun: true }])
          expect((await knock(method, path, wrong, ADMIN_KEY)).status).toBe(400)
    },
  )

  test('of a list and of requests', async () => {
    const { server, people } = town()
    const person = await people.arrive()
    await person.signIn()
    expect((await get('/api/admin/rights', '')).status).toBe(401)
    expect((await get('/api/admin/rights', person.token)).status).toBe(403)
    expect((await get('/api/admin/rights?state=x')).status).toBe(400)
    expect((await get('/api/admin/rights?cursor=x')).status).toBe(400)
    expect((await get('/api/admin/customers/1/export?format=pdf')).status).toBe(400)
    for (const [token, status] of [
      [undefined, 401],
      [ADMIN_KEY, 403],
    ] as const) {
      expect((await server.get('/api/rights/requests', token)).status).toBe(status)
      expect((await server.post('/api/rights/requests', { kind: 'erase' }, token)).status).toBe(
        status,
      )
    }
    for (const wrong of [{}, { kind: 'sell' }, { kind: 'erase', accountId: 1 }])
      expect((await server.post('/api/rights/requests', wrong, person.token)).status).toBe(400)
  })
})
