import { afterAll, expect, test } from '@jest/globals'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { findEmbedded } from '../../scripts/postgres/embedded.ts'
import { waitFor } from './wait.ts'

const root = path.resolve(import.meta.dirname, '../..')
const checkout = mkdtempSync(path.join(os.tmpdir(), 'interrupted-'))
chmodSync(checkout, 0o755) // else PostgreSQL goes elsewhere when we are root
for (const name of ['server', 'node_modules'])
  symlinkSync(path.join(root, name), path.join(checkout, name))
const dir = path.join(checkout, '.data', 'test-pg')
mkdirSync(dir, { recursive: true })
afterAll(async () => {
  await (await findEmbedded(dir))?.stop(true)
  rmSync(checkout, { recursive: true, force: true })
})

async function startRun() {
  const env = { ...process.env, TEST_DATABASE_URL: '' }
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', 'server/test/interrupted-run.ts', checkout],
    { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit'] },
  )
  await Promise.race([
    once(child.stdout, 'data'),
    once(child, 'exit').then(() => {
      throw new Error('the run ended by itself')
    }),
  ])
  return child
}
const isGone = async (): Promise<boolean> =>
  existsSync(path.join(dir, 'cluster', 'postmaster.pid'))
    ? false
    : (await findEmbedded(dir)) === undefined

test.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)(
  'a run that ends by %s leaves no Postgres behind',
  async (signal) => {
    const run = await startRun()
    expect(await isGone()).toBe(false)
    run.kill(signal)
    await waitFor('Postgres to go', isGone)
  },
  60_000,
)

test('a run that is killed takes nothing from another one of the same checkout', async () => {
  const [killed, other] = [await startRun(), await startRun()]
  killed.kill('SIGKILL')
  await new Promise((resolve) => setTimeout(resolve, 3_000))
  expect(await isGone()).toBe(false)
  expect(other.exitCode).toBeNull()
  other.kill('SIGKILL')
  await waitFor('Postgres to go', isGone)
}, 60_000)
