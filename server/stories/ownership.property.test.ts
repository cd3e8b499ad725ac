import { expect, test } from '@jest/globals'
import { openDb, type Db } from '../lib/db.ts'
import { testDatabase } from '../test/database.ts'
import { howMany } from '../test/long.ts'
import { makePlan, takeStep } from '../test/numbers/steps.ts'
import { findUnreachable } from '../test/numbers/reach.ts'
import { findLeaks, openWorld, type World } from '../test/numbers/world.ts'

const SEED = Number(process.env['PROPERTY_SEED'] ?? Date.now() % 1_000_000_000)
const COUNT = Number(process.env['PROPERTY_COUNT'] ?? howMany(250, 2_000))
const AT_ONCE = 4
/** So many lives share a database; then it is emptied, or each would search through all that went before. */
const TOGETHER = 100

async function live(world: World): Promise<string | null> {
  const plan = makePlan(world)
  const length = 6 + world.chance.below(4)
  for (let step = 0; step < length; step += 1) {
    let happened: boolean
    try {
      happened = await takeStep(world, plan.get(step))
    } catch (error) {
      return `${String((error as Error).stack)}`
    }
    const leaks = happened ? await findLeaks(world) : []
    if (leaks.length > 0) return leaks.join('; ')
  }
  const unreachable = [...(await findUnreachable(world)), ...(await findLeaks(world))]
  return unreachable.length > 0 ? unreachable.join('; ') : null
}

test("nobody ever reads another's order, and everybody gets at his own", async () => {
  const { connectionString, clear } = await testDatabase()
  const open = () => openDb(connectionString, { maxConnections: 10, prepare: true })
  const dbs: [Db, Db] = [open(), open()]
  const failures: string[] = []
  let next = 0
  let steps = 0
  const began = Date.now()
  const lane = async (end: number): Promise<void> => {
    while (next < end && failures.length < 5) {
      const place = next++
      const world = await openWorld(SEED + place, place, dbs)
      const failure = await live(world)
      steps += world.steps.length
      if (failure !== null)
        failures.push(
          `PROPERTY_SEED=${String(world.seed)} PROPERTY_COUNT=1: ${failure}\n${world.steps.join('\n')}`,
        )
    }
  }
  while (next < COUNT && failures.length < 5) {
    const end = Math.min(COUNT, next + TOGETHER)
    await Promise.all(Array.from({ length: AT_ONCE }, () => lane(end)))
    await clear()
  }
  await Promise.all(dbs.map((db) => db.destroy()))
  console.info(
    `seed ${String(SEED)}, ${String(next)} sequences, ${String(steps)} steps in ${String(Date.now() - began)} ms`,
  )
  expect(failures.join('\n\n')).toBe('')
}, 900_000)
