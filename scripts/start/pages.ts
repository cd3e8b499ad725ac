import { spawn } from 'node:child_process'
import path from 'node:path'
import { root, say } from '../checkout/environment.ts'

/**
 * Brings the mini-program's preview and the playground up to date, in a process of its own: its tools are large and
 * seldom needed. The product runs without them, so a failure is told and stops nothing. Answers whether they are there.
 */
export function buildPages(): Promise<boolean> {
  const child = spawn(process.execPath, [path.join(root, 'scripts/preview/build.mjs')], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  return new Promise((resolve) => {
    child.once('error', (error) => {
      say(`the playground could not be built: ${error.message}`)
      resolve(false)
    })
    child.once('exit', (code) => resolve(code === 0))
  })
}
