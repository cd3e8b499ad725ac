import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { forgetStale } from './forget.ts'
import { newWorld } from './new-world.ts'
import type { World } from './types.ts'

type WorldStore = { world: World; changed: () => void; flush: () => Promise<void> }

const DEBOUNCE_MS = 250

async function load(file: string): Promise<World> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  })
  if (text === null) return newWorld()
  const world = JSON.parse(text) as World
  if (world.version !== 1)
    throw new Error(`${file} was written by another version of the sandbox; delete it`)
  // a field added since the file was written gets its default
  const fresh = newWorld()
  return {
    ...fresh,
    ...world,
    settings: { ...fresh.settings, ...world.settings },
    faults: { ...fresh.faults, ...world.faults },
    templates: { ...fresh.templates, ...world.templates },
  }
}

/** dataDir absent = memory only. Written beside and renamed over, so that a crash leaves the old or the new world. */
export async function openStore(
  dataDir: string | undefined,
  log: (line: string) => void,
): Promise<WorldStore> {
  if (dataDir === undefined)
    return { world: newWorld(), changed: () => {}, flush: () => Promise.resolve() }
  await mkdir(dataDir, { recursive: true })
  const file = join(dataDir, 'world.json')
  const world = await load(file)
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> = Promise.resolve()

  const write = async (): Promise<void> => {
    forgetStale(world)
    const temporary = `${file}.${process.pid}.tmp`
    await writeFile(temporary, JSON.stringify(world), { mode: 0o600 })
    await rename(temporary, file)
  }
  const flush = (): Promise<void> => {
    clearTimeout(timer)
    timer = undefined
    writing = writing
      .then(write)
      .catch((error: unknown) => log(`sandbox: world not saved: ${String(error)}`))
    return writing
  }
  const changed = (): void => {
    timer ??= setTimeout(() => void flush(), DEBOUNCE_MS)
  }
  // the id of a new world must be the same after a crash in the first moments
  await flush()
  return { world, changed, flush }
}
