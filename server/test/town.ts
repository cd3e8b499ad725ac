import { rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, expect } from '@jest/globals'
import { addSandboxPages } from '../../scripts/sandbox-house/pages.ts'
import { createSandbox, type Sandbox } from '../../scripts/sandbox/sandbox.ts'
import { officialEnvironment, sandboxEnvironment } from '../../scripts/sandbox/environment.ts'
import { createHouse, type House } from '../compose.ts'
import { readConfig } from '../config.ts'
import { createLog } from '../lib/log.ts'
import { callingFrom, nextAddress } from './addresses.ts'
import { createAnswerWatch } from './answers.ts'
import { testDatabase, type TestDatabase } from './database.ts'
import { createPeople } from '../../scripts/play/people.ts'
import { createHttp } from '../../scripts/play/requests.ts'
import { enterWorld, readWorld } from '../../scripts/play/worlds.ts'
import { listJobs } from './job-desk.ts'
import { createScanWatch } from './scans.ts'

export const ADMIN_KEY = 'story-admin-key-0123456789'
export const SECRET_KEY = 'story-secret-key-0123456789'

export type Town = ReturnType<typeof describeTown>
type Parts = {
  database: TestDatabase
  sandbox: Sandbox
  house: House
  address: string
  lines: string[]
  clock: Clock
  scans: ReturnType<typeof createScanWatch>
  answers: ReturnType<typeof createAnswerWatch>
  /** What the server asks Postgres while `act` runs. */
  listen: (act: () => Promise<void>) => Promise<string[]>
}
export type Clock = ReturnType<typeof createClock>

function createClock() {
  let offsetMs = 0
  let stoppedAt: number | undefined
  return {
    now: (): Date => new Date((stoppedAt ?? Date.now()) + offsetMs),
    advance: (ms: number): void => {
      offsetMs += ms
    },
    /** While `action` runs it goes only where `advance` puts it: however slow the machine is, no window ends by itself. */
    stopFor: async (action: () => Promise<void>): Promise<void> => {
      stoppedAt = Date.now()
      try {
        await action()
      } finally {
        stoppedAt = undefined
      }
    },
  }
}

/** Where the processes of one database keep their files: whatever lies there without a row in it, they take away. */
export const dataDirOf = (databaseUrl: string): string =>
  path.join(os.tmpdir(), `jindutong-town-${new URL(databaseUrl).pathname.slice(1)}`)

/** The environment of a server beside a sandbox. */
export function townEnvironment(sandboxUrl: string, databaseUrl: string): Record<string, string> {
  return {
    ...sandboxEnvironment(sandboxUrl),
    DATABASE_URL: databaseUrl,
    DATA_DIR: dataDirOf(databaseUrl),
    PORT: '0',
    ADMIN_KEY,
    SECRET_KEY,
    LOG_LEVEL: 'debug',
  }
}

/** The official account of the sandbox; for useTown. */
export const OFFICIAL = officialEnvironment

/** Each test calls from an address of its own, as through a proxy: however fast they follow each other, none meets another's limits. */
const PROXIED = { TRUST_PROXY_HOPS: '1' }
let address = nextAddress()
const sayAddress = (): Record<string, string> => callingFrom(address)

async function openTown(policy: Record<string, string>): Promise<Parts> {
  const database = await testDatabase()
  const sandbox = await createSandbox({ port: 0 })
  const lines: string[] = []
  const log = createLog({
    level: 'debug',
    destination: { write: (line: string) => void lines.push(line) },
  })
  const clock = createClock()
  const scans = createScanWatch(READS_ALL)
  const answers = createAnswerWatch(TELLS_PHONES)
  const ears = new Set<string[]>()
  const house = createHouse(
    readConfig({
      ...townEnvironment(sandbox.url, database.connectionString),
      ...PROXIED,
      ...policy,
    }),
    {
      log,
      clock: clock.now,
      bells: () => new Date(),
      pages: (built) => {
        for (const pool of [built.db, built.reads])
          pool.on('query', (query: { sql: string; bindings?: unknown }) => {
            scans.note(query)
            answers.notePhones(query.bindings)
            for (const ear of ears) ear.push(query.sql)
          })
        return addSandboxPages({ ...built, db: database.db })
      },
    },
  )
  const address = await house.start()
  answers.begin(address)
  sandbox.setCallbackBase(address)
  const listen = async (act: () => Promise<void>): Promise<string[]> => {
    const heard: string[] = []
    ears.add(heard)
    await act()
    ears.delete(heard)
    return heard
  }
  return { database, sandbox, house, address, lines, clock, scans, answers, listen }
}

function describeTown(parts: Parts, isProxied: boolean) {
  const server = createHttp(parts.address, isProxied ? sayAddress : undefined)
  const control = createHttp(parts.sandbox.url)
  return {
    ...parts,
    server,
    control,
    db: parts.database.db,
    people: createPeople({ server, control, adminKey: ADMIN_KEY }),
    /** Until every callback is delivered and every job is done. */
    settle: () => settle(parts),
  }
}

/** STORY_WORLD='--unionids --seed 7' lets the stories happen in another world than the usual one. */
const WORLD =
  process.env['STORY_WORLD'] === undefined
    ? undefined
    : readWorld(process.env['STORY_WORLD'].split(' '))
/** Which slots have their orders: without them the next minute would order the work of the whole day in the middle of a test. */
const RUNG = ['cron_fires']

/** Statements that may read all of a table, and why. */
const READS_ALL = [
  // Retention, once a day.
  'delete from "bind_codes"',
  'delete from "callback_inbox"',
  'delete from "kf_messages"',
  'delete from "notice_receipts"',
  'delete from "official_notices"',
  'delete from "pending_bindings"',
  'delete from "question_notices"',
  'delete from "tickets"',
  'update "wework_customer_events" set "raw_event_data"',
  // Only while no unionid was ever the same (D15).
  'as different from',
  // Jobs that are not done yet, which are few; the newest callbacks and events, backwards along their key.
  'from graphile_worker.jobs union all select',
  'from "callback_inbox" order by "id" desc limit',
  'from "wework_customer_events" order by "id" desc limit',
  // All customers, page by page.
  'select f.id from customers f where',
  // The newest of the log, backwards along its key, which is nearly the order of time.
  'from "operation_log" order by "id" desc limit',
  'from "operation_log" where "at"',
  // The newest of what was answered: nearly all reviews are.
  'where "r"."closed_at" is not null order by "r"."id" desc limit',
  // An erasure, which must find whatever mentions somebody; nobody waits for it.
  'as his from',
  'delete from "lane_jobs" where locked_by is null and concat',
  'update "callback_inbox" set "payload" = $1, "drained_at" = coalesce',
  'update "import_rows" set "cells" = $1, "outcome" = coalesce',
  `where concat_ws(' ', remark, array_to_string(remark_mobiles`,
  // All orders, page by page, after a change of the settings.
  'select "id" from "projects" order by "id" asc limit',
]

/** Answers that may hold a full phone, and why. */
const TELLS_PHONES = {
  'POST /api/staff/pending-customers/{id}/reveal': 'a member asks for it, which is in the log',
  'POST /api/advisor/leads/{id}/reveal': 'an advisor asks for it, which is in the log',
  'POST /api/staff/leads/{id}/reveal': 'the same, on the pages of members',
  'POST /api/customer/action': 'the caller himself has just stated it',
  'GET /api/admin/imports/{id}/rejected': 'what the office sent and must correct; logged',
  'GET /api/admin/customers/{id}/export': 'what is kept of a person is told to him whole; logged',
  'GET /api/admin/rights/{id}/export': 'the same, of who is bound to nobody',
}

/** Everything real: server, Postgres and the platform sandbox, in this process. One town per call, emptied between tests. */
export function useTown(policy: Record<string, string> = {}): () => Town {
  let town: Town
  beforeAll(async () => {
    town = describeTown(await openTown(policy), policy['TRUST_PROXY_HOPS'] !== '0')
  })
  beforeEach(async () => {
    await settle(town)
    await town.control.post('/_sandbox/reset')
    if (WORLD !== undefined) await enterWorld(town.control, WORLD)
    await town.database.clear(RUNG)
    address = nextAddress()
    town.lines.length = 0
  })
  afterAll(async () => {
    await town.house.stop()
    await town.sandbox.stop()
    rmSync(dataDirOf(town.database.connectionString), { recursive: true, force: true })
    town.answers.end()
    expect(town.answers.findUnnamed(town.house.openApi)).toEqual([])
    expect(town.answers.findPhones(town.house.openApi)).toEqual([])
    expect(await town.scans.findScans(town.database.connectionString)).toEqual([])
  })
  return () => town
}

/** Jobs that failed wait for their next try; they are not waited for. A drain that gathers is. */
async function settle({ sandbox, database }: Pick<Parts, 'sandbox' | 'database'>): Promise<void> {
  for (let quiet = 0; quiet < 2;) {
    await sandbox.idle()
    const [row] = await listJobs(database.db)
      .whereRaw(`run_at <= now() + interval '100 ms'`)
      .whereRaw('attempts < max_attempts')
      .count<{ count: number }[]>({ count: '*' })
    quiet = Number(row!.count) === 0 ? quiet + 1 : 0
    await new Promise((resolve) => setTimeout(resolve, 4))
  }
}
