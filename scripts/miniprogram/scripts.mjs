import path from 'node:path'
import { build } from 'esbuild'
import { toCommonJs } from './commonjs.mjs'
import { source } from './files.mjs'
import { assignShared } from './packages.mjs'

const root = path.dirname(source)
const shared = path.join(root, 'shared')
const within = (folder, file) => file.startsWith(folder + path.sep)
const toJs = (file) => file.replace(/\.ts$/, '.js')

/** Where a source file lies in the output: shared/ becomes a folder beside pages/, or in the package that alone needs it. */
const createPlaces = (packageOf) => (file) =>
  within(shared, file)
    ? path.join(packageOf(toName(file).replace(/\.ts$/, '')), toName(file))
    : path.relative(source, file)
const toName = (file) => path.relative(root, file).split(path.sep).join('/')

const toRequire = (place, importer, target) => {
  const relative = path
    .relative(path.dirname(place(importer)), toJs(place(target)))
    .split(path.sep)
    .join('/')
  return relative.startsWith('.') ? relative : `./${relative}`
}

/** Relative imports stay `require` calls. What they need of shared/ is noted; a package from npm is an error. */
const keepModules = ({ place, noteShared }) => ({
  name: 'keep-modules',
  setup({ onResolve }) {
    onResolve({ filter: /.*/ }, ({ path: specifier, kind, importer, resolveDir }) => {
      if (kind === 'entry-point') return undefined
      if (!specifier.startsWith('.'))
        return {
          errors: [
            {
              text: `"${specifier}" is a package: the mini-program takes none (import types only)`,
            },
          ],
        }
      const target = path.resolve(resolveDir, specifier)
      if (within(shared, target)) noteShared(target)
      else if (!within(source, target))
        return { errors: [{ text: `${specifier} lies outside miniprogram/ and shared/` }] }
      return { path: toRequire(place, importer, target), external: true }
    })
  },
})

/** Every .ts file as one CommonJS file, and those of shared/ that they really need. */
export async function bundleScripts(files, { output, apiBase, readable }) {
  const place = createPlaces(await assignShared(files))
  const done = new Set()
  let waiting = files.filter((name) => name.endsWith('.ts')).map((name) => path.join(source, name))
  const scripts = []
  while (waiting.length > 0) {
    const found = new Set()
    waiting.forEach((file) => done.add(file))
    scripts.push(
      ...(await compile(waiting, {
        output,
        apiBase,
        readable,
        place,
        noteShared: (file) => found.add(file),
      })),
    )
    waiting = [...found].filter((file) => !done.has(file))
  }
  return scripts
}

async function compile(files, { output, apiBase, readable, place, noteShared }) {
  const { outputFiles } = await build({
    entryPoints: files.map((file) => ({ in: file, out: place(file).slice(0, -3) })),
    outdir: output,
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2018',
    platform: 'neutral',
    charset: 'utf8',
    minify: !readable,
    logLevel: 'warning',
    // fields that are only declared would bring a helper, which stands before the imports
    tsconfigRaw: { compilerOptions: { useDefineForClassFields: false } },
    plugins: [keepModules({ place, noteShared })],
    define: {
      __API_BASE__:
        apiBase === undefined ? 'undefined' : JSON.stringify(apiBase.replace(/\/$/, '')),
    },
  })
  return outputFiles.map((file) => ({
    name: path.relative(output, file.path).split(path.sep).join('/'),
    text: toCommonJs(file.text),
  }))
}
