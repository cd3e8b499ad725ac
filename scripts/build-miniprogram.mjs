// Builds miniprogram/ into dist/, file by file: what is opened in WeChat DevTools looks like what was written.
//   node scripts/build-miniprogram.mjs [--watch]      MINIPROGRAM_API_BASE: the server's address ('' = same origin)
import { rm } from 'node:fs/promises'
import path from 'node:path'
import { bundleScripts } from './miniprogram/scripts.mjs'
import { createStyler } from './miniprogram/styles.mjs'
import { copyOf, listSource, readText, source, writeChanged } from './miniprogram/files.mjs'
import { checkSize, formatSize, measure } from './miniprogram/size.mjs'
import { watchSource } from './miniprogram/watch.mjs'

const root = path.resolve(import.meta.dirname, '..')

/**
 * Builds into `output`; answers the size of the main package in bytes. `clean` removes what was there: never while
 * DevTools looks on, it would report a missing app.json.
 */
export async function buildMiniprogram({
  output = path.join(root, 'dist'),
  apiBase = process.env.MINIPROGRAM_API_BASE,
  clean = true,
  readable = false,
} = {}) {
  const files = await listSource()
  const [scripts, styler] = await Promise.all([
    bundleScripts(files, { output, apiBase, readable }),
    createStyler(root),
  ])
  if (clean) await rm(output, { recursive: true, force: true })
  const write = (name, text) => writeChanged(path.join(output, name), text)
  await write('package.json', '{ "type": "commonjs" }\n') // the repository itself is ESM
  for (const { name, text } of scripts) await write(name, text)
  const isStyle = (name) => name.endsWith('.css')
  for (const name of files.filter(isStyle))
    await write(name.replace(/\.css$/, '.wxss'), await styler.toWxss(path.join(source, name)))
  for (const name of files) {
    if (isStyle(name) || /(?:\.ts|package\.json)$/.test(name)) continue
    if (name.endsWith('.wxml')) await write(name, await styler.toWxml(await readText(name)))
    else await write(name, await copyOf(name))
  }
  return measure(output)
}

async function buildAndTell(options) {
  const start = performance.now()
  const size = await buildMiniprogram(options)
  console.log(
    `built dist/ in ${Math.round(performance.now() - start)} ms, main package ${formatSize(size)}`,
  )
  return size
}

if (process.argv[1] === import.meta.filename) {
  if (process.argv.includes('--watch')) {
    await buildAndTell({ clean: false, readable: true }).catch((error) =>
      console.error(error.message),
    )
    watchSource([source, path.join(root, 'shared'), path.join(root, 'tailwind.config.js')], () =>
      buildAndTell({ clean: false, readable: true }),
    )
  } else {
    checkSize(await buildAndTell())
  }
}
