import { accessSync, constants, mkdirSync } from 'node:fs'
import path from 'node:path'
import { readConfig } from '../../server/config.ts'
import { ConfigRefused } from '../../server/lib/environment.ts'
import { seedDemoWorld } from '../play/seed.ts'
import { dataDirOf, say, shown, StartRefused, type Environment } from '../checkout/environment.ts'
import { follow } from './follow.ts'
import { findAdminKey, findSecretKey, forgetDeadFollowers, writeInstance } from './instance.ts'
import { endLeftovers, forgetProcesses, noteProcess } from './leftovers.ts'
import { oneAtATime } from './one-at-a-time.ts'
import { choosePort } from './ports.ts'
import { buildPages, type PagesBuild } from './pages.ts'
import { openPostgres } from './postgres.ts'
import { officialEnvironment, pushEnvironment, sandboxEnvironment } from '../sandbox/environment.ts'
import { findSandbox, sandboxLog, startSandbox } from './sandbox.ts'
import { startServer } from './server.ts'
import type { Stage } from './stage.ts'
import type { World } from './world.ts'

type Plan = { env: Environment; world: World; watch: boolean }

type Line = [what: string, where: string]
/** What to print, in order; `later`: what to add when the pages are there, nothing if they are already or never will be. */
export type Raised = { lines: Line[]; later: Promise<Line[]> }

/** Starts everything in order. */
export async function raise(stage: Stage, plan: Plan): Promise<Raised> {
  refuseBadConfig(plan)
  const dataDir = dataDirOf(plan.env)
  makeDataDir(dataDir)
  return oneAtATime(dataDir, async () => {
    await endLeftovers(dataDir)
    forgetDeadFollowers(dataDir)
    noteProcess(dataDir, process.pid)
    await stage.add({ name: 'the list of processes', stop: async () => forgetProcesses(dataDir) })
    return plan.world === 'sandbox'
      ? raiseSandboxWorld(stage, plan, dataDir)
      : raiseRealWorld(stage, plan, dataDir)
  })
}

/** What the server would refuse is refused before anything is made: no folder, no key, no database cluster. */
function refuseBadConfig({ env, world }: Plan): void {
  const madeLater = {
    DATABASE_URL: 'postgres://made-later',
    ...(env['NODE_ENV'] !== 'production' && { SECRET_KEY: 'made in DATA_DIR when it is not set' }),
  }
  const own = world === 'sandbox' ? companyBeside('http://127.0.0.1') : { SANDBOX: 'off' }
  try {
    readConfig({ ...madeLater, ...env, ...own })
  } catch (error) {
    if (error instanceof ConfigRefused) throw new StartRefused(error.message)
    throw error
  }
}

function makeDataDir(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true })
    accessSync(dataDir, constants.W_OK)
  } catch {
    throw new StartRefused(
      `${shown(dataDir)} cannot be written by this account: start as its owner, or set DATA_DIR`,
    )
  }
}

async function raiseRealWorld(
  stage: Stage,
  { env, watch }: Plan,
  dataDir: string,
): Promise<Raised> {
  const { server, ...address } = await chooseAddress(env)
  const databaseUrl = await openPostgres(stage, env, dataDir)
  say('starting the server: it brings the database up to date first')
  const own = {
    ...address,
    DATABASE_URL: databaseUrl,
    DATA_DIR: dataDir,
    SANDBOX: 'off',
    ...secretKey(env, dataDir),
  }
  await startServer(stage, {
    entry: 'server/main',
    env: { ...env, ...own },
    dataDir,
    url: server,
    watch,
  })
  return { lines: [['server', server]], later: Promise.resolve([]) }
}

const companyBeside = (sandbox: string): Environment => ({
  ...sandboxEnvironment(sandbox),
  ...officialEnvironment,
  ...pushEnvironment,
})

const SANDBOX_PORT = { variable: 'SANDBOX_PORT', usual: 3900, host: '127.0.0.1' }

async function raiseSandboxWorld(
  stage: Stage,
  { env, watch }: Plan,
  dataDir: string,
): Promise<Raised> {
  const pages = await buildPages(stage)
  const { server, ...address } = await chooseAddress(env)
  const shared = await findSandbox(dataDir)
  const sandboxPort = shared ? 0 : await choosePort(env, SANDBOX_PORT)
  const databaseUrl = await openPostgres(stage, env, dataDir)
  if (!shared) say('starting the platform sandbox')
  const sandbox = shared ?? (await startSandbox(stage, { env, dataDir, server, port: sandboxPort }))
  const adminKey = findAdminKey(env, dataDir)
  const own = {
    ...address,
    DATABASE_URL: databaseUrl,
    DATA_DIR: dataDir,
    ADMIN_KEY: adminKey,
    ...secretKey(env, dataDir),
  }
  say('starting the server: it brings the database up to date first')
  const serverLog = path.join(dataDir, 'logs', shared ? `server-${address.PORT}.log` : 'server.log')
  await startServer(stage, {
    entry: 'scripts/sandbox-house/main',
    env: { ...env, ...companyBeside(sandbox), ...own },
    dataDir,
    url: server,
    watch,
    ...(!watch && { logFile: serverLog }),
  })
  if (!shared) await seedDemoWorld({ server, sandbox, adminKey, log: say })
  const logs = [...(watch ? [] : [serverLog]), sandboxLog(dataDir)]
  const instance = { server, sandbox, adminKey, logs }
  const file = writeInstance(dataDir, instance, !shared)
  if (shared) await follow(stage, { env, dataDir, instance })
  const lines: Line[] = [
    ['server', server],
    ...toPageLines(server, pages.isBuilt() ? '' : ' (正在构建 · still being built)'),
    ['staff', `${server}/staff/`],
    ['sandbox', `${sandbox}/_sandbox${shared ? ' (of the instance that was here first)' : ''}`],
    ['admin key', shown(file)],
    ['logs', logs.map(shown).join(', ')],
  ]
  return { lines, later: pages.isBuilt() ? Promise.resolve([]) : announceLater(pages, server) }
}

const toPageLines = (server: string, note: string): Line[] => [
  ['playground', `${server}/playground${note}`],
  ['preview', `${server}/preview/${note}`],
]

const announceLater = async ({ built }: PagesBuild, server: string): Promise<Line[]> =>
  (await built) ? toPageLines(server, ' (构建好了 · built)') : []

async function chooseAddress(
  env: Environment,
): Promise<{ server: string; HOST: string; PORT: string }> {
  const host = env['HOST'] ?? (env['NODE_ENV'] === 'production' ? '0.0.0.0' : '127.0.0.1')
  const port = await choosePort(env, { variable: 'PORT', usual: 3000, host })
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
  return {
    server: `http://${name.includes(':') ? `[${name}]` : name}:${port}`,
    HOST: host,
    PORT: String(port),
  }
}

/** In production the server insists on a SECRET_KEY of its own environment. */
function secretKey(env: Environment, dataDir: string): Environment {
  if (env['SECRET_KEY'] || env['NODE_ENV'] === 'production') return {}
  return { SECRET_KEY: findSecretKey(dataDir) }
}
