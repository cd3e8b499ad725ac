import { mkdirSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { clipboardOf, findBrowser, launch, NO_BROWSER, openPhone } from '../../scripts/preview/testing/browser.ts'
import { until } from '../../scripts/play/until.ts'
import { useTown } from '../test/town.ts'

const executable = findBrowser()
/** Set it to a folder to look at the pages. */
const SHOTS = process.env['STAFF_SHOTS']
const WECOM_CLIENT = 'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/120 Mobile Safari/537.36 wxwork/4.1.30 MicroMessenger/7.0.1'
/** Runs in the page: stands for the JS-SDK as far as the page uses it. */
const SDK = `
  window.calls = []
  window.ww = {
    register: (options) => calls.push(options),
    navigateToAddCustomer: async () => { calls.push([await calls[0].getConfigSignature(location.href), await calls[0].getAgentConfigSignature(location.href)]) },
  }`

if (executable === undefined) {
  console.warn(`the browser tests were skipped: ${NO_BROWSER}`)
  test('in CI there is a browser', () => { if (process.env['CI'] === 'true') throw new Error(NO_BROWSER) })
}

/** The platform sends the browser back to the public address, so it must be known before the server listens. */
async function freePort(): Promise<string> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return String(port)
}
const PORT = await freePort()

const whereThereIsABrowser = executable === undefined ? describe.skip : describe
whereThereIsABrowser('待添加客户 in a browser', () => {
  const town = useTown({ PORT, PUBLIC_BASE_URL: `http://127.0.0.1:${PORT}`, STAFF_QUIET_HOURS: 'off' })
  type Phone = Awaited<ReturnType<typeof openPhone>>
  let browser: Awaited<ReturnType<typeof launch>>
  let phone: Phone
  beforeAll(async () => { browser = await launch(executable!) }, 60_000)
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()))
    expect(phone.complaints).toEqual([])
  })
  afterAll(() => browser.close())

  async function openHome(userid: string, { sdk = false, ...options }: { sdk?: boolean; userAgent?: string; colorScheme?: 'dark' } = {}) {
    phone = await openPhone(browser, { deviceScaleFactor: 2, hasTouch: true, ...options })
    const asked: string[] = []
    phone.page.on('request', (request) => asked.push(request.url()))
    if (sdk) {
      await phone.page.route('**/staff/wecom-jssdk.js', (route) => route.abort())
      await phone.page.addInitScript(SDK)
    }
    await town().control.post(`/_sandbox/members/${userid}/oauth-next`)
    await phone.page.goto(`${town().address}/staff/`)
    return { page: phone.page, asked }
  }
  const shoot = async (name: string): Promise<void> => {
    if (SHOTS === undefined) return
    mkdirSync(SHOTS, { recursive: true })
    await phone.page.screenshot({ path: path.join(SHOTS, `${name}.png`) })
  }

  /** Two who wait, the second claimed by two accounts, and one whom 张三 added without noting the phone. */
  async function arrange(): Promise<string[]> {
    const { people, server, settle } = town()
    const [first, second, rival] = [await people.arrive(), await people.arrive(), await people.arrive()]
    for (const [customer, phoneNumber] of [[first, first.phone], [second, second.phone], [rival, second.phone]] as const) {
      await customer.signIn()
      await server.post('/api/binding/temp', { phoneNumber }, customer.token)
    }
    await people.add('zhangsan', (await people.arrive({ name: '赵敏' })).phone, { remarkMobile: 'empty' })
    await settle()
    return [first.phone, second.phone]
  }

  test('a member signs in and copies a phone with one tap; it is written down once who did', async () => {
    const [waiting] = await arrange()
    const { page, asked } = await openHome('zhangsan')
    await page.getByText('等待添加 2').waitFor()
    await page.getByText('缺少手机号 1').waitFor()
    await shoot('list')
    expect(await page.content()).not.toContain(waiting)
    const copy = page.getByRole('button', { name: '复制手机号' }).first()
    for (const button of await page.getByRole('button').all()) expect((await button.boundingBox())?.height ?? 48).toBeGreaterThanOrEqual(48)
    await copy.tap()
    await page.getByText('已复制').waitFor()
    expect([await clipboardOf(page), await page.locator('.phone').first().textContent()]).toEqual([waiting, waiting])
    await shoot('copied')
    await page.getByRole('button', { name: '再次复制' }).tap()
    await page.getByRole('button', { name: '添加客户' }).tap()
    await page.getByText('怎样添加客户').waitFor()
    await shoot('how')
    expect(await town().db('operation_log')).toMatchObject([{ operator_userid: 'zhangsan', operation: 'claim.phone_revealed' }])
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
    expect([...new Set(asked.filter((url) => !url.startsWith('data:')).map((url) => new URL(url).origin))].toSorted()).toEqual([town().address, town().sandbox.url].toSorted())
  })

  test('in the dark, and in the WeCom client, whose own screen it opens with our signatures', async () => {
    await arrange()
    const { page } = await openHome('zhangsan', { sdk: true, userAgent: WECOM_CLIENT, colorScheme: 'dark' })
    await shoot('dark')
    await page.getByRole('button', { name: '添加客户' }).tap()
    await until('the client was asked', async () => (await page.evaluate('calls.length')) === 2)
    expect(await page.evaluate('[calls[0].corpId, calls[0].agentId, ...calls[1].map(({ signature }) => signature.length)]')).toEqual(['wwsandbox000000001', '1000002', 40, 40])
    expect(await page.getByText('怎样添加客户').isVisible()).toBe(false)
  })

  test('the list is read again when the page comes back to the front', async () => {
    const [first] = await arrange()
    const { page } = await openHome('lisi')
    await page.getByText('等待添加 2').waitFor()
    await town().people.add('zhangsan', first!)
    await town().settle()
    await page.evaluate('void document.dispatchEvent(new Event("visibilitychange"))')
    await page.getByText('等待添加 1').waitFor()
  })

  test('nobody waits; after signing out a tap leads to the sign-in, which a forged return does not pass', async () => {
    const { page } = await openHome('lisi')
    await page.getByText('现在没有客户在等待').waitFor()
    await shoot('empty')
    await page.getByRole('button', { name: '退出' }).tap()
    await page.getByText('已退出').waitFor()
    await page.goto(`${town().address}/staff/`)
    await page.getByText('谁打开这个页面').waitFor()
    await shoot('sandbox')
    await page.goto(`${town().address}/api/staff/callback?code=x&state=y`)
    await page.getByRole('link', { name: '重新登录' }).waitFor()
    await shoot('refused')
  })
})
