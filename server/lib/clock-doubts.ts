import type { Db } from './db.ts'
import type { Log } from './log.ts'

type Deps = { db: Db; clock: () => Date; log: Log }

/** Authentic callbacks that were refused for their time: then it is rather our clock that is wrong. */
export function createClockDoubts({ db, clock, log }: Deps) {
  return {
    /** Keeps and says it, once a minute at most for all processes, by the database's clock. Never throws: the refusal stands. */
    note: async (door: string, timestamp: unknown): Promise<void> => {
      const offSeconds = Math.round(clock().getTime() / 1_000 - Number(timestamp))
      if (!Number.isSafeInteger(offSeconds)) return
      try {
        if (await keep(db, { door, offSeconds })) log.error({ door, offSeconds }, SAYS)
      } catch (error) {
        log.warn({ err: error, door, offSeconds }, 'a doubt about the clock could not be kept')
      }
    },
  }
}
export type ClockDoubts = ReturnType<typeof createClockDoubts>

const SAYS =
  'the clock of this server may be wrong: a callback with a valid signature is more than 300 s away from it and was ' +
  'refused; keep the server in time with NTP'
const FARTHEST = 0x7fff_ffff

async function keep(
  db: Db,
  { door, offSeconds }: { door: string; offSeconds: number },
): Promise<boolean> {
  const { rows } = await db.raw<{ rows: unknown[] }>(
    `
    insert into clock_doubts as c (door, doubted_at, off_seconds) values (:door, now(), :off)
    on conflict (only_row) do update
      set door = excluded.door, doubted_at = excluded.doubted_at, off_seconds = excluded.off_seconds
    where c.doubted_at <= now() - interval '1 minute'
    returning door`,
    { door, off: Math.max(-FARTHEST, Math.min(FARTHEST, offSeconds)) },
  )
  return rows.length > 0
}

type ClockDoubt = { door: string; doubtedAt: Date; offSeconds: number }

/** The last doubt of the day that has just passed. */
export const findClockDoubt = (db: Db): Promise<ClockDoubt | undefined> =>
  db('clock_doubts')
    .whereRaw(`doubted_at > now() - interval '1 day'`)
    .select({ door: 'door', doubtedAt: 'doubted_at', offSeconds: 'off_seconds' })
    .first<ClockDoubt | undefined>()
