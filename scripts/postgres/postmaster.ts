import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import {
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
} from 'node:fs'
import { createServer } from 'node:net'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { Binaries } from './binaries.ts'
import { cleanEnvironment, clusterUrl, isWindows, run, type Cluster } from './cluster.ts'
import { giveTo } from './home.ts'
import { codeOf, isAlive } from '../processes/lock.ts'

export type Settings = Record<string, string | number>

const START_TIMEOUT_MS = 60_000

/** Starts PostgreSQL on the cluster unless it already runs. Call it under the lock. */
export async function bringUp(
  cluster: Cluster,
  binaries: Binaries,
  settings: Settings,
): Promise<{ url: string; attached: boolean }> {
  let failures = 0
  let attached = true
  for (const deadline = Date.now() + START_TIMEOUT_MS; Date.now() < deadline;) {
    const state = await look(cluster)
    if (state === 'ready')
      return { url: clusterUrl(cluster, readPidFile(cluster)?.port ?? 5432), attached }
    if (state === 'busy') {
      await sleep(20)
      continue
    }
    if (state === 'stale') removeRemains(cluster)
    attached = false
    if (await launch(cluster, binaries, settings)) continue
    // A postmaster killed the hard way leaves children for a moment, and PostgreSQL refuses to start beside them.
    failures += 1
    if (failures === 5) throw new Error(`PostgreSQL does not start: ${lastLines(cluster.logFile)}`)
    await sleep(300)
  }
  throw new Error(
    `PostgreSQL was not ready within ${START_TIMEOUT_MS / 1000} s, see ${cluster.logFile}; ${cluster.pidFile} names the process in the way, if any`,
  )
}

/** Whether a server of this cluster answers now. */
export async function findRunning(cluster: Cluster): Promise<string | undefined> {
  const port = readPidFile(cluster)?.port
  return port && (await look(cluster)) === 'ready' ? clusterUrl(cluster, port) : undefined
}

/** Ends the server in order (clients are disconnected) and waits for it. */
export async function shutDown(cluster: Cluster, pgCtl?: string): Promise<boolean> {
  const pid = readPidFile(cluster)?.pid
  if (!pid || !isAlive(pid)) return true
  // Windows has no SIGINT for other processes: killing there would mean a recovery at the next start.
  if (isWindows && pgCtl) run(cluster, pgCtl, ['stop', '-D', cluster.data, '-m', 'fast', '-w'])
  else process.kill(pid, 'SIGINT')
  for (let waited = 0; waited < 15_000 && isAlive(pid); waited += 10) await sleep(10)
  return !isAlive(pid)
}

/** busy: starts, recovers or shuts down. stale: the file names a process that is gone or never was ours. */
type State = 'none' | 'stale' | 'busy' | 'ready'

async function look(cluster: Cluster): Promise<State> {
  const file = readPidFile(cluster)
  if (!file) return 'none'
  if (!file.pid) return Date.now() - file.writtenAt < 2000 ? 'busy' : 'stale'
  if (!isAlive(file.pid)) return 'stale'
  if (!file.port) return isPostmaster(file.pid, cluster) ? 'busy' : 'stale'
  const answer = await probe(clusterUrl(cluster, file.port))
  if (answer === 'silent') return isPostmaster(file.pid, cluster) ? 'busy' : 'stale'
  return answer
}

/** Lines of postmaster.pid: pid, data folder, start time, port, socket folder, address, shared memory, status. */
function readPidFile(
  cluster: Cluster,
): { pid: number; port: number; status: string; writtenAt: number } | undefined {
  try {
    const lines = readFileSync(cluster.pidFile, 'utf8').split('\n')
    const { mtimeMs } = statSync(cluster.pidFile)
    return {
      pid: Number(lines[0] || 0),
      port: Number(lines[3] || 0),
      status: lines[7]?.trim() ?? '',
      writtenAt: mtimeMs,
    }
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

async function probe(url: string): Promise<'ready' | 'busy' | 'silent'> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1500 })
  client.on('error', () => {})
  try {
    await client.connect()
    return 'ready'
  } catch (error) {
    return error instanceof pg.DatabaseError ? 'busy' : 'silent' // an answer, even a refusal, comes from a living server
  } finally {
    await client.end().catch(() => {})
  }
}

/** PostgreSQL believes any living pid in its file; after a reboot or in a container that pid is often somebody else. */
function isPostmaster(pid: number, cluster: Cluster): boolean {
  const command = commandLine(pid)
  return command === undefined || command.includes(cluster.data)
}

function commandLine(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    const ps = isWindows
      ? undefined
      : spawnSync('ps', ['-p', String(pid), '-o', 'args='], { encoding: 'utf8' })
    return ps?.status === 0 ? ps.stdout : undefined
  }
}

function removeRemains(cluster: Cluster): void {
  const socket = path.join(cluster.socketFolder, `.s.PGSQL.${readPidFile(cluster)?.port || 5432}`)
  for (const file of [cluster.pidFile, socket, `${socket}.lock`]) rmSync(file, { force: true })
}

async function launch(cluster: Cluster, binaries: Binaries, settings: Settings): Promise<boolean> {
  const port = isWindows ? await freePort() : 5432 // a socket file of our own: the number only names it
  const where = isWindows
    ? { listen_addresses: '127.0.0.1' }
    : {
        listen_addresses: '',
        unix_socket_directories: cluster.socketFolder,
        unix_socket_permissions: '0700',
      }
  const options = Object.entries({ ...where, ...settings }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ])
  const log = openLog(cluster)
  // Detached: a Ctrl-C in the terminal must not reach PostgreSQL before the server has drained.
  const child = spawn(binaries.postgres, ['-D', cluster.data, '-p', String(port), ...options], {
    ...cluster.account,
    cwd: cluster.folder,
    detached: true,
    stdio: ['ignore', log, log],
    windowsHide: true,
    env: cleanEnvironment(),
  })
  closeSync(log)
  child.unref()
  return cameUp(child, cluster)
}

function cameUp(child: ChildProcess, cluster: Cluster): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const poll = setInterval(() => {
      const file = readPidFile(cluster)
      if (file?.pid === child.pid && file?.status === 'ready') done(true)
    }, 5)
    const timeout = setTimeout(() => done(false), START_TIMEOUT_MS)
    const done = (isUp: boolean): void => {
      clearInterval(poll)
      clearTimeout(timeout)
      resolve(isUp)
    }
    child.once('exit', () => done(false))
    child.once('error', (cause) => {
      done(false)
      reject(new Error('PostgreSQL cannot be run here: set DATABASE_URL', { cause }))
    })
  })
}

function openLog(cluster: Cluster): number {
  if (existsSync(cluster.logFile) && statSync(cluster.logFile).size > 5_000_000)
    truncateSync(cluster.logFile)
  const file = openSync(cluster.logFile, 'a', 0o600)
  giveTo(cluster.account, cluster.logFile)
  return file
}

const lastLines = (file: string): string =>
  `${file} ends with\n${readFileSync(file, 'utf8').trim().split('\n').slice(-8).join('\n')}`

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() =>
        typeof address === 'object' && address
          ? resolve(address.port)
          : reject(new Error('no free port')),
      )
    })
  })
}
