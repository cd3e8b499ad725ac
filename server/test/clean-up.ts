import { setTimeout as sleep } from 'node:timers/promises'
import { findEmbedded } from '../../scripts/postgres/embedded.ts'
import { connect, dropDatabases } from './postgres.ts'

const TRIES = 60
const PAUSE_MS = 250

/**
 * Does what a run that was killed could not do: drops its databases, which ends the connections of whatever it left, and
 * stops the embedded Postgres, unless another run of this checkout is there. A run killed at its very beginning may be
 * bringing it up just now.
 */
export async function cleanUp({ dir, run }: { dir: string; run: number }): Promise<void> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    if (await stopOurs(dir, run).catch(() => false)) return
    await sleep(PAUSE_MS)
  }
}

async function stopOurs(dir: string, run: number): Promise<boolean> {
  const embedded = await findEmbedded(dir)
  if (!embedded) return false
  const admin = await connect(embedded.url)
  try {
    await dropDatabases(admin, `jindutong_test_${String(run)}_%`)
  } finally {
    await admin.end()
  }
  return embedded.stop()
}
