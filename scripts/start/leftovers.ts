import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isMarkAlive, markOf } from '../processes/lock.ts'

// DATA_DIR/run/<pid> of the start process: its own mark, then those of its children, one a line.
const folderOf = (dataDir: string): string => path.join(dataDir, 'run')
const ownFile = (dataDir: string): string => path.join(folderOf(dataDir), String(process.pid))

/** Notes a process of this run, so that a later start can see it off if this one is killed the hard way. */
export function noteProcess(dataDir: string, pid: number): void {
  mkdirSync(folderOf(dataDir), { recursive: true })
  appendFileSync(ownFile(dataDir), `${markOf(pid)}\n`, { mode: 0o600 })
}

export const forgetProcesses = (dataDir: string): void => rmSync(ownFile(dataDir), { force: true })

/** Waits for the children of start processes that were killed: they leave by themselves when their channel closes. */
export async function endLeftovers(dataDir: string): Promise<void> {
  mkdirSync(folderOf(dataDir), { recursive: true })
  for (const name of readdirSync(folderOf(dataDir))) {
    const file = path.join(folderOf(dataDir), name)
    const [owner = '', ...children] = readFileSync(file, 'utf8').trim().split('\n')
    if (isMarkAlive(owner)) continue
    for (const child of children) await seeOff(child)
    rmSync(file, { force: true })
  }
}

async function seeOff(mark: string): Promise<void> {
  for (let waited = 0; waited < 10_000; waited += 50) {
    if (!isMarkAlive(mark)) return
    await sleep(50)
  }
  process.kill(Number.parseInt(mark, 10), 'SIGKILL')
}
