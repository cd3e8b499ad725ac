import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { Binaries } from './binaries.ts'
import { giveTo, makeFolder, makeOwnFolder, shortHash, type Home } from './home.ts'

/** Names of everything that belongs to one cluster. */
export type Cluster = Home & {
  data: string
  pidFile: string
  logFile: string
  secretFile: string
  socketFolder: string
}

export const isWindows = process.platform === 'win32'

// The shortest limit of the platforms we run on (macOS) is 104 bytes with the closing zero.
const LONGEST_SOCKET_PATH = 103

export function describeCluster(home: Home): Cluster {
  const at = (name: string): string => path.join(home.folder, name)
  const fits = Buffer.byteLength(path.join(at('run'), '.s.PGSQL.65535')) <= LONGEST_SOCKET_PATH
  return {
    ...home,
    data: at('cluster'),
    pidFile: path.join(at('cluster'), 'postmaster.pid'),
    logFile: at('postgres.log'),
    secretFile: at('secret'),
    socketFolder: fits
      ? at('run')
      : path.join(os.tmpdir(), `embedded-pg-${shortHash(home.folder)}`),
  }
}

/**
 * URL of the database `postgres`. It has a host so that `new URL()` reads it; the socket folder in the query wins.
 * TLS is switched off by name because PGSSLMODE in the developer's environment would switch it on.
 */
export function clusterUrl(cluster: Cluster, port: number): string {
  const where = isWindows ? '' : `&host=${encodeURIComponent(cluster.socketFolder)}`
  return `postgres://app:${readSecret(cluster)}@127.0.0.1:${port}/postgres?sslmode=disable${where}`
}

function readSecret(cluster: Cluster): string {
  try {
    return readFileSync(cluster.secretFile, 'utf8')
  } catch (cause) {
    throw new Error(
      `cannot read ${cluster.secretFile}: start as the account that made it, or choose another DATA_DIR`,
      { cause },
    )
  }
}

/** Creates the cluster unless it exists; a killed creation leaves nothing that counts. Call it under the lock. */
export function initialise(
  cluster: Cluster,
  binaries: Binaries,
  options: { durable: boolean; log: (line: string) => void },
): void {
  const versionFile = path.join(cluster.data, 'PG_VERSION')
  if (!existsSync(versionFile)) {
    options.log(`creating a PostgreSQL ${binaries.major} cluster in ${cluster.data}`)
    create(cluster, binaries, options.durable)
  }
  const major = readFileSync(versionFile, 'utf8').trim()
  if (major !== binaries.major) {
    throw new Error(
      `${cluster.data} was made by PostgreSQL ${major}, this is ${binaries.major}: move the folder away, or install the older version and dump it`,
    )
  }
}

function create(cluster: Cluster, binaries: Binaries, durable: boolean): void {
  const half = path.join(cluster.folder, 'cluster-half')
  const passwordFile = path.join(cluster.folder, 'password-half')
  for (const file of [half, passwordFile]) rmSync(file, { recursive: true, force: true })
  if (!existsSync(cluster.secretFile))
    writeFileSync(cluster.secretFile, randomBytes(24).toString('base64url'), { mode: 0o600 })
  mkdirSync(half, { mode: 0o700 })
  writeFileSync(passwordFile, `${readSecret(cluster)}\n`, { mode: 0o600 })
  for (const file of [half, passwordFile]) giveTo(cluster.account, file)
  try {
    run(cluster, binaries.initdb, [
      '-D',
      half,
      '-U',
      'app',
      '-A',
      'scram-sha-256',
      `--pwfile=${passwordFile}`,
      '-E',
      'UTF8',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--locale=C',
      '--no-instructions',
      ...(durable ? [] : ['--no-sync']),
    ])
  } finally {
    rmSync(passwordFile, { force: true })
  }
  renameSync(half, cluster.data)
}

/** The environment of the PostgreSQL programs: nothing of ours, above all no PG* and no secrets. */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  const kept = ['PATH', 'HOME', 'SYSTEMROOT', 'TEMP', 'TMP'].flatMap((name) =>
    process.env[name] ? [[name, process.env[name]]] : [],
  )
  return { ...Object.fromEntries(kept), TZ: 'UTC', LC_ALL: 'C' } as NodeJS.ProcessEnv
}

export function run(cluster: Cluster, program: string, args: string[]): void {
  const result = spawnSync(program, args, {
    ...cluster.account,
    cwd: cluster.folder,
    encoding: 'utf8',
    env: cleanEnvironment(),
    windowsHide: true,
  })
  if (result.error) throw result.error
  if (result.status !== 0)
    throw new Error(`${path.basename(program)} failed: ${result.stderr.trim()}`)
}

export function prepareFolders(cluster: Cluster): void {
  makeFolder(cluster.folder, 0o755)
  if (!isWindows) makeOwnFolder(cluster.socketFolder, cluster.account)
}
