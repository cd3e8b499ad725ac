import { existsSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { findBinaries } from './binaries.ts'
import { describeCluster, initialise, isWindows, prepareFolders, type Cluster } from './cluster.ts'
import { chooseHome } from './home.ts'
import { withLock } from '../processes/lock.ts'
import { bringUp, findRunning, shutDown, type Settings } from './postmaster.ts'

type EmbeddedOptions = {
  /** Base folder; a root whose folder other accounts cannot enter gets one in /var/tmp instead. */
  dir: string
  /** False for tests: a power cut may lose the data. Default true. */
  durable?: boolean
  settings?: Settings
  log?: (line: string) => void
}

type Embedded = {
  /** The database `postgres`; see `databaseUrl` for others. */
  url: string
  /** The server already ran. */
  attached: boolean
  /** Resolves when the server goes away without `stop`. */
  lost: Promise<void>
  /** How many other connections there are now. */
  countOthers: () => Promise<number>
  /** Leaves; the last one out stops the server, `force` stops it for everybody. True when it has stopped. */
  stop: (force?: boolean) => Promise<boolean>
}

/**
 * Starts PostgreSQL on `dir` from the binaries that npm installed, or attaches when it already runs there. Keeps one
 * connection open as the sign that somebody is here, so the caller must `stop()`.
 *
 * @throws when there are no binaries for this platform, or the server does not come up.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const cluster = describeCluster(chooseHome(options.dir))
  const log = options.log ?? (() => {})
  prepareFolders(cluster)
  return withLock(lockOf(cluster), async () => {
    const running = await findRunning(cluster)
    if (running) return attach(cluster, running, true)
    if (cluster.folder !== path.resolve(options.dir))
      log(
        `${path.resolve(options.dir)} is closed to other accounts: PostgreSQL lives in ${cluster.folder}`,
      )
    const binaries = await findBinaries(cluster)
    initialise(cluster, binaries, { durable: options.durable ?? true, log })
    const { url, attached } = await bringUp(cluster, binaries, {
      ...defaults(options.durable ?? true),
      ...options.settings,
    })
    return attach(cluster, url, attached)
  })
}

/** The server that runs on `dir`, if one does; attaches to it. */
export async function findEmbedded(dir: string): Promise<Embedded | undefined> {
  if (!existsSync(dir)) return undefined
  const cluster = describeCluster(chooseHome(dir))
  const running = await findRunning(cluster)
  return running ? attach(cluster, running, true) : undefined
}

/** The same server, another database. */
export function databaseUrl(url: string, database: string): string {
  const changed = new URL(url)
  changed.pathname = `/${database}`
  return changed.href
}

/** Creates an empty database unless there is one of that name; gives its URL. */
export async function ensureDatabase(url: string, database: string): Promise<string> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [
      database,
    ])
    if (!rowCount) await client.query(`create database ${pg.escapeIdentifier(database)}`)
  } finally {
    await client.end()
  }
  return databaseUrl(url, database)
}

function defaults(durable: boolean): Settings {
  const settings: Settings = { max_connections: 200, timezone: 'UTC', log_timezone: 'UTC' }
  if (durable) return settings
  return {
    ...settings,
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    max_wal_size: '1GB',
  }
}

const lockOf = (cluster: Cluster): string => path.join(cluster.folder, 'start.lock')

/** A connection, not a file with a pid, says that somebody is here: it goes away by itself when its process is killed. */
async function attach(cluster: Cluster, url: string, attached: boolean): Promise<Embedded> {
  const lease = new pg.Client({
    connectionString: url,
    application_name: 'embedded lease',
    keepAlive: true,
  })
  let leaving = false
  lease.on('error', () => {}) // "end" follows
  const lost = new Promise<void>((resolve) =>
    lease.once('end', () => {
      if (!leaving) resolve()
    }),
  )
  await lease.connect()
  const stop = (force = false): Promise<boolean> =>
    withLock(lockOf(cluster), async () => {
      leaving = true
      const isLast = force || (await isAlone(lease))
      await lease.end().catch(() => {})
      return (
        isLast && shutDown(cluster, isWindows ? (await findBinaries(cluster)).pgCtl : undefined)
      )
    })
  return { url, attached, lost, countOthers: () => countOthers(lease), stop }
}

async function countOthers(lease: pg.Client): Promise<number> {
  const { rows } = await lease.query<{ count: number }>(
    `select count(*)::int as count from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()`,
  )
  return rows[0]?.count ?? 0
}

/** The connections of processes that have just ended take some milliseconds to go. */
async function isAlone(lease: pg.Client): Promise<boolean> {
  try {
    for (let tries = 0; tries < 10; tries += 1, await sleep(50)) {
      if ((await countOthers(lease)) === 0) return true
    }
    return false
  } catch {
    return true // the server is gone already
  }
}
