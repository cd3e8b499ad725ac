// Checks the built mini-program: WeChat's own compilers, the warnings of the template engine, the sizes of its packages.
//   node scripts/preview/check.mjs
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { buildMiniprogram } from '../miniprogram/build.mjs'
import { checkSizes, formatSizes } from '../miniprogram/size.mjs'
import { readMini } from './build/mini.mjs'
import { compileTemplates } from './build/templates.mjs'
import { compileOfficially, runsHere } from './official.mjs'

const room = await mkdtemp(path.join(os.tmpdir(), 'jindutong-check-'))
try {
  const dist = path.join(room, 'dist')
  const sizes = await buildMiniprogram({ output: dist })
  checkSizes(sizes)
  const { warnings } = await compileTemplates(await readMini(dist))
  const refused = runsHere ? await compileOfficially(dist) : []
  for (const line of [...warnings, ...refused]) console.error(line)
  if (warnings.length + refused.length > 0) process.exitCode = 1
  console.log(
    `${formatSizes(sizes)}; ${warnings.length} template warnings; ${runsHere ? `wcc and wcsc refused ${refused.length} things` : `wcc and wcsc were not run: WeChat has none for ${process.platform} ${process.arch}`}`,
  )
} finally {
  await rm(room, { recursive: true, force: true })
}
