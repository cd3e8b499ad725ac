import path from 'node:path'
import { createServer, type AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { root, type Environment } from '../checkout/environment.ts'
import { sandboxEnvironment } from '../sandbox/environment.ts'
import { isAnswering } from '../start/programs.ts'
import { spawnChild, type Child } from '../start/child.ts'

export const SECRET_KEY = 'bench-bench-bench-bench-bench-bench'
export const ADMIN_KEY = 'bench-admin-key-of-the-bench-only'
const READY_WITHIN_MS = 60_000

/** A program that was started ended, or did not answer. */
export class NotReady extends Error {}

/** `startedMs`: from the start of the process until it answered that it is ready. */
export type Program = { port: number; startedMs: number; stop: () => Promise<void> }

export type Place = { databaseUrl: string; platformUrl: string }

/** What the server under measure is told; as `npm start` tells it, with a platform of ours. */
export const serverEnvironment = ({ databaseUrl, platformUrl }: Place): Environment => ({
  ...sandboxEnvironment(platformUrl),
  DATABASE_URL: databaseUrl,
  SECRET_KEY,
  ADMIN_KEY,
  LOG_LEVEL: 'warn',
  HOST: '127.0.0.1',
})

/** The built server, in a process of its own. */
export const startServer = (place: Place): Promise<Program> =>
  start('the server', 'server/main', serverEnvironment(place))

/** What a baseline needs is in its environment; see baseline.ts. */
export const startBaseline = (kind: string, env: Environment = {}): Promise<Program> =>
  start(`the baseline ${kind}`, 'scripts/bench/baseline', { ...env, BENCH_BASELINE: kind })

async function start(name: string, entry: string, env: Environment): Promise<Program> {
  const port = await findFreePort()
  const kept = { PATH: process.env['PATH'] ?? '', NODE_ENV: 'development' }
  const logFile = path.join(root, '.data', 'bench-logs', `${path.basename(entry)}-${port}.log`)
  const began = performance.now()
  const child = spawnChild({
    name,
    entry,
    env: { ...kept, ...env, PORT: String(port) },
    logFile,
    graceMs: 20_000,
  })
  await untilReady(child, port)
  return { port, startedMs: performance.now() - began, stop: child.stop }
}

async function untilReady(child: Child, port: number): Promise<void> {
  let ended: string | undefined
  void child.exited.then((how) => (ended = how))
  const until = performance.now() + READY_WITHIN_MS
  while (!(await isAnswering(`http://127.0.0.1:${port}/readyz`))) {
    if (ended !== undefined) throw new NotReady(child.obituary(ended))
    if (performance.now() > until) {
      await child.stop()
      throw new NotReady(`${child.name} was not ready within ${READY_WITHIN_MS / 1_000} s`)
    }
    await sleep(5)
  }
}

function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}

/** Runs `work` beside programs, and stops them whatever comes of it. */
export async function beside<Result>(
  programs: readonly Promise<Program>[],
  work: (...ports: number[]) => Promise<Result>,
): Promise<Result> {
  const settled = await Promise.allSettled(programs)
  const started = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  try {
    const running = await Promise.all(programs)
    return await work(...running.map(({ port }) => port))
  } finally {
    await Promise.all(started.map(({ stop }) => stop()))
  }
}
