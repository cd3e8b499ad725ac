import { afterAll, describe, expect, test } from '@jest/globals'
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isAlive, isMarkAlive, markOf, withLock } from './lock.ts'

const folder = mkdtempSync(path.join(os.tmpdir(), 'lock-test-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const deadPid = (): number => spawnSync(process.execPath, ['-e', '']).pid

describe('withLock', () => {
  test('one at a time, and a dead holder does not stop the others', async () => {
    const file = path.join(folder, 'busy')
    writeFileSync(file, `${deadPid()} 1\nabc`)
    let inside = 0
    let most = 0
    await Promise.all(
      Array.from({ length: 12 }, () =>
        withLock(file, async () => {
          most = Math.max(most, ++inside)
          await sleep(2)
          inside -= 1
        }),
      ),
    )
    expect(most).toBe(1)
    expect(existsSync(file)).toBe(false)
  })

  test('a living holder is waited for, named, and in the end an error', async () => {
    const file = path.join(folder, 'held')
    writeFileSync(file, markOf(process.pid))
    const waited: number[] = []
    await expect(
      withLock(file, async () => {}, { timeoutMs: 50, onWait: (pid) => void waited.push(pid) }),
    ).rejects.toThrow(`process ${process.pid}`)
    expect(waited).toEqual([process.pid])
  })
})

const onLinux = process.platform === 'linux' ? test : test.skip

onLinux('a recycled pid is not the process it was', () => {
  expect(isMarkAlive(markOf(process.pid))).toBe(true)
  expect(isMarkAlive(`${process.pid} 1`)).toBe(false)
})

onLinux('a zombie is dead', async () => {
  // It outlives the shell, which would bury it; the sleep that the shell becomes does not.
  const parent = spawn('sh', ['-c', 'sleep 1 & echo $!; exec sleep 9'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const pid = Number(await new Promise((resolve) => parent.stdout.once('data', resolve)))
  for (let tries = 0; tries < 300 && isAlive(pid); tries += 1) await sleep(10)
  expect(isAlive(pid)).toBe(false)
  expect(existsSync(`/proc/${pid}`)).toBe(true)
  parent.kill('SIGKILL')
})
