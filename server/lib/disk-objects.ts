import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { checkName, ObjectsFailed, type Objects } from './objects.ts'
import { randomToken } from './secrets.ts'

/** Objects as files below `folder`, which is made when it is needed; 256 folders, so that none gets too large to list. */
export function createDiskObjects(folder: string): Objects {
  const placeOf = (name: string): string => path.join(folder, checkName(name).slice(0, 2), name)
  return {
    put: async (name, bytes) => failing(put(placeOf(name), bytes)),
    get: async (name) => failing(unlessAbsent(readFile(placeOf(name)))),
    remove: async (name) => failing(rm(placeOf(name), { force: true })),
    list: () => list(folder),
  }
}

/** Written beside it first: after a crash there is all of it, or none. */
async function put(place: string, bytes: Buffer): Promise<void> {
  await mkdir(path.dirname(place), { recursive: true, mode: 0o700 })
  const beside = `${place}.${randomToken(128)}`
  const file = await open(beside, 'wx', 0o600)
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(beside, place)
}

async function* list(folder: string): AsyncGenerator<{ name: string; at: Date }> {
  for (const shelf of await namesIn(folder))
    for (const name of await namesIn(path.join(folder, shelf))) {
      const found = await failing(unlessAbsent(stat(path.join(folder, shelf, name))))
      if (found?.isFile()) yield { name, at: found.mtime }
    }
}

const namesIn = async (folder: string): Promise<string[]> =>
  (await failing(unlessAbsent(readdir(folder)))) ?? []

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown'

const unlessAbsent = <T>(finding: Promise<T>): Promise<T | undefined> =>
  finding.catch((error: unknown) => {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error))) return undefined
    throw error
  })

const failing = <T>(doing: Promise<T>): Promise<T> =>
  doing.catch((error: unknown) => {
    throw new ObjectsFailed(codeOf(error))
  })
