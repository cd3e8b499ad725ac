import { readFile, readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { readPackages } from './packages.mjs'

/** WeChat allows 2 MB each; a page that opens fast on an old phone wants far less. */
const MAIN_BYTES = 150_000
const OTHER_BYTES = 100_000
const NOT_UPLOADED = new Set(['package.json'])

/** Bytes of everything that is uploaded, by the root of its package; '' is the main one. */
export async function measure(output) {
  const app = JSON.parse(await readFile(path.join(output, 'app.json'), 'utf8'))
  const sizes = new Map([...readPackages(app).keys()].map((root) => [root, 0]))
  for (const name of await readdir(output, { recursive: true })) {
    const file = await stat(path.join(output, name))
    if (!file.isFile() || NOT_UPLOADED.has(name)) continue
    const posix = name.split(path.sep).join('/')
    const root = [...sizes.keys()].find((one) => one !== '' && posix.startsWith(`${one}/`)) ?? ''
    sizes.set(root, sizes.get(root) + file.size)
  }
  return sizes
}

const toLine = ([root, bytes]) =>
  `${root === '' ? 'main package' : `package ${root}`} ${(bytes / 1000).toFixed(1)} kB`

export const formatSizes = (sizes) => [...sizes].map(toLine).join(', ')

/** What is too large, one line each. */
export const findTooLarge = (sizes) =>
  [...sizes]
    .map((one) => ({ one, most: one[0] === '' ? MAIN_BYTES : OTHER_BYTES }))
    .filter(({ one: [, bytes], most }) => bytes > most)
    .map(({ one, most }) => `${toLine(one)}: more than ${most / 1000} kB`)

export function checkSizes(sizes) {
  const lines = findTooLarge(sizes)
  for (const line of lines) console.error(line)
  if (lines.length > 0) process.exitCode = 1
}
