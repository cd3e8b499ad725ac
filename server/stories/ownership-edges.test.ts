import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { Job } from '../lib/jobs.ts'
import { createNumberRooms, type Rooms } from '../test/numbers/rooms.ts'
import { testDatabase, type TestDatabase } from '../test/database.ts'
import { holdPeople, queued } from '../test/locks.ts'
import type { Contact } from '../outside/wecom/contacts.entries.ts'

const DAY = 86_400_000
const START = Date.UTC(2024, 0, 1)
const PHONE = '13800138000'
const union = (contact: string) => `union-${contact}`

let database: TestDatabase
let rooms: Rooms
let now = START
const contacts = new Map<string, Contact>()
const queue: Job[] = []

beforeAll(async () => {
  database = await testDatabase()
  rooms = createNumberRooms({
    db: database.db,
    queue,
    clock: () => new Date(now),
    platform: { findContact: (id) => contacts.get(id) ?? null },
  })
})
beforeEach(async () => {
  await database.clear()
  contacts.clear()
  queue.length = 0
  now = START
})

const onDay = (day: number): void => void (now = START + day * DAY)
const dayText = (day: number): string => new Date(START + day * DAY).toISOString()
const load = (orderNo: string, body: object) =>
  rooms.projects.save(
    orderNo,
    { title: '订单', customerPhone: PHONE, ...body } as Parameters<Rooms['projects']['save']>[1],
    { operator: { name: 'erp', requestId: 'r' } },
  )

/** A member finds the contact by the number; his account is the same WeChat user's. */
async function add(contact: string, phone = PHONE): Promise<number> {
  contacts.set(contact, {
    externalUserId: contact,
    name: '昵称',
    type: 1,
    unionid: union(contact),
    follows: [
      {
        userId: 'zhangsan',
        createdAt: new Date(now),
        addWay: 2,
        operUserId: 'zhangsan',
        remarkMobiles: [phone],
      },
    ],
  })
  const [account] = await database
    .db('accounts')
    .insert({
      app: 'miniprogram',
      openid: `o-${contact}`,
      unionid: union(contact),
      identity_checked_at: new Date(now),
    })
    .onConflict(['app', 'openid'])
    .merge(['unionid'])
    .returning<{ id: number }[]>('id')
  await rooms.contacts.refresh(contact)
  return account!.id
}

async function readAs(accountId: number): Promise<string[]> {
  const page = await rooms.projects.listFor(accountId, { limit: 50 })
  return page.kind === 'page' ? page.items.map(({ orderNo }) => orderNo) : []
}

test.each([
  ['nameless', {}],
  ['named', { customerName: '王建国' }],
])(
  'work on a %s order that goes on after its buyer gave his number up shows it to nobody who has the number next',
  async (_, name) => {
    await load('SO-1', { ...name, order: { signedAt: dayText(0) } })
    onDay(150) // given up on day 50, and with somebody else since day 140
    await load('SO-1', { stages: [{ name: '安装', status: 'done', doneAt: dayText(149) }] })
    expect(await readAs(await add('wm-next'))).toEqual([])
  },
)

test('an order that is loaded while its customer gets another number: neither waits for the other for ever', async () => {
  await add('wm-one')
  await load('SO-1', { customerName: '王建国' })
  const { id } = await database.db('customers').first<{ id: number }>('id')
  const release = await holdPeople(
    database.db,
    `phone:${rooms.evidence.hashPhone(PHONE).toString('base64')}`,
  )
  const loading = load('SO-2', { customerName: '王建国、李梅' })
  await queued(database.db, 1)
  const changing = rooms.remedies.changePhone(
    id,
    { phone: '13900139000', proven: true, since: null },
    { reason: '换号', operator: { key: 'k', requestId: 'r' } },
  )
  await queued(database.db, 2)
  await release()
  expect((await Promise.allSettled([loading, changing])).map(({ status }) => status)).toEqual([
    'fulfilled',
    'fulfilled',
  ])
})

test('one admin may vouch for two customers in the same millisecond', async () => {
  await add('wm-one')
  await add('wm-two', '13900139000')
  const ids = await database.db('customers').orderBy('id').pluck<number[]>('id')
  const vouch = (id: number, phone: string) =>
    rooms.remedies.changePhone(
      id,
      { phone, proven: true, since: null },
      { reason: '核对', operator: { key: 'k', requestId: 'r' } },
    )
  expect(await Promise.all([vouch(ids[0]!, PHONE), vouch(ids[1]!, '13900139000')])).toMatchObject([
    { kind: 'mended' },
    { kind: 'mended' },
  ])
})

describe('an installation from before the tables (job customers.carry-over)', () => {
  const OLD_PHONE = '13700137000'
  /** As migration 0018 finds a party: whose it is, and no word why. */
  const asBefore = (orderNo: string, customerId: number | null, phone = PHONE) =>
    database
      .db('project_parties')
      .where({ project_id: database.db('projects').select('id').where({ order_no: orderNo }) })
      .update({
        customer_id: customerId,
        phone_hmac: rooms.evidence.hashPhone(phone),
        state: 'waiting',
        strength: null,
        name: null,
        name_then: null,
        decided_row: null,
        decided_at: null,
        settled_how: null,
        settled_by: null,
        confirmed_at: null,
        shown: false,
        shown_row: null,
      })
  const parties = () =>
    database
      .db('project_parties as y')
      .join('projects as p', 'p.id', 'y.project_id')
      .orderBy('p.order_no')
      .select<Record<string, unknown>[]>(
        'p.order_no',
        'y.state',
        'y.customer_id',
        'y.decided_row',
        'y.settled_how',
        'y.shown',
      )
  const idOf = async (contact: string) =>
    (await database.db('customers').where({ wework_userid: contact }).first<{ id: number }>('id'))
      .id

  test('what began in the time of its owner stays his, what began much later is held, and nobody is asked', async () => {
    const owner = await add('wm-one')
    for (const [day, orderNo] of [
      [10, 'SO-1'],
      [200, 'SO-2'],
    ] as const) {
      onDay(day)
      await load(orderNo, { status: '施工中' })
    }
    onDay(900)
    for (const orderNo of ['SO-1', 'SO-2']) await asBefore(orderNo, await idOf('wm-one'))
    expect(await readAs(owner)).toEqual([])
    for (let times = 0; times < 2; times += 1) {
      await rooms.customers.reconsiderNumbers(false)
      expect(await parties()).toMatchObject([
        { order_no: 'SO-1', state: 'attached', shown: true },
        { order_no: 'SO-2', state: 'held', decided_row: 'nothing tells' },
      ])
    }
    expect(await readAs(owner)).toEqual(['SO-1'])
    expect(await database.db('reviews')).toEqual([])
    expect(await rooms.orderClaims.claim(owner, 'SO-2')).toEqual({ kind: 'found' })
  })

  test('who has another number by now keeps what was loaded for him, and the next owner of the number does not get it', async () => {
    const former = await add('wm-one')
    await load('SO-1', { status: '施工中' })
    onDay(20)
    const vouched = { phone: OLD_PHONE, proven: true, since: null }
    await rooms.remedies.changePhone(await idOf('wm-one'), vouched, {
      reason: '换号',
      operator: { key: 'k', requestId: 'r' },
    })
    await asBefore('SO-1', await idOf('wm-one'))
    onDay(150)
    const next = await add('wm-next')
    await load('SO-2', { status: '施工中' })
    await asBefore('SO-2', await idOf('wm-next'))
    await rooms.customers.reconsiderNumbers(false)
    expect([await readAs(former), await readAs(next)]).toEqual([['SO-1'], ['SO-2']])
    expect(await parties()).toMatchObject([{ settled_how: 'hand_over' }, { settled_how: null }])
  })

  test("of a number that nobody has proven nothing is anybody's, whoever had it; the proof gives it back", async () => {
    await load('SO-1', { status: '施工中' })
    await asBefore('SO-1', (await database.db('customers').first<{ id: number }>('id')).id)
    await rooms.customers.reconsiderNumbers(false)
    expect(await parties()).toMatchObject([
      { state: 'waiting', shown: false, decided_row: 'nobody has proven the number' },
    ])
    onDay(3)
    expect(await readAs(await add('wm-one'))).toEqual(['SO-1'])
  })
})

/** A question about a number, answered just now: 是这位客户的. */
async function answered(): Promise<number> {
  await add('wm-one')
  await load('SO-1', { customerName: '王建国' })
  await load('SO-2', { customerName: '李梅' })
  const [id] = await openQuestions()
  await rooms.questions.answer(
    { id: id! },
    { answer: 'same', reason: '电话核实' },
    { name: 'zhangsan', requestId: 'r' },
  )
  return id!
}
const openQuestions = () =>
  database.db('reviews').where({ kind: 'number' }).whereNull('closed_at').pluck<number[]>('id')

test('an answer whose job runs early counts when its time has come, and not before', async () => {
  const id = await answered()
  queue.length = 0
  await rooms.questions.takeEffect(id)
  expect(await openQuestions()).toEqual([id])
  expect(queue.map(({ name }) => name)).toEqual(['questions.take-effect'])
  now += 11_000
  await rooms.questions.takeEffect(id)
  expect(await openQuestions()).toEqual([])
})

test('an answer waits for a load of an order that it is about, and holds nobody meanwhile', async () => {
  const id = await answered()
  now += 11_000
  const release = await holdPeople(database.db, 'order:SO-2')
  const acting = rooms.questions.takeEffect(id)
  await queued(database.db, 1)
  const phone = `phone:${rooms.evidence.hashPhone(PHONE).toString('base64')}`
  const { rows } = await database.db.raw<{ rows: { taken: boolean }[] }>(
    'select pg_try_advisory_xact_lock(hashtextextended(?, 0)) as taken',
    [phone],
  )
  expect(rows).toEqual([{ taken: true }])
  await release()
  await acting
  expect(await openQuestions()).toEqual([])
})

test("an order that was surely one customer's is not shown to another whose number the office types", async () => {
  const first = await add('wm-one')
  await load('SO-1', { customerName: '王建国' })
  expect(await readAs(first)).toEqual(['SO-1'])
  const second = await add('wm-two', '13900139000')
  await load('SO-1', { customerPhone: '13900139000', customerName: '王建国' })
  expect(await readAs(second)).toEqual([])
})

test('what was asked about a former owner of the number is asked anew about the next one', async () => {
  await add('wm-one')
  await load('SO-1', { customerName: '王建国' })
  await load('SO-2', { customerName: '李梅' })
  const open = () =>
    database.db('reviews').where({ kind: 'number' }).whereNull('closed_at').pluck<number[]>('id')
  const [asked] = await open()
  await rooms.questions.answer(
    { id: asked! },
    { answer: 'changed', reason: '电话核实' },
    { name: 'zhangsan', requestId: 'r' },
  )
  now += 11_000
  await rooms.questions.sweep()
  expect(await open()).toEqual([])
  onDay(100)
  const next = await add('wm-next')
  await load('SO-3', { customerName: '陈静' })
  expect(await readAs(next)).not.toContain('SO-2')
  await rooms.orderClaims.claim(next, 'SO-2')
  expect(await open()).toHaveLength(1)
})

test('questions come page by page, each once, and the last page says that it is the last', async () => {
  for (const [contact, phone] of [
    ['wm-one', PHONE],
    ['wm-two', '13900139000'],
    ['wm-three', '13700137000'],
  ] as const) {
    await add(contact, phone)
    await load(`${contact}-1`, { customerPhone: phone, customerName: '王建国' })
    await load(`${contact}-2`, { customerPhone: phone, customerName: '李梅' })
  }
  const page = (cursor: string | undefined) =>
    rooms.questions.list({
      state: 'open',
      cursor: cursor === undefined ? null : Number(cursor),
      limit: 2,
    })
  const first = await page(undefined)
  const second = await page(first.nextCursor)
  expect([first.items.length, second.items.length, second.nextCursor]).toEqual([2, 1, undefined])
  expect(new Set([...first.items, ...second.items].map(({ id }) => id)).size).toBe(3)
})
