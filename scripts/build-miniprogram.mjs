// Builds miniprogram/ into dist/, file by file: what is opened in WeChat DevTools looks like what was written.
//   node scripts/build-miniprogram.mjs [--watch]      MINIPROGRAM_API_BASE, also in .env: the server's address
import path from 'node:path'
import { buildMiniprogram } from './miniprogram/build.mjs'
import { source } from './miniprogram/files.mjs'
import { readEnvironment } from './miniprogram/environment.mjs'
import { checkSizes, formatSizes } from './miniprogram/size.mjs'
import { watchSource } from './miniprogram/watch.mjs'

const { MINIPROGRAM_API_BASE: apiBase } = readEnvironment()
const root = path.resolve(import.meta.dirname, '..')

async function buildAndTell(options) {
  const start = performance.now()
  const sizes = await buildMiniprogram({ apiBase, ...options })
  console.log(`built dist/ in ${Math.round(performance.now() - start)} ms, ${formatSizes(sizes)}`)
  return sizes
}

if (process.argv.includes('--watch')) {
  await buildAndTell({ clean: false, readable: true }).catch((error) =>
    console.error(error.message),
  )
  watchSource([source, path.join(root, 'shared'), path.join(root, 'tailwind.config.js')], () =>
    buildAndTell({ clean: false, readable: true }),
  )
} else {
  checkSizes(await buildAndTell())
}
