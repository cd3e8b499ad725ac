import { beforeAll, beforeEach, expect, test } from '@jest/globals'
import { createLog } from '../../lib/log.ts'
import { testDatabase, type TestDatabase } from '../../test/database.ts'
import { createCustomer, openDesk, orderNotice, type Kind } from '../../test/notices/desk.ts'
import { createWeixin } from '../../test/notices/weixin.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
beforeEach(() => database.clear())

const RUN = { attempt: 1, lastAttempt: false }
const STAFF_QUIET = { from: '21:00', to: '08:00' }
const NIGHT = new Date('2026-05-01T14:00:00Z')
const MORNING = new Date('2026-05-02T00:00:00Z')

/** Somebody who has consented, and something to tell him. */
async function openNight(kind: Kind) {
  const { db, connectionString } = database
  let now = NIGHT
  const clock = (): Date => now
  const weixin = createWeixin(clock)
  const log = createLog({ level: 'silent' })
  const given = { db, connectionString, weixin, chat: null, hasPush: true, clock, log }
  const desk = openDesk({ ...given, staffQuiet: STAFF_QUIET })
  const customer = await createCustomer(db, kind)
  weixin.accept(customer.openid, customer.templateId)
  for (const pushed of weixin.pushes.splice(0)) await desk.hear(pushed)
  const about = await orderNotice(db, customer, clock())
  await desk.send(about, RUN)
  return { desk, weixin, about, toMorning: () => (now = MORNING) }
}

test('an advisor is told nothing in the quiet hours of the staff, and all of it when they end', async () => {
  const { desk, weixin, about, toMorning } = await openNight('advisor_action')
  expect(weixin.messages).toEqual([])
  const waiting = await database.db('lane_jobs').where({ name: 'notices.send' })
  expect(waiting.map(({ run_at: at }) => at)).toEqual([MORNING])
  toMorning()
  await desk.send(about, RUN)
  expect(weixin.messages).toHaveLength(1)
})

test('for customers their own quiet hours count, which are other ones', async () => {
  const { weixin } = await openNight('booking_state')
  expect(weixin.messages).toHaveLength(1)
})
