import { randomBytes } from 'node:crypto'
import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** A process that cannot be mistaken for a later one with the same number: "<pid> <start time>" (no start time outside Linux). */
type ProcessMark = string

/** Whether the process exists and still runs; a zombie does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
  return readProc(pid, 'status')?.match(/^State:\s+Z/m) == null
}

export const markOf = (pid: number): ProcessMark => `${pid} ${startTime(pid) ?? ''}`.trim()

/** Whether that very process still runs. */
export function isMarkAlive(mark: ProcessMark): boolean {
  const [pid, started] = mark.split(' ')
  if (!Number(pid) || !isAlive(Number(pid))) return false
  return started === undefined || started === startTime(Number(pid))
}

/**
 * Runs `work` while holding the lock file `file`; a dead holder's lock is taken over.
 *
 * @throws when the lock was not free within `timeoutMs`; the message names its holder.
 */
export async function withLock<T>(
  file: string,
  work: () => Promise<T>,
  options: { timeoutMs?: number; onWait?: (pid: number) => void } = {},
): Promise<T> {
  const token = `${markOf(process.pid)}\n${randomBytes(8).toString('hex')}`
  const until = Date.now() + (options.timeoutMs ?? 90_000)
  for (let told = false; !create(file, token); await sleep(20 + Math.random() * 20)) {
    const holder = removeIfDead(file)
    if (holder === undefined) continue
    if (!told) options.onWait?.(Number.parseInt(holder, 10))
    told = true
    if (Date.now() > until)
      throw new Error(
        `process ${Number.parseInt(holder, 10)} still holds ${file}: end it or wait for it`,
      )
  }
  try {
    return await work()
  } finally {
    if (read(file) === token) rmSync(file, { force: true })
  }
}

function create(file: string, token: string): boolean {
  try {
    writeFileSync(file, token, { flag: 'wx', mode: 0o600 })
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  }
}

/** The text of a lock somebody holds; undefined when it was free or has just been removed. */
function removeIfDead(file: string): string | undefined {
  const seen = read(file)
  if (seen === undefined) return undefined
  const held = seen === '' ? ageMs(file) < 2000 : isMarkAlive(seen.split('\n')[0] ?? '')
  if (held) return seen
  // Between the look and the removal another waiter may have replaced the dead lock by its own: then give that one back.
  const aside = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`
  try {
    renameSync(file, aside)
    if (read(aside) !== seen && read(file) === undefined) renameSync(aside, file)
    else rmSync(aside)
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error
  }
  return undefined
}

/** The text of a file, undefined when there is none. */
export function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

function ageMs(file: string): number {
  return Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0)
}

// Field 22 of /proc/<pid>/stat; the command in field 2 may hold blanks and brackets.
const startTime = (pid: number): string | undefined =>
  readProc(pid, 'stat')
    ?.replace(/^.*\) /s, '')
    .split(' ')[19]

function readProc(pid: number, name: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8')
  } catch {
    return undefined
  }
}

/** The code of a system error. Not by `instanceof Error`: under jest the errors of node:fs are of another realm. */
export const codeOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
