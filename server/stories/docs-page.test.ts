import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import {
  findBrowser,
  launch,
  NO_BROWSER,
  openPhone,
} from '../../scripts/preview/testing/browser.ts'
import { ADMIN_KEY, useTown } from '../test/town.ts'

const executable = findBrowser()
if (executable === undefined) console.warn(`the browser tests were skipped: ${NO_BROWSER}`)
const whereThereIsABrowser = executable === undefined ? describe.skip : describe
const town = useTown()
const load = (path: string) => fetch(town().address + path)

test('all that the page loads comes from here; what bears its version is kept for a year', async () => {
  const page = await load('/docs')
  expect(page.headers.get('content-security-policy')).not.toMatch(/unsafe|https:|\*/)
  const markup = await page.text()
  const loaded = [...markup.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => path!)
  expect(loaded).toHaveLength(4)
  for (const path of loaded) {
    const { status, headers } = await load(path)
    const kept = /swagger-ui/.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache'
    expect([path, status, headers.get('cache-control')]).toEqual([path, 200, kept])
  }
  expect((await load('/docs/0.0.0/swagger-ui.css')).status).toBe(404)
})

whereThereIsABrowser('the page in a browser', () => {
  let browser: Awaited<ReturnType<typeof launch>>
  beforeAll(async () => {
    browser = await launch(executable!)
  }, 60_000)
  afterAll(() => browser.close())

  test('on a phone it is read and tried, and nothing in it breaks the policy', async () => {
    const { page, complaints } = await openPhone(browser)
    await page.goto(`${town().address}/docs`)
    await page.getByRole('button', { name: 'Authorize' }).click()
    const dialog = page.locator('.dialog-ux')
    await dialog.locator('input').nth(1).fill(ADMIN_KEY)
    await dialog.getByRole('button', { name: 'Apply credentials' }).nth(1).click()
    await dialog.getByRole('button', { name: 'Close' }).last().click()
    await page.locator('#operations-tag-access').click()
    const route = page.locator('#operations-access-getApiAdminMe')
    await route.getByRole('button').first().click()
    await route.getByText('key.expired').first().waitFor()
    await route.getByRole('button', { name: 'Try it out' }).click()
    await route.getByRole('button', { name: 'Execute' }).click()
    await route.getByText('"name": "ADMIN_KEY"').first().waitFor()
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(375)
    expect(complaints).toEqual([])
  })
})
