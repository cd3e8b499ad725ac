import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { createCron, type Schedule } from '../lib/cron.ts'
import { openDb } from '../lib/db.ts'
import { createJobs } from '../lib/jobs.ts'
import { createLog } from '../lib/log.ts'

/**
 * A process that hears the clock: fires SLOTS minutes from BASE on, one every STEP_MS since the instant (ms) that it is told,
 * and works on what was ordered. Its clock is SKEW_MS early, right and late in turn. An effect is a row in `effects`. Prints
 * how many slots it won, and stays until its input ends.
 */
const setting = (name: string): number => Number(process.env[name])
const [base, slots, stepMs, skewMs] = [
  setting('BASE'),
  setting('SLOTS'),
  setting('STEP_MS'),
  setting('SKEW_MS'),
]

const connectionString = process.env['DATABASE_URL']!
const log = createLog({ level: 'warn' })
const db = openDb(connectionString, { maxConnections: 4, log })
const jobs = createJobs({ connectionString, db, log })
const handle = async ({ slot }: Record<string, unknown>): Promise<void> => {
  await db('effects').insert({ slot: Number(slot), pid: process.pid })
}
jobs.handle([{ name: 'test.effect', handle }])
await jobs.start()

const toSchedule = (slot: number): Schedule => ({
  every: 'minute',
  job: { name: 'test.effect', payload: { slot }, key: `test.effect:${String(slot)}` },
})
const cron = createCron({
  db,
  jobs,
  schedules: [],
  timeZone: 'Asia/Shanghai',
  clock: () => new Date(),
  log,
})

process.stdout.write('ready\n')
const begin = Number(String((await once(process.stdin, 'data'))[0]))
const fired = Array.from({ length: slots }, async (_, slot) => {
  await sleep(Math.max(0, begin + slot * stepMs + ((slot % 3) - 1) * skewMs - Date.now()))
  // Within its minute each process also names an instant of its own.
  return cron.fire(toSchedule(slot), new Date(base + slot * 60_000 + (skewMs % 60) * 1_000))
})
const won = (await Promise.all(fired)).filter(Boolean).length
process.stdout.write(`won ${String(won)}\n`)
process.stdin.resume().once('end', () => {
  void (async () => {
    await cron.stop()
    await jobs.stop()
    await db.destroy()
    process.exit(0)
  })()
})
