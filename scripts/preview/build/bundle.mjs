import { cp, mkdir } from 'node:fs/promises'
import path from 'node:path'
import { build } from 'esbuild'
import { readMini } from './mini.mjs'
import { compileStyles } from './styles.mjs'
import { compileTemplates } from './templates.mjs'

const preview = path.resolve(import.meta.dirname, '..')
const playground = path.resolve(import.meta.dirname, '../../playground')

const COMMON = { bundle: true, format: 'iife', target: 'es2022', charset: 'utf8', logLevel: 'warning', legalComments: 'none', minify: true, define: { 'process.env.NODE_ENV': '"production"' } }

/** The built mini-program in `dist`, unchanged, as a web page in `output`. Answers the warnings of the templates. */
export async function bundlePreview(dist, output) {
  const mini = await readMini(dist)
  const { code, warnings } = await compileTemplates(mini)
  const { styles, scopes } = await compileStyles(mini)
  const { app, theme, configs } = mini
  const load = mini.names.map((name) => `${JSON.stringify(name)}: () => require(${JSON.stringify(`./${name}.js`)})`)
  const contents = `
    import { start } from ${JSON.stringify(path.join(preview, 'runtime/start.ts'))}
    start({ ...${JSON.stringify({ app, theme, configs, styles, scopes })}, templates: ${code}, loadApp: () => require('./app.js'), load: { ${load.join(', ')} } })`
  await mkdir(output, { recursive: true })
  await build({ ...COMMON, stdin: { contents, resolveDir: dist, loader: 'js' }, outfile: path.join(output, 'app.js') })
  await build({ ...COMMON, entryPoints: [path.join(preview, 'runtime/phone.css')], outfile: path.join(output, 'app.css') })
  await cp(path.join(preview, 'runtime/index.html'), path.join(output, 'index.html'))
  await cp(path.join(dist, 'assets'), path.join(output, 'assets'), { recursive: true })
  return warnings
}

export async function bundlePlayground(output) {
  await mkdir(output, { recursive: true })
  await build({ ...COMMON, entryPoints: [path.join(playground, 'main.ts')], outfile: path.join(output, 'app.js') })
  await build({ ...COMMON, entryPoints: [path.join(playground, 'playground.css')], outfile: path.join(output, 'app.css') })
  await cp(path.join(playground, 'index.html'), path.join(output, 'index.html'))
}
