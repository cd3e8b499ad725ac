import { expect, test } from '@jest/globals'
import type { Page } from 'playwright-core'
import { pushEnvironment } from '../sandbox/environment.ts'
import type { Person as Customer } from '../play/people.ts'
import { until } from '../play/until.ts'
import { expectSound, see, tab, usePhones, whereThereIsABrowser } from './testing/phones.ts'
import { OFFICIAL, useTown } from '../../server/test/town.ts'

const TEMPLATE = 'tpl-stage'
const TITLE = '项目进度提醒'

whereThereIsABrowser('subscribe messages in a browser', () => {
  const town = useTown({ ...OFFICIAL, ...pushEnvironment })
  const { openMini, openPage, arrive, arriveBound } = usePhones(town)

  const act = (customer: Customer, path: string, body: object) =>
    town().control.post(`/_sandbox/people/${customer.personId}/${path}`, body)
  /** WeChat tells in whole seconds: two answers of one second count as one, and a no before a yes. */
  const nextSecond = () => town().control.post('/_sandbox/clock', { advanceSeconds: 2 })
  const orderOf = ({ phone }: Customer): string => `JD-${phone.slice(2)}-1`
  /** The company's program says where the project is now. */
  const move = async (customer: Customer, stage: string): Promise<void> => {
    await town().people.load(orderOf(customer), customer.phone, {
      title: '翠湖花园 · 全屋定制',
      stages: [{ name: stage, status: 'active' }],
    })
  }
  const openProject = async (customer: Customer): Promise<Page> => {
    const page = await openMini(customer)
    await see(page, '正在进行的项目')
    await page.getByText('翠湖花园').first().click()
    await see(page, '有新进展时通知我')
    return page
  }
  /** A customer who may look, with a project that is being designed. */
  const arriveWithProject = async (): Promise<Customer> => {
    const customer = await arriveBound(1)
    await move(customer, '设计')
    await town().settle()
    return customer
  }
  /** How he was told of a stage, and what came of each way. */
  const waysOf = async (stage: string): Promise<string[]> => {
    await town().settle()
    const ways = await town()
      .db('notice_sendings')
      .join('notices', 'notices.id', 'notice_sendings.notice_id')
      .where({ stage })
      .orderBy('way')
      .select<{ way: string; outcome: string }[]>('way', 'notice_sendings.outcome')
    return ways.map(({ way, outcome }) => `${way} ${outcome}`)
  }
  /** Whom the bot has answered, and no person: there it may write. */
  const arriveChatting = async (): Promise<Customer> => {
    const customer = await arriveWithProject()
    await customer.say('进度')
    await town().settle()
    return customer
  }
  const expectToldInChat = async (customer: Customer, stage: string): Promise<void> => {
    await move(customer, stage)
    expect(await waysOf(stage)).toEqual(['kf sent'])
    expect((await customer.chat()).at(-1)?.text).toContain(stage)
  }

  test('asked on the page of his project, he accepts, the stage moves, and the message opens the project', async () => {
    const customer = await arriveWithProject()
    const page = await openProject(customer)
    await expectSound(page)
    await tab(page, '订阅进度通知')
    await page.locator('dialog').getByText(TITLE).waitFor()
    await expectSound(page)
    await tab(page, '允许')
    await see(page, '还可收到 1 条')
    await expectSound(page)

    await move(customer, '安装')
    await town().settle()
    await page.locator('.mp-banner').waitFor()
    await expectSound(page)
    await page.locator('.mp-banner').getByRole('button', { name: '进入小程序查看' }).click()
    await see(page, '现在：安装')
    await see(page, '还没有订阅')
    await page.getByRole('button', { name: '服务通知 1 条' }).click()
    await expectSound(page)
    expect(await waysOf('安装')).toEqual(['subscribe sent'])
  }, 60_000)

  test('a consent that is used up ends in the chat', async () => {
    const customer = await arriveChatting()
    const page = await openProject(customer)
    await tab(page, '订阅进度通知')
    await tab(page, '允许')
    await see(page, '还可收到 1 条')
    await move(customer, '生产')
    expect(await waysOf('生产')).toEqual(['subscribe sent'])
    await expectToldInChat(customer, '安装')
    const again = await openProject(customer)
    await see(again, '还没有订阅')
    await expectSound(again)
  }, 60_000)

  test('a refusal ends in the chat', async () => {
    const customer = await arriveChatting()
    const page = await openProject(customer)
    await tab(page, '订阅进度通知')
    await tab(page, '取消')
    await see(page, '您选择了不接收')
    await expectSound(page)
    await expectToldInChat(customer, '安装')
  }, 60_000)

  test('a banned template ends in the chat', async () => {
    const customer = await arriveChatting()
    const page = await openProject(customer)
    await town().control.post('/_sandbox/settings', { bannedTemplates: [TEMPLATE] })
    try {
      await tab(page, '订阅进度通知')
      await see(page, '微信暂时不允许发送')
      await expectSound(page)
      await expectToldInChat(customer, '安装')
    } finally {
      await town().control.post('/_sandbox/settings', { bannedTemplates: [] })
    }
  }, 60_000)

  test('a main switch that is off is explained, and once it is on the dialog comes', async () => {
    const customer = await arriveWithProject()
    const page = await openProject(customer)
    await act(customer, 'subscribe/settings', { mainSwitch: false })
    await tab(page, '订阅进度通知')
    await see(page, '打开「接收通知」')
    await expectSound(page)
    await act(customer, 'subscribe/settings', { mainSwitch: true })
    await tab(page, '订阅进度通知')
    await page.getByLabel('总是保持以上选择，不再询问').check()
    await tab(page, '允许')
    await see(page, '还可收到 1 条')
    await nextSecond()
    await tab(page, '再订阅一条')
    await see(page, '还可收到 2 条')
    expect(await page.locator('dialog').count()).toBe(0)
  }, 60_000)

  test('is asked after he has bound, and a box without its tick is a no', async () => {
    const customer = await arrive()
    await town().people.add('zhangsan', customer.phone)
    const path = await until('the card', async () => {
      const letters = (await customer.inbox()) as { miniprogramPath?: string }[]
      return letters.find(({ miniprogramPath }) => miniprogramPath)?.miniprogramPath
    })
    const page = await openPage(`/preview/?person=${customer.personId}#/${path}`)
    await tab(page, '是我本人')
    await page.getByLabel('手机号').fill(customer.phone)
    await tab(page, '提交手机号')
    await see(page, '绑定成功')
    await see(page, '有新进展时通知我')
    await expectSound(page)
    await tab(page, '订阅进度通知')
    await page.getByLabel(TITLE).uncheck()
    await tab(page, '允许')
    await see(page, '您选择了不接收')
    await nextSecond()
    await tab(page, '订阅进度通知')
    await tab(page, '允许')
    await see(page, '还可收到 1 条')
    await expectSound(page)
  }, 60_000)

  test('nothing can be asked outside of a tap, and an old WeChat shows nothing', async () => {
    const customer = await arriveWithProject()
    const page = await openProject(customer)
    expect(
      await page.evaluate(
        `new Promise((done) => wx.requestSubscribeMessage({ tmplIds: ['${TEMPLATE}'], success: done, fail: done }))`,
      ),
    ).toEqual({ errMsg: expect.stringContaining('TAP gesture') })
    await page.evaluate('delete wx.requestSubscribeMessage')
    await tab(page, '返回')
    await page.getByText('翠湖花园').first().click()
    await see(page, '订单信息')
    expect(await page.getByText('有新进展时通知我').count()).toBe(0)
  }, 60_000)
})
