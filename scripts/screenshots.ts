import { mkdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { root, shown } from './checkout/environment.ts'
import { prepareGallery, readAddresses, type Shot } from './play/gallery.ts'
import { findBrowser, launch, NO_BROWSER } from './preview/testing/browser.ts'
import { takeForReadme, takePlayground } from './screenshots/playground.ts'
import { composeSheet } from './screenshots/sheets.ts'
import { prepareStaff, takeStaff } from './screenshots/staff.ts'
import { openShot, takeShot, type Look, type Picture, type Studio } from './screenshots/studio.ts'

/**
 * Pictures of every page and state, and of them twelve contact sheets, into .data/screenshots; with `--readme` the three that
 * the README shows, into docs/images. Against a running `npm start`.
 */
const SHEETS = path.join(root, '.data', 'screenshots')
const README = path.join(root, 'docs', 'images')
const PHONES = [
  { width: 320, height: 568 },
  { width: 375, height: 667 },
  { width: 430, height: 860 },
] as const
const SCHEMES = ['light', 'dark'] as const
const CARE_FONT = 1.4
const LOOKS: Look[] = [
  ...PHONES.flatMap((size) => SCHEMES.map((scheme) => ({ ...size, scheme }))),
  { ...PHONES[1], scheme: 'light', font: CARE_FONT },
  { ...PHONES[0], scheme: 'dark', font: CARE_FONT },
]

async function main(): Promise<void> {
  const executable = findBrowser()
  if (executable === undefined) throw new Error(NO_BROWSER)
  const folder = path.join(SHEETS, 'single')
  const isForReadme = process.argv.includes('--readme')
  if (!isForReadme) rmSync(SHEETS, { recursive: true, force: true })
  for (const one of [folder, README]) mkdirSync(one, { recursive: true })
  const studio = { browser: await launch(executable), addresses: readAddresses(), folder }
  try {
    const shots = await prepareGallery(studio.addresses)
    if (isForReadme) return await takeReadme(studio, shots)
    for (const look of LOOKS) await takeMini(studio, shots, look)
    await takeDesk(studio)
  } finally {
    await studio.browser.close()
  }
  console.log(`12 contact sheets in ${shown(SHEETS)}, what they are made of in ${shown(folder)}`)
}

async function takeMini(studio: Studio, shots: readonly Shot[], look: Look): Promise<void> {
  const pictures: Picture[] = []
  for (const shot of shots) pictures.push(await takeShot(studio, shot, look))
  const name = `mini-${String(look.width)}-${look.scheme}${look.font ? '-care' : ''}`
  await composeSheet(studio, name, { pictures, cell: 284 })
  console.log(name)
}

/** What members and whoever tries the product see on a desk. */
async function takeDesk(studio: Studio): Promise<void> {
  await prepareStaff(studio)
  for (const [width, height] of [
    [375, 667],
    [1280, 720],
  ] as const) {
    const pictures: Picture[] = []
    for (const scheme of SCHEMES)
      pictures.push(...(await takeStaff(studio, { width, height, scheme })))
    const name = `staff-${String(width)}`
    await composeSheet(studio, name, { pictures, cell: width === 375 ? 375 : 780 })
    console.log(name)
  }
  for (const [width, height] of [
    [1280, 720],
    [1440, 900],
  ] as const) {
    const pictures = await takePlayground(studio, { width, height, scheme: 'light' })
    const name = `playground-${String(width)}`
    await composeSheet(studio, name, { pictures, cell: 780 })
    console.log(name)
  }
}

async function takeReadme(studio: Studio, shots: readonly Shot[]): Promise<void> {
  for (const [name, file] of [
    ['bind', 'mini-program-bind'],
    ['project-detail', 'mini-program-project'],
  ] as const) {
    const look = { width: 375, height: 760, scheme: 'light', scale: 1.25 } as const
    const page = await openShot(
      studio,
      shots.find((one) => one.name === name)!,
      look,
    )
    await page.screenshot({ path: path.join(README, `${file}.png`) })
    await page.context().close()
  }
  await takeForReadme(studio, path.join(README, 'playground.png'))
  console.log(`3 pictures in ${shown(README)}`)
}

try {
  await main()
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}
