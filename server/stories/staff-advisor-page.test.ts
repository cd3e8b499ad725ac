import { expect, test } from '@jest/globals'
import type { Person } from '../../scripts/play/people.ts'
import { findViolations } from '../../scripts/preview/testing/axe.ts'
import { clipboardOf } from '../../scripts/preview/testing/browser.ts'
import { whereThereIsABrowser } from '../../scripts/preview/testing/phones.ts'
import { freePort } from '../test/free-port.ts'
import { staffPagesAt, useStaffPhone, type Page } from '../test/staff-phone.ts'
import { ADMIN_KEY, useTown } from '../test/town.ts'

const PORT = await freePort()
const ADVISOR = 'advisor-zhangsan'

whereThereIsABrowser('线索和预约 in a browser', () => {
  const town = useTown(staffPagesAt(PORT))
  const staff = useStaffPhone(town)
  const { shoot } = staff
  async function openPage(hasClock = false): Promise<Page> {
    const page = await staff.take()
    if (hasClock) await page.clock.install()
    return staff.enter('zhangsan', 'advisor')
  }

  const act = (customer: Person, actionType: string, more: object = {}) =>
    town().server.post(
      '/api/customer/action',
      { advisorId: ADVISOR, actionType, ...more },
      customer.token,
    )
  const dayIn = (days: number): string =>
    new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)
  const book = (customer: Person, days: number, more: object = {}) =>
    act(customer, 'book_service', {
      actionData: { date: dayIn(days), part: 'afternoon', service: '上门量尺' },
      ...more,
    })

  /** Two customers: one looked, left his number and booked, the other booked a later day. */
  async function arrange(): Promise<Person> {
    const { people, server } = town()
    await server.put(
      `/api/admin/advisors/${ADVISOR}`,
      { name: '张三', memberUserid: 'zhangsan' },
      ADMIN_KEY,
    )
    const [first, second] = [await people.arrive(), await people.arrive()]
    for (const one of [first, second]) await one.signIn()
    await act(first, 'view_resume')
    const named = { customerName: '李女士', customerPhone: first.phone }
    const actionData = {
      date: dayIn(2),
      part: 'morning',
      service: '上门量尺',
      note: '楼下可以停车，家里有一只狗，麻烦提前半小时打电话',
    }
    await book(first, 2, { ...named, actionData })
    await book(second, 5, { customerName: '王先生' })
    return first
  }
  const leadOf = (page: Page) => page.locator('#leads .card').first()
  const rows = async (): Promise<Record<string, any>[]> =>
    town().db('operation_log').whereIn('target_type', ['lead', 'booking']).orderBy('id')

  test('an advisor reads what there is to do, calls the customer and writes down how it stands', async () => {
    const customer = await arrange()
    const page = await openPage()
    expect(await page.getByRole('heading', { level: 2 }).allTextContents()).toEqual([
      '我的预约 2',
      '我的线索 1',
      '最近动态 3',
    ])
    await shoot('advisor')
    expect(await page.content()).not.toContain(customer.phone)
    await page.locator('#bookings').getByRole('button', { name: '复制手机号' }).tap()
    await page.getByText('已复制手机号').waitFor()
    const lead = leadOf(page)
    await lead.getByRole('button', { name: '再次复制' }).tap()
    expect([await clipboardOf(page), await lead.locator('.phone').textContent()]).toEqual([
      customer.phone,
      customer.phone,
    ])
    await lead.getByText('签约状态：待定').tap()
    await lead.getByLabel('签约状态').selectOption('跟进中')
    await lead.getByLabel('备注').fill('周末再联系')
    await shoot('advisor-lead')
    await lead.getByRole('button', { name: '保存' }).tap()
    await lead.getByText('签约状态：跟进中').waitFor()
    await lead.getByText('备注：周末再联系').waitFor()
    expect(await lead.locator('details').getAttribute('open')).toBeNull()
    expect(await rows()).toMatchObject([
      { operation: 'lead.phone_revealed', operator_userid: 'zhangsan' },
      { operation: 'lead.changed', after: { state: '跟进中', note: '周末再联系' } },
    ])
  })

  test('he confirms a visit with one tap, and cancels one with two; what is over has no buttons', async () => {
    await arrange()
    const page = await openPage()
    const [first, second] = [
      page.locator('#bookings .card').nth(0),
      page.locator('#bookings .card').nth(1),
    ]
    await first.getByRole('button', { name: '确认预约' }).tap()
    await first.getByText('已确认').waitFor()
    const buttons = first.getByRole('button')
    expect(await buttons.allTextContents()).toEqual(['复制手机号', '标为已完成', '取消预约'])
    const cancel = second.getByRole('button', { name: '取消预约' })
    await cancel.tap()
    const sure = second.getByRole('button', { name: '再点一次，确认取消' })
    await sure.waitFor()
    expect(await rows()).toHaveLength(1)
    await sure.tap()
    await second.getByText('已取消').waitFor()
    expect(await second.getByRole('button').count()).toBe(0)
    await page.getByText('我的预约 1').waitFor()
    await shoot('advisor-moved')
    expect(await rows()).toMatchObject([
      { after: { state: '已确认' } },
      { after: { state: '已取消' } },
    ])
  })

  test('what comes while he writes waits, and takes nothing of what he has written', async () => {
    await arrange()
    const page = await openPage(true)
    const lead = leadOf(page)
    await lead.getByText('签约状态：待定').tap()
    await lead.getByLabel('备注').fill('先报个价')
    const newcomer = await town().people.arrive()
    await newcomer.signIn()
    await book(newcomer, 1, { customerName: '赵先生' })
    await page.clock.fastForward(21_000)
    expect(await page.getByText('赵先生').count()).toBe(0)
    await lead.getByLabel('备注').blur()
    await page.clock.fastForward(21_000)
    await page.locator('#bookings').getByText('赵先生').waitFor()
    expect(await lead.getByLabel('备注').inputValue()).toBe('先报个价')
    expect(await page.locator('#news').textContent()).toContain('我的预约：新增 1 条')
  })

  test('axe finds nothing, light and dark, narrow and wide, with a lead open', async () => {
    await arrange()
    const page = await openPage()
    const lead = leadOf(page)
    await lead.getByText('签约状态：待定').tap()
    for (const colorScheme of ['light', 'dark'] as const)
      for (const width of [320, 375, 1280]) {
        await page.emulateMedia({ colorScheme })
        await page.setViewportSize({ width, height: 800 })
        expect(await findViolations(page)).toEqual([])
        expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
        for (const target of await page.locator('button, a, select, textarea, summary').all())
          expect((await target.boundingBox())?.height ?? 48).toBeGreaterThanOrEqual(44)
        await shoot(`advisor-${colorScheme}-${String(width)}`)
      }
    await page.getByRole('link', { name: '待添加客户' }).tap()
    await page.getByRole('link', { name: '线索和预约' }).waitFor()
    expect(await findViolations(page)).toEqual([])
    await shoot('advisor-home')
  })

  test('who is an advisor no more is led to the page of every member', async () => {
    await arrange()
    const page = await openPage(true)
    const put = { name: '张三', active: false }
    await town().server.put(`/api/admin/advisors/${ADVISOR}`, put, ADMIN_KEY)
    await page.clock.fastForward(21_000)
    await page.getByRole('heading', { level: 1, name: '待添加客户' }).waitFor()
    expect(await page.getByRole('link', { name: '线索和预约' }).count()).toBe(0)
  })
})
