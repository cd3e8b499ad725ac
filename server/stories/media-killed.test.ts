import { readdirSync, rmSync, utimesSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { createSandbox, type Sandbox } from '../../scripts/sandbox/sandbox.ts'
import { testDatabase, type TestDatabase } from '../test/database.ts'
import { addJob, ageLocks } from '../test/job-desk.ts'
import { holdTable, queued } from '../test/locks.ts'
import { takePhoto } from '../test/pictures.ts'
import { spawnServer, type ServerProcess } from '../test/processes.ts'
import { ADMIN_KEY, dataDirOf, townEnvironment } from '../test/town.ts'
import { jobsDone } from '../test/wait.ts'

let database: TestDatabase
let sandbox: Sandbox
let env: Record<string, string>
let server: ServerProcess
let folder: string

beforeAll(async () => {
  database = await testDatabase()
  sandbox = await createSandbox({ port: 0 })
  env = { ...townEnvironment(sandbox.url, database.connectionString), LOG_LEVEL: 'info' }
  folder = dataDirOf(database.connectionString)
  server = await spawnServer(env)
})
afterAll(async () => {
  await server.kill()
  await sandbox.stop()
  rmSync(folder, { recursive: true, force: true })
})

async function upload(): Promise<string | undefined> {
  const form = new FormData()
  form.append('file', new Blob([new Uint8Array(await takePhoto())]), 'photo.jpg')
  const headers = { authorization: `Bearer ${ADMIN_KEY}` }
  const answer = await fetch(`${server.url}/api/admin/media`, {
    method: 'POST',
    headers,
    body: form,
  })
  return ((await answer.json()) as { data?: { mediaId: string } }).data?.mediaId
}
const files = (): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) =>
    entry.isFile() ? [path.join(entry.parentPath, entry.name)] : [],
  )
const rows = () => database.db('media')
/** Killed with what it waited for: Postgres would do that all the same, once it can. */
async function kill(): Promise<void> {
  await server.kill()
  await database.db.raw(`
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock' and pid <> pg_backend_pid()`)
}

test('killed between the files and the row: there is no picture, and the files go the day after', async () => {
  const letGo = await holdTable(database.db, 'media', 'exclusive')
  const broken = upload().catch(() => 'broken')
  await queued(database.db, 1, 'media')
  await kill()
  expect(await broken).toBe('broken')
  await letGo()
  expect(await rows()).toEqual([])
  expect(files()).toHaveLength(2)
  server = await spawnServer(env)
  const kept = await upload()
  expect(files()).toHaveLength(4)
  const before = new Date(Date.now() - 2 * 60 * 60_000)
  for (const file of files()) utimesSync(file, before, before)
  await addJob(database.db, 'media.sweep')
  await jobsDone(database.db)
  expect(
    files()
      .map((file) => path.basename(file))
      .sort(),
  ).toEqual([`${String(kept)}-full.jpg`, `${String(kept)}-thumb.jpg`])
})

test('killed between the end of the files and that of the row: the row is nobody’s, and goes with the next round', async () => {
  const id = await upload()
  await rows().where({ id }).update({ removed_at: new Date() })
  const count = files().length
  const letGo = await holdTable(database.db, 'media', 'exclusive')
  await addJob(database.db, 'media.discard', { payload: { ids: [id] } })
  await queued(database.db, 1, 'media')
  expect(files()).toHaveLength(count - 2)
  await kill()
  await letGo()
  expect(await rows().where({ id })).toHaveLength(1)
  await ageLocks(database.db)
  server = await spawnServer(env)
  await jobsDone(database.db)
  expect(await rows().where({ id })).toEqual([])
})
