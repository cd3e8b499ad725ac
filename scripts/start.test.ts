import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { spawn } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs'
import { createServer } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { findEmbedded } from './postgres/embedded.ts'
import { isMarkAlive } from './processes/lock.ts'
import type { Instance } from './start/instance.ts'

const TIMEOUT_MS = 90_000 // the first one may have to build
const dataDir = mkdtempSync(path.join(os.tmpdir(), 'start-test-'))
chmodSync(dataDir, 0o755) // else PostgreSQL goes elsewhere when we are root

// Empty counts as absent, and keeps a developer's .env and jest's NODE_ENV out.
const ABSENT = [
  'DATABASE_URL',
  'NODE_ENV',
  'SANDBOX',
  'PORT',
  'SANDBOX_PORT',
  'HOST',
  'ADMIN_KEY',
  'SECRET_KEY',
  'WEWORK_CORP_ID',
  'WECHAT_APP_ID',
]
const absent = Object.fromEntries(ABSENT.map((name) => [name, '']))

function start(env: Record<string, string> = {}) {
  const bootstrap = path.join(import.meta.dirname, 'bootstrap.mjs')
  const child = spawn(process.execPath, [bootstrap, 'start'], {
    cwd: os.tmpdir(),
    env: { ...process.env, ...absent, DATA_DIR: dataDir, ...env },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)))
  const kill = (signal: NodeJS.Signals): Promise<number | null> => {
    child.kill(signal)
    return ended
  }
  const ready = async (): Promise<void> => {
    while (!/^ready$/m.test(output)) {
      if (child.exitCode !== null) throw new Error(`ended before it was ready:\n${output}`)
      await sleep(20)
    }
  }
  return { kill, ready, ended, output: () => output }
}

const readInstance = (name = 'dev.json'): Instance =>
  JSON.parse(readFileSync(path.join(dataDir, name), 'utf8')) as Instance
const marksOfRuns = (): string[] =>
  readdirSync(path.join(dataDir, 'run')).flatMap((name) =>
    readFileSync(path.join(dataDir, 'run', name), 'utf8')
      .trim()
      .split('\n'),
  )
const worldOf = async (sandbox: string): Promise<unknown> =>
  ((await (await fetch(`${sandbox}/_sandbox/health`)).json()) as { world: string }).world

async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let waited = 0; waited < 15_000; waited += 50) {
    if (await holds()) return
    await sleep(50)
  }
  throw new Error(`in vain: ${what}`)
}

let first: ReturnType<typeof start>

beforeAll(async () => {
  first = start()
  await first.ready()
}, TIMEOUT_MS)

afterAll(async () => {
  await first.kill('SIGINT')
  await (await findEmbedded(path.join(dataDir, 'pg')))?.stop(true)
  rmSync(dataDir, { recursive: true, force: true })
})

describe('npm start', () => {
  test('the first time it answers, and each step said as it happens and `ready` at the end', async () => {
    const { server, sandbox, adminKey } = readInstance()
    const lines = first.output().trimEnd().split('\n')
    // The pages are built beside: what tells that they are there may come behind it.
    const [after] = lines.slice(lines.indexOf('ready') + 1)
    expect(after ?? 'built the preview').toMatch(/^built the preview|^playground .*构建好了/)
    const told = [
      'creating a PostgreSQL',
      'starting the platform sandbox',
      'starting the server: it brings the database up to date first',
      'filling the demo world',
      'demo world: 陈建国',
      'ready',
    ].map((step) => lines.findIndex((line) => line.startsWith(step)))
    expect(told).toEqual(told.toSorted((one, other) => one - other))
    expect(told).not.toContain(-1)
    expect(first.output()).toContain(`${server}\n`)
    expect((await fetch(`${server}/readyz`)).status).toBe(200)
    expect(await worldOf(sandbox)).toEqual(expect.any(String))
    expect(adminKey.length).toBeGreaterThanOrEqual(24)
    for (const name of ['dev.json', 'secret.key'])
      expect(statSync(path.join(dataDir, name)).mode & 0o777).toBe(0o600)
  })

  test(
    'a second instance shares the sandbox, and takes it over when the first is killed',
    async () => {
      const before = readInstance()
      const world = await worldOf(before.sandbox)
      const second = start()
      await second.ready()
      const port = /server +http:\/\/127\.0\.0\.1:(\d+)/.exec(second.output())?.[1]
      expect(readInstance(`dev-${port}.json`)).toMatchObject({
        sandbox: before.sandbox,
        adminKey: before.adminKey,
      })
      await first.kill('SIGKILL')
      await until('the second one leads', () => readInstance().server.endsWith(`:${port}`))
      expect(await worldOf(before.sandbox)).toBe(world)
      expect((await fetch(`${readInstance().server}/readyz`)).status).toBe(200)
      first = second
    },
    TIMEOUT_MS,
  )

  test(
    'after a kill -9 it starts with the same keys at the same address',
    async () => {
      const { process: _, ...before } = readInstance()
      await first.kill('SIGKILL')
      first = start({ PORT: new URL(before.server).port })
      await first.ready()
      expect(readInstance()).toMatchObject({ server: before.server, adminKey: before.adminKey })
    },
    TIMEOUT_MS,
  )

  test(
    'when its server dies it stops everything, and shows the end of the log',
    async () => {
      const [, , server = ''] = marksOfRuns()
      process.kill(Number.parseInt(server, 10), 'SIGKILL')
      expect(await first.ended).toBe(1)
      expect(first.output()).toMatch(
        /the server stopped unexpectedly \(SIGKILL\).*server\.log ends with\n/,
      )
      expect(await findEmbedded(path.join(dataDir, 'pg'))).toBeUndefined()
      first = start()
      await first.ready()
    },
    TIMEOUT_MS,
  )

  test(
    'Ctrl-C leaves no process',
    async () => {
      const marks = marksOfRuns()
      expect(marks.filter(isMarkAlive)).toHaveLength(3)
      expect(await first.kill('SIGINT')).toBe(0)
      expect(marks.filter(isMarkAlive)).toEqual([])
      expect(await findEmbedded(path.join(dataDir, 'pg'))).toBeUndefined()
      expect(readdirSync(path.join(dataDir, 'run'))).toEqual([])
    },
    TIMEOUT_MS,
  )

  test(
    'a start that is refused makes nothing: no folder, no keys, no database cluster',
    async () => {
      const nowhere = path.join(dataDir, 'never')
      const refusals = [
        [{ WEWORK_CORP_ID: 'ww1' }, 'WECHAT_APP_ID is missing'],
        [{ NODE_ENV: 'production' }, 'SECRET_KEY is missing'],
        [{ ERP_USERNAME: 'u' }, 'ERP_PASSWORD is missing'],
        [{ ADMIN_KEY: `"${'secret'.repeat(5)}"` }, 'ADMIN_KEY has a blank, a quote'],
      ] as const
      for (const [env, words] of refusals) {
        const refused = start({ ...env, DATA_DIR: nowhere })
        expect(await refused.ended).toBe(1)
        expect(refused.output()).toContain(words)
        expect(refused.output()).not.toContain('secretsecret')
        expect(existsSync(nowhere)).toBe(false)
      }
    },
    TIMEOUT_MS,
  )

  test(
    'a port named in PORT that is taken is refused by the name of the variable',
    async () => {
      const taken = createServer()
      const port = await new Promise<string>((resolve) =>
        taken.listen(0, '127.0.0.1', () =>
          resolve(String((taken.address() as { port: number }).port)),
        ),
      )
      const refused = start({ PORT: port })
      expect(await refused.ended).toBe(1)
      expect(refused.output()).toContain(`port ${port} is taken: set PORT to another one`)
      taken.close()
    },
    TIMEOUT_MS,
  )
})
