import { spawn } from 'node:child_process'
import os from 'node:os'
import path from 'node:path'
import { root, say } from '../checkout/environment.ts'
import type { Stage } from './stage.ts'

/** How far the build steps back for what one waits for: the server is there first. */
const NICE = 10

/** `isBuilt`: whether they are there by now; `built` comes when the build has ended, with whether it did its work. */
export type PagesBuild = { isBuilt: () => boolean; built: Promise<boolean> }

/**
 * Brings the mini-program's preview and the playground up to date beside all else, in a process of its own: its tools are
 * large, and nobody must wait for them. The product runs without these pages, so a failure is told and stops nothing.
 */
export async function buildPages(stage: Stage): Promise<PagesBuild> {
  const child = spawn(process.execPath, [path.join(root, 'scripts/preview/build.mjs')], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  let isBuilt = false
  const ended = new Promise<boolean>((resolve) => {
    child.once('error', () => resolve(false))
    child.once('exit', (code) => resolve(code === 0))
  })
  const built = ended.then((didWork) => {
    isBuilt = didWork
    if (!didWork && !stage.isClosing())
      say('the playground and the preview could not be built, see above: all else runs')
    return didWork
  })
  if (child.pid !== undefined) stepBack(child.pid)
  await stage.add({
    name: 'the build of the playground',
    stop: async () => {
      child.kill('SIGTERM')
      await ended
    },
  })
  return { isBuilt: () => isBuilt, built }
}

function stepBack(pid: number): void {
  try {
    os.setPriority(pid, NICE)
  } catch {
    // it has ended, or may not: it builds all the same
  }
}
