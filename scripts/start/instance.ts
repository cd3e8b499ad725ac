import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { isMarkAlive, markOf } from '../processes/lock.ts'
import type { Environment } from '../checkout/environment.ts'

/**
 * What other programs read from DATA_DIR/dev.json. The file belongs to the first living instance of the DATA_DIR, the
 * leader, which also runs the sandbox for all of them; a second instance writes dev-<port>.json, and takes over the
 * sandbox and dev.json when the leader goes away.
 */
export type Instance = {
  server: string
  sandbox: string
  adminKey: string
  logs: string[]
  process: string
}

const leaderFile = (dataDir: string): string => path.join(dataDir, 'dev.json')
const followerFile = (dataDir: string, server: string): string =>
  path.join(dataDir, `dev-${new URL(server).port}.json`)

/** The living instance that runs the sandbox, unless it is this one. */
export function findLeader(dataDir: string): Instance | undefined {
  const found = readInstance(leaderFile(dataDir))
  return found && found.process !== markOf(process.pid) && isMarkAlive(found.process)
    ? found
    : undefined
}

/** Gives the file that was written. */
export function writeInstance(
  dataDir: string,
  instance: Omit<Instance, 'process'>,
  isLeader: boolean,
): string {
  const own = followerFile(dataDir, instance.server)
  const file = isLeader ? leaderFile(dataDir) : own
  const half = `${file}.${process.pid}`
  writeFileSync(
    half,
    `${JSON.stringify({ ...instance, process: markOf(process.pid) }, null, 2)}\n`,
    { mode: 0o600 },
  )
  renameSync(half, file)
  if (isLeader) rmSync(own, { force: true })
  return file
}

/** Files of second instances that were killed. */
export function forgetDeadFollowers(dataDir: string): void {
  for (const name of readdirSync(dataDir).filter((entry) => /^dev-\d+\.json$/.test(entry))) {
    const file = path.join(dataDir, name)
    if (!isMarkAlive(readInstance(file)?.process ?? '')) rmSync(file, { force: true })
  }
}

export const forgetFollower = (dataDir: string, server: string): void =>
  rmSync(followerFile(dataDir, server), { force: true })

function readInstance(file: string): Instance | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Instance
  } catch {
    return undefined // not there, or not ours
  }
}

/** The admin key that is set, else the one of the last start, else a new one. */
export const findAdminKey = (env: Environment, dataDir: string): string =>
  env['ADMIN_KEY'] ??
  readInstance(leaderFile(dataDir))?.adminKey ??
  randomBytes(24).toString('base64url')

/** The secret key of this DATA_DIR; made at the first start. Losing it makes the hashes in the database worthless. */
export function findSecretKey(dataDir: string): string {
  const file = path.join(dataDir, 'secret.key')
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    writeFileSync(file, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' })
    return readFileSync(file, 'utf8').trim()
  }
}
