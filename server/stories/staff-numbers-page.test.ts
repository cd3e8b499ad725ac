import { beforeEach, expect, test } from '@jest/globals'
import { whereThereIsABrowser } from '../../scripts/preview/testing/phones.ts'
import type { Person } from '../../scripts/play/people.ts'
import { freePort } from '../test/free-port.ts'
import { ordersOf } from '../test/long-ago.ts'
import { staffPagesAt, useStaffPhone } from '../test/staff-phone.ts'
import { ADMIN_KEY, useTown } from '../test/town.ts'
import { addJob } from '../test/job-desk.ts'

const PORT = await freePort()

whereThereIsABrowser('号码换人？ in a browser', () => {
  const town = useTown(staffPagesAt(PORT))
  const staff = useStaffPhone(town)
  const { shoot } = staff
  let customer: Person

  /** SO-A is surely 王建国's; 李梅's orders of the same number are asked about, 张三 has added him. */
  beforeEach(async () => {
    const { people, settle } = town()
    customer = await people.arrive({ name: '山水有相逢' })
    await people.add('zhangsan', customer.phone)
    await settle()
    await customer.signIn()
    await people.load('SO-A', customer.phone, {
      customerName: '王建国',
      order: { signedAt: new Date(Date.now() - 5 * 86_400_000).toISOString() },
    })
    for (const orderNo of ['SO-Y', 'SO-Z'])
      await people.load(orderNo, customer.phone, { customerName: '李梅' })
    await settle()
  })

  async function openHome({
    userid = 'zhangsan',
    ...options
  }: { userid?: string; colorScheme?: 'dark'; width?: number } = {}) {
    const { width = 375, ...look } = options
    await staff.take({ viewport: { width, height: 760 }, ...look })
    return staff.enter(userid)
  }
  const button = (name: string) => staff.phone.page.getByRole('button', { name })
  const box = (orderNo: string) => staff.phone.page.getByRole('checkbox', { name: orderNo })
  const answers = () => town().db('reviews').where({ kind: 'number' }).pluck('answer')
  const answeredInLog = async () =>
    (await town().db('operation_log').where({ operation: 'question.answered' })).map(
      (row: { after: object }) => row.after,
    )

  async function tenSecondsLater(): Promise<void> {
    town().clock.advance(10_001)
    await addJob(town().db, 'questions.sweep')
    await town().settle()
    town().clock.advance(-10_001)
  }

  test('shows both sides; a tap answers for the orders that are ticked, and the others stay held', async () => {
    const page = await openHome()
    await page.getByText('号码换人？ 1').waitFor()
    await shoot('numbers')
    const card = page.locator('[data-asked]')
    for (const text of [
      `${customer.phone.slice(0, 3)}****${customer.phone.slice(-4)}`,
      '王建国',
      '山水有相逢',
      '张三',
      'SO-Y',
      '李梅',
      '录入',
    ]) {
      await card.getByText(text).first().waitFor()
    }
    expect(await page.content()).not.toContain(customer.phone)
    expect(await card.getByText('SO-A').count()).toBe(0)
    await box('SO-Z').uncheck()
    await button('是这位客户的').tap()
    await page.getByText('已回答「是这位客户的」').waitFor()
    expect(await answers()).toMatchObject([{ answer: 'same', orders: ['SO-Y'] }])
    await shoot('answered')
    await tenSecondsLater()
    expect(await ordersOf(customer)).toEqual(['SO-A', 'SO-Y'])
  })

  test('an answer is taken back within ten seconds by one tap; the seconds run, then it is gone', async () => {
    const page = await openHome()
    await button('号码换人了').tap()
    await page.getByText('已回答「号码换人了」').waitFor()
    const left = page.getByRole('timer')
    const first = Number(await left.textContent())
    await page.waitForTimeout(1_500)
    expect(Number(await left.textContent())).toBeLessThan(first)
    await button('撤回').tap()
    await button('号码换人了').waitFor()
    expect(await answers()).toEqual([null])
    await button('是这位客户的').tap()
    await left.waitFor()
    await left.waitFor({ state: 'detached' })
    await page.getByText('号码换人？').waitFor({ state: 'detached' })
    await town().settle()
    expect(await ordersOf(customer)).toEqual(['SO-A', 'SO-Y', 'SO-Z'])
  })

  test('two taps at once send one answer', async () => {
    const page = await openHome()
    let sent = 0
    page.on('request', (request) => {
      if (request.method() === 'POST') sent += 1
    })
    await page.evaluate(
      `for (const name of ['same', 'same', 'changed']) document.querySelector('[data-answer=' + name + ']').click()`,
    )
    await page.getByText('已回答「是这位客户的」').waitFor()
    expect(sent).toBe(1)
    expect(await answeredInLog()).toMatchObject([{ answer: 'same', orders: ['SO-Y', 'SO-Z'] }])
  })

  test('an answer names the orders that were seen: what is loaded meanwhile is not his word', async () => {
    const page = await openHome()
    await page.getByText('号码换人？ 1').waitFor()
    await town().people.load('SO-LATER', customer.phone, { customerName: '赵强' })
    await button('是这位客户的').tap()
    await page.getByText('已回答').first().waitFor()
    await tenSecondsLater()
    expect(await ordersOf(customer)).toEqual(['SO-A', 'SO-Y', 'SO-Z'])
  })

  test('what was unticked and typed survives a look at the list from the front; nothing ticked is no answer', async () => {
    const page = await openHome()
    await box('SO-Y').uncheck()
    await page.getByLabel('换人的话').fill('2026-03-01')
    await Promise.all([
      page.waitForResponse('**/staff/lists'),
      page.evaluate('void document.dispatchEvent(new Event("visibilitychange"))'),
    ])
    await page.waitForTimeout(200)
    expect([
      await box('SO-Y').isChecked(),
      await box('SO-Z').isChecked(),
      await page.getByLabel('换人的话').inputValue(),
    ]).toEqual([false, true, '2026-03-01'])
    await box('SO-Z').uncheck()
    await button('号码换人了').tap()
    await page.getByText('请至少勾选一个订单').waitFor()
    expect(await answers()).toEqual([null])
    await box('SO-Z').check()
    await button('号码换人了').tap()
    await page.getByText('已回答').first().waitFor()
    expect(await answers()).toMatchObject([
      { answer: 'changed', orders: ['SO-Z'], since: expect.stringMatching(/^2026-0[23]-/) },
    ])
  })

  test('whoever taps second reads who answered, and the list as it is by then', async () => {
    const page = await openHome()
    await page.getByText('号码换人？ 1').waitFor()
    const [{ id }] = await town().db('reviews').where({ kind: 'number' })
    await town().server.post(
      `/api/admin/questions/${String(id)}/answer`,
      { answer: 'same', reason: '电话核实', operatorUserid: 'lisi' },
      ADMIN_KEY,
    )
    await button('不清楚').tap()
    await page.getByText(/^(?:李四|lisi) 已经回答了这个问题/).waitFor()
    await page.getByText(/^(?:李四|lisi) 已回答「是这位客户的」，\d+ 秒后生效/).waitFor()
    await shoot('answered-by-other')
    expect(await button('撤回').count()).toBe(0)
    expect(await button('不清楚').count()).toBe(0)
  })

  test('while the network is away nothing is lost, and the buttons come back', async () => {
    const page = await openHome()
    await box('SO-Y').uncheck()
    await page.context().setOffline(true)
    await button('是这位客户的').tap()
    await page.getByText('网络不通，请稍后再试').waitFor()
    await page.context().setOffline(false)
    expect(await box('SO-Y').isChecked()).toBe(false)
    await button('是这位客户的').tap()
    await page.getByText('已回答「是这位客户的」').waitFor()
    expect(await answeredInLog()).toMatchObject([{ answer: 'same', orders: ['SO-Z'] }])
  })

  test("is answered without a finger: the keyboard finds every part, and the answer's 撤回 next", async () => {
    const page = await openHome()
    await page.getByRole('group', { name: /号码.*是谁的/ }).waitFor()
    await box('SO-Y').focus()
    await page.keyboard.press('Space')
    for (const next of ['Tab', 'Tab']) await page.keyboard.press(next)
    expect(await page.getByLabel('换人的话').evaluate('document.activeElement.name')).toBe('since')
    await button('是这位客户的').focus()
    await page.keyboard.press('Enter')
    await page.getByText('已回答「是这位客户的」').waitFor()
    await page.waitForFunction(`document.activeElement.matches('[data-take-back]:not(:disabled)')`)
    await page.keyboard.press('Enter')
    await button('是这位客户的').waitFor()
    expect(await answers()).toEqual([null])
  })

  test.each([
    [320, undefined],
    [414, undefined],
    [320, 'dark'],
    [414, 'dark'],
  ] as const)(
    'fits a screen of %i px (%s): nothing is cut off, and every button can be hit',
    async (width, colorScheme) => {
      const page = await openHome({ width, ...(colorScheme && { colorScheme }) })
      await button('不清楚').waitFor()
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
      for (const one of await page.locator('[data-asked] :is(button, label:has(input))').all())
        expect((await one.boundingBox())!.height).toBeGreaterThanOrEqual(48)
      await shoot(`numbers-${String(width)}${colorScheme ?? ''}`)
      await button('不清楚').tap()
      await button('撤回').waitFor()
      await shoot(`answered-${String(width)}${colorScheme ?? ''}`)
    },
  )

  test('another member sees nothing of it', async () => {
    const page = await openHome({ userid: 'lisi' })
    await page.getByText('现在没有客户在等待').waitFor()
    expect(await page.getByText('号码换人？').count()).toBe(0)
  })
})
