import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { setTimeout as sleep } from 'node:timers/promises'
import { createSandbox, type Sandbox } from '../../scripts/sandbox/sandbox.ts'
import { botTexts, createPeople, type Person } from '../../scripts/play/people.ts'
import { createHttp } from '../../scripts/play/requests.ts'
import { testDatabase, type TestDatabase } from '../test/database.ts'
import { howMany } from '../test/long.ts'
import { spawnServer, type ServerProcess } from '../test/processes.ts'
import { ADMIN_KEY, townEnvironment } from '../test/town.ts'
import { jobsDone, waitFor } from '../test/wait.ts'

const PROCESSES = 4
const SECONDS = howMany(7, 20)
const EVERY_MS = 1_000

let database: TestDatabase
let sandbox: Sandbox
let servers: ServerProcess[]
let people: ReturnType<typeof createPeople>
beforeAll(async () => {
  database = await testDatabase()
  sandbox = await createSandbox({ port: 0 })
  const env = townEnvironment(sandbox.url, database.connectionString)
  servers = [
    await spawnServer(env),
    ...(await Promise.all(Array.from({ length: PROCESSES - 1 }, () => spawnServer(env)))),
  ]
  sandbox.setCallbackBase(servers[0]!.url)
  people = createPeople({
    server: createHttp(servers[1]!.url),
    control: createHttp(sandbox.url),
    adminKey: ADMIN_KEY,
  })
}, 60_000)
afterAll(async () => {
  await Promise.all(servers.map((server) => server.kill()))
  await sandbox.stop()
})

/** Counts token fetches in the sandbox's log of calls, which keeps the last 1,000: read often, each span of time once. */
function createCounter() {
  const control = createHttp(sandbox.url)
  let upTo = Date.now() - 60_000
  let fetches = 0
  let refused = 0
  return {
    read: async () => {
      const until = Date.now() - 5
      const calls = (await control.get('/_sandbox/calls')).body as {
        at: number
        path: string
        errcode: number
      }[]
      const fresh = calls.filter(({ at }) => at > upTo && at <= until)
      upTo = until
      fetches += fresh.filter(({ path }) => path.endsWith('/wecom/cgi-bin/gettoken')).length
      refused += fresh.filter(
        ({ errcode }) => errcode === 40014 || errcode === 42001 || errcode === 40001,
      ).length
      return { fetches, refused }
    },
  }
}

/** Asks for the progress, waits for the answer, waits a moment: all of this is the kf app, so there is one secret and one token. */
async function chatter(
  customer: Person,
  until: number,
): Promise<{ asked: number; slowestMs: number }> {
  let asked = 0
  let slowestMs = 0
  for (; Date.now() < until; await sleep(700)) {
    const said = Date.now()
    await customer.say('进度')
    asked += 1
    const expected = asked
    await waitFor(
      `answer ${String(expected)}`,
      async () => botTexts(await customer.chat()).length >= expected,
      15,
    )
    slowestMs = Math.max(slowestMs, Date.now() - said)
  }
  return { asked, slowestMs }
}

test('four processes fetch a token that the platform ends every second, again and again, once each time, and no customer notices', async () => {
  const control = createHttp(sandbox.url)
  const customers = await Promise.all(Array.from({ length: 6 }, () => people.arrive()))
  const countWork = (): number[] =>
    servers.map((server) => server.lines.filter((line) => line.includes('"WeCom answered"')).length)
  const early = await people.arrive()
  await waitFor('each process to take part', async () => {
    await early.say('进度')
    return countWork().every((count) => count > 0)
  })
  const before = countWork()
  const counter = createCounter()
  const begin = Date.now()
  const chats = Promise.all(customers.map((customer) => chatter(customer, begin + SECONDS * 1_000)))
  let invalidations = 0
  for (let at = begin + EVERY_MS / 2; at < begin + SECONDS * 1_000; at += EVERY_MS) {
    await sleep(Math.max(0, at - Date.now()))
    await control.post('/_sandbox/faults', {
      invalidateTokens: { which: 'wecom', errcode: [40014, 42001, 40001][invalidations % 3]! },
    })
    invalidations += 1
    await counter.read()
  }
  const told = await chats
  await jobsDone(database.db)
  await sleep(20)
  const { fetches, refused } = await counter.read()
  const lines = servers.flatMap((server) => server.lines)
  const workOf = countWork().map((count, at) => count - before[at]!)
  process.stdout.write(
    [
      `token fetches: ${String(fetches)}, invalidations: ${String(invalidations)} (${String(PROCESSES)} processes with ${workOf.join(', ')} calls, ${String(refused)} refused;`,
      `${String(told.reduce((sum, { asked }) => sum + asked, 0))} questions, slowest answer ${String(Math.max(...told.map(({ slowestMs }) => slowestMs)))} ms,`,
      `${String(lines.filter((line) => line.includes('will be tried again')).length)} jobs tried again)\n`,
    ].join(' '),
  )
  expect(invalidations).toBe((SECONDS * 1_000) / EVERY_MS)
  expect(refused).toBeGreaterThanOrEqual(invalidations - 1)
  expect(fetches).toBeLessThanOrEqual(invalidations + 4)
  // Each question has its answer, and only one. A call that meets two dead tokens in a row is tried again as a job.
  expect(
    await Promise.all(customers.map(async (customer) => botTexts(await customer.chat()).length)),
  ).toEqual(told.map(({ asked }) => asked))
  expect(
    lines.filter(
      (line) => line.includes('a job failed for good') || line.includes('"level":"error"'),
    ),
  ).toEqual([])
}, 120_000)
