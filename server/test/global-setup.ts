import { spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import path from 'node:path'
import type pg from 'pg'
import { startEmbedded } from '../../scripts/postgres/embedded.ts'
import { announce, connect, dropDatabases, listDatabases } from './postgres.ts'
import { ensureTemplate } from './template.ts'

/** Planning anew for each value is a sixth of all the work of the random histories, and of no use to tables this small. */
const SETTINGS = { plan_cache_mode: 'force_generic_plan' }
const LOCK = `hashtext('jindutong.test.run')`

declare global {
  var stopTestPostgres: (() => Promise<void>) | undefined
}

/** Postgres for the run: TEST_DATABASE_URL (an account that may create databases and is superuser), else an embedded one. */
export default async function setUp({ rootDir }: { rootDir: string }): Promise<void> {
  const given = process.env['TEST_DATABASE_URL'] || undefined
  const run = randomInt(1, 2 ** 31 - 1)
  const dir = path.join(rootDir, '.data', 'test-pg')
  const dismiss = given ? () => {} : watchOver(dir, run)
  const embedded = given
    ? undefined
    : await startEmbedded({ dir, durable: false, settings: SETTINGS })
  const url = given ?? embedded?.url ?? ''
  const admin = await connect(url)
  // Held to the end of the run: whoever can take the lock of a run knows that it is over.
  await admin.query(`select pg_advisory_lock(${LOCK}, $1)`, [run])
  await dropLeftovers(admin)
  announce({ url, run, template: await ensureTemplate(admin, url, rootDir) })
  globalThis.stopTestPostgres = async () => {
    await dropDatabases(admin, `jindutong_test_${run}_%`)
    await admin.end()
    await embedded?.stop()
    dismiss()
  }
}

/** Jest runs no teardown when it is interrupted, and nobody can when he is killed: somebody else must. */
function watchOver(dir: string, run: number): () => void {
  const watch = spawn(
    process.execPath,
    [path.join(import.meta.dirname, 'last-one-out.mjs'), dir, String(run)],
    { detached: true, stdio: ['pipe', 'ignore', 'ignore'] },
  )
  watch.unref()
  return () => void watch.kill('SIGKILL')
}

async function dropLeftovers(admin: pg.Client): Promise<void> {
  const names = await listDatabases(admin, 'jindutong_test_%')
  for (const run of new Set(names.map((name) => Number(name.split('_')[2])))) {
    const { rows } = await admin.query<{ over: boolean }>(
      `select pg_try_advisory_lock(${LOCK}, $1) as over`,
      [run],
    )
    if (!rows[0]?.over) continue
    await dropDatabases(admin, `jindutong_test_${run}_%`)
    await admin.query(`select pg_advisory_unlock(${LOCK}, $1)`, [run])
  }
}
