import { readFileSync } from 'node:fs'
import path from 'node:path'

import type { World } from '../../world/types.ts'

/** Seen from the source and from build/. */
const APP_JSON = path.resolve(
  import.meta.dirname,
  import.meta.filename.endsWith('.ts') ? '../../../..' : '../../../../..',
  'miniprogram/app.json',
)

type Package = { root: string; pages: string[] }
type App = { pages: string[]; subPackages?: Package[]; subpackages?: Package[] }

/** Whether a tap on a message would open something: a page as app.json spells it, with or without a query. */
export function isPublished(world: World, page: string): boolean {
  return (world.settings.publishedPages ?? pagesOfApp()).includes(page.split('?')[0] ?? '')
}

function pagesOfApp(): string[] {
  const app = JSON.parse(readFileSync(APP_JSON, 'utf8')) as App
  const packages = app.subPackages ?? app.subpackages ?? []
  return [
    ...app.pages,
    ...packages.flatMap(({ root, pages }) => pages.map((page) => path.posix.join(root, page))),
  ]
}
