import path from 'node:path'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import type { Addresses, Shot } from '../play/gallery.ts'

export type Studio = { browser: Browser; addresses: Addresses; folder: string }
export type Look = {
  width: number
  height: number
  scheme: 'light' | 'dark'
  /** The font size that the customer has set in WeChat: 1.4 is the largest our pages follow. */
  font?: number
  scale?: number
}
/** A file in the folder, and what stands below it on the sheet. */
export type Picture = { file: string; title: string }

export async function newPage(
  { browser }: Studio,
  { width, height, scheme, scale = 1 }: Look,
  more: BrowserContextOptions = {},
): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: scheme,
    deviceScaleFactor: scale,
    reducedMotion: 'reduce',
    ...more,
  })
  const page = await context.newPage()
  page.setDefaultTimeout(20_000)
  return page
}

/** Keeps what a page looks like. */
export async function keep(
  { folder }: Studio,
  page: Page,
  { title, look }: { title: string; look: Look },
): Promise<Picture> {
  const { width, scheme, font } = look
  const file = `${[title, String(width), scheme, ...(font ? ['care'] : [])].join('-')}.png`
  await page.screenshot({ path: path.join(folder, file) })
  return { file, title }
}

export async function openShot(studio: Studio, shot: Shot, look: Look): Promise<Page> {
  const page = await newPage(studio, look)
  await shot.before?.(page)
  const { personId } = await shot.holder()
  const font = look.font === undefined ? '' : `&font=${String(look.font)}`
  const { server } = studio.addresses
  await page.goto(`${server}/preview/?person=${personId}${font}#/pages/${shot.page}`)
  await page.getByText(shot.wait).filter({ visible: true }).first().waitFor()
  await shot.act?.(page)
  await page.waitForTimeout(150)
  return page
}

/** How much of the page in front does not fit, in pixels. */
const OVERFLOW = `(() => {
  const front = [...document.querySelectorAll('.mp-page')].find((page) => !page.hidden)
  return { more: front.scrollHeight - front.clientHeight, wider: front.scrollWidth - front.clientWidth }
})()`

/** The whole page of the mini-program, also what one would have to scroll to; too wide is a mistake. */
export async function takeShot(studio: Studio, shot: Shot, look: Look): Promise<Picture> {
  const page = await openShot(studio, shot, look)
  const { more, wider } = await page.evaluate<{ more: number; wider: number }>(OVERFLOW)
  if (wider > 0)
    throw new Error(`${shot.name} is ${String(wider)} px too wide for ${String(look.width)} px`)
  await page.setViewportSize({ width: look.width, height: look.height + Math.max(0, more) })
  const picture = await keep(studio, page, { title: shot.name, look })
  await page.context().close()
  return picture
}
