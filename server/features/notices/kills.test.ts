import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { createLog } from '../../lib/log.ts'
import { holdTable, queued } from '../../test/locks.ts'
import { testDatabase, type TestDatabase } from '../../test/database.ts'
import {
  createCustomer,
  leftOf,
  openDesk,
  orderNotice,
  toActionId,
  workOff,
  type Customer,
  type Desk,
  type Kind,
} from '../../test/notices/desk.ts'
import { createLife } from '../../test/notices/life.ts'
import { createWeixin } from '../../test/notices/weixin.ts'

let database: TestDatabase
const log = createLog({ level: 'silent' })
beforeAll(async () => {
  database = await testDatabase()
})
beforeEach(() => database.clear())

const RUN = { attempt: 1, lastAttempt: false }
type World = {
  kind?: Kind
  consents: number
  isChatOpen: boolean
  hasPush: boolean
  /** The process that goes on was not there yet, and what WeChat told is lost. */
  isAway?: boolean
}

function openWorld({ isChatOpen, hasPush }: World) {
  let now = new Date('2026-05-01T04:00:00Z').getTime()
  const clock = (): Date => new Date(now)
  const weixin = createWeixin(clock)
  const chat = isChatOpen ? new Set<string>() : null
  const given = { connectionString: database.connectionString, weixin, chat, hasPush, clock, log }
  return {
    weixin,
    chat,
    clock,
    advance: (ms: number): void => void (now += ms),
    given,
    survivor: openDesk({ ...given, db: database.db }),
  }
}

async function hearAll({ weixin, survivor }: ReturnType<typeof openWorld>): Promise<void> {
  for (const pushed of weixin.pushes.splice(0)) await survivor.hear(pushed)
}

/** As WeChat or, without its push, his own mini-program tells of it. */
async function consent(world: ReturnType<typeof openWorld>, customer: Customer, hasPush: boolean) {
  world.weixin.accept(customer.openid, customer.templateId)
  if (hasPush) await hearAll(world)
  else
    await world.survivor.noteReported({
      accountId: customer.accountId,
      results: { [customer.templateId]: 'accept' },
    })
  world.advance(1_000)
}

/** One process sends and dies at this point; another does its job again, hears what WeChat tells, and looks. Answers whether it died. */
async function sendAndDie(like: World, point: number) {
  const world = openWorld(like)
  const { weixin, clock } = world
  const customer = await createCustomer(database.db, like.kind)
  for (let given = 0; given < like.consents; given += 1)
    await consent(world, customer, like.hasPush)
  const about = await orderNotice(database.db, customer, clock())
  const life = createLife(database.connectionString)
  const mortal = openDesk({ ...world.given, db: life.db, reach: life.reach })
  life.killAt(point)
  const ended = await Promise.race([
    mortal.send(about, RUN).then(() => 'alive' as const),
    life.death,
  ])
  const passed = life.count()
  if (ended === 'dead') await life.bury(database.db)
  else await life.end()
  world.advance(10_000)
  if (like.isAway) comeBack(world)
  await world.survivor.send(about, RUN)
  await finish(world)
  const [notice] = await database.db('notices').where({ id: about.noticeId })
  const told = { messages: weixin.messages.length, said: world.chat?.size ?? 0 }
  const left = {
    ours: await leftOf(world.survivor, customer),
    theirs: weixin.leftOf(customer.openid, customer.templateId),
  }
  return { ended, passed, told, left, state: notice.state as string, point }
}

/** What WeChat told meanwhile is lost. */
function comeBack(world: ReturnType<typeof openWorld>): void {
  world.weixin.pushes.splice(0)
  world.survivor = openDesk({ ...world.given, db: database.db })
}

async function finish(world: ReturnType<typeof openWorld>): Promise<void> {
  await hearAll(world)
  for (let rounds = 0; rounds < 5; rounds += 1) {
    world.advance(6 * 60_000)
    if ((await workOff(database.db, world.survivor)) === 0) return
    await hearAll(world)
  }
}

async function dieEverywhere(like: World) {
  const whole = await sendAndDie(like, Infinity)
  expect(whole.ended).toBe('alive')
  const lives = []
  for (let point = 1; point <= whole.passed; point += 1) lives.push(await sendAndDie(like, point))
  expect(lives.every(({ ended }) => ended === 'dead')).toBe(true)
  return { whole, lives }
}
type Life = Awaited<ReturnType<typeof sendAndDie>>
const notHonest = (lives: readonly Life[]): Life[] =>
  lives.filter(({ left }) => left.ours > left.theirs)

describe('killed at any point, the customer is told once', () => {
  test.each([1, 2])('by one of %i consents, where WeChat tells what arrived', async (consents) => {
    const { whole, lives } = await dieEverywhere({ consents, isChatOpen: true, hasPush: true })
    expect(whole.passed).toBeGreaterThanOrEqual(12)
    expect(lives.filter(({ told }) => told.messages !== 1 || told.said !== 0)).toEqual([])
    expect(lives.filter(({ state }) => state !== 'told')).toEqual([])
    expect(notHonest(lives)).toEqual([])
  })

  test('by his last consent, where WeChat tells nothing', async () => {
    const { lives } = await dieEverywhere({ consents: 1, isChatOpen: true, hasPush: false })
    expect(lives.filter(({ told }) => told.messages !== 1 || told.said !== 0)).toEqual([])
    expect(lives.filter(({ state }) => state !== 'told')).toEqual([])
    expect(notHonest(lives)).toEqual([])
  })

  test('in his chat, where he has not consented', async () => {
    const { whole, lives } = await dieEverywhere({ consents: 0, isChatOpen: true, hasPush: true })
    expect(whole.passed).toBeGreaterThanOrEqual(12)
    expect(lives.filter(({ told }) => told.messages !== 0 || told.said !== 1)).toEqual([])
    expect(lives.filter(({ state }) => state !== 'told')).toEqual([])
  })

  test('by a member, where nothing of ours reaches him', async () => {
    const { lives } = await dieEverywhere({ consents: 0, isChatOpen: false, hasPush: true })
    const tasks = await database.db('notice_sendings').where({ way: 'staff' })
    expect(tasks).toHaveLength(lives.length + 1)
    expect(lives.filter(({ state }) => state !== 'told')).toEqual([])
  })
})

const lastConsent = { consents: 1, isChatOpen: true, hasPush: true }
const noConsent = { consents: 0, isChatOpen: true, hasPush: true }
const staffTasks = () => database.db('notice_sendings').where({ way: 'staff' })

describe('killed at any point, an advisor hears once what a customer did', () => {
  const kind = 'advisor_action'

  test('by his last consent (R2.25)', async () => {
    const { whole, lives } = await dieEverywhere({ ...lastConsent, kind })
    expect(whole.passed).toBeGreaterThanOrEqual(12)
    expect(lives.filter(({ told }) => told.messages !== 1 || told.said !== 0)).toEqual([])
    expect(lives.filter(({ state }) => state !== 'told')).toEqual([])
    expect(await staffTasks()).toEqual([])
    expect(notHonest(lives)).toEqual([])
  })

  test('as a member, where he has not subscribed; in no chat', async () => {
    const { lives } = await dieEverywhere({ ...noConsent, kind })
    expect(lives.filter(({ told }) => told.messages + told.said > 0)).toEqual([])
    expect(await staffTasks()).toHaveLength(lives.length + 1)
  })

  test('and of what may have arrived as a member, where WeChat tells nothing', async () => {
    const { lives } = await dieEverywhere({ ...lastConsent, consents: 2, hasPush: false, kind })
    expect(lives.filter(({ told }) => told.messages > 1)).toEqual([])
    expect(lives.filter(({ state }) => state !== 'told')).toEqual([])
    expect(notHonest(lives)).toEqual([])
  })
})

describe('what is ordered twice, because the first was killed or two did it at once', () => {
  /** The action itself is of no interest here: only who does it stands in its id. */
  const forgetActions = () =>
    database.db.raw('alter table notices drop constraint if exists notices_action_id_fkey')

  async function orderTwice(act: (tell: (desk: Desk) => Promise<void>) => Promise<void>) {
    const world = openWorld(lastConsent)
    const customer = await createCustomer(database.db, 'advisor_action')
    await consent(world, customer, true)
    await act((desk) => desk.tellAction({ actionId: toActionId(customer.accountId) }))
    await finish(world)
    return world.weixin.messages.length
  }
  const survive = (tell: (desk: Desk) => Promise<void>) => tell(openWorld(lastConsent).survivor)

  test('an advisor is told once', async () => {
    await forgetActions()
    const told = []
    for (let point = 1; point <= 8; point += 1) {
      const life = createLife(database.connectionString)
      const mortal = openDesk({ ...openWorld(lastConsent).given, db: life.db })
      life.killAt(point)
      const came = await orderTwice(async (tell) => {
        const ended = await Promise.race([tell(mortal).then(() => 'alive'), life.death])
        await (ended === 'dead' ? life.bury(database.db) : life.end())
        await survive(tell)
      })
      told.push(came)
    }
    told.push(await orderTwice(async (tell) => void (await Promise.all([tell, tell].map(survive)))))
    expect(told).toEqual(told.map(() => 1))
  })
})

describe('killed at any point, a customer hears once how his booking went', () => {
  const kind = 'booking_state'

  test('by his last consent', async () => {
    const { lives } = await dieEverywhere({ ...lastConsent, kind })
    expect(lives.filter(({ told }) => told.messages !== 1 || told.said !== 0)).toEqual([])
    expect(notHonest(lives)).toEqual([])
  })

  test('in his chat, where he has not consented', async () => {
    const { lives } = await dieEverywhere({ ...noConsent, kind })
    expect(lives.filter(({ told }) => told.messages !== 0 || told.said !== 1)).toEqual([])
    expect(lives.filter(({ state }) => state !== 'told')).toEqual([])
  })
})

describe('what may have arrived is not sent again while more consents are left, and a member is asked', () => {
  test.each([
    ['WeChat tells nothing', { hasPush: false }],
    ['nobody was there to hear it', { hasPush: true, isAway: true }],
  ])('where %s', async (_, world) => {
    const { lives } = await dieEverywhere({ consents: 2, isChatOpen: true, ...world })
    expect(lives.filter(({ told }) => told.messages + told.said > 1)).toEqual([])
    expect(lives.filter(({ state }) => state !== 'told')).toEqual([])
    const asked = await database.db('notice_sendings').where({ way: 'staff' })
    const untold = lives.filter(({ told }) => told.messages + told.said === 0)
    expect(asked.length).toBeGreaterThanOrEqual(untold.length)
    expect(untold.length).toBeGreaterThan(0)
    expect(notHonest(lives)).toEqual([])
  })
})

describe('two processes', () => {
  test('never spend one consent twice', async () => {
    const world = openWorld({ consents: 1, isChatOpen: false, hasPush: true })
    const other = createLife(database.connectionString)
    const desks = [world.survivor, openDesk({ ...world.given, db: other.db })]
    for (let round = 0; round < 3; round += 1) {
      const customer = await createCustomer(database.db)
      await consent(world, customer, true)
      const asked = {
        openid: customer.openid,
        templateId: customer.templateId,
        data: { thing1: '样板' },
      }
      const unlock = await holdTable(database.db, 'notice_sendings', 'exclusive')
      const asking = [...desks, ...desks].map((desk: Desk) => desk.sendMessage(asked))
      // One has taken the consent and is held before it says so; the others, who found none, before they say that.
      await queued(database.db, 4, 'notice_sendings')
      await unlock()
      const answered = await Promise.all(asking)
      expect(answered.map(({ kind }) => kind).toSorted()).toEqual([
        'no_consent',
        'no_consent',
        'no_consent',
        'sent',
      ])
      expect(await leftOf(world.survivor, customer)).toBe(0)
    }
    expect(world.weixin.messages).toHaveLength(3)
    await other.end()
  })
})
