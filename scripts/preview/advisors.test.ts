import { expect, test } from '@jest/globals'
import type { Page } from 'playwright-core'
import { createAdvisors, SERVICES, toInvite } from '../play/advisors.ts'
import { pushEnvironment } from '../sandbox/environment.ts'
import type { Person as Customer } from '../play/people.ts'
import { until } from '../play/until.ts'
import { ADMIN_KEY, OFFICIAL, useTown } from '../../server/test/town.ts'
import { expectSound, see, tab, usePhones, whereThereIsABrowser } from './testing/phones.ts'

const ZHANGSAN = 'advisor-zhangsan'
const HOUR_MS = 3_600_000

whereThereIsABrowser('advisors in a browser', () => {
  const town = useTown({ ...OFFICIAL, ...pushEnvironment })
  const { openMini, openPage, arrive, arriveBound } = usePhones(town)

  const office = () => createAdvisors({ server: town().server, adminKey: ADMIN_KEY })
  const introduce = (id = ZHANGSAN, name = '张三'): Promise<void> =>
    office().introduce(id, { name, title: '首席设计师' })
  const invite = (): Promise<string> => office().invite(ZHANGSAN)
  const openPath = (person: Customer, path: string): Promise<Page> =>
    openPage(`/preview/?person=${person.personId}#/${path}`)
  const openZhangsan = (person: Customer): Promise<Page> =>
    openPath(person, `pages/advisor/advisor?id=${ZHANGSAN}`)
  const accept = ({ token }: Customer, path: string) =>
    town().server.post('/api/advisor/join', { invite: toInvite(path) }, token)
  /** An advisor who has accepted and has not subscribed to anything. */
  const arriveAdvisor = async (): Promise<Customer> => {
    await introduce()
    const advisor = await arrive()
    await advisor.signIn()
    await accept(advisor, await invite())
    return advisor
  }
  const fillIn = async (page: Page, { part = '上午' } = {}): Promise<void> => {
    await tab(page, '预约')
    await page.getByRole('radio', { name: SERVICES[0]! }).click()
    await page.getByRole('radio', { name: part }).click()
  }
  const bookings = async (): Promise<unknown> =>
    (await town().db('bookings').count({ count: '*' }))[0]
  const openNotice = async (page: Page, index: number): Promise<void> => {
    await page.getByRole('button', { name: /^服务通知/ }).click()
    await page
      .locator('.mp-notices')
      .getByRole('button', { name: '进入小程序查看' })
      .nth(index)
      .click()
  }

  test('he joins and subscribes, she looks and books, both messages lead him to her, he confirms, and she is told', async () => {
    await introduce()
    const [advisor, customer] = [await arrive(), await arrive()]
    const his = await openPath(advisor, await invite())
    await see(his, '您将以「张三」的身份使用顾问工作台')
    await expectSound(his)
    await tab(his, '我是张三，接受')
    await see(his, '微信现在不会通知您')
    await expectSound(his)
    await tab(his, '订阅微信通知')
    await his.locator('dialog').getByText('新客户提醒').waitFor()
    await his.locator('dialog').getByText('预约提醒').waitFor()
    await tab(his, '允许')
    await until('two consents', async () => (await his.getByText('还可收到 1 条').count()) === 2)
    await expectSound(his)

    const hers = await openMini(customer)
    await hers.getByText('顾问 张三').click()
    await see(hers, '首席设计师')
    await see(hers, '完成 200 多户')
    await expectSound(hers)
    await hers.getByLabel('作品的图片，第 1 张').click()
    await see(hers, '1 / 2')
    await expectSound(hers)
    await tab(hers, '关闭')
    await fillIn(hers)
    await hers.getByRole('button', { name: /^日期/ }).click()
    const day = await hers.getByLabel('选择日期').getAttribute('max')
    await hers.getByLabel('选择日期').fill(day!)
    await expectSound(hers)
    await tab(hers, '确定')
    await hers.getByLabel('怎么称呼您').fill('王女士')
    await hers.getByLabel('手机号', { exact: true }).fill(customer.phone)
    await expectSound(hers)
    await hers.getByRole('button', { name: '提交预约' }).dblclick()
    await see(hers, '预约已提交')
    await expectSound(hers)
    await tab(hers, '订阅预约结果')
    await tab(hers, '允许')
    await see(hers, '还可收到 1 条')
    await town().settle()
    expect(await bookings()).toEqual({ count: 1 })

    await his.getByRole('button', { name: '服务通知 2 条' }).waitFor()
    await expectSound(his)
    for (const index of [1, 0]) {
      await openNotice(his, index)
      await see(his, '王女士')
      await see(his, '上午 · 上门量房')
    }
    await expectSound(his)
    await tab(his, '显示并拨打')
    await see(his, `呼叫 ${customer.phone}`)
    await expectSound(his)
    await tab(his, '取消')
    await see(his, customer.phone)
    await tab(his, '确认预约')
    await see(his, '已更新，会通知客户')
    await see(his, '已确认')
    await town().settle()

    await hers.locator('.mp-banner').getByRole('button', { name: '进入小程序查看' }).click()
    await see(hers, '已确认')
    await see(hers, '上午 · 上门量房')
    await hers.locator('.bookings-marked').waitFor()
    await expectSound(hers)
    await tab(hers, '取消预约')
    await hers.locator('dialog').getByRole('button', { name: '取消预约' }).click()
    await see(hers, '已取消')
    await expectSound(hers)
  }, 120_000)

  test('what he notes of a customer and how it stands is kept', async () => {
    const advisor = await arriveAdvisor()
    const customer = await arrive()
    await customer.signIn()
    const body = {
      advisorId: ZHANGSAN,
      actionType: 'contact_advisor',
      customerName: '王女士',
      customerPhone: customer.phone,
    }
    await town().server.post('/api/customer/action', body, customer.token)
    const page = await openMini(advisor, 'me')
    await page.getByText('顾问工作台').click()
    await see(page, '新客户想要联系您')
    await page.getByRole('tab', { name: '客户' }).click()
    await see(page, '待定')
    await expectSound(page)
    await page.getByText('王女士').filter({ visible: true }).click()
    await page.getByRole('button', { name: '签约状态 待定' }).click()
    await page.getByLabel('选择一项').selectOption({ label: '跟进中' })
    await expectSound(page)
    await tab(page, '确定')
    await see(page, '已保存')
    await page.getByLabel('跟进记录').fill('周六上门，要带样板')
    await tab(page, '保存')
    await until('the note', async () => {
      const [lead] = await town().db('leads').select<{ state: string; note: string }[]>('*')
      return lead?.note === '周六上门，要带样板'
    })
    await tab(page, '返回')
    await see(page, '跟进中')
    await page.getByRole('tab', { name: '预约' }).click()
    await see(page, '客户的预约会按日期显示在这里')
    await expectSound(page)
  }, 60_000)

  test('an invitation that is wrong or used says what to do, and who is no advisor is told so', async () => {
    const advisor = await arriveAdvisor()
    const stranger = await arrive()
    const used = await invite()
    await accept(advisor, used)
    const page = await openPath(stranger, used)
    await see(page, '这个邀请不能用了')
    await expectSound(page)
    await tab(page, '回到首页')
    await see(page, '先完成绑定')
    const desk = await openPath(stranger, 'pages/customer/desk')
    await see(desk, '这里是顾问使用的页面')
    await expectSound(desk)
  }, 60_000)

  test('whether somebody is an advisor is asked once per sign-in, and shown to advisors alone', async () => {
    await introduce()
    const page = await openMini(await arrive(), 'me')
    let asked = 0
    page.on('request', (request) => {
      if (request.url().endsWith('/api/advisor/me')) asked += 1
    })
    await see(page, '我的预约')
    await tab(page, '首页')
    await see(page, '顾问 张三')
    await tab(page, '我的')
    await see(page, '我的预约')
    expect(asked).toBeLessThanOrEqual(1)
    expect(await page.getByText('顾问工作台').count()).toBe(0)
    await page.getByText('我的预约').click()
    await see(page, '还没有预约')
    await expectSound(page)
    await tab(page, '看看顾问')
    await see(page, '首席设计师')
  }, 60_000)

  test('the member who follows a customer is reached from her project, and learns that she looked at it', async () => {
    await office().introduce(ZHANGSAN, {
      name: '张三',
      title: '首席设计师',
      memberUserid: 'zhangsan',
    })
    const page = await openMini(await arriveBound(1))
    await page.getByText('第 1 个项目').first().click()
    await see(page, '看简历，预约服务')
    await expectSound(page)
    await tab(page, '看简历，预约服务')
    await see(page, '首席设计师')
    await tab(page, '返回')
    await see(page, '订单信息')
    const done = await until('both deeds', async () => {
      const rows = await town().db('customeractions').orderBy('action_type').pluck('action_type')
      return rows.length >= 2 && rows
    })
    expect(done).toEqual(['view_project', 'view_resume'])
  }, 60_000)

  test('several advisors are a list, and a card that is shared opens the one it shows', async () => {
    await introduce()
    await introduce('advisor-lisi', '李四')
    const page = await openMini(await arrive())
    await page.getByText('我们的顾问').click()
    await see(page, '李四')
    await expectSound(page)
    await page.getByText('李四').filter({ visible: true }).click()
    await tab(page, '把这位顾问推荐给朋友')
    await see(page, '李四 · 首席设计师')
    await expectSound(page)
    await tab(page, '朋友点开')
    await see(page, '李四')
    await see(page, '完成 200 多户')
    expect(await page.getByRole('button', { name: '返回' }).isVisible()).toBe(false)
  }, 60_000)

  test('pictures whose addresses have ended are shown all the same', async () => {
    await introduce()
    const page = await openZhangsan(await arrive())
    await see(page, '完成 200 多户')
    try {
      town().clock.advance(HOUR_MS)
      const picture = page.waitForResponse(
        (response) => /\/media\//.test(response.url()) && response.status() === 200,
      )
      await page.getByLabel('作品的图片，第 2 张').click()
      await see(page, '2 / 2')
      await picture
    } finally {
      town().clock.advance(-HOUR_MS)
    }
  }, 60_000)

  test('without a network nothing is lost: the states of the pages, and a booking that was not answered', async () => {
    const advisor = await arriveAdvisor()
    const customer = await arrive()
    const page = await openZhangsan(customer)
    await fillIn(page, { part: '下午' })
    await page.route('**/api/customer/action', (route) => route.abort())
    await tab(page, '提交预约')
    await see(page, '同样的预约不会重复')
    await expectSound(page)
    await page.unroute('**/api/customer/action')
    await tab(page, '提交预约')
    await see(page, '预约已提交')
    expect(await bookings()).toEqual({ count: 1 })

    for (const [holder, path, address] of [
      [customer, `pages/advisor/advisor?id=${ZHANGSAN}`, '**/api/advisors/*'],
      [customer, 'pages/advisors/advisors', '**/api/advisors'],
      [customer, 'pages/bookings/bookings', '**/api/bookings/my'],
      [advisor, 'pages/customer/desk', '**/api/advisor/me'],
    ] as const) {
      const offline = await openPage('/preview/?person=nobody')
      await offline.route(address, (route) => route.abort())
      await offline.goto(`${town().address}/preview/?person=${holder.personId}#/${path}`)
      await see(offline, '网络没有连上')
      await expectSound(offline)
      await offline.unroute(address)
      await tab(offline, '重新加载')
      await offline.getByText('网络没有连上').waitFor({ state: 'detached' })
    }
  }, 120_000)
})
