import { setTimeout as sleep } from 'node:timers/promises'
import { spawnChild, type Child, type ChildOptions } from './child.ts'
import { noteProcess } from './leftovers.ts'
import type { Stage } from './stage.ts'

/** Starts a program of ours as a part of the stage: its unexpected end is the end of everything. */
export async function runProgram(
  stage: Stage,
  dataDir: string,
  options: ChildOptions,
): Promise<Child> {
  const child = spawnChild(options)
  noteProcess(dataDir, child.pid)
  void child.exited.then((how) => stage.finish({ exitCode: 1, message: child.obituary(how) }))
  await stage.add({ name: options.name, stop: child.stop })
  return child
}

/** Waits for HTTP 200. Without a timeout it waits until the stage closes. */
export async function waitForAnswer(stage: Stage, url: string, timeoutMs?: number): Promise<void> {
  const until = Date.now() + (timeoutMs ?? Infinity)
  while (!(await isAnswering(url))) {
    if (stage.isClosing()) throw new Error(`stopped while waiting for ${url}`)
    if (Date.now() > until)
      throw new Error(`${url} did not answer within ${(timeoutMs ?? 0) / 1000} s`)
    await sleep(50)
  }
}

export async function isAnswering(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2000) })
    await response.arrayBuffer()
    return response.status === 200
  } catch {
    return false
  }
}
