import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises'
import path from 'node:path'

export const source = path.resolve(import.meta.dirname, '../../miniprogram')

const toPosix = (name) => name.split(path.sep).join('/')

/** Names of everything that takes part in the build, relative to miniprogram/. */
export async function listSource() {
  const entries = await readdir(source, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => toPosix(path.relative(source, path.join(entry.parentPath, entry.name))))
    .filter(
      (name) =>
        !/(?:^|\/)node_modules\//.test(name) &&
        !/\.(?:test|d)\.ts$|tsconfig\.json$|\.md$/.test(name),
    )
    .sort()
}

export const readText = (name) => readFile(path.join(source, name), 'utf8')
export const copyOf = (name) => readFile(path.join(source, name))

/** Leaves an equal file alone, so that DevTools reloads only what changed. */
export async function writeChanged(file, content) {
  const wanted = Buffer.from(content)
  const present = await readFile(file).catch(() => null)
  if (present?.equals(wanted)) return
  await mkdir(path.dirname(file), { recursive: true })
  await writeFile(file, wanted)
}
