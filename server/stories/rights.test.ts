import { setTimeout as wait } from 'node:timers/promises'
import { beforeEach, describe, expect, test } from '@jest/globals'
import { findTicket, inventPhone, type Person } from '../../scripts/play/people.ts'
import { addJob } from '../test/job-desk.ts'
import { ADMIN_KEY, OFFICIAL, useTown } from '../test/town.ts'

const town = useTown({ ...OFFICIAL, STAFF_QUIET_HOURS: 'off' })
const NAME = '欧阳明月'
const REMARK = '明月姐小区团购'
const ADDRESS = '星河路八十八号一六零一'
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

  const done = await erase(id, { reason: `${NAME} 书面申请，电话 ${person.phone}` })
  expect(done).toMatchObject({ status: 200, body: { data: { counts: tried.counts } } })
  expect((await town().server.get('/api/me', person.token)).status).toBe(401)
  await settle()
  expect(naming(await dump(), words)).toEqual([])
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
