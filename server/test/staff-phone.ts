import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, expect } from '@jest/globals'
import { findBrowser, launch, openPhone } from '../../scripts/preview/testing/browser.ts'
import type { Town } from './town.ts'

/** Set it to a folder to look at the pages. */
const SHOTS = process.env['STAFF_SHOTS']

/** The platform sends the browser back to the public address, so it must be known before the server listens. */
export const staffPagesAt = (port: string): Record<string, string> => ({
  PORT: port,
  PUBLIC_BASE_URL: `http://127.0.0.1:${port}`,
  STAFF_QUIET_HOURS: 'off',
})

type Phone = Awaited<ReturnType<typeof openPhone>>
export type Page = Phone['page']

/** A member's phone in a real browser; a complaint of a page fails the test. */
export function useStaffPhone(town: () => Town) {
  let browser: Awaited<ReturnType<typeof launch>>
  let phone: Phone
  beforeAll(async () => {
    browser = await launch(findBrowser()!)
  }, 60_000)
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()))
    expect(phone.complaints).toEqual([])
  })
  afterAll(() => browser.close())
  return {
    /** The one that was taken last. */
    get phone(): Phone {
      return phone
    },
    /** A page that is still empty. */
    take: async (options: Parameters<typeof openPhone>[1] = {}): Promise<Page> => {
      phone = await openPhone(browser, { deviceScaleFactor: 2, hasTouch: true, ...options })
      return phone.page
    },
    /** Opens a page below /staff/ as this member, whom WeCom sends through. */
    enter: async (userid: string, below = ''): Promise<Page> => {
      await town().control.post(`/_sandbox/members/${userid}/oauth-next`)
      await phone.page.goto(`${town().address}/staff/${below}`)
      return phone.page
    },
    shoot: async (name: string): Promise<void> => {
      if (SHOTS === undefined) return
      mkdirSync(SHOTS, { recursive: true })
      await phone.page.screenshot({ path: path.join(SHOTS, `${name}.png`), fullPage: true })
    },
  }
}
