import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { testDatabase, type TestDatabase } from '../../test/database.ts'
import {
  endFollow,
  giveFollow,
  insertEvent,
  isMirrored,
  markSeen,
  upsertAddEvent,
  upsertContact,
  upsertFollow,
} from './contacts.store.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})

const at = (minute: number): Date => new Date(Date.UTC(2026, 2, 2, 1, minute))
const CONTACT = { externalUserId: 'wm1', name: '王小明', type: 1, follows: [] }
const told = (followedAt: number, askedAt: number, remark: string) =>
  upsertFollow(database.db, {
    externalUserId: 'wm1',
    follow: { userId: 'zhangsan', addWay: 2, createdAt: at(followedAt), remark, remarkMobiles: [] },
    askedAt: at(askedAt),
  })
const end = (minute: number) =>
  endFollow(database.db, {
    externalUserId: 'wm1',
    userId: 'zhangsan',
    at: at(minute),
    transferred: false,
  })
const known = () =>
  database.db('contact_follows').first('remark', 'followed_at', 'fetched_at', 'ended_at')

beforeEach(async () => {
  await database.clear()
  await upsertContact(database.db, CONTACT, at(10))
  await told(10, 20, 'known')
})

describe('of two answers about a follow', () => {
  test.each([
    ['the same follow, asked later', 10, 21, 'told'],
    ['the same follow, asked in the same moment', 10, 20, 'told'],
    ['the same follow, asked before', 10, 19, 'known'],
    ['a later follow', 11, 21, 'told'],
    ['an earlier follow, asked before', 9, 19, 'known'],
    ['an earlier follow, asked later', 9, 21, 'known'],
  ])('%s', async (_, followedAt, askedAt, remark) => {
    await told(followedAt, askedAt, 'told')
    expect(await known()).toMatchObject({ remark, ended_at: null })
  })

  test.each([
    ['asked before it ended', 24],
    ['asked after', 26],
  ])('none revives one that ended: %s', async (_, askedAt) => {
    await end(25)
    await told(10, askedAt, 'told')
    expect(await known()).toMatchObject({ followed_at: at(10), ended_at: at(25) })
  })

  test('a deletion from before it began does not end it', async () => {
    await end(9)
    expect(await known()).toMatchObject({ followed_at: at(10), ended_at: null })
    await end(10)
    expect(await known()).toMatchObject({ ended_at: at(10) })
  })

  test('the next follow lives, also when an answer about the former one comes late', async () => {
    await end(25)
    await told(30, 31, 'next')
    await told(10, 24, 'late')
    expect(await known()).toEqual({
      remark: 'next',
      followed_at: at(30),
      fetched_at: at(31),
      ended_at: null,
    })
  })

  test('a look that found nothing new does not make an answer older than it is', async () => {
    await markSeen(database.db, { externalUserId: 'wm1', userId: 'zhangsan', askedAt: at(15) })
    expect(await known()).toMatchObject({ fetched_at: at(20) })
    await markSeen(database.db, { externalUserId: 'wm1', userId: 'zhangsan', askedAt: at(25) })
    expect(await known()).toMatchObject({ fetched_at: at(25) })
  })
})

test.each([
  [9, '王小明'],
  [10, '王先生'],
  [11, '王先生'],
])(
  'a contact asked about at minute %d, known as of minute 10, is called %s',
  async (askedAt, name) => {
    await upsertContact(database.db, { ...CONTACT, name: '王先生' }, at(askedAt))
    expect(await database.db('contacts').first('name')).toEqual({ name })
  },
)

describe('a pulled entry is what we have already', () => {
  const contact = { externalUserId: 'wm1', name: '王小明', type: 1, unionid: 'u1' }
  const follow = {
    userId: 'zhangsan',
    addWay: 2,
    createdAt: at(10),
    operUserId: 'zhangsan',
    remarkMobiles: ['13800138000'],
  }
  beforeEach(async () => {
    await upsertContact(database.db, { ...contact, follows: [] }, at(20))
    await upsertFollow(database.db, { externalUserId: 'wm1', follow, askedAt: at(20) })
    await upsertAddEvent(database.db, { externalUserId: 'wm1', follow, raw: null })
  })

  test.each([
    ['when all is the same', {}, {}, true],
    ['also when the pull does not tell the unionid', { unionid: undefined }, {}, true],
    ['not of another contact', { externalUserId: 'wm2' }, {}, false],
    ['not when the unionid is another', { unionid: 'u2' }, {}, false],
    ['not when the contact is of another type', { type: 2 }, {}, false],
    ['not of another member', {}, { userId: 'lisi' }, false],
    ['not of another follow', {}, { createdAt: at(11) }, false],
    ['not when he was added in another way', {}, { addWay: 1 }, false],
    ['not when somebody else added him', {}, { operUserId: 'lisi' }, false],
    ['not when nobody is named who added him', {}, { operUserId: undefined }, false],
    ['not when a number is noted', {}, { remarkMobiles: ['13800138000', '13900139000'] }, false],
    ['not when a number is taken out', {}, { remarkMobiles: [] }, false],
  ])('%s', async (_, contactMore, followMore, mirrored) => {
    const { unionid, ...told } = { ...contact, ...contactMore }
    const { operUserId, ...seen } = { ...follow, ...followMore }
    const [asContact, asFollow] = [
      { ...told, ...(unionid !== undefined && { unionid }) },
      { ...seen, ...(operUserId !== undefined && { operUserId }) },
    ]
    expect(await isMirrored(database.db, asContact, asFollow)).toBe(mirrored)
  })

  test('not when the follow has ended, or its event is missing', async () => {
    await database.db('wework_customer_events').delete()
    expect(await isMirrored(database.db, contact, follow)).toBe(false)
    await upsertAddEvent(database.db, { externalUserId: 'wm1', follow, raw: null })
    expect(await isMirrored(database.db, contact, follow)).toBe(true)
    await end(25)
    expect(await isMirrored(database.db, contact, follow)).toBe(false)
  })
})

describe('the add event of a follow', () => {
  const follow = { userId: 'zhangsan', addWay: 2, createdAt: at(10), remarkMobiles: [] as string[] }
  const add = (more: object, raw: object | null = null) =>
    upsertAddEvent(database.db, { externalUserId: 'wm1', follow: { ...follow, ...more }, raw })
  const event = () =>
    database
      .db('wework_customer_events')
      .first('customer_phone', 'add_way', 'state', 'raw_event_data', 'followed_at')

  test('is one, and learns what was not known at first: the phone, the words of the callback', async () => {
    await add({ state: 'poster' })
    expect(await event()).toEqual({
      customer_phone: null,
      add_way: 2,
      state: 'poster',
      raw_event_data: null,
      followed_at: at(10),
    })
    await add(
      { state: 'poster', remarkMobiles: ['138 0013 8000'] },
      { ChangeType: 'add_external_contact' },
    )
    expect(await event()).toMatchObject({
      customer_phone: '13800138000',
      raw_event_data: { ChangeType: 'add_external_contact' },
    })
    await add({ state: 'poster', remarkMobiles: ['13900139000'] }, { ChangeType: 'other' })
    expect(await event()).toMatchObject({
      customer_phone: '13800138000',
      raw_event_data: { ChangeType: 'add_external_contact' },
    })
    expect(await database.db('wework_customer_events')).toHaveLength(1)
  })

  test('names no phone when several are noted, and no state when there is none', async () => {
    await add({ remarkMobiles: ['13800138000', '13900139000'] })
    expect(await event()).toMatchObject({ customer_phone: null, state: null })
  })

  test('of the next follow is another', async () => {
    await add({})
    await add({ createdAt: at(30) })
    expect(await database.db('wework_customer_events')).toHaveLength(2)
  })
})

describe('an add that was told of before WeCom showed it', () => {
  const BEGAN = at(30)
  const tell = (userId: string, callbackId: number) =>
    insertEvent(database.db, {
      type: 'add_external_contact',
      externalUserId: 'wm1',
      userId,
      state: null,
      raw: { at: BEGAN.toISOString() },
      callbackId,
    })
  const show = (userId: string) =>
    giveFollow(database.db, { externalUserId: 'wm1', userId, addWay: 2, createdAt: BEGAN })
  const follows = () =>
    database
      .db('wework_customer_events')
      .orderBy('id')
      .select<{ employee_userid: string; followed_at: Date | null }[]>(
        'employee_userid',
        'followed_at',
      )

  test('belongs to the member whose follow is shown, not to another', async () => {
    await tell('lisi', 1)
    await tell('zhangsan', 2)
    await show('zhangsan')
    expect(await follows()).toEqual([
      { employee_userid: 'lisi', followed_at: null },
      { employee_userid: 'zhangsan', followed_at: BEGAN },
    ])
  })

  test('is one, however often it was told of', async () => {
    await tell('zhangsan', 1)
    await tell('zhangsan', 2)
    await show('zhangsan')
    await show('zhangsan')
    expect((await follows()).map((event) => event.followed_at)).toEqual([BEGAN, null])
  })
})
