import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Names, contrast, roles and the rest, in all its frames; one line for each element. */
const RUN = `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
  violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target }) => id + ' ' + target.flat().join(' > ') + ' (' + help + ')')))`

/** A button that was just tapped is still faint for a moment, and what fades or appears is neither here nor there; what turns for ever does not count. */
const AT_REST = `new Promise((done) => {
  const isMoving = () => document.querySelector('.pressed') !== null || document.getAnimations()
    .some((one) => one.playState === 'running' && one.effect.getComputedTiming().endTime < Infinity)
  const look = () => (isMoving() ? setTimeout(look, 20) : done())
  look()
})`

/** What axe has against the page as it stands; an empty list is what one wants. */
export async function findViolations(page: Page): Promise<string[]> {
  for (const frame of page.frames()) {
    await frame.evaluate(AT_REST)
    await frame.evaluate(`if (typeof axe === 'undefined') { ${AXE} }`)
  }
  return page.evaluate<string[]>(RUN)
}
