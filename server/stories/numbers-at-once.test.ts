import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { isDeepStrictEqual } from 'node:util'
import { openDb, sqlState, type Db } from '../lib/db.ts'
import { testDatabase } from '../test/database.ts'
import { takeStepsAtOnce } from '../test/numbers/steps.ts'
import { findLeaks, openWorld, work, type World } from '../test/numbers/world.ts'
import { DAY } from '../test/numbers/truth.ts'

let dbs: [Db, Db]
beforeAll(async () => {
  const { connectionString } = await testDatabase()
  dbs = [
    openDb(connectionString, { maxConnections: 8 }),
    openDb(connectionString, { maxConnections: 8 }),
  ]
})
afterAll(() => Promise.all(dbs.map((db) => db.destroy())))

const pageParties = ({ truth, processes: [{ db, evidence }] }: World) =>
  db('project_parties')
    .orderBy('id')
    .whereIn(
      'phone_hmac',
      truth.numbers.map(({ phone }) => evidence.hashPhone(phone)),
    )
    .select<Record<string, unknown>[]>(
      'id',
      'state',
      'strength',
      'customer_id',
      'decided_row',
      'settled_how',
      'shown',
      'shown_row',
      'name_then',
    )

/** Parties that another look would decide otherwise, with nothing new to see, or that somebody has who is part of another by now. */
async function findUnsettled(world: World): Promise<unknown[]> {
  const { customers, db, evidence } = world.processes[0]
  const phoneHmacs = world.truth.numbers.map(({ phone }) => evidence.hashPhone(phone))
  const look = () =>
    db.transaction(async (trx) => {
      await customers.lockNumbers(trx, phoneHmacs)
      await customers.considerNumbers(trx, { phoneHmacs, now: new Date(world.truth.now()) })
    })
  await look()
  const once = await pageParties(world)
  await look()
  const twice = await pageParties(world)
  const vanished = await db('project_parties as y')
    .join('customers as c', 'c.id', 'y.customer_id')
    .whereNotNull('c.merged_into')
    .pluck<number[]>('y.id')
  return [...twice.filter((row, index) => !isDeepStrictEqual(row, once[index])), ...vanished]
}

const STORM_MS = 4_000

test('loads, adds, hand-overs, changes of phone, answers and order numbers at once wait for nobody for ever', async () => {
  const errors: unknown[] = []
  const began = Date.now()
  for (let place = 0; Date.now() - began < STORM_MS; place += 1) {
    const world = await openWorld(began + place, place, dbs)
    world.truth.take(world.truth.numbers[1]!, world.truth.humans.at(-1)!)
    for (let round = 0; round < 12; round += 1) {
      errors.push(...(await takeStepsAtOnce(world, 10)))
      await work(world)
      expect(await findLeaks(world)).toEqual([])
      world.truth.wait(DAY)
    }
    expect(await findUnsettled(world)).toEqual([])
  }
  expect(errors.map((error) => sqlState(error) ?? String(error))).toEqual([])
}, 60_000)
