import cron, { type Logger } from 'node-cron'
import type { Db } from './db.ts'
import { defineJob, handle } from './job-kinds.ts'
import type { Job, Jobs } from './jobs.ts'
import type { Log } from './log.ts'

/** Every ring asks whether the present slot has its order: one that passed while the process was suspended is made up for. */
const EVERY_MINUTE = '* * * * *'
/** On waking it rings at once for the minute it is in; those that it slept through are nobody's concern. */
const RINGING = { missedExecutionTolerance: 60_000, suppressMissedWarning: true } as const

/** Work that the clock orders, once in each slot; a kind of job has one schedule, and must be harmless twice. */
export type Schedule = { every: 'minute' | 'hour' | 'day'; job: Job }
type Deps = {
  db: Db
  jobs: Pick<Jobs, 'add'>
  schedules: readonly Schedule[]
  timeZone: string
  clock: () => Date
  log: Log
}

/**
 * node-cron rings, Postgres decides: whoever inserts the row of a slot first orders the work, so that any number of
 * processes order it once (docs/decisions/cron.md). A slot that passed while nobody ran is made up for at the start, or at the
 * next minute.
 */
export function createCron(deps: Deps) {
  const tasks: ReturnType<typeof cron.schedule>[] = []
  return {
    start: async (): Promise<void> => {
      for (const schedule of deps.schedules) {
        const ring = { ...RINGING, name: schedule.job.name, logger: toLogger(deps.log) }
        tasks.push(cron.schedule(EVERY_MINUTE, () => void fire(deps, schedule), ring))
      }
      await Promise.all(deps.schedules.map((schedule) => fire(deps, schedule)))
    },
    stop: async (): Promise<void> => {
      for (const task of tasks) await task.destroy()
    },
    /** Orders the work of the slot that `at` lies in, unless somebody has; answers whether it did. */
    fire: (schedule: Schedule, at: Date) => order(deps, schedule, at),
  }
}
export type Cron = ReturnType<typeof createCron>

/** node-cron's own lines in ours. */
function toLogger(log: Log): Logger {
  const tell =
    (level: 'error' | 'debug') =>
    (message: string | Error, error?: Error): void =>
      message instanceof Error ? log[level](message) : log[level]({ err: error }, message)
  return {
    info: (message) => log.info(message),
    warn: (message) => log.warn(message),
    error: tell('error'),
    debug: tell('debug'),
  }
}

async function fire(deps: Deps, schedule: Schedule): Promise<void> {
  try {
    await order(deps, schedule, deps.clock())
  } catch (error) {
    deps.log.warn(
      { err: error, schedule: schedule.job.name },
      'a scheduled order could not be given; the next slot comes',
    )
  }
}

function order(deps: Deps, { every, job }: Schedule, at: Date): Promise<boolean> {
  return deps.db.transaction(async (db) => {
    const { rows } = await db.raw<{ rows: unknown[] }>(
      `
      insert into cron_fires (name, slot) values (:name, date_trunc(:every, :at::timestamptz, :timeZone)) on conflict do nothing returning slot`,
      { name: job.name, every, at: at.toISOString(), timeZone: deps.timeZone },
    )
    if (rows.length === 0) return false
    await deps.jobs.add(db, [{ ...job, key: job.key ?? job.name }])
    return true
  })
}

const KEPT_MS = 40 * 24 * 3_600_000

const cronJobs = { tidy: defineJob({ name: 'cron.tidy' }) }

/** Our own housekeeping: rows of slots long past. */
export const cronTidying = ({ db, clock }: Pick<Deps, 'db' | 'clock'>) => ({
  handlers: handle(cronJobs, {
    tidy: () =>
      db('cron_fires')
        .where('slot', '<', new Date(clock().getTime() - KEPT_MS))
        .delete(),
  }),
  schedules: [{ every: 'day', job: cronJobs.tidy.of() }] satisfies Schedule[],
})
