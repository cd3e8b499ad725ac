import { rm } from 'node:fs/promises'
import path from 'node:path'
import { copyOf, listSource, readText, source, writeChanged } from './files.mjs'
import { bundleScripts } from './scripts.mjs'
import { measure } from './size.mjs'
import { createStyler } from './styles.mjs'

const root = path.resolve(import.meta.dirname, '../..')

/**
 * Builds into `output`; answers the sizes of its packages in bytes. `clean` removes what was there: never while
 * DevTools looks on, it would report a missing app.json.
 */
export async function buildMiniprogram({
  output = path.join(root, 'dist'),
  apiBase,
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
    await write(
      name.replace(/\.css$/, '.wxss'),
      shrink(await styler.toWxss(path.join(source, name)), readable),
    )
  for (const name of files) {
    if (isStyle(name) || /(?:\.ts|package\.json)$/.test(name)) continue
    if (name.endsWith('.wxml'))
      await write(name, shrink(await styler.toWxml(await readText(name)), readable))
    else await write(name, await copyOf(name))
  }
  return measure(output)
}

/** What only people read costs package: comments of style sheets, and indentation. */
const shrink = (text, readable) =>
  readable ? text : text.replace(/\/\*[^]*?\*\//g, '').replace(/\n\s+/g, '\n')
