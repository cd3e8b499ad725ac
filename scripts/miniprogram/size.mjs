import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'

/** WeChat allows 2 MB; a page that opens fast on an old phone wants far less. */
const LIMIT_BYTES = 130_000
const NOT_UPLOADED = new Set(['package.json'])

/** Bytes of everything that is uploaded. */
export async function measure(output) {
  const names = (await readdir(output, { recursive: true })).filter(
    (name) => !NOT_UPLOADED.has(name),
  )
  const sizes = await Promise.all(
    names.map(async (name) => {
      const file = await stat(path.join(output, name))
      return file.isFile() ? file.size : 0
    }),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}

export const formatSize = (bytes) => `${(bytes / 1000).toFixed(1)} kB`

export function checkSize(bytes) {
  if (bytes <= LIMIT_BYTES) return
  console.error(`the main package is larger than ${formatSize(LIMIT_BYTES)}`)
  process.exitCode = 1
}
