import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { lockKey, type Db } from '../lib/db.ts'
import type { Job } from '../lib/jobs.ts'
import type { Contact } from '../outside/wecom/contacts.entries.ts'
import { testDatabase, type TestDatabase } from '../test/database.ts'
import { queued } from '../test/locks.ts'
import { createNumberRooms, type Rooms } from '../test/numbers/rooms.ts'

const [PHONE, OTHER] = ['13800138000', '13900139000'] as const
const NOW = new Date(Date.UTC(2026, 2, 2, 1))
const CONTACT = 'wm-one'

let database: TestDatabase
let rooms: Rooms
let contact: Contact
const queue: Job[] = []

beforeAll(async () => {
  database = await testDatabase()
  rooms = createNumberRooms({
    db: database.db,
    queue,
    clock: () => NOW,
    platform: { findContact: (id) => (id === CONTACT ? contact : null) },
  })
})
beforeEach(() => database.clear())

/** Members found the contact by its number and noted these. */
async function add(noted: Record<string, string>): Promise<void> {
  contact = {
    externalUserId: CONTACT,
    name: '昵称',
    type: 1,
    unionid: 'union',
    follows: Object.entries(noted).map(([userId, phone]) => ({
      userId,
      createdAt: NOW,
      addWay: 2,
      operUserId: userId,
      remarkMobiles: [phone],
    })),
  }
  await rooms.contacts.refresh(CONTACT)
}
const customers = () =>
  database.db('customers').select<{ id: number; phone: string | null }[]>('id', { phone: 'phone' })
const asked = () => database.db('reviews').whereNull('closed_at').pluck<string[]>('kind')
const changePhone = (id: number) =>
  rooms.remedies.changePhone(
    id,
    { phone: OTHER, proven: false, since: null },
    { reason: '换号', operator: { key: 'k', requestId: 'r' } },
  )

/** Who waits for a contact holds no number: else two could wait for each other for ever. */
const mayLock = async (db: Db, phone: string): Promise<boolean> => {
  const key = `phone:${rooms.evidence.hashPhone(phone).toString('base64')}`
  const { rows } = await db.raw<{ rows: { taken: boolean }[] }>(
    'select pg_try_advisory_xact_lock(hashtextextended(?, 0)) as taken',
    [key],
  )
  return rows[0]!.taken
}

describe('whoever decides about the same person at the same moment', () => {
  test('is waited for by a look at a contact, which sees what was decided about its number', async () => {
    const deciding = await database.db.transaction()
    await lockKey(deciding, `phone:${rooms.evidence.hashPhone(PHONE).toString('base64')}`)
    const adding = add({ zhangsan: PHONE })
    await queued(database.db, 1)
    await deciding('number_answers').insert({
      external_userid: CONTACT,
      phone_hmac: rooms.evidence.hashPhone(PHONE),
      kind: 'changed',
      since: NOW,
      answered_at: NOW,
      answered_by: 'admin',
    })
    await deciding.commit()
    await adding
    expect(await customers()).toMatchObject([{ phone: null }])
  })

  test('is waited for by an admin who gives the contact another phone', async () => {
    await add({ zhangsan: PHONE })
    const [customer] = await customers()
    const deciding = await database.db.transaction()
    await lockKey(deciding, `contact:${CONTACT}`)
    const changing = changePhone(customer!.id)
    await queued(database.db, 1)
    expect(await customers()).toMatchObject([{ phone: PHONE }])
    expect(await mayLock(deciding, OTHER)).toBe(true)
    await deciding.rollback()
    await changing
    expect(await customers()).toMatchObject([{ phone: OTHER }])
  })
})

test('a phone that an admin changed stands in the history with who did it', async () => {
  await add({ zhangsan: PHONE })
  const [customer] = await customers()
  await changePhone(customer!.id)
  expect(
    await database
      .db('binding_history')
      .where({ decision: 'an admin changed the phone' })
      .select('outcome', 'actor', 'phone_masked', 'external_userid'),
  ).toEqual([
    {
      outcome: 'change phone',
      actor: 'k',
      phone_masked: '139****9000',
      external_userid: CONTACT,
    },
  ])
})

test('a number that another member notes against the proven one is asked about; the same one is not', async () => {
  await add({ zhangsan: PHONE, lisi: PHONE })
  expect([await customers(), await asked()]).toMatchObject([[{ phone: PHONE }], []])
  await database.clear()
  await add({ lisi: PHONE, zhangsan: OTHER })
  expect([await customers(), await asked()]).toMatchObject([
    [{ phone: PHONE }],
    ['members_disagree'],
  ])
})
