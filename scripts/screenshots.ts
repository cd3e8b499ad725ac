import { mkdirSync } from 'node:fs'
import path from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { prepareGallery, readAddresses, type Addresses, type Shot } from './play/gallery.ts'
import { findBrowser, launch, NO_BROWSER } from './preview/testing/browser.ts'
import { root, shown } from './checkout/environment.ts'

/**
 * Pictures of every page, light and dark, small and large, into .data/screenshots, and the three that the README shows
 * into docs/images; against a running `npm start`.
 */
const ALL = path.join(root, '.data', 'screenshots')
const README = path.join(root, 'docs', 'images')
const SIZES = [
  { width: 320, height: 640 },
  { width: 414, height: 860 },
] as const
const SCHEMES = ['light', 'dark'] as const

async function main(): Promise<void> {
  const executable = findBrowser()
  if (executable === undefined) throw new Error(NO_BROWSER)
  const addresses = readAddresses()
  const shots = await prepareGallery(addresses)
  for (const folder of [ALL, README]) mkdirSync(folder, { recursive: true })
  const browser = await launch(executable)
  const studio = { browser, addresses }
  try {
    for (const size of SIZES)
      for (const scheme of SCHEMES)
        for (const shot of shots) await takePage(studio, shot, { size, scheme })
    await takeForReadme(studio, shots)
    await takePlayground(studio)
  } finally {
    await browser.close()
  }
  console.log(
    `${String(shots.length * SIZES.length * SCHEMES.length)} pictures in ${shown(ALL)}, 3 in ${shown(README)}`,
  )
}

type Studio = { browser: Browser; addresses: Addresses }
type Look = { size: { width: number; height: number }; scheme: 'light' | 'dark'; scale?: number }

async function openShot(
  { browser, addresses: { server } }: Studio,
  { holder, page: name, wait }: Shot,
  { size, scheme, scale = 1 }: Look,
): Promise<Page> {
  const context = await browser.newContext({
    viewport: size,
    colorScheme: scheme,
    deviceScaleFactor: scale,
  })
  const page = await context.newPage()
  await page.goto(`${server}/preview/?person=${(await holder()).personId}#/pages/${name}`)
  await page.getByText(wait).filter({ visible: true }).first().waitFor({ timeout: 15_000 })
  await page.waitForTimeout(150)
  return page
}

/** How much of the page in front does not fit, in pixels. */
const OVERFLOW = `(() => {
  const front = [...document.querySelectorAll('.mp-page')].find((page) => !page.hidden)
  return { more: front.scrollHeight - front.clientHeight, wider: front.scrollWidth - front.clientWidth }
})()`

/** The whole page, also what one would have to scroll to; too wide is a mistake. */
async function takePage(studio: Studio, shot: Shot, look: Look): Promise<void> {
  const page = await openShot(studio, shot, look)
  const { more, wider } = await page.evaluate<{ more: number; wider: number }>(OVERFLOW)
  if (wider > 0)
    throw new Error(
      `${shot.name} is ${String(wider)} px too wide for ${String(look.size.width)} px`,
    )
  await page.setViewportSize({
    width: look.size.width,
    height: look.size.height + Math.max(0, more),
  })
  await page.screenshot({
    path: path.join(ALL, `${shot.name}-${look.scheme}-${String(look.size.width)}.png`),
  })
  await page.context().close()
}

async function takeForReadme(studio: Studio, shots: readonly Shot[]): Promise<void> {
  for (const [name, file] of [
    ['bind-code', 'mini-program-bind'],
    ['project-detail', 'mini-program-project'],
  ] as const) {
    const shot = shots.find((one) => one.name === name)!
    const page = await openShot(studio, shot, {
      size: { width: 375, height: 760 },
      scheme: 'light',
      scale: 1.25,
    })
    await page.screenshot({ path: path.join(README, `${file}.png`) })
    await page.context().close()
  }
}

/** The playground in the middle of a story: a customer who is bound, and somebody who claims his phone. */
async function takePlayground({ browser, addresses }: Studio): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  const page = await context.newPage()
  page.setDefaultTimeout(20_000)
  await page.goto(`${addresses.server}/playground`)
  const phone = page.frameLocator('iframe[title=客户的小程序]') // there is the attacker's, too
  await playScene(page, 'reset')
  await phone.getByRole('button', { name: '获取验证码' }).click()
  await phone.getByRole('button', { name: '打开客服聊天' }).click()
  await page.locator('.item.mini').last().click()
  await phone.getByText('回到首页').click()
  await playScene(page, 'claim')
  await phone.getByText('最近更新').waitFor()
  await page.waitForTimeout(1500)
  await page.screenshot({ path: path.join(README, 'playground.png') })
  await context.close()
}

async function playScene(page: Page, scene: string): Promise<void> {
  await page.locator(`[data-scene=${scene}]`).click()
  await page.locator('.scenes.busy').waitFor()
  await page.locator('.scenes:not(.busy)').waitFor()
  await page.waitForTimeout(1200)
}

try {
  await main()
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}
