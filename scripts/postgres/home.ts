import { createHash } from 'node:crypto'
import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  type Stats,
} from 'node:fs'
import path from 'node:path'
import { isAlive, read } from '../processes/lock.ts'

/** The account PostgreSQL runs as when we are root, which it refuses to be. */
type Account = { uid: number; gid: number }

/** Where a cluster lives. `account` is set only when we are root. */
export type Home = { folder: string; account?: Account }

const isRoot = (): boolean => process.getuid?.() === 0

const SHARED_PLACE = '/var/tmp'

/** `dir` itself, or for a root whose `dir` no other account can enter (a checkout in /root) a folder in /var/tmp. */
export function chooseHome(dir: string): Home {
  const folder = path.resolve(dir)
  if (!isRoot()) return { folder }
  const owner = ownerOf(path.join(folder, 'cluster'))
  if (owner && canEnter(owner, folder)) return { folder, account: owner }
  const account = unprivilegedAccount()
  if (canEnter(account, nearestExisting(folder))) return { folder, account }
  return { folder: chooseElsewhere(folder), account }
}

const noteIn = (dir: string): string => path.join(dir, 'elsewhere')
const isHomeOf = (home: string, dir: string): boolean => read(noteIn(dir)) === home

/**
 * A random name, noted in `dir`: with one made from the path a new checkout in the place of a deleted one would find
 * the old one's data.
 */
function chooseElsewhere(dir: string): string {
  const noted = read(noteIn(dir))
  if (noted) return noted
  removeAbandonedHomes()
  const home = mkdtempSync(path.join(SHARED_PLACE, 'embedded-pg-'))
  chmodSync(home, 0o755)
  mkdirSync(dir, { recursive: true })
  try {
    writeFileSync(noteIn(dir), home, { flag: 'wx' })
    writeFileSync(path.join(home, 'belongs-to'), dir)
  } catch {
    rmSync(home, { recursive: true }) // another process was quicker
  }
  return readFileSync(noteIn(dir), 'utf8')
}

/** Homes whose checkout is gone; /var/tmp is nobody's to tidy. */
function removeAbandonedHomes(): void {
  const homes = readdirSync(SHARED_PLACE)
    .filter((name) => name.startsWith('embedded-pg-'))
    .map((name) => path.join(SHARED_PLACE, name))
  for (const home of homes) {
    const dir = lstatSync(home).uid === 0 ? read(path.join(home, 'belongs-to')) : undefined
    const pid = Number.parseInt(read(path.join(home, 'cluster', 'postmaster.pid')) ?? '', 10)
    if (dir && !isHomeOf(home, dir) && !(pid && isAlive(pid)))
      rmSync(home, { recursive: true, force: true })
  }
}

/** @throws when somebody else's folder is in the way: in /tmp anybody could have put one there. */
export function makeOwnFolder(folder: string, account?: Account): void {
  makeFolder(folder, 0o700)
  const found = lstatSync(folder)
  if (!found.isDirectory() || ![process.getuid?.() ?? found.uid, account?.uid].includes(found.uid))
    throw new Error(notOurs(folder))
  giveTo(account, folder)
}

/** @throws when it cannot be written. */
export function makeFolder(folder: string, mode: number): void {
  mkdirSync(folder, { recursive: true, mode })
  if (!isWritable(folder)) throw new Error(notOurs(folder))
}

const notOurs = (folder: string): string =>
  `${folder} belongs to another account: start as that account, or choose another DATA_DIR`

export function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK)
    return true
  } catch {
    return false
  }
}

/** Hands a file or folder to the account PostgreSQL runs as. */
export function giveTo(account: Account | undefined, file: string): void {
  if (account) chownSync(file, account.uid, account.gid)
}

/** Whether `account` may enter `file`'s folder and every folder above it. */
export function canEnter(account: Account, file: string): boolean {
  for (let folder = path.resolve(file); ; folder = path.dirname(folder)) {
    const found = statSync(folder)
    if (found.isDirectory() && !maySearch(account, found)) return false
    if (folder === path.dirname(folder)) return true
  }
}

function maySearch(account: Account, folder: Stats): boolean {
  if (folder.uid === account.uid) return (folder.mode & 0o100) !== 0
  return (folder.mode & (folder.gid === account.gid ? 0o010 : 0o001)) !== 0
}

function nearestExisting(folder: string): string {
  return statSync(folder, { throwIfNoEntry: false })
    ? folder
    : nearestExisting(path.dirname(folder))
}

function ownerOf(folder: string): Account | undefined {
  const found = statSync(folder, { throwIfNoEntry: false })
  return found && found.uid !== 0 ? { uid: found.uid, gid: found.gid } : undefined
}

function unprivilegedAccount(): Account {
  const rows = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
  const row = rows.find(([name]) => name === 'postgres') ?? rows.find(([name]) => name === 'nobody')
  if (!row)
    throw new Error(
      'running as root, and neither "postgres" nor "nobody" exists here: set DATABASE_URL',
    )
  return { uid: Number(row[2]), gid: Number(row[3]) }
}

export const shortHash = (text: string): string =>
  createHash('sha256').update(text).digest('hex').slice(0, 10)
