import { closeSync, openSync, readSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { root } from '../../checkout/environment.ts'
import { repeat, type Bench, type Row } from '../bench.ts'
import { phoneOf, PROJECT_ID, tokenOf } from '../filling.ts'
import type { Measure } from '../goals.rules.ts'
import { askOnce, BadAnswer, loadClosed, warmUp } from '../load.ts'
import { beside, startBaseline, startServer } from '../programs.ts'
import { findMain, readStatements, type Main } from '../statements.rules.ts'
import { toGet } from '../wire.rules.ts'
import { withClient } from '../world.ts'

const CONNECTIONS = 32
/** A session may ask thirty times a second. */
const SESSIONS = 4_000
const CAPTURED = 100

type Read = { name: string; toPath: (customer: number) => string }

export const measureReads: Row = async (bench) => {
  const databaseUrl = await bench.world.fresh()
  const reads = await describeReads(databaseUrl)
  const statements = await capture(bench, { databaseUrl, reads })
  const file = path.join(root, '.data', 'bench-logs', 'statements.json')
  writeFileSync(file, JSON.stringify(statements))
  const programs = [
    startServer({ databaseUrl, platformUrl: bench.platform.url }),
    startBaseline('reads', {
      DATABASE_URL: databaseUrl,
      BENCH_STATEMENTS: file,
      BENCH_CUSTOMERS: String(bench.world.customers),
    }),
  ]
  return beside(programs, async (server, baseline) => {
    const measures: Measure[] = []
    await warmUp(loadOf(baseline!, toKey), bench.effort.warm)
    for (const read of reads)
      measures.push(...(await measureRead(bench, { read, server: server!, baseline: baseline! })))
    return measures
  })
}

async function describeReads(databaseUrl: string): Promise<Read[]> {
  const { rows } = await withClient(databaseUrl, (client) =>
    client.query<{ id: string }>(
      `select ${PROJECT_ID} as id from generate_series(1, ${SESSIONS}) as i, (values (1)) as one(k) order by i`,
    ),
  )
  return [
    { name: 'projects/my', toPath: () => '/api/projects/my' },
    { name: 'project', toPath: (customer) => `/api/projects/${rows[customer - 1]!.id}` },
    { name: 'me', toPath: () => '/api/me' },
    { name: 'binding/status', toPath: () => '/api/binding/status' },
    { name: 'can-query', toPath: (customer) => `/api/customer/can-query/${phoneOf(customer)}` },
  ]
}

/** Who asks next: each customer as often as the others. */
function inTurn(read: Read): () => string {
  let asked = 0
  return () => {
    const customer = 1 + (asked % SESSIONS)
    asked += 1
    return toGet(read.toPath(customer), tokenOf(customer))
  }
}

const toKey = (): string => toGet('/key')
const loadOf = (port: number, next: () => string) => ({
  ports: [port],
  connections: CONNECTIONS,
  next,
})

type Measured = { read: Read; server: number; baseline: number }

async function measureRead(
  { world, effort }: Bench,
  { read, server, baseline }: Measured,
): Promise<Measure[]> {
  const next = inTurn(read)
  const toOwn = (): string => toGet(`/${read.name}`)
  const ask = (port: number, request: () => string): Promise<number> =>
    loadClosed({ ...loadOf(port, request), windowMs: effort.windowMs })
  const warm = { ...effort.warm, requests: effort.warm.requests / 2 }
  await warmUp(loadOf(baseline, toOwn), warm)
  await warmUp(loadOf(server, next), warm)
  const found = await repeat(effort, async () => ({
    c: await ask(baseline, toKey),
    d: await ask(baseline, toOwn),
    ours: await ask(server, next),
  }))
  const { customers: size } = world
  return [
    { line: `${read.name} of d`, size, values: found.ours, baselines: found.d },
    { line: `${read.name} of c`, size, values: found.ours, baselines: found.c },
  ]
}

/**
 * The main statement of each read with the parameters of a hundred customers, as Postgres saw it: whatever way the server
 * asks, this is what it asks.
 */
async function capture(
  { world, platform }: Bench,
  { databaseUrl, reads }: { databaseUrl: string; reads: readonly Read[] },
): Promise<Record<string, Main>> {
  const database = new URL(databaseUrl).pathname.slice(1)
  const setLogging = (how: string): Promise<unknown> =>
    withClient(databaseUrl, (client) => client.query(`alter database ${database} ${how}`))
  await setLogging('set log_min_duration_statement = 0')
  try {
    return await beside([startServer({ databaseUrl, platformUrl: platform.url })], async (port) => {
      const found: Record<string, Main> = {}
      for (const read of reads)
        found[`/${read.name}`] = await captureRead(read, port!, world.logFile)
      return found
    })
  } finally {
    await setLogging('reset log_min_duration_statement')
  }
}

async function captureRead(read: Read, port: number, logFile: string): Promise<Main> {
  const next = inTurn(read)
  for (let times = 0; times < 20; times += 1) await askOnce(port, next())
  const start = statSync(logFile).size
  for (let times = 0; times < CAPTURED; times += 1) await askOnce(port, next())
  const main = findMain(readStatements(readFrom(logFile, start)), CAPTURED)
  if (main === undefined) throw new BadAnswer(`${read.name} asks the database nothing`)
  return main
}

function readFrom(file: string, start: number): string {
  const bytes = Buffer.alloc(statSync(file).size - start)
  const opened = openSync(file, 'r')
  try {
    readSync(opened, bytes, 0, bytes.length, start)
  } finally {
    closeSync(opened)
  }
  return bytes.toString('utf8')
}
