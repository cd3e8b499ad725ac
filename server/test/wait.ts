import { setTimeout as sleep } from 'node:timers/promises'
import type { Db } from '../lib/db.ts'
import { hurryJobs, listJobs } from './job-desk.ts'

/** As `until` of scripts/play, for what takes longer: processes that start, die and are replaced. */
export async function waitFor<T>(
  what: string,
  look: () => Promise<T | undefined | false | null> | T | undefined | false | null,
  seconds = 25,
): Promise<T> {
  const end = Date.now() + seconds * 1_000
  for (let pause = 4; Date.now() < end; pause = Math.min(pause * 1.5, 50)) {
    const found = await look()
    if (found !== undefined && found !== false && found !== null) return found
    await sleep(pause)
  }
  throw new Error(`waited ${String(seconds)} s in vain for ${what}`)
}

/** Until no job is left that somebody will still try now or later; fails with what is left. */
export async function jobsDone(db: Db, seconds?: number): Promise<void> {
  let left: unknown[] = []
  await waitFor(
    'the jobs',
    async () => {
      await hurryJobs(db, "name = 'staff.tell-bound'") // waits for minutes, for a customer who states his phone
      left = await listJobs(db)
        .whereRaw('attempts < max_attempts')
        .orWhereNotNull('locked_at')
        .select(
          'id',
          'name',
          'attempts',
          'max_attempts',
          'run_at',
          'locked_at',
          'locked_by',
          'last_error',
          'key',
        )
      return left.length === 0
    },
    seconds,
  ).catch((error: unknown) => {
    throw new Error(`${String(error)}: ${JSON.stringify(left, null, 1)}`)
  })
}

/** Same numbers for the same seed, on every machine. */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
