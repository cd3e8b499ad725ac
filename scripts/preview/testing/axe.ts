import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Names, contrast, roles and the rest, in all its frames; one line for each element. */
const RUN = `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
  violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target }) => id + ' ' + target.flat().join(' > ') + ' (' + help + ')')))`

/** What axe has against the page as it stands; an empty list is what one wants. */
export async function findViolations(page: Page): Promise<string[]> {
  for (const frame of page.frames())
    await frame.evaluate(`if (typeof axe === 'undefined') { ${AXE} }`)
  return page.evaluate<string[]>(RUN)
}
