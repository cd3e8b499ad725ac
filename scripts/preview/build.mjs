// Builds the pages of the sandbox mode, the mini-program's preview and the playground, into .data/pages. Quick when
// nothing changed: it compares contents, not times.
//   node scripts/preview/build.mjs
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '../..')
const pages = path.join(root, '.data', 'pages')
const SOURCES = [
  'miniprogram',
  'shared',
  'scripts/miniprogram',
  'scripts/preview',
  'scripts/playground',
  'tailwind.config.js',
  'package-lock.json',
]

/** Brings the pages up to date; answers whether there was anything to do. */
export async function buildPages() {
  const hash = await hashSources()
  if (
    existsSync(path.join(pages, 'playground')) &&
    (await readFile(path.join(pages, '.hash'), 'utf8').catch(() => '')) === hash
  )
    return false
  const fresh = `${pages}.${process.pid}`
  await rm(fresh, { recursive: true, force: true })
  try {
    await build(fresh)
    await writeFile(path.join(fresh, '.hash'), hash)
    await swap(fresh)
  } finally {
    await rm(fresh, { recursive: true, force: true })
  }
  return true
}

async function build(output) {
  const [{ buildMiniprogram }, { bundlePlayground, bundlePreview }] = await Promise.all([
    import('../miniprogram/build.mjs'),
    import('./build/bundle.mjs'),
  ])
  const dist = path.join(output, 'dist')
  await buildMiniprogram({ output: dist, apiBase: '' })
  const [warnings] = await Promise.all([
    bundlePreview(dist, path.join(output, 'preview')),
    bundlePlayground(path.join(output, 'playground')),
  ])
  if (warnings.length > 0) throw new Error(warnings.join('\n'))
}

/** A server that runs goes on with the old pages until the new ones are whole. */
async function swap(fresh) {
  const old = `${fresh}.old`
  await mkdir(path.dirname(pages), { recursive: true })
  await rename(pages, old).catch(ignore('ENOENT'))
  await rename(fresh, pages).catch(ignore('ENOTEMPTY', 'EEXIST')) // somebody else has just put the same pages there
  await rm(old, { recursive: true, force: true })
}

const ignore =
  (...codes) =>
  (error) => {
    if (!codes.includes(error.code)) throw error
  }

async function hashSources() {
  const files = (await Promise.all(SOURCES.map(listFiles))).flat()
  const hash = createHash('sha256')
  for (const file of files)
    hash.update(`${path.relative(root, file)}\n`).update(await readFile(file))
  return hash.digest('hex')
}

async function listFiles(name) {
  const place = path.join(root, name)
  const entries = await readdir(place, { recursive: true, withFileTypes: true }).catch(
    () => undefined,
  )
  if (entries === undefined) return [place]
  return entries
    .filter(
      (entry) =>
        entry.isFile() && !/node_modules|\.test\.ts$/.test(path.join(entry.parentPath, entry.name)),
    )
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort()
}

if (process.argv[1] === import.meta.filename) {
  const began = performance.now()
  try {
    if (await buildPages())
      console.log(
        `built the preview and the playground in ${Math.round(performance.now() - began)} ms`,
      )
  } catch (error) {
    console.error(error.message)
    process.exitCode = 1
  }
}
