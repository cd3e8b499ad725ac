import { watch } from 'node:fs'
import path from 'node:path'
import { spawnChild, type ChildOptions } from './child.ts'
import { root, say, type Environment } from '../checkout/environment.ts'
import { noteProcess } from './leftovers.ts'
import { runProgram, waitForAnswer } from './programs.ts'
import type { Stage } from './stage.ts'

const START_TIMEOUT_MS = 60_000
const WATCHED = ['server', 'shared', 'scripts/sandbox-house']

type ServerOptions = {
  env: Environment
  dataDir: string
  url: string
  entry: 'server/main' | 'scripts/sandbox-house/main'
  logFile?: string
  watch: boolean
}

/** Starts the server and waits until it is ready. */
export async function startServer(stage: Stage, options: ServerOptions): Promise<void> {
  const { env, dataDir, url, logFile } = options
  const child: ChildOptions = {
    name: 'the server',
    entry: options.entry,
    env,
    graceMs: 15_000,
    ...(logFile && { logFile }),
  }
  if (options.watch) await runAndWatch(stage, dataDir, child)
  else await runProgram(stage, dataDir, child)
  await waitForAnswer(stage, `${url}/readyz`, options.watch ? undefined : START_TIMEOUT_MS)
}

/** Starts it anew after every change; a server that stops by itself (a typing error) waits for the next one. */
async function runAndWatch(stage: Stage, dataDir: string, options: ChildOptions): Promise<void> {
  let child = spawnChild(options)
  noteProcess(dataDir, child.pid)
  const restart = async (): Promise<void> => {
    await child.stop()
    if (stage.isClosing()) return
    say('--- changed: starting the server anew')
    child = spawnChild(options)
    noteProcess(dataDir, child.pid)
  }
  let pending: NodeJS.Timeout | undefined
  let turn = Promise.resolve()
  const changed = (): void => {
    clearTimeout(pending)
    pending = setTimeout(() => {
      turn = turn.then(restart)
    }, 200)
  }
  const watchers = WATCHED.map((folder) =>
    watch(path.join(root, folder), { recursive: true }, changed),
  )
  await stage.add({
    name: options.name,
    stop: async () => {
      clearTimeout(pending)
      for (const watcher of watchers) watcher.close()
      await turn
      await child.stop()
    },
  })
}
