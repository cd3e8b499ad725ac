import { get } from 'node:https'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import {
  buildPages,
  findBrowser,
  launch,
  NO_BROWSER,
  openPhone,
} from '../../scripts/preview/testing/browser.ts'
import { freePort } from '../test/free-port.ts'
import { openTlsProxy } from '../test/tls-proxy.ts'
import { useTown } from '../test/town.ts'

const executable = findBrowser()
if (executable === undefined) console.warn(`the browser tests were skipped: ${NO_BROWSER}`)
const whereThereIsABrowser = executable === undefined ? describe.skip : describe

const PORT = await freePort()
const HOME = `https://127.0.0.1:${PORT}`
const town = useTown({ PUBLIC_BASE_URL: HOME, STAFF_QUIET_HOURS: 'off' })
let proxy: Awaited<ReturnType<typeof openTlsProxy>>
beforeAll(async () => {
  proxy = await openTlsProxy({ port: Number(PORT), target: town().address })
  await buildPages()
}, 60_000)
afterAll(() => proxy.close())

const policyOf = async (path: string): Promise<string> =>
  (await fetch(town().address + path, { redirect: 'manual' })).headers.get(
    'content-security-policy',
  ) ?? ''

test('the certificate of the proxy is a real one: a client that trusts it alone gets through', async () => {
  const status = await new Promise((resolve, reject) => {
    get(`${HOME}/healthz`, { ca: proxy.certificate }, (answer) => {
      answer.resume()
      resolve(answer.statusCode)
    }).on('error', reject)
  })
  expect(status).toBe(200)
})

describe('what pages may load', () => {
  const STYLES = /style-src ([^;]*)/
  test.each(['/staff/', '/staff/no-such-page', '/playground', '/api/me', '/healthz'])(
    '%s: styles and scripts of this server only, none in the markup',
    async (path) => {
      const policy = await policyOf(path)
      expect(STYLES.exec(policy)?.[1]).toBe("'self'")
      expect(policy).not.toMatch(/unsafe|https:|\*/)
      expect(policy).toContain("script-src 'self'")
    },
  )
  test('the preview alone has inline styles, which the official runtime writes; no inline scripts', async () => {
    for (const path of ['/preview', '/preview/', '/preview/index.html']) {
      const policy = await policyOf(path)
      expect(STYLES.exec(policy)?.[1]).toBe("'self' 'unsafe-inline'")
      expect(policy.match(/unsafe/g)).toHaveLength(1)
    }
    expect(await policyOf('/preview/app.js')).not.toContain('unsafe')
  })
})

whereThereIsABrowser('in a browser', () => {
  let browser: Awaited<ReturnType<typeof launch>>
  beforeAll(async () => {
    browser = await launch(executable!)
  }, 60_000)
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()))
  })
  afterAll(() => browser.close())

  async function signIn() {
    const phone = await openPhone(browser, { ignoreHTTPSErrors: true })
    await town().control.post('/_sandbox/members/zhangsan/oauth-next')
    await phone.page.goto(`${HOME}/staff/`)
    await phone.page.getByText('待添加客户').first().waitFor()
    return phone
  }

  test('a member signs in over https: the browser takes the __Host- cookie, sends it back, and loses it with the session', async () => {
    const { page, complaints } = await signIn()
    const cookies = await page.context().cookies()
    expect(cookies).toMatchObject([
      {
        name: '__Host-jdt_staff',
        domain: '127.0.0.1',
        path: '/',
        secure: true,
        httpOnly: true,
        sameSite: 'Lax',
      },
    ])
    await page.reload()
    await page.getByText('待添加客户').first().waitFor()
    expect(new URL(page.url())).toMatchObject({ origin: HOME, pathname: '/staff/' })
    await page.getByRole('button', { name: '退出' }).click()
    await page.getByRole('heading', { name: '已退出' }).waitFor()
    const again = await page.context().request.get(`${HOME}/api/staff/me`)
    expect(again.status()).toBe(401)
    expect(complaints).toEqual([])
  })

  test('a neighbour below the same name can plant no session: without https, or for a part of the paths, the browser refuses the name', async () => {
    const { page } = await openPhone(browser, { ignoreHTTPSErrors: true })
    await page.route('**/planted', (route) =>
      route.fulfill({
        status: 200,
        headers: {
          'set-cookie':
            '__Host-jdt_staff=planted; Path=/staff; Secure\nneighbour=planted; Path=/staff; Secure',
        },
        body: 'x',
      }),
    )
    await page.goto(`${HOME}/planted`)
    await page.goto(`${town().address}/healthz`)
    await page.evaluate(`document.cookie = '__Host-jdt_staff=planted; path=/'`)
    expect(await page.context().cookies()).toMatchObject([{ name: 'neighbour', value: 'planted' }])
  })

  test('markup that somebody slips into the page of members brings no style', async () => {
    const { page, complaints } = await signIn()
    await page.evaluate(
      `document.body.insertAdjacentHTML('beforeend', '<p id="slipped" style="position:fixed">x</p><style>body { display: none }</style>')`,
    )
    expect(
      await page.evaluate(`getComputedStyle(document.getElementById('slipped')).position`),
    ).toBe('static')
    expect(await page.locator('body').isVisible()).toBe(true)
    expect(complaints.filter((line) => !/Content Security Policy/.test(line))).toEqual([])
    expect(complaints.length).toBeGreaterThan(0)
  })
})
