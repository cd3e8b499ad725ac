import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
]

/** CHROMIUM, else where Debian and others put it; undefined: there is none. */
export const findBrowser = (): string | undefined =>
  [process.env['CHROMIUM'], ...PLACES].find(
    (place) => place !== undefined && place !== '' && existsSync(place),
  )

export const NO_BROWSER =
  'no browser was found: install Chromium and a Chinese font (apt-get install chromium fonts-noto-cjk), or set CHROMIUM to its path'

export const launch = (executablePath: string): Promise<Browser> =>
  chromium.launch({ executablePath, args: QUIET })

/** The preview and the playground, as `npm start` would build them. */
export async function buildPages(): Promise<void> {
  await promisify(execFile)(process.execPath, [path.resolve(import.meta.dirname, '../build.mjs')])
}

/** A page as large as a phone, and what it complained about. A refusal by the server that a page expects is no complaint. */
export async function openPhone(
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<{ page: Page; complaints: string[] }> {
  const context = await browser.newContext({
    viewport: { width: 375, height: 760 },
    permissions: ['clipboard-read', 'clipboard-write'],
    ...options,
  })
  const page = await context.newPage()
  page.setDefaultTimeout(12_000)
  const complaints: string[] = []
  page.on('console', (message) => {
    if (
      ['error', 'warning'].includes(message.type()) &&
      !message.text().startsWith('Failed to load resource')
    )
      complaints.push(message.text())
  })
  page.on('request', (request) => {
    if (!/^(?:https?:\/\/127\.0\.0\.1:|data:|blob:)/.test(request.url()))
      complaints.push(`went out: ${request.url()}`)
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  return { page, complaints }
}

export const clipboardOf = (page: Page): Promise<string> =>
  page.evaluate('navigator.clipboard.readText()')
