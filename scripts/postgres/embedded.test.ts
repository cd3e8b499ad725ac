import { afterAll, describe, expect, test } from '@jest/globals'
import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { describeCluster } from './cluster.ts'
import { chooseHome } from './home.ts'
import { isAlive } from '../processes/lock.ts'
import { databaseUrl, ensureDatabase, findEmbedded, startEmbedded } from './embedded.ts'

const folders: string[] = []

function newFolder(mode = 0o755): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'embedded-test-'))
  chmodSync(folder, mode)
  folders.push(folder, chooseHome(folder).folder)
  return folder
}

const start = (dir: string, log?: (line: string) => void) =>
  startEmbedded({ dir, durable: false, ...(log && { log }) })
const clusterIn = (dir: string) => describeCluster(chooseHome(dir))
const readPid = (dir: string): number =>
  Number.parseInt(readFileSync(clusterIn(dir).pidFile, 'utf8'), 10)

async function ask(url: string, sql: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query<Record<string, unknown>>(sql)
    return Object.values(rows[0] ?? {})[0]
  } finally {
    await client.end()
  }
}

async function killHard(pid: number): Promise<void> {
  process.kill(pid, 'SIGKILL')
  while (isAlive(pid)) await sleep(5)
}

const shared = newFolder()
const running = await start(shared)

afterAll(async () => {
  await running.stop(true)
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

describe('startEmbedded', () => {
  test('it answers on a socket only, and keeps what was written', async () => {
    const url = await ensureDatabase(running.url, 'kept')
    expect(await ensureDatabase(running.url, 'kept')).toBe(url)
    expect(url).toBe(databaseUrl(running.url, 'kept'))
    expect(await ask(url, `select current_setting('listen_addresses') || current_database()`)).toBe(
      'kept',
    )
  })

  test('a second one attaches, and the last one out stops the server', async () => {
    const dir = newFolder()
    const [first, second] = await Promise.all([start(dir), start(dir)])
    expect([first.attached, second.attached].filter(Boolean)).toHaveLength(1)
    const pid = readPid(dir)
    expect(await first.stop()).toBe(false)
    expect(await ask(second.url, 'select 1')).toBe(1)
    expect(await second.stop()).toBe(true)
    expect(isAlive(pid)).toBe(false)
    expect(await findEmbedded(dir)).toBeUndefined()
  })

  test('whoever is attached hears that the server went away', async () => {
    const dir = newFolder()
    const held = await start(dir)
    await (await findEmbedded(dir))?.stop(true)
    await held.lost
    expect(await held.stop()).toBe(true)
  })

  test('a killed server is recovered', async () => {
    const dir = newFolder()
    const before = await start(dir)
    await ensureDatabase(before.url, 'kept')
    await killHard(readPid(dir))
    await before.lost
    const after = await start(dir)
    expect(after.attached).toBe(false)
    expect(
      await ask(after.url, `select count(*)::int from pg_database where datname = 'kept'`),
    ).toBe(1)
    await after.stop()
  })

  test('a pid file that names somebody else does not keep it from starting', async () => {
    const dir = newFolder()
    const before = await start(dir)
    const lines = readFileSync(clusterIn(dir).pidFile, 'utf8').split('\n')
    await before.stop()
    const stranger = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], {
      stdio: 'ignore',
    })
    writeFileSync(clusterIn(dir).pidFile, [stranger.pid, ...lines.slice(1)].join('\n'))
    const after = await start(dir)
    expect(after.attached).toBe(false)
    expect(stranger.exitCode).toBeNull()
    await after.stop()
    stranger.kill('SIGKILL')
  })

  const asRoot = process.getuid?.() === 0 ? test : test.skip
  asRoot('root in a closed folder gets a server outside it, and is told so', async () => {
    const dir = newFolder(0o700)
    const said: string[] = []
    const closed = await start(path.join(dir, 'pg'), (line) => void said.push(line))
    folders.push(chooseHome(path.join(dir, 'pg')).folder)
    expect(said.join()).toContain('/var/tmp/embedded-pg-')
    expect(await ask(closed.url, 'select 1')).toBe(1)
    await closed.stop()
  })
})
