import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, request } from 'node:http'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import Koa from 'koa'
import type { Browser, Page } from 'playwright-core'
import { addJob } from '../../../server/test/job-desk.ts'
import { createHouse } from '../../../server/compose.ts'
import { readConfig } from '../../../server/config.ts'
import { close, listen } from '../../../server/http/listener.ts'
import { createLog } from '../../../server/lib/log.ts'
import { ADMIN_KEY, OFFICIAL, townEnvironment, useTown } from '../../../server/test/town.ts'
import { pushEnvironment } from '../../sandbox/environment.ts'
import { seedAdvisor } from '../../play/seed.advisor.ts'
import { findViolations } from '../../preview/testing/axe.ts'
import {
  buildPages,
  findBrowser,
  launch,
  NO_BROWSER,
  openPhone,
} from '../../preview/testing/browser.ts'
import { createFiles } from '../files.ts'
import { addSandboxPages } from '../pages.ts'
import type { Entry } from './timeline.rules.ts'

const town = useTown()
const official = useTown({ ...OFFICIAL, ...pushEnvironment })

/** With headers that fetch would not let us choose. */
const knock = (
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<number> =>
  new Promise((resolve, reject) => {
    request(town().address + path, { method, headers }, (answer) => {
      answer.resume().on('end', () => resolve(answer.statusCode!))
    })
      .on('error', reject)
      .end()
  })

test('one answer shows who is there, what they see, and what the server made of it; never the words of a customer', async () => {
  const { server, people, settle } = town()
  const invited = await server.post('/playground/api/people', { name: '王小明' })
  expect(invited.body).toMatchObject({
    name: '王小明',
    phone: expect.stringMatching(/^1380013\d{4}$/),
  })
  await people.add('zhangsan', invited.body.phone)
  await town().control.post(`/_sandbox/people/${invited.body.personId}/kf/send`, {
    text: '我家的保险箱密码是 998877',
  })
  await settle()
  const { body } = await server.get(
    `/playground/api/look?person=${invited.body.personId}&member=zhangsan&since=0`,
  )
  expect(body.people.map((person: { name: string }) => person.name)).toEqual(['王小明'])
  expect(body.customers).toHaveLength(1)
  expect(body.standings).toEqual([
    { externalUserId: invited.body.externalUserid, status: 'partial', mayQuery: false },
  ])
  const timeline = body.timeline as Entry[]
  expect(new Set(timeline.map(({ lane }) => lane))).toEqual(
    new Set(['received', 'decided', 'sent']),
  )
  expect(timeline.filter(({ evidence }) => evidence === 'E5')).toHaveLength(1)
  expect(JSON.stringify(timeline)).not.toMatch(/保险箱|998877/)
  expect(JSON.stringify(timeline)).not.toContain(invited.body.phone)
})

test('the official account of a person is shown: his chat, what the server took from it, and what it said by itself', async () => {
  const { server, people, settle } = official()
  const customer = await people.arrive()
  const at = `/playground/api/sandbox/people/${customer.personId}/official`
  const look = async () =>
    (await server.get(`/playground/api/look?person=${customer.personId}&since=0`)).body
  expect((await look()).official).toEqual({ followed: null, lines: [] })
  expect((await server.post(`${at}/follow`, {})).body).toEqual({
    reply: expect.stringContaining('欢迎关注'),
  })
  await server.post(`${at}/send`, { text: customer.phone })
  await people.add('zhangsan', customer.phone)
  await settle()
  const { official: chat, timeline } = await look()
  expect(chat).toMatchObject({
    followed: true,
    lines: [
      { from: 'account' },
      { from: 'customer', text: customer.phone },
      { from: 'account' },
      { from: 'account', text: expect.stringContaining('绑定成功') },
    ],
  })
  const mine = (timeline as Entry[]).filter(
    ({ openid, title }) => openid === customer.officialOpenid && title.startsWith('公众号'),
  )
  expect(mine.map(({ title }) => title)).toEqual([
    '公众号：告诉客户可以查询了',
    '公众号：客户发来手机号，记为线索',
    '公众号：客户关注了公众号',
  ])
  expect(JSON.stringify(timeline)).not.toContain(customer.phone)
})

/** Two people, one number: the first is proven and has an order that names him; the second's order is held. */
async function changeHands() {
  const { server, people, settle } = town()
  const former = await people.arrive({ name: '王建国' })
  const office = (path: string, body: object) => server.post(`/playground/api/office/${path}`, body)
  await office('orders/SO-A', {
    title: '全屋定制',
    customerPhone: former.phone,
    customerName: '王建国',
    order: { signedAt: new Date().toISOString() },
  })
  await people.add('zhangsan', former.phone)
  await settle()
  await former.signIn()
  await new Promise((resolve) => setTimeout(resolve, 1_100)) // WeCom's times have whole seconds
  const since = new Date().toISOString()
  await former.changePhone()
  const owner = await people.arrive({ name: '李梅', phone: former.phone })
  const loaded = await office('orders/SO-Y', {
    title: '厨房翻新',
    customerPhone: former.phone,
    customerName: '李梅',
  })
  await people.add('lisi', former.phone)
  await settle()
  await owner.signIn()
  const look = async (member = 'zhangsan') =>
    (await server.get(`/playground/api/look?member=${member}&since=0`)).body as {
      asked: { id: number }[]
      timeline: Entry[]
    }
  return { former, owner, since, loaded, office, look, id: (await look()).asked[0]!.id }
}

/** Ten seconds later. */
async function tenSecondsLater(): Promise<void> {
  const { clock, db, settle } = town()
  clock.advance(10_001)
  await addJob(db, 'questions.sweep')
  await settle()
  clock.advance(-10_001)
}

test('a number that changes hands is told line by line: the order that is held, the question, the answer, what went and what stayed; no full phone', async () => {
  const { former, owner, since, loaded, office, look, id } = await changeHands()
  expect(loaded.body).toMatchObject({ state: 'held' })
  expect(await look()).toMatchObject({
    asked: [
      {
        id,
        orders: [{ orderNo: 'SO-Y', name: '李梅' }],
        about: { names: ['王建国'], addedBy: '张三' },
      },
    ],
  })
  expect((await look('lisi')).asked).toEqual([])
  const answer = { answer: 'changed', since, toExternalUserId: owner.externalUserid }
  expect(
    (await office(`questions/${String(id)}/answer`, { member: 'zhangsan', ...answer })).status,
  ).toBe(200)
  await tenSecondsLater()
  const { timeline, asked } = await look()
  expect(asked).toEqual([])
  const titles = timeline.map(({ title, note = '' }) => `${title} ${note}`).toReversed()
  const told = [
    /^公司录入订单 SO-A 写的名字：王建国/,
    /^公司录入订单 SO-Y 写的名字：李梅/,
    /^扣下 SO-Y（写的是李梅），问同事/,
    /^有人回答：号码换人了/,
    /^记下：这个号码不再是他的/,
    /^号码转手：号码换了主人 \S+ 转走：SO-Y；留给他：SO-A/,
    /^回答生效：号码换人了/,
    /^订单 SO-A 归这位客户：号码转手时留给原来的客户/,
    /^订单 SO-Y 归这位客户/,
  ]
  for (const line of told) expect(titles).toContainEqual(expect.stringMatching(line))
  expect(JSON.stringify(timeline)).not.toContain(former.phone)
})

test('a dry run in the office changes nothing, an answer can be taken back, and who is not asked cannot answer', async () => {
  const { former, owner, since, office, look, id } = await changeHands()
  const { db } = town()
  const before = await db('project_parties').orderBy('id')
  const hand = {
    phone: former.phone,
    since,
    toExternalUserId: owner.externalUserid,
    reason: '试算一下',
  }
  expect(await office('hand-over', { ...hand, dryRun: true })).toMatchObject({
    status: 200,
    body: { moved: ['SO-Y'], stay: ['SO-A'] },
  })
  expect(await db('project_parties').orderBy('id')).toEqual(before)
  expect(
    (await office(`questions/${String(id)}/answer`, { member: 'lisi', answer: 'changed' })).status,
  ).toBe(409)
  await office(`questions/${String(id)}/answer`, { member: 'zhangsan', answer: 'changed' })
  expect(await look()).toMatchObject({ asked: [{ answer: { answer: 'changed', by: 'zhangsan' } }] })
  expect(
    await office(`questions/${String(id)}/answer`, { member: 'zhangsan', answer: 'same' }),
  ).toMatchObject({ status: 409, body: { error: '已经有人回答了' } })
  expect((await office(`questions/${String(id)}/take-back`, { member: 'zhangsan' })).status).toBe(
    200,
  )
  await tenSecondsLater()
  expect(await db('project_parties').orderBy('id')).toEqual(before)
  expect((await look()).timeline.map(({ title }) => title)).toContain('回答撤回了')
  expect((await office('hand-over', hand)).status).toBe(200)
  expect(
    await db('project_parties')
      .where({ shown: true })
      .join('projects', 'projects.id', 'project_id')
      .orderBy('order_no')
      .pluck('order_no'),
  ).toEqual(['SO-A', 'SO-Y'])
})

test.each([
  ['an order without a title', 'orders/SO-1', { customerPhone: '13800138000' }],
  ['an order number that is none', 'orders/SO%201', { title: '一', customerPhone: '13800138000' }],
  ['an answer of nobody', 'questions/1/answer', { answer: 'same' }],
  ['an answer there is not', 'questions/1/answer', { member: 'zhangsan', answer: 'maybe' }],
  ['a hand-over without a day', 'hand-over', { phone: '13800138000', reason: '试算一下' }],
])('the office refuses %s', async (_, path, body) => {
  expect((await town().server.post(`/playground/api/office/${path}`, body)).status).toBe(400)
})

test('an order number that a customer types is told with what came of it, without the number', async () => {
  const { server, people, settle } = town()
  const customer = await people.arrive()
  await people.add('zhangsan', customer.phone)
  await settle()
  await customer.signIn()
  await server.post('/api/projects/claim', { orderNo: 'SO-SECRET' }, customer.token)
  const { timeline } = (await server.get('/playground/api/look?since=0')).body as {
    timeline: Entry[]
  }
  expect(
    timeline
      .filter(({ openid, key }) => openid === customer.openid && key.startsWith('order-claim'))
      .map(({ title }) => title),
  ).toEqual(['客户输入订单号：没有查到'])
  expect(JSON.stringify(timeline)).not.toContain('SO-SECRET')
})

test('who is told of a silent tie, and a callback that nobody could read, are told', async () => {
  const { server, people, settle, db } = town()
  const customer = await people.arrive()
  await people.add('zhangsan', customer.phone)
  await settle()
  await customer.signIn()
  await settle()
  await db('callback_inbox').update({ set_aside: 'lacks UserID' })
  const { timeline } = (await server.get('/playground/api/look?since=0')).body as {
    timeline: Entry[]
  }
  const titles = timeline.map(({ title }) => title)
  expect(titles).toContain('告诉负责的顾问：这位客户绑定了')
  expect(titles).toContain('回调：读不懂，放到一边')
})

test('an invited customer has a project that only he will see', async () => {
  const { server, db } = town()
  const { body } = await server.post('/playground/api/people', { name: '王小明' })
  expect(await db('projects').select('title')).toEqual([{ title: '王小明家 · 全屋定制' }])
  expect(await db('customers').where({ phone: body.phone })).toHaveLength(1)
})

test('the control API is passed on, with its own refusals', async () => {
  const { server } = town()
  expect((await server.get('/playground/api/sandbox/members')).body).toHaveLength(4)
  expect((await server.post('/playground/api/sandbox/faults', { clear: true })).status).toBe(200)
  expect(await server.get('/playground/api/sandbox/people/nobody')).toMatchObject({
    status: 404,
    body: { error: expect.any(String) },
  })
})

test.each([
  ['another web site', { origin: 'https://evil.example' }],
  ['another site without saying so', { 'sec-fetch-site': 'cross-site' }],
  ['a name that was bent to this machine', { host: 'evil.example' }],
])('the playground refuses %s', async (_, headers) => {
  expect(await knock('/playground/api/office/hand-over', headers, 'POST')).toBe(403)
  expect(await knock('/playground/api/look?since=0', headers)).toBe(403)
  expect(await knock('/playground/api/sandbox/reset', headers, 'POST')).toBe(403)
})

test.each([
  '/preview/../../package.json',
  '/preview/%2e%2e/.hash',
  '/playground/.hash',
  '/playground/nothing.js',
])('%s is no page', async (path) => {
  expect(await knock(path)).toBe(404)
})

test('until the pages are built they say so, and look again by themselves', async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'pages-test-'))
  const handle = new Koa().use(createFiles(folder).routes()).callback()
  const server = createServer((asked, answer) => void handle(asked, answer))
  const address = await listen(server, 0, '127.0.0.1')
  const ask = async (name: string) => {
    const answer = await fetch(address + name)
    return { status: answer.status, text: await answer.text() }
  }
  try {
    for (const name of ['/playground', '/preview/', '/preview'])
      expect(await ask(name)).toEqual({
        status: 503,
        text: expect.stringMatching(/http-equiv="refresh".*正在构建/s),
      })
    expect((await ask('/playground/app.js')).status).toBe(404)
    mkdirSync(path.join(folder, 'playground'))
    writeFileSync(path.join(folder, 'playground', 'index.html'), '演示台')
    expect(await ask('/playground')).toEqual({ status: 200, text: '演示台' })
  } finally {
    await close(server)
    rmSync(folder, { recursive: true })
  }
})

test('beside the real platforms there is neither playground nor preview', async () => {
  const { sandbox, database } = town()
  const house = createHouse(
    readConfig({ ...townEnvironment(sandbox.url, database.connectionString), SANDBOX: 'off' }),
    { log: createLog({ level: 'error' }), pages: addSandboxPages },
  )
  const address = await house.start()
  try {
    for (const path of [
      '/playground',
      '/preview/',
      '/playground/api/look',
      '/playground/api/sandbox/people',
    ])
      expect((await fetch(address + path)).status).toBe(404)
  } finally {
    await house.stop()
  }
})

const executable = findBrowser()
if (executable === undefined) {
  console.warn(`the browser tests were skipped: ${NO_BROWSER}`)
  test('in CI there is a browser', () => {
    if (process.env['CI'] === 'true') throw new Error(NO_BROWSER)
  })
}

type Size = { width: number; height: number }
const whereThereIsABrowser = executable === undefined ? describe.skip : describe
whereThereIsABrowser('the page in a browser', () => {
  let browser: Browser
  beforeAll(async () => {
    await buildPages()
    browser = await launch(executable!)
  }, 60_000)
  afterAll(() => browser.close())

  /** An attack is the fullest page: two phones, a chat with its menu, the paper, and a timeline. */
  const openAttacked = (size: Size): Promise<Page> => openPlayed('proxy', size)

  async function openPlayed(scene: string, size: Size): Promise<Page> {
    await official().people.arrive({ name: '王小明', unionid: false })
    await seedAdvisor(official().server, ADMIN_KEY)
    const { page } = await openPhone(browser, { viewport: size, reducedMotion: 'reduce' })
    await page.goto(`${official().address}/playground?hurry`)
    page.setDefaultTimeout(30_000)
    await page.frameLocator('iframe').getByText('先完成绑定').first().waitFor()
    await page.locator(`[data-scene=${scene}]`).click()
    await page.locator('.conclusion').waitFor({ timeout: 80_000 })
    expect(await page.locator('.conclusion').getAttribute('class')).toBe('conclusion')
    return page
  }

  /** What is written and does not fit where it stands. */
  const findClipped = (page: Page): Promise<string[]> =>
    page.evaluate<string[]>(`[...document.querySelectorAll('button, b, small, p, h2, span')]
      .filter((one) => one.checkVisibility() && one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).display !== 'inline')
      .map((one) => one.className + ' ' + one.textContent)`)
  const widerThanTheWindow = (page: Page): Promise<number> =>
    page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')

  test('at 1280x720 it fits the window, nothing is clipped, tabs go by the arrow keys, and axe finds nothing, light and dark', async () => {
    const page = await openAttacked({ width: 1280, height: 720 })
    expect(
      await page.evaluate<number>('document.documentElement.scrollHeight - innerHeight'),
    ).toBeLessThanOrEqual(0)
    expect([await widerThanTheWindow(page), await findClipped(page)]).toEqual([0, []])
    const menu = page.locator('.words', { hasText: '打开小程序完成绑定' }).last()
    expect(
      await menu
        .locator('button')
        .last()
        .evaluate((one) => one.nextSibling?.nodeType),
    ).toBe(3)
    await page.frameLocator('iframe[title=攻击者的小程序]').getByText('没有成功').waitFor()
    await page.locator('[data-tab=chat]').focus()
    for (const tab of ['official', 'notices', 'inbox', 'mini', 'chat']) {
      await page.keyboard.press('ArrowRight')
      expect(
        await page.locator('.phone-column [aria-selected=true]').getAttribute('data-tab'),
      ).toBe(tab)
      expect(await page.locator(`#panel-${tab}`).isVisible()).toBe(true)
      expect(await findViolations(page)).toEqual([])
    }
    await page.emulateMedia({ colorScheme: 'dark' })
    expect(await findViolations(page)).toEqual([])
    await page.locator('[data-tab=wecom]').click()
    await page.getByText('填入当前客户的手机号').click()
    await page.getByRole('button', { name: '按手机号添加' }).waitFor()
    expect(await findViolations(page)).toEqual([])
  }, 150_000)

  test('the phone of an advisor stands beside the customer’s, with what he was told, and axe finds nothing', async () => {
    const page = await openPlayed('booking', { width: 1280, height: 720 })
    await page.locator('[data-tab=advisor]').click()
    await page.frameLocator('iframe[title=顾问的小程序]').getByText('显示并拨打').first().waitFor()
    expect([await widerThanTheWindow(page), await findClipped(page)]).toEqual([0, []])
    expect(await findViolations(page)).toEqual([])
    await page.locator('.second-head').getByRole('button', { name: '服务通知' }).click()
    const told = page.locator('.advisor .notice-card > b')
    expect(await told.allInnerTexts()).toEqual(['预约提醒', '新客户提醒'])
    expect(await findViolations(page)).toEqual([])
    await page.setViewportSize({ width: 375, height: 760 })
    await page.locator('[data-view=advisor]').last().click()
    expect([await widerThanTheWindow(page), await findClipped(page)]).toEqual([0, []])
    expect(await findViolations(page)).toEqual([])
  }, 150_000)

  test('on a phone one side is shown at a time, nothing is wider than the screen, and axe finds nothing', async () => {
    const page = await openAttacked({ width: 375, height: 760 })
    for (const view of ['phone', 'wecom', 'attacker', 'timeline']) {
      await page.locator(`[data-view=${view}]`).last().click()
      expect([await widerThanTheWindow(page), await findClipped(page)]).toEqual([0, []])
      expect(await findViolations(page)).toEqual([])
    }
    for (const button of await page.getByRole('button').all())
      expect((await button.boundingBox())?.height ?? 44).toBeGreaterThanOrEqual(44)
  }, 150_000)
})
