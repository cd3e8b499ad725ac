import { randomInt, randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, test } from '@jest/globals'
import { botTexts, findTicket, type Person } from '../../scripts/play/people.ts'
import { createBindCodes } from '../features/bind-codes/bind-codes.ts'
import { createBinding } from '../features/binding/binding.ts'
import type { Fact } from '../features/facts.ts'
import { createKfChat } from '../features/kf/kf-chat.ts'
import { createReasons } from '../features/reasons/reasons.ts'
import { createWhoIsWho } from '../house/who-is-who.ts'
import { createFacts } from '../lib/facts.ts'
import { createJobs } from '../lib/jobs.ts'
import { createLog } from '../lib/log.ts'
import { createSecrets } from '../lib/secrets.ts'
import { testDatabase } from '../test/database.ts'
import { useTown } from '../test/town.ts'

/**
 * The budget of guesses (docs/decisions/guessing-budget.md), measured: attackers use the real binding room on a real
 * database, with a clock of their own. Each of their tries goes through `claim`, as the kf room calls it.
 * Besides those that the bot answers there are the chats that people have, where digits are mostly postcodes and dates.
 */
const { connectionString, db, clear } = await testDatabase()
const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
/** 500 binds a day, 5 minutes each, over 10 hours (guessing-budget.md): how many codes live at a moment. */
const LIVE_CODES = (500 * 5) / 600
const BEGIN = new Date('2026-01-01T01:00:00Z').getTime()
beforeEach(clear)

type Counted = { six: number; eight: number; paused: number }

function openRoom() {
  let now = BEGIN
  const clock = () => new Date(now)
  const log = createLog({ level: 'silent' })
  const secrets = createSecrets('guessing-test-key-0123456789')
  const jobs = createJobs({ connectionString, db, log })
  const facts = createFacts<Fact>(jobs)
  const given = { db, clock, facts, log, secrets }
  const people = createWhoIsWho({ ...given, reads: db, sessionHours: 24, trustPhoneClaim: false })
  const kfLink = async () => 'https://work.weixin.qq.com/kfid/kfc1?enc_scene=ENC1'
  const bindCodes = createBindCodes({
    db,
    secrets,
    ...people,
    platforms: { kfLink, kfName: async () => undefined },
    isServedByPeople: async () => false,
    corpId: 'ww1',
    clock,
    log,
  })
  const binding = createBinding({
    db,
    reads: db,
    secrets,
    facts,
    jobs,
    chat: createKfChat({ jobs }),
    bindCodes,
    reasons: createReasons({ ...people, timeZone: 'Asia/Shanghai', clock }),
    ...people,
    contacts: { identify: async () => {} },
    openKfId: 'wk1',
    clock,
    log,
  })
  const counted: Counted = { six: 0, eight: 0, paused: 0 }

  /** A customer nobody has seen takes a code. */
  async function issue(): Promise<string> {
    const [account] = await db('accounts')
      .insert({
        app: 'miniprogram',
        openid: randomUUID(),
        created_at: clock(),
        signed_in_at: clock(),
      })
      .returning<{ id: number }[]>('id')
    const issued = await bindCodes.issue(account!.id)
    if (issued.kind !== 'issued') throw new Error('a fresh account gets a code')
    return issued.answer.bindCode
  }

  const toTry = (sender: string, code: string, toPeople = false) => ({
    by: 'kf_code' as const,
    hash: bindCodes.hashTry(code)!,
    externalUserId: sender,
    openKfId: 'wk1',
    sentAt: clock(),
    msgid: randomUUID(),
    toPeople,
  })
  const say = (sender: string, code: string, toPeople = false) =>
    db.transaction((trx) => binding.redeem(trx, toTry(sender, code, toPeople)))
  const countAlarms = async () =>
    Number((await db('code_alarms').count<{ count: number }[]>())[0]!.count)

  /** Whether its owner could use the code now; takes it back. */
  async function isTakeable(code: string): Promise<boolean> {
    const trx = await db.transaction()
    const redeemed = await binding.redeem(trx, toTry('its-owner', code))
    await trx.rollback()
    return redeemed === 'redeemed'
  }

  /** There is always a code to be hit; a guess has as many digits. */
  let target = { code: '', until: 0, alarms: 0 }
  async function findTarget(): Promise<string> {
    const alarms = await countAlarms()
    if (now >= target.until || (alarms !== target.alarms && !(await isTakeable(target.code))))
      target = { code: await issue(), until: now + 5 * MINUTE, alarms }
    target.alarms = alarms
    return target.code
  }

  return {
    binding,
    counted,
    issue,
    say,
    moveTo: (ms: number) => {
      now = Math.max(now, ms)
    },
    /** Answers whether the guess was looked at. */
    guess: async (sender: string, toPeople = false): Promise<boolean> => {
      const digits = (await findTarget()).length
      const looked = await say(
        sender,
        String(randomInt(10 ** digits)).padStart(digits, '0'),
        toPeople,
      )
      const isLookedAt = looked !== 'paused' && looked !== 'to_people'
      counted[!isLookedAt ? 'paused' : digits === 6 ? 'six' : 'eight'] += 1
      return isLookedAt
    },
    pausedUntil: async (sender: string): Promise<number> =>
      (
        await db('code_pauses')
          .where({ external_userid: sender })
          .max<{ at: Date | null }[]>({ at: 'ends_at' })
      )[0]?.at?.getTime() ?? 0,
    countAlarms,
  }
}

const hitWithin = ({ six, eight }: Counted): number =>
  1 - (1 - LIVE_CODES / 1e6) ** six * (1 - LIVE_CODES / 1e8) ** eight
const percent = (probability: number): string => `${(probability * 100).toFixed(2)} %`
const report = (who: string, { six, eight, paused }: Counted, hit: number): boolean =>
  process.stdout.write(
    `    ${who}: ${String(six)} tries at 6 digits, ${String(eight)} at 8, ${String(paused)} not looked at; a hit within a year: ${percent(hit)}\n`,
  )

/** No week knows of the one before the last: a quarter of them tells of the year. */
const WEEKS = 13

describe('a year of guessing hits with at most 1 %', () => {
  test('by a paced attacker who has senders without end and stays below the alarm', async () => {
    const room = openRoom()
    for (let week = 0; week < WEEKS; week += 1) {
      // All of a week within one life of a code, each from a sender nobody has seen: no pause ever stops him.
      const tryOnce = async (one: number, toPeople: boolean): Promise<boolean> => {
        room.moveTo(BEGIN + week * (7 * DAY + MINUTE) + one * 5_000)
        return room.guess(`paced-${String(week)}-${String(one)}`, toPeople)
      }
      for (let one = 0; one < 29; one += 1) expect(await tryOnce(one, false)).toBe(true)
      // In chats with people nothing he does raises an alarm, and what he gets of it is 15 more.
      for (let one = 29; one < 44; one += 1) expect(await tryOnce(one, true)).toBe(true)
      expect(await tryOnce(44, true)).toBe(false)
      await room.binding.tidy()
    }
    expect(await room.countAlarms()).toBe(0)
    expect(room.counted).toEqual({ six: WEEKS * (29 + 15), eight: 0, paused: WEEKS })
    const year = { ...room.counted, six: (room.counted.six * 53) / WEEKS }
    const hit = hitWithin(year)
    report(
      `paced, below the alarm, ${String(WEEKS)} weeks (the hit: ${String(year.six)} tries at 6)`,
      room.counted,
      hit,
    )
    expect(hit).toBeLessThanOrEqual(0.01)
    // One try more each week would raise the alarm, and still be within the budget.
    expect(hitWithin({ six: 53 * (30 + 15), eight: 0, paused: 0 })).toBeLessThanOrEqual(0.01)
  }, 90_000)

  test('by 50 senders who try whenever they may', async () => {
    const room = openRoom()
    const senders = Array.from({ length: 50 }, (_, index) => ({
      name: `eager-${String(index)}`,
      at: BEGIN + index * 1_000,
    }))
    const days = 15
    for (
      let next = senders[0]!;
      next.at < BEGIN + days * DAY;
      next = senders.reduce((first, one) => (one.at < first.at ? one : first))
    ) {
      room.moveTo(next.at)
      await room.guess(next.name)
      next.at = Math.max(next.at + 10_000, await room.pausedUntil(next.name))
    }
    // The first 30 meet 6 digits, and as long as he goes on there are none again; 20 a week each, at most.
    expect(room.counted.six).toBe(30)
    expect(room.counted.eight).toBeLessThanOrEqual(50 * 20 * 3)
    const eight = (room.counted.eight * 365) / days
    const hit = hitWithin({ ...room.counted, eight })
    report(
      `50 eager senders, ${String(days)} days (the hit: ${eight.toFixed(0)} tries at 8)`,
      room.counted,
      hit,
    )
    expect(hit).toBeLessThanOrEqual(0.01)
    // For 6 digits to come back he has to rest a week: 30 tries and the 15 of two weeks in chats with people each fortnight.
    expect(hitWithin({ six: 27 * (30 + 2 * 15), eight: eight / 2, paused: 0 })).toBeLessThanOrEqual(
      0.01,
    )
  }, 90_000)
})

test('an alarm for too many live codes hides none for wrong tries: the 6-digit codes from before it end too', async () => {
  const room = openRoom()
  const [first] = [await room.issue(), ...(await inTurn(101, () => room.issue()))]
  expect(await db('code_alarms').pluck('reason')).toEqual(['live_codes'])
  await inTurn(30, (one) => room.say(`crowd-${String(one)}`, String(one).padStart(6, '0')))
  expect(await room.say('owner', first)).toBe('missed')
})

test('digits sent to people raise no alarm that others are about to raise', async () => {
  const room = openRoom()
  await inTurn(101, () => room.issue())
  expect(await room.say('talkative', '310000', true)).toBe('missed')
  expect(await room.countAlarms()).toBe(0)
  expect(await room.say('guesser', '310001')).toBe('missed')
  expect(await room.countAlarms()).toBe(1)
})

test('digits sent to people are looked at three times a week for a contact and fifteen times for all, and then not at all', async () => {
  const room = openRoom()
  const code = await room.issue()
  expect(await inTurn(4, (one) => room.say('talkative', `31000${String(one)}`, true))).toEqual([
    'missed',
    'missed',
    'missed',
    'to_people',
  ])
  expect(await room.say('talkative', code, true)).toBe('to_people')
  expect(await room.say('talkative', '310009')).toBe('missed')
  expect(
    (
      await inTurn(13, (one) => room.say(`other-${String(one)}`, `31001${String(one % 10)}`, true))
    ).lastIndexOf('missed'),
  ).toBe(11)
  expect(await room.say('late', code, true)).toBe('to_people')
  expect(await room.countAlarms()).toBe(0)
  room.moveTo(BEGIN + 8 * DAY)
  expect(await room.say('late', await room.issue(), true)).toBe('redeemed')
})

async function inTurn<T>(times: number, act: (one: number) => Promise<T>): Promise<T[]> {
  const done: T[] = []
  for (let one = 0; one < times; one += 1) done.push(await act(one))
  return done
}

describe('the alarm, through the front door', () => {
  const town = useTown()

  async function guessUntilAlarm(): Promise<void> {
    const { people, settle } = town()
    const senders: Person[] = []
    for (let one = 0; one < 6; one += 1) senders.push(await people.arrive())
    for (const sender of senders)
      for (let tried = 0; tried < 5; tried += 1) await sender.say(`00000${String(tried)}`)
    await settle()
  }

  test('postcodes and dates in the chats that people have raise no alarm and pause nobody, however many they are', async () => {
    const { people, settle, control, lines, db: rows } = town()
    const chats: Person[] = []
    for (let one = 0; one < 7; one += 1) chats.push(await people.arrive({ unionid: false }))
    await Promise.all(chats.map((customer) => customer.say('你好')))
    await settle()
    for (const { personId } of chats)
      await control.post('/_sandbox/kf/servicers/zhangsan/take', { personId })
    const said = await Promise.all(chats.map((customer) => customer.chat()))
    for (const customer of chats)
      for (const digits of ['310000', '310012', '200030', '20240315', '100080'])
        await customer.say(digits)
    await settle()
    expect(
      await Promise.all(chats.map(async (customer) => botTexts(await customer.chat()))),
    ).toEqual(said.map(botTexts))
    expect([await rows('code_alarms'), await rows('code_pauses')]).toEqual([[], []])
    expect(lines.filter((line) => line.includes('"level":"error"'))).toEqual([])
    const [customer] = [chats[0]!, await chats[0]!.signIn()]
    expect((await customer.code()).bindCode).toMatch(/^\d{6}$/)
  })

  test('a code that the alarm has ended says so on its page, with the way on', async () => {
    const { customer } = await arriveWithCode()
    await guessUntilAlarm()
    const status = await customer.status()
    expect(status).toMatchObject({ state: 'expired', reason: 'code_too_short' })
    expect(status.text).toContain('8 位绑定码')
  })

  /** Signs in a customer whose code is already 40 seconds old, so that he may have the next one. */
  async function arriveWithCode() {
    const { people, clock } = town()
    const customer = await people.arrive({ unionid: false })
    await customer.signIn()
    clock.advance(-40_000)
    const issued = await customer.code()
    clock.advance(40_000)
    return { customer, ...issued }
  }

  test('30 wrong tries end the 6-digit codes that live, new ones have 8 digits and bind, one ERROR says so', async () => {
    const { settle, lines } = town()
    const { customer, bindCode } = await arriveWithCode()
    expect(bindCode).toMatch(/^\d{6}$/)
    await guessUntilAlarm()
    expect(lines.filter((line) => line.includes('"level":"error"'))).toEqual([
      expect.stringContaining('new bind codes have 8 digits for a day'),
    ])
    await customer.say(bindCode)
    await settle()
    expect(botTexts(await customer.chat()).at(-1)).toBe('验证码无效或已过期，请回小程序换一个')
    const long = await customer.code()
    expect(long.bindCode).toMatch(/^\d{8}$/)
    await customer.say(long.bindCode)
    await settle()
    await customer.openTicket(findTicket(await customer.chat())!)
    expect(await customer.status()).toMatchObject({ state: 'bound' })
  })

  test('links are unaffected by the alarm: those shown before it and those shown after it bind', async () => {
    const { settle } = town()
    const before = await arriveWithCode()
    const after = await arriveWithCode()
    await guessUntilAlarm()
    const outcomes: Record<string, string> = {}
    for (const [shown, customer, kfUrl] of [
      ['after', after.customer, (await after.customer.code()).kfUrl],
      ['before', before.customer, before.kfUrl],
    ] as const) {
      await customer.enter(kfUrl)
      await settle()
      await customer.openTicket(findTicket(await customer.chat()) ?? 'there is none')
      outcomes[shown] = (await customer.status()).state
    }
    expect(outcomes).toEqual({ after: 'bound', before: 'bound' })
  })

  test('a contact that was wrong five times is not looked at, not even with the right code, and is told how to go on', async () => {
    const { people, settle, db: rows } = town()
    const customer = await people.arrive({ unionid: false })
    await customer.signIn()
    for (let tried = 0; tried < 5; tried += 1) await customer.say(`00000${String(tried)}`)
    await settle()
    const { bindCode, kfUrl } = await customer.code()
    await customer.say(bindCode)
    await settle()
    expect(botTexts(await customer.chat()).at(-1)).toContain('不用输入绑定码直接绑定')
    expect(await customer.status()).toMatchObject({ state: 'code_live' })
    expect(await rows('code_tries')).toHaveLength(5)
    await customer.enter(kfUrl)
    await settle()
    expect(await customer.status()).toMatchObject({ state: 'awaiting_confirmation' })
  })

  test("a hit is harmless: whoever guesses a code is tied to nobody without the tap of the code's owner", async () => {
    const { people, settle, db: rows } = town()
    const [owner, guesser] = [
      await people.arrive({ unionid: false }),
      await people.arrive({ unionid: false }),
    ]
    await owner.signIn()
    await guesser.signIn()
    await guesser.say((await owner.code()).bindCode)
    await settle()
    expect(await owner.status()).toMatchObject({ state: 'awaiting_confirmation' })
    expect(await rows('customer_accounts')).toEqual([])
    await guesser.openTicket(findTicket(await guesser.chat())!)
    expect(await owner.status()).toMatchObject({ state: 'refused', reason: 'opened_by_other' })
  })
})
