import { createHash } from 'node:crypto'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { at, node, read, runProgram, say, seconds, Stop } from './run.mjs'

const stamp = at('node_modules', '.lock-hash')

// With the platform: a checkout mounted into a container of another kind needs other binaries.
const lockHash = () =>
  createHash('sha256')
    .update(`${process.platform} ${process.arch} ${readFileSync(at('package-lock.json'), 'utf8')}`)
    .digest('hex')

const lockedPackages = () => JSON.parse(readFileSync(at('package-lock.json'), 'utf8')).packages

/** Whether node_modules holds what the lock file says. */
export function isInstalled() {
  if (read(stamp) === lockHash()) return true
  if (!npmRecordAgrees()) return false
  writeFileSync(stamp, lockHash())
  return true
}

/** After the developer's own `npm install` there is no stamp of ours, but npm's record of what it put there. */
function npmRecordAgrees() {
  const record = read(at('node_modules', '.package-lock.json'))
  if (record === undefined) return false
  const there = JSON.parse(record).packages
  return Object.entries(lockedPackages()).every(([name, wanted]) => {
    if (!name.includes('node_modules/')) return true // ourselves and our workspaces
    const found = there[name]
    if (!found) return mayBeMissing(wanted)
    return found.version === wanted.version && found.integrity === wanted.integrity
  })
}

function mayBeMissing({ optional, devOptional, os, cpu, libc }) {
  if (!optional && !devOptional) return false
  return (
    !os?.includes(process.platform) ||
    (cpu !== undefined && !cpu.includes(process.arch)) ||
    libc !== undefined
  )
}

/** @param holdFor makes npm a holder of the lock, so that nobody installs beside an npm that outlives us. */
export async function install(holdFor) {
  const began = performance.now()
  const count = Object.keys(lockedPackages()).length
  say(`installing ${count} packages (npm ci); the network decides how long that takes ...`)
  rmSync(stamp, { force: true })
  const beat = setInterval(() => say(`  ... still installing, ${seconds(began)}`), 10_000)
  // No package needs its install script; running none is quicker and safer. Development packages are needed to build.
  const args = [
    'ci',
    '--ignore-scripts',
    '--include=dev',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ]
  const code = await runProgram([...npm(), ...args], { onSpawn: holdFor, stdout: 2 }).finally(() =>
    clearInterval(beat),
  )
  if (code !== 0)
    throw new Stop(
      code,
      'npm ci failed. Is the network there? If a package.json was edited by hand, run `npm install` once.',
    )
  writeFileSync(stamp, lockHash())
  say(`installed in ${seconds(began)}`)
}

/** The npm that runs us, else the one beside Node (Windows), else the one on the PATH. */
function npm() {
  const running = process.env.npm_execpath
  if (running && path.basename(running) === 'npm-cli.js') return node(running)
  const beside = path.join(
    path.dirname(process.execPath),
    'node_modules',
    'npm',
    'bin',
    'npm-cli.js',
  )
  return existsSync(beside) ? node(beside) : ['npm']
}
