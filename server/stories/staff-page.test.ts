import { describe, expect, test } from '@jest/globals'
import { findViolations } from '../../scripts/preview/testing/axe.ts'
import { clipboardOf } from '../../scripts/preview/testing/browser.ts'
import { whereThereIsABrowser } from '../../scripts/preview/testing/phones.ts'
import { until } from '../../scripts/play/until.ts'
import { arriveWaiting } from '../../scripts/play/waiting.ts'
import { createClient } from '../../scripts/sandbox/client/client.ts'
import { bindByCode } from '../test/bind-by-code.ts'
import { freePort } from '../test/free-port.ts'
import { tenSecondsPass } from '../test/ten-seconds.ts'
import { staffPagesAt, useStaffPhone, type Page } from '../test/staff-phone.ts'
import { ADMIN_KEY, useTown } from '../test/town.ts'

const PORT = await freePort()

whereThereIsABrowser('待添加客户 in a browser', () => {
  const town = useTown(staffPagesAt(PORT))
  const staff = useStaffPhone(town)
  const { shoot } = staff
  async function openHome(
    userid: string,
    {
      client,
      query = '',
      hasClock = false,
      ...options
    }: {
      client?: ReturnType<typeof createClient>
      query?: string
      hasClock?: boolean
      userAgent?: string
      colorScheme?: 'dark'
      viewport?: { width: number; height: number }
    } = {},
  ) {
    const page = await staff.take({
      ...(client && { userAgent: client.userAgent }),
      ...options,
    })
    await client?.attach(page)
    const asked: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    if (hasClock) await page.clock.install()
    await staff.enter(userid, query)
    return { page, asked }
  }
  const originsOf = (asked: readonly string[]) =>
    [
      ...new Set(asked.filter((url) => !url.startsWith('data:')).map((url) => new URL(url).origin)),
    ].toSorted()

  async function arrange(): Promise<string[]> {
    const { people, server, settle } = town()
    const phones = await arriveWaiting(people, server)
    await settle()
    return phones
  }

  test('a member signs in and copies a phone with one tap; it is written down once who did', async () => {
    const [waiting] = await arrange()
    const { page, asked } = await openHome('zhangsan')
    await page.getByText('等待添加 2').waitFor()
    await page.getByText('手机号待处理 1').waitFor()
    await shoot('list')
    expect(await page.content()).not.toContain(waiting)
    const copy = page.getByRole('button', { name: '复制手机号' }).first()
    for (const button of await page.getByRole('button').all())
      expect((await button.boundingBox())?.height ?? 48).toBeGreaterThanOrEqual(48)
    await copy.tap()
    await page.getByText('已复制，去搜索手机号').waitFor()
    expect([await clipboardOf(page), await page.locator('.phone').first().textContent()]).toEqual([
      waiting,
      waiting,
    ])
    await page.getByText('您已复制').waitFor()
    await shoot('copied')
    await page.getByRole('button', { name: '再次复制' }).tap()
    await page.getByRole('button', { name: '添加客户' }).tap()
    await page.getByText('怎样添加客户').waitFor()
    await shoot('how')
    expect(await town().db('operation_log')).toMatchObject([
      { operator_userid: 'zhangsan', operation: 'claim.phone_revealed' },
    ])
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
    expect(originsOf(asked)).toEqual([town().address, town().sandbox.url].toSorted())
  })

  describe('in the WeCom client, the real JS-SDK on a played bridge', () => {
    type Client = ReturnType<typeof createClient>
    const clientOf = (more: { version?: string; system?: 'ios' | 'windows' } = {}): Client =>
      createClient({ sandboxUrl: town().sandbox.url, userid: 'zhangsan', ...more })
    const answersOf = ({ calls }: Client): string[] =>
      calls.map(({ err_msg: answer, err_code: code }) =>
        code === undefined ? answer : `${answer} ${String(code)}`,
      )
    const answered = (client: Client, answer: string) =>
      until(answer, () => Promise.resolve(answersOf(client).includes(answer)))
    const manual = () => staff.phone.page.getByText('怎样添加客户')
    const tapAdd = () => staff.phone.page.getByRole('button', { name: '添加客户' }).tap()
    /** The SDK drops the promise of the first try, which it makes by itself; the page hears of the second, that of the tap. */
    const expectOnlyTheDropped = () => {
      expect(staff.phone.complaints.splice(0)).toEqual(['Object'])
    }

    test('a tap opens its screen for adding, in the name of our app; nothing comes from elsewhere', async () => {
      await arrange()
      const client = clientOf()
      const { asked } = await openHome('zhangsan', { client, colorScheme: 'dark' })
      await shoot('dark')
      await tapAdd()
      await answered(client, 'navigateToAddCustomer:ok')
      expect(answersOf(client)).toEqual(['agentConfig:ok', 'navigateToAddCustomer:ok'])
      expect(client.opened).toMatchObject([
        { url: expect.stringMatching(`^${town().address}/staff/`) },
      ])
      expect(await manual().isVisible()).toBe(false)
      expect(originsOf(asked)).toEqual([town().address, town().sandbox.url].toSorted())
    })

    test('who leaves that screen without adding sees the page as it was', async () => {
      const client = clientOf({ system: 'ios' })
      await openHome('zhangsan', { client })
      client.cancelNext()
      await tapAdd()
      await answered(client, 'navigateToAddCustomer:cancel')
      await staff.phone.page.waitForTimeout(300)
      expect(await manual().isVisible()).toBe(false)
    })

    test('a client of old wants the company verified as well, and has no such screen: the way by hand', async () => {
      const client = clientOf({ version: '3.0.20' })
      await openHome('zhangsan', { client })
      await tapAdd()
      await manual().waitFor()
      expect(answersOf(client)).toEqual([
        'preVerifyJSAPI:ok',
        'agentConfig:ok',
        'navigateToAddCustomer:function not exist',
      ])
    })

    test('a ticket that ended: the way by hand; when it is right again, the screen', async () => {
      const client = clientOf()
      await openHome('zhangsan', { client })
      await answered(client, 'agentConfig:ok')
      await town().control.post('/_sandbox/clock', { advanceSeconds: 7201 })
      try {
        await staff.phone.page.reload()
        await answered(client, 'agentConfig:fail 42012')
        await tapAdd()
        await manual().waitFor()
        expect(answersOf(client).slice(1)).toEqual([
          'agentConfig:fail 42012',
          'agentConfig:fail 42012',
        ])
      } finally {
        await town().control.post('/_sandbox/clock', { advanceSeconds: -7201 })
      }
      await tapAdd()
      await answered(client, 'navigateToAddCustomer:ok')
      expect(await manual().isVisible()).toBe(false)
      expectOnlyTheDropped()
    })

    test('a wrong signature: the way by hand', async () => {
      const client = clientOf()
      await openHome('zhangsan', { client })
      await answered(client, 'agentConfig:ok')
      await staff.phone.page.route('**/api/wecom/jssdk-signature?*', async (route) => {
        const response = await route.fetch()
        await route.fulfill({
          response,
          body: (await response.text()).replaceAll(
            /"signature":"\w+"/g,
            `"signature":"${'f'.repeat(40)}"`,
          ),
        })
      })
      await staff.phone.page.reload()
      await answered(client, 'agentConfig:fail 40093')
      await tapAdd()
      await manual().waitFor()
      expect(answersOf(client)).toEqual([
        'agentConfig:ok',
        'agentConfig:fail 40093',
        'agentConfig:fail 40093',
      ])
      expectOnlyTheDropped()
    })

    test('at a desk there is no such screen, and none is asked for', async () => {
      const client = clientOf({ system: 'windows' })
      await openHome('zhangsan', { client })
      await tapAdd()
      await manual().waitFor()
      expect(client.calls).toEqual([])
    })

    test('a bridge that never comes: the way by hand after a while', async () => {
      await openHome('zhangsan', { userAgent: clientOf().userAgent })
      await tapAdd()
      await manual().waitFor()
      expect(await staff.phone.page.getByRole('button', { name: '添加客户' }).isEnabled()).toBe(
        true,
      )
    })
  })

  test("one tap says which of several noted numbers is the customer's own", async () => {
    const { people, server, settle, db } = town()
    const customer = await people.arrive({ name: '李小红' })
    await people.load('XM-1', (await people.arrive()).phone, { designerUserid: 'zhangsan' })
    const waiting = await people.arrive()
    await people.load('XM-2', waiting.phone, { designerUserid: 'zhangsan' })
    await waiting.signIn()
    await server.post('/api/binding/temp', { phoneNumber: waiting.phone }, waiting.token)
    await people.add('zhangsan', customer.phone, { remarkMobiles: [customer.phone, '13700000000'] })
    await settle()
    const { page } = await openHome('zhangsan')
    await page.getByText('我负责').waitFor()
    await shoot('choices')
    await page
      .getByRole('button', {
        name: `${customer.phone.slice(0, 3)}****${customer.phone.slice(-4)} 是客户本人的`,
      })
      .tap()
    await page.getByText('是客户本人的」，').waitFor()
    expect(await page.evaluate('document.activeElement.textContent')).toBe('撤回')
    await shoot('confirmed')
    await page.keyboard.press('Enter')
    await page.getByText('已撤回，请重新回答').waitFor()
    await page.getByRole('button', { name: '是客户本人的' }).first().tap()
    await page.getByRole('timer').waitFor()
    expect(await db('customers').where({ phone: customer.phone })).toEqual([])
    await tenSecondsPass(town())
    await page.evaluate('void document.dispatchEvent(new Event("visibilitychange"))')
    await page.getByText('手机号待处理').waitFor({ state: 'detached' })
    expect(await db('customers').where({ phone: customer.phone })).toMatchObject([
      { wework_userid: customer.externalUserid },
    ])
    expect(await db('operation_log').where({ operation: 'contact.phone_confirmed' })).toMatchObject(
      [{ operator_userid: 'zhangsan' }],
    )
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

  test('while it is open a new customer appears by himself: nothing moves under the fingers, and only the news are read out', async () => {
    const [first] = await arrange()
    const { page } = await openHome('lisi', {
      hasClock: true,
      viewport: { width: 375, height: 420 },
    })
    await page.getByText('等待添加 2').waitFor()
    const answers: number[] = []
    page.on('response', (response) => {
      if (response.url().endsWith('/staff/lists')) answers.push(response.status())
    })
    const turn = async () => {
      const before = answers.length
      await page.clock.fastForward(20_000)
      await until('a look', () => Promise.resolve(answers.length > before))
    }
    const last = page.getByRole('button', { name: '复制手机号' }).last()
    await last.focus()
    await page.evaluate(`
      document.activeElement.mark = 'the same'
      window.scrollTo(0, 90)`)
    await turn()
    await turn()
    expect(answers).toEqual([200, 304])
    const newcomer = await town().people.arrive()
    await newcomer.signIn()
    await town().server.post('/api/binding/temp', { phoneNumber: newcomer.phone }, newcomer.token)
    await turn()
    await page.getByText('等待添加 3').waitFor()
    expect(await page.locator('#news').textContent()).toBe('等待添加：新增 1 条')
    expect(await page.evaluate('[document.activeElement.mark, Math.round(scrollY)]')).toEqual([
      'the same',
      90,
    ])
    await town().people.add('zhangsan', first!)
    await town().settle()
    await turn()
    await page.getByText('等待添加 2').waitFor()
    await page.context().setOffline(true)
    await page.clock.fastForward(20_000)
    await page.context().setOffline(false)
    await town().people.add('zhangsan', newcomer.phone)
    await town().settle()
    await page.clock.fastForward(41_000)
    await page.getByText('等待添加 1').waitFor()
    await page.evaluate(`
      Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true })
      document.dispatchEvent(new Event('visibilitychange'))`)
    const before = answers.length
    await page.clock.fastForward(600_000)
    await page.waitForTimeout(0)
    expect(answers).toHaveLength(before)
  })

  test('every group has its rows; a message leads to one of them, a tap asks the admins', async () => {
    const { people, server, settle, db } = town()
    await arrange()
    const [unstated, scanned, asked] = [
      await people.arrive({ unionid: false, name: '山水有相逢' }),
      await people.arrive({ unionid: false, name: '海阔天空' }),
      await people.arrive({ name: '李小红' }),
    ]
    await bindByCode(town(), unstated)
    await bindByCode(town(), scanned)
    await people.add('zhangsan', scanned.phone, { addWay: 1 })
    await people.add('zhangsan', asked.phone)
    await settle()
    await people.load('SO-A', asked.phone, { customerName: '王建国' })
    await people.load('SO-Y', asked.phone, { customerName: '李梅' })
    const several = await people.arrive({ name: '周敏' })
    await people.add('zhangsan', several.phone, { remarkMobiles: [several.phone, '13700000000'] })
    const [{ id: claimId }] = await db('temp_bindings').orderBy('id')
    await settle()
    await people.load('XM-2', (await db('temp_bindings').orderBy('id').first()).phone_number, {
      title: '滨江花园 8 幢 1201 全屋定制',
      designerUserid: 'zhangsan',
    })
    await openHome('lisi')
    await staff.phone.page.getByRole('button', { name: '复制手机号' }).first().tap()
    await staff.phone.page.getByText('您已复制').waitFor()
    const { page } = await openHome('zhangsan', { query: `?row=claim-${String(claimId)}` })
    await page.locator('.lit').waitFor()
    expect(await page.evaluate('document.activeElement.id')).toBe(`claim-${String(claimId)}`)
    await page.getByText(/李四已复制/).waitFor()
    expect((await page.getByRole('heading', { level: 2 }).allTextContents()).slice(0, 5)).toEqual([
      '等待添加 2',
      '已绑定未留手机号 1',
      '加的方式不算 1',
      '手机号待处理 2',
      '号码换人？ 1',
    ])
    await shoot('groups')
    await page.getByRole('button', { name: '提交管理员核实' }).tap()
    await page.getByText(/已提交管理员核实 · 刚刚/).waitFor()
    expect((await server.get('/api/admin/questions', ADMIN_KEY)).body.data.items).toHaveLength(3)
    expect(await findFlaws(page)).toEqual([])
    for (const colorScheme of ['light', 'dark'] as const)
      for (const width of [375, 1280]) {
        await page.emulateMedia({ colorScheme })
        await page.setViewportSize({ width, height: 800 })
        expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
        await shoot(`groups-${colorScheme}-${String(width)}`)
      }
    await page.goto(`${town().address}/staff/?row=claim-999999`)
    await page.getByText('这位客户已经处理好了').waitFor()
    await shoot('gone')
  })

  /** What a reader, a keyboard or a finger would stumble over: no list of rules, but what this page could get wrong. */
  const findFlaws = (page: Page) =>
    page.evaluate<string[]>(`(() => {
      const flaws = []
      const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id)
      for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) flaws.push('twice: ' + id)
      for (const attribute of ['aria-labelledby', 'aria-describedby'])
        for (const one of document.querySelectorAll('[' + attribute + ']'))
          for (const id of one.getAttribute(attribute).split(' ')) if (!document.getElementById(id)) flaws.push('leads nowhere: ' + id)
      let level = 0
      for (const heading of document.querySelectorAll('h1, h2, h3, h4')) {
        const own = Number(heading.tagName[1])
        if (own > level + 1) flaws.push('jumps to ' + heading.outerHTML)
        level = own
      }
      for (const target of document.querySelectorAll('button, a, label:has(input), input[type=date]')) {
        const { width, height } = target.getBoundingClientRect()
        if (width > 0 && (width < 44 || height < 44)) flaws.push('small: ' + target.outerHTML)
      }
      for (const tag of ['header', 'main', 'footer']) if (document.querySelectorAll(tag).length !== 1) flaws.push('not one ' + tag)
      return flaws
    })()`)

  test('nobody waits; after signing out a tap leads to the sign-in, which a forged return does not pass', async () => {
    const { page } = await openHome('lisi')
    await page.getByText('现在没有客户在等待').waitFor()
    await shoot('empty')
    await page.getByRole('button', { name: '退出' }).tap()
    await page.getByText('您已退出登录').waitFor()
    await page.getByRole('link', { name: '重新登录' }).waitFor()
    await shoot('signed-out')
    await page.goto(`${town().address}/staff/`)
    await page.getByText('谁打开这个页面').waitFor()
    await shoot('sandbox')
    await page.goto(`${town().address}/api/staff/callback?code=x&state=y`)
    await page.getByRole('link', { name: '重新登录' }).waitFor()
    await shoot('refused')
  })

  test('axe finds nothing on the list, light and dark, nor on the page of who must sign in again', async () => {
    await arrange()
    const { page } = await openHome('zhangsan')
    await page.getByText('等待添加 2').waitFor()
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      expect(await findViolations(page)).toEqual([])
    }
    await page.goto(`${town().address}/api/staff/callback?code=x&state=y`)
    await page.getByRole('link', { name: '重新登录' }).waitFor()
    expect(await findViolations(page)).toEqual([])
  })
})
