import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { createLog } from '../../lib/log.ts'
import { testDatabase, type TestDatabase } from '../../test/database.ts'
import { chooseDigits } from './bind-codes.limits.ts'
import { LIMITS } from './limits.rules.ts'
import { countPauses, findPauseEnd, pageTries } from './limits.store.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
beforeEach(() => database.clear())

const HOUR = 3_600_000
const now = new Date(Date.UTC(2026, 2, 2, 1))
const at = (hours: number): Date => new Date(now.getTime() + hours * HOUR)

describe('new codes have eight digits', () => {
  const digits = () => chooseDigits({ log: createLog({ level: 'silent' }), db: database.db }, now)
  const alarm = (reason: string, hours: number) =>
    database.db('code_alarms').insert({ reason, began_at: at(-1), ends_at: at(hours) })

  test('while an alarm lasts, also when what raised it is over, and six when it has ended', async () => {
    expect(await digits()).toBe(6)
    await alarm('live_codes', -0.5)
    expect(await digits()).toBe(6)
    await alarm('live_codes', 1)
    expect(await digits()).toBe(8)
  })

  test('when wrong tries of the hour reach the measure; one less is none, and those of yesterday do not count', async () => {
    const { wrong } = LIMITS.corp[0]!
    const tries = (count: number, hours: number, name: string) =>
      database.db('code_tries').insert(
        Array.from({ length: count }, (_, index) => ({
          external_userid: `wm${String(index)}`,
          source_id: `${name}${String(index)}`,
          tried_at: at(hours),
        })),
      )
    await tries(wrong - 1, -0.5, 'a')
    expect(await digits()).toBe(6)
    await tries(1, -0.1, 'b')
    expect(await digits()).toBe(8)
    expect(await database.db('code_alarms').select('reason', 'ends_at')).toEqual([
      { reason: 'wrong_tries', ends_at: new Date(now.getTime() + LIMITS.alarmMs) },
    ])
    expect(await digits()).toBe(8)
    expect(await database.db('code_alarms')).toHaveLength(1)
  })
})

describe('a contact that was wrong too often', () => {
  const pause = (externalUserId: string, from: number, to: number) =>
    database.db('code_pauses').insert({
      external_userid: externalUserId,
      source_id: `${externalUserId}${String(from)}`,
      began_at: at(from),
      ends_at: at(to),
    })

  test("waits until the last of its pauses is over, and nobody else's", async () => {
    await pause('wm1', -2, 1)
    await pause('wm1', -1, 3)
    await pause('wm1', -9, -8)
    await pause('wm2', -1, 9)
    expect(await findPauseEnd(database.db, { externalUserId: 'wm1', now })).toEqual(at(3))
    expect(await findPauseEnd(database.db, { externalUserId: 'wm1', now: at(3) })).toBeNull()
    expect([
      await countPauses(database.db, { externalUserId: 'wm1', since: at(-5) }),
      await countPauses(database.db, { externalUserId: 'wm1', since: at(-10) }),
    ]).toEqual([2, 3])
  })

  test('has its own tries counted, the newest first', async () => {
    await database.db('code_tries').insert(
      [
        [-3, 'wm1'],
        [-1, 'wm1'],
        [-2, 'wm1'],
        [-1, 'wm2'],
      ].map(([hours, externalUserId], index) => ({
        external_userid: externalUserId,
        source_id: String(index),
        tried_at: at(hours as number),
      })),
    )
    expect(await pageTries(database.db, { externalUserId: 'wm1', since: at(-3) })).toEqual([
      at(-1),
      at(-2),
    ])
  })
})
