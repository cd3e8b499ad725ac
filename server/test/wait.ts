import { until as waitFor } from '../../scripts/play/until.ts'
import type { Db } from '../lib/db.ts'
import { hurryJobs, listJobs } from './job-desk.ts'

export { waitFor }

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
