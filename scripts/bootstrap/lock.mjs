// The same idea as scripts/processes/lock.ts, which cannot be used here: it must be built first.
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { read } from './run.mjs'

/**
 * Holds the lock file during `work`; a dead holder's lock is taken over. `work` gets a function that makes another
 * process a holder too: an npm that outlives us is still at work in node_modules.
 */
export async function withLock(file, work, onWait) {
  const token = `${markOf(process.pid)}\n`
  for (let told = false; !create(file, token); await sleep(100)) {
    const holder = removeIfDead(file)
    if (holder === undefined) continue
    if (!told) onWait(holder)
    told = true
  }
  try {
    await work((pid) => writeFileSync(file, `${token}${markOf(pid)}\n`))
  } finally {
    rmSync(file, { force: true })
  }
}

function create(file, token) {
  try {
    writeFileSync(file, token, { flag: 'wx' })
    return true
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw error
  }
}

/** The pid that holds the lock; undefined when it was free or has just been removed. */
function removeIfDead(file) {
  try {
    const seen = readFileSync(file, 'utf8')
    const holder =
      seen === '' && Date.now() - statSync(file).mtimeMs < 2000
        ? '?'
        : seen.trim().split('\n').find(isAlive)
    if (holder) return holder.split(' ')[0]
    // Between the look and the removal another waiter may have put its own lock there: then give that one back.
    const aside = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`
    renameSync(file, aside)
    if (readFileSync(aside, 'utf8') !== seen && !existsSync(file)) renameSync(aside, file)
    else rmSync(aside)
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
  }
  return undefined
}

/** "<pid> <start time>"; the start time (Linux) tells a process from a later one with the same number. */
function markOf(pid) {
  const stat = read(`/proc/${pid}/stat`)
  return `${pid} ${stat?.replace(/^.*\) /s, '').split(' ')[19] ?? ''}`.trim()
}

function isAlive(mark) {
  const pid = Number.parseInt(mark, 10)
  try {
    process.kill(pid, 0)
  } catch (error) {
    if (error.code !== 'EPERM') return false
  }
  return markOf(pid) === mark && !/^State:\s+Z/m.test(read(`/proc/${pid}/status`) ?? '')
}
