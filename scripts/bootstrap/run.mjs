import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..')
export const at = (...names) => path.join(root, ...names)
export const node = (...args) => [process.execPath, ...args]
export const bin = (name) => at('node_modules', name)

/** stdout belongs to the command. */
export const say = (line) => process.stderr.write(`${line}\n`)
export const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`
export const read = (file) => (existsSync(file) ? readFileSync(file, 'utf8') : undefined)

/** Ends the bootstrap with a message instead of a stack. */
export class Stop extends Error {
  constructor(exitCode, message = '') {
    super(message)
    this.exitCode = exitCode
  }
}

const SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 }

/**
 * Runs a program to its end and gives its exit code; signals go to it, and we wait for it. With `ipc` the child sees
 * its channel close when we are killed the hard way. `onSpawn` gets its pid.
 */
export function runProgram(
  [file, ...args],
  { onSpawn, stdout = 'inherit', ipc = false, env = {} } = {},
) {
  return new Promise((resolve, reject) => {
    const stdio = ['inherit', stdout, 'inherit', ...(ipc ? ['ipc'] : [])]
    const child = spawn(file, args, {
      cwd: root,
      stdio,
      env: { ...process.env, ...env },
      shell: file === 'npm' && process.platform === 'win32',
    })
    const forward = (signal) => child.kill(signal)
    for (const signal of Object.keys(SIGNALS)) process.on(signal, forward)
    child.once('spawn', () => onSpawn?.(child.pid))
    child.once('error', (error) => reject(new Stop(1, `cannot run ${file}: ${error.message}`)))
    child.once('exit', (code, signal) => {
      for (const name of Object.keys(SIGNALS)) process.off(name, forward)
      resolve(code ?? 128 + (SIGNALS[signal] ?? 9))
    })
  })
}
