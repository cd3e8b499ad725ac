import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { newPage, type Picture, type Studio } from './studio.ts'

const SHEET_PX = 2400
const GAP_PX = 16

/** Pictures beside each other on one, each as large as `cell` says. */
export async function composeSheet(
  studio: Studio,
  name: string,
  { pictures, cell }: { pictures: readonly Picture[]; cell: number },
): Promise<void> {
  const figures = pictures.map(
    ({ file, title }) => `<figure><img src="${file}"><figcaption>${title}</figcaption></figure>`,
  )
  const columns = Math.max(1, Math.floor(SHEET_PX / (cell + GAP_PX)))
  const html = `<!doctype html><meta charset="utf-8"><style>
    body { margin: 0; padding: ${String(GAP_PX)}px; background: #8a8f98; font: 15px sans-serif; }
    main { column-count: ${String(columns)}; column-gap: ${String(GAP_PX)}px; }
    figure { margin: 0 0 ${String(GAP_PX)}px; break-inside: avoid; }
    img { display: block; width: 100%; } figcaption { padding: 4px 0; color: #fff; }
    h1 { margin: 0 0 12px; color: #fff; font-size: 20px; }</style>
    <h1>${name}</h1><main>${figures.join('')}</main>`
  const file = path.join(studio.folder, `${name}.html`)
  writeFileSync(file, html)
  const page = await newPage(studio, { width: SHEET_PX, height: 1200, scheme: 'light' })
  await page.goto(pathToFileURL(file).href)
  await page.screenshot({ path: path.join(studio.folder, '..', `${name}.png`), fullPage: true })
  await page.context().close()
}
