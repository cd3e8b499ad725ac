import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { createSandbox, type Sandbox } from '../../scripts/sandbox/sandbox.ts'
import { botTexts, createPeople } from '../../scripts/play/people.ts'
import { createHttp } from '../../scripts/play/requests.ts'
import { createHouse, type House } from '../compose.ts'
import { readConfig } from '../config.ts'
import { createLog } from '../lib/log.ts'
import { testDatabase, type TestDatabase } from '../test/database.ts'
import { openGate } from '../test/gate.ts'
import { spawnScript, spawnServer } from '../test/processes.ts'
import { ADMIN_KEY, townEnvironment } from '../test/town.ts'
import { jobsDone, waitFor } from '../test/wait.ts'

let database: TestDatabase
let sandbox: Sandbox
beforeAll(async () => {
  database = await testDatabase()
  sandbox = await createSandbox({ port: 0 })
})
afterAll(() => sandbox.stop())

const SLOTS = 120

test('two processes over 120 slots with skewed starts and clocks have one effect per slot', async () => {
  await database.db.schema.createTable('effects', (table) => {
    table.integer('slot').notNullable()
    table.integer('pid').notNullable()
  })
  const common = {
    DATABASE_URL: database.connectionString,
    BASE: String(Date.parse('2026-03-01T15:00:00Z')),
    SLOTS: String(SLOTS),
    STEP_MS: '20',
  }
  const processes = [
    spawnScript('cron-process.ts', { ...common, SKEW_MS: '0' }),
    spawnScript('cron-process.ts', { ...common, SKEW_MS: '9' }),
  ]
  await Promise.all(processes.map(({ line }) => line(/^ready$/)))
  const begin = Date.now() + 100
  processes[0]!.tell(String(begin))
  // The second starts when the first is under way: it is late for some slots, and early, in time or late for each of the others.
  await waitFor(
    'the first to be under way',
    async () => (await database.db('cron_fires').where({ name: 'test.effect' })).length >= 10,
  )
  processes[1]!.tell(String(begin))
  const won = await Promise.all(
    processes.map(async ({ line }) => Number((await line(/^won (\d+)$/))[1])),
  )
  await jobsDone(database.db)
  process.stdout.write(`cron slots: ${String(SLOTS)}, won ${won.join(' + ')}\n`)
  expect(won[0]! + won[1]!).toBe(SLOTS)
  const rows: { slot: number; effects: string }[] = await database
    .db('effects')
    .groupBy('slot')
    .orderBy('slot')
    .select('slot', database.db.raw('count(*) as effects'))
  expect(rows).toEqual(Array.from({ length: SLOTS }, (_, slot) => ({ slot, effects: 1 })))
  expect(await Promise.all(processes.map(({ end }) => end()))).toEqual([0, 0])
})

const DAY_MS = 24 * 3_600_000
/** Noon of a day in Shanghai, `days` from today. */
const noon = (days: number): number =>
  Math.floor((Date.now() + 8 * 3_600_000) / DAY_MS) * DAY_MS + 4 * 3_600_000 + days * DAY_MS

describe('expired claims', () => {
  const lines: string[] = []
  const counted = () =>
    lines
      .filter((line) => line.includes('定时清理过期临时绑定'))
      .map((line) => (JSON.parse(line) as { msg: string }).msg)
  /** A house whose clock begins at `time`. */
  function openHouse(time: number): House {
    const offsetMs = time - Date.now()
    const log = createLog({
      level: 'info',
      destination: { write: (line: string) => void lines.push(line) },
    })
    return createHouse(readConfig(townEnvironment(sandbox.url, database.connectionString)), {
      log,
      clock: () => new Date(Date.now() + offsetMs),
    })
  }

  /** Runs a house for a moment, in which some customers state their phones. */
  async function claimAt(time: number, claims: number): Promise<void> {
    const house = openHouse(time)
    const server = createHttp(await house.start())
    const people = createPeople({ server, control: createHttp(sandbox.url), adminKey: ADMIN_KEY })
    for (let index = 0; index < claims; index += 1) {
      const customer = await people.arrive()
      await customer.signIn()
      expect(
        await server.post('/api/binding/temp', { phoneNumber: customer.phone }, customer.token),
      ).toMatchObject({ status: 200 })
    }
    await jobsDone(database.db)
    await house.stop()
  }

  test('after midnights at which nobody ran, the next start clears what is over and the log says how many', async () => {
    await database.clear()
    await claimAt(noon(-5), 3)
    await claimAt(noon(-2), 2)
    await claimAt(noon(-1), 4)
    // Today's start clears the two of the day before yesterday; a second one on the same day has nothing to do.
    await claimAt(noon(0) + 3_600_000, 0)
    await claimAt(noon(0) + 2 * 3_600_000, 0)
    expect(counted()).toEqual([
      '定时清理过期临时绑定: 0条',
      '定时清理过期临时绑定: 3条',
      '定时清理过期临时绑定: 0条',
      '定时清理过期临时绑定: 2条',
    ])
    expect(await database.db('temp_bindings').where({ status: 'waiting' })).toHaveLength(4)
  })
})

describe('a database that is away', () => {
  test('ends no process: what is asked meanwhile is refused, and what was under way is finished, once, when it is back', async () => {
    await database.clear()
    const link = await openLink(database.connectionString)
    const gate = await openGate(() => sandbox.url)
    const server = await spawnServer({
      ...townEnvironment(sandbox.url, link.connectionString),
      WECOM_API_BASE: `${gate.url}/wecom`,
    })
    sandbox.setCallbackBase(server.url)
    const people = createPeople({
      server: createHttp(server.url),
      control: createHttp(sandbox.url),
      adminKey: ADMIN_KEY,
    })
    const customer = await people.arrive()
    const ready = async () =>
      (
        await createHttp(server.url)
          .get('/readyz')
          .catch(() => ({ status: 0 }))
      ).status

    // The reply is sent, and its job ends, while nobody can write that down.
    const answer = gate.hold('kf/send_msg', 'answer')
    await customer.say('进度')
    await answer.reached
    link.cut()
    answer.release()
    await waitFor('the answer that it is not ready', async () => (await ready()) === 503)
    link.mend()
    await waitFor('the server to be ready', async () => (await ready()) === 200)
    await jobsDone(database.db)
    expect(botTexts(await customer.chat())).toHaveLength(1)
    await customer.say('进度')
    await waitFor('the next answer', async () => botTexts(await customer.chat()).length === 2)
    await server.kill()
    await Promise.all([gate.close(), link.close()])
  }, 60_000)
})

/** The way to Postgres, which can be cut: connections break, and new ones are refused at once. */
async function openLink(connectionString: string) {
  const to = new URL(connectionString)
  const folder = to.searchParams.get('host')
  const port = Number(to.port || 5432)
  const target = folder?.startsWith('/')
    ? { path: `${folder}/.s.PGSQL.${String(port)}` }
    : { host: folder ?? to.hostname, port }
  const open = new Set<Socket>()
  let isCut = false
  const server = createServer((inner) => {
    if (isCut) return void inner.destroy()
    const outer = connect(target)
    for (const [one, other] of [
      [inner, outer],
      [outer, inner],
    ] as const) {
      open.add(one)
      one
        .on('error', () => {})
        .on('close', () => {
          open.delete(one)
          other.destroy()
        })
        .pipe(other)
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  to.searchParams.delete('host')
  to.hostname = '127.0.0.1'
  to.port = String((server.address() as AddressInfo).port)
  const cut = (): void => {
    isCut = true
    for (const socket of open) socket.destroy()
  }
  return {
    connectionString: to.href,
    cut,
    mend: () => {
      isCut = false
    },
    close: () => {
      cut()
      return new Promise<void>((resolve) => {
        server.close(() => resolve())
      })
    },
  }
}
