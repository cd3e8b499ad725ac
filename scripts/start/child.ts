import { spawn } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { root, runsFromSource, shown, type Environment } from '../checkout/environment.ts'

export type ChildOptions = {
  name: string
  /** Path of the program in the checkout, without its ending. */
  entry: string
  env: Environment
  /** Absent: its output goes to ours. */
  logFile?: string
  /** How long it may take to leave before it is killed. */
  graceMs: number
}

export type Child = ReturnType<typeof spawnChild>

/** Starts one of our programs with a channel, whose closing tells it that we are gone. */
export function spawnChild({ name, entry, env, logFile, graceMs }: ChildOptions) {
  const output = logFile ? openLog(logFile) : 'inherit'
  // Detached: a Ctrl-C in the terminal reaches only us, and we stop everything in order.
  const child = spawn(process.execPath, commandOf(entry), {
    cwd: root,
    env,
    detached: true,
    windowsHide: true,
    stdio: ['ignore', output, output, 'ipc'],
  })
  if (typeof output === 'number') closeSync(output)
  const exited = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${String(code)}`))
    child.once('error', (error) => resolve(error.message))
  })
  const stop = async (): Promise<void> => {
    if (process.platform === 'win32')
      child.disconnect() // a signal there would be a kill
    else child.kill('SIGTERM')
    if ((await Promise.race([exited, sleep(graceMs, 'late')])) === 'late') child.kill('SIGKILL')
    await exited
  }
  return {
    name,
    pid: child.pid ?? 0,
    exited,
    /** Why it ended, with the last lines it logged. */
    obituary: (how: string): string =>
      `${name} stopped unexpectedly (${how})${logFile ? `; ${shown(logFile)} ends with\n${lastLines(logFile)}` : ''}`,
    stop: async (): Promise<void> =>
      child.exitCode === null && child.signalCode === null ? stop() : undefined,
  }
}

function commandOf(entry: string): string[] {
  if (runsFromSource)
    return ['--import', import.meta.resolve('tsx'), path.join(root, `${entry}.ts`)]
  return ['--enable-source-maps', path.join(root, 'build', `${entry}.js`)]
}

/** Every start has its own log; that of the start before is kept. */
function openLog(file: string): number {
  mkdirSync(path.dirname(file), { recursive: true })
  if (existsSync(file)) renameSync(file, `${file}.1`)
  return openSync(file, 'a', 0o600)
}

const lastLines = (file: string): string =>
  readFileSync(file, 'utf8').trimEnd().split('\n').slice(-20).join('\n')
