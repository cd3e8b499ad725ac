import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { createLog } from '../../lib/log.ts'
import { testDatabase, type TestDatabase } from '../../test/database.ts'
import { queued } from '../../test/locks.ts'
import { createCustomer, leftOf, openDesk, orderNotice, workOff } from '../../test/notices/desk.ts'
import { createWeixin } from '../../test/notices/weixin.ts'
import { lockConsents } from './consents.store.ts'

const TEMPLATE = 'tpl-stage'

let database: TestDatabase
const log = createLog({ level: 'silent' })
const RUN = { attempt: 1, lastAttempt: false }
const HOUR_MS = 3_600_000
beforeAll(async () => {
  database = await testDatabase()
})
beforeEach(() => database.clear())

/** A customer, what is to be told him, and the process that tells it. */
async function open({ hasPush = true, isSaid = false } = {}) {
  let now = new Date('2026-05-01T04:00:00Z').getTime()
  const clock = (): Date => new Date(now)
  const { db, connectionString } = database
  const weixin = createWeixin(clock)
  const customer = await createCustomer(db)
  const about = await orderNotice(db, customer, clock())
  const { subject } = await db('notices').where({ id: about.noticeId }).first('subject')
  const chat = new Set<string>(isSaid ? [subject as string] : [])
  const desk = openDesk({ db, connectionString, weixin, chat, hasPush, clock, log })
  const report = () =>
    desk.noteReported({ accountId: customer.accountId, results: { [TEMPLATE]: 'accept' } })
  return {
    ...{ clock, weixin, customer, about, desk, report },
    advance: (ms: number): void => {
      now += ms
    },
    notice: () => db('notices').where({ id: about.noticeId }).first(),
    sendings: () => db('notice_sendings').orderBy('way').select('way', 'outcome', 'reason'),
  }
}

describe('a message in the chat', () => {
  test('that is refused in a way nobody knows, and was never tried before, did not arrive: a member tells', async () => {
    const { desk, about, sendings } = await open({ isSaid: true })
    await desk.send(about, RUN)
    expect(await sendings()).toEqual([
      { way: 'kf', outcome: 'refused', reason: 'other' },
      { way: 'staff', outcome: null, reason: null },
    ])
  })

  test('that was said is the end: no member is asked', async () => {
    const { desk, about, sendings, notice } = await open()
    await desk.send(about, RUN)
    expect(await sendings()).toEqual([{ way: 'kf', outcome: 'sent', reason: null }])
    expect(await notice()).toMatchObject({ state: 'told', reason: null })
  })

  test('of a stage that is over is for nobody', async () => {
    const { desk, about, sendings, notice } = await open()
    await database.db('notices').update({ stage: '测量' })
    await desk.send(about, RUN)
    expect(await notice()).toMatchObject({ state: 'dropped', reason: 'another stage by now' })
    expect(await sendings()).toEqual([])
  })

  test('is for nobody who is tied to no contact any more', async () => {
    const { desk, about, sendings, notice } = await open()
    await database.db('customer_accounts').delete()
    await desk.send(about, RUN)
    expect(await notice()).toMatchObject({ state: 'dropped', reason: 'no right any more' })
    expect(await sendings()).toEqual([])
  })
})

describe('a message whose answer was lost', () => {
  async function lost() {
    const world = await open()
    const { weixin, customer, desk, about } = world
    weixin.accept(customer.openid, TEMPLATE)
    for (const pushed of weixin.pushes.splice(0)) await desk.hear(pushed)
    world.advance(1_000)
    weixin.next('lost')
    await desk.send(about, RUN)
    return world
  }

  test('is not at its end before WeChat has had five minutes to tell of it', async () => {
    const { clock, notice } = await lost()
    expect(await notice()).toMatchObject({ state: 'unknown', ended_at: null })
    expect(await database.db('lane_jobs').select('name', 'run_at')).toEqual([
      { name: 'notices.resolve', run_at: new Date(clock().getTime() + 5 * 60_000) },
    ])
  })

  test('is at its end when WeChat tells of it', async () => {
    const { weixin, desk, notice, sendings } = await lost()
    for (const pushed of weixin.pushes.splice(0)) await desk.hear(pushed)
    await workOff(database.db, desk)
    expect(await sendings()).toMatchObject([{ way: 'subscribe', outcome: 'sent' }])
    expect(await notice()).toMatchObject({ state: 'told', ended_at: expect.any(Date) })
  })

  test('is not known by what WeChat tells of a message by another template', async () => {
    const { weixin, customer, desk, sendings } = await lost()
    weixin.pushes.length = 0
    const receipt = { templateId: 'tpl-booking', msgId: '9', errorCode: '0' }
    await desk.noteReceipts({ openid: customer.openid, receipts: [receipt] })
    await workOff(database.db, desk)
    // Sent once more by the same consent, which WeChat says is spent.
    expect(await sendings()).toMatchObject([{ way: 'subscribe', outcome: 'presumed' }])
  })
})

test('what is sent once more is no matter of anybody else', async () => {
  const [fine, doubted] = [await open(), await open()]
  for (const { weixin, customer, desk } of [fine, doubted]) {
    weixin.accept(customer.openid, TEMPLATE)
    for (const pushed of weixin.pushes.splice(0)) await desk.hear(pushed)
  }
  for (const world of [fine, doubted]) world.advance(1_000)
  await fine.desk.send(fine.about, RUN)
  doubted.weixin.next('lost')
  await doubted.desk.send(doubted.about, RUN)
  const told = () =>
    database.db('notice_sendings').where({ notice_id: fine.about.noticeId }).first()
  const before = await told()
  expect(before).toMatchObject({ outcome: 'sent', tries: 1 })
  await workOff(database.db, doubted.desk)
  expect(await told()).toEqual(before)
})

describe('what his own mini-program says he accepted', () => {
  /** Twenty that he gave so long ago, and that are used up. */
  const give = async (accountId: number, at: Date) =>
    database.db('notice_consents').insert(
      Array.from({ length: 20 }, (_, n) => ({
        account_id: accountId,
        template_id: TEMPLATE,
        given_at: new Date(at.getTime() + n),
        source: 'client',
        spent_at: at,
      })),
    )

  test.each([
    [23, 0],
    [25, 1],
  ])('is believed twenty times in 24 hours: %i hours later %i more', async (hours, more) => {
    const { customer, clock, desk, report } = await open({ hasPush: false })
    await give(customer.accountId, new Date(clock().getTime() - hours * HOUR_MS))
    await report()
    expect(await leftOf(desk, customer)).toBe(more)
  })

  test('is not counted with what others accepted', async () => {
    const { clock, desk, customer, report } = await open({ hasPush: false })
    const other = await createCustomer(database.db)
    await give(other.accountId, new Date(clock().getTime() - HOUR_MS))
    await report()
    expect(await leftOf(desk, customer)).toBe(1)
  })

  test('waits for whoever counts what is left, and so does what WeChat says', async () => {
    const { customer, clock, desk, report } = await open({ hasPush: false })
    const { accountId, openid } = customer
    const counting = await database.db.transaction()
    await lockConsents(counting, { accountId, templateId: TEMPLATE })
    const told = { openid, at: clock(), accepted: [TEMPLATE], rejected: [] }
    const noting = Promise.all([report(), desk.noteAsked(told)])
    await queued(database.db, 2)
    await counting.rollback()
    await noting
    expect(await leftOf(desk, customer)).toBeGreaterThan(0)
  })
})
