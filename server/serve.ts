import { setTimeout as wait } from 'node:timers/promises'
import { createHouse, type House, type Options } from './compose.ts'
import { readConfig } from './config.ts'
import { ConfigRefused } from './lib/environment.ts'
import { createLog } from './lib/log.ts'
import { migrateDatabase, SchemaRefused } from './lib/migrate.ts'

/** One server process, until it is asked to stop. Exit code 1: it cannot run, and the last line says why. */
export async function serve(options: Pick<Options, 'pages'> = {}): Promise<void> {
  try {
    await run(options)
    process.exit(0)
  } catch (error) {
    const expected = error instanceof ConfigRefused || error instanceof SchemaRefused
    process.stderr.write(`${expected ? error.message : describe(error)}\n`)
    process.exit(1)
  }
}

/** Whatever hangs then hangs: the process ends, and others free what it held. */
const STOP_LIMIT_MS = 10_000

async function run(options: Pick<Options, 'pages'>): Promise<void> {
  const config = readConfig(process.env)
  const log = createLog({ level: config.logLevel })
  await migrateDatabase({
    connectionString: config.databaseUrl,
    kind: config.kind,
    secretKey: config.secretKey,
    log,
  })
  const house = createHouse(config, { ...options, log })
  await ensureAdminKey(house)
  const address = await house.start()
  log.info({ address, world: config.kind }, 'listening')
  await untilAskedToStop()
  log.info('stopping')
  await Promise.race([house.stop(), wait(STOP_LIMIT_MS)])
}

/** Printed once and only here: the database keeps a hash. */
async function ensureAdminKey(house: House): Promise<void> {
  if (await house.access.hasAdmin()) return
  const key = await house.access.createKey({ name: 'first start', scope: 'admin', expiresAt: null })
  process.stdout.write(`admin key (shown only now): ${key}\n`)
}

/** A signal, or the parent that started us is gone. */
function untilAskedToStop(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve()).once('SIGTERM', () => resolve())
    if (process.channel) process.once('disconnect', () => resolve())
  })
}

function describe(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'EADDRINUSE') return 'the port is taken: set PORT to another one'
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
