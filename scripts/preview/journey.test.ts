import { expect, test } from '@jest/globals'
import type { FrameLocator, Page } from 'playwright-core'
import { daysAgo } from '../play/days.ts'
import { findDeny, inventPhone } from '../play/people.ts'
import { seedAdvisor } from '../play/seed.advisor.ts'
import { until } from '../play/until.ts'
import { pushEnvironment } from '../sandbox/environment.ts'
import { addJob } from '../../server/test/job-desk.ts'
import { howMany } from '../../server/test/long.ts'
import {
  expectSound,
  findCard,
  see,
  tab,
  usePhones,
  whereThereIsABrowser,
} from './testing/phones.ts'
import { ADMIN_KEY, OFFICIAL, useTown } from '../../server/test/town.ts'
import { clipboardOf } from './testing/browser.ts'

const CODE_LIFE_MS = 5 * 60_000
const REFUSAL = '您还没有查询权限，请联系销售人员通过手机号搜索添加您'
const DENIED = '完成绑定，并由顾问按手机号添加您之后，这里会显示您的项目'

whereThereIsABrowser('the mini-program in a browser', () => {
  const town = useTown({ ...OFFICIAL, ...pushEnvironment })
  const { takePhone, openPage, openMini, arrive, arriveTied, arriveBound } = usePhones(town)
  const readCode = async (page: Page | FrameLocator): Promise<string> =>
    (await page.locator('.bind-digits').innerText()).replace(/\s/g, '')
  /** As somebody who turns to another page and back, rather than wait for the next look. */
  const lookAgain = async (page: Page): Promise<void> => {
    await tab(page, '我的')
    await tab(page, '首页')
  }

  test('from the first sign-in to the tie by the link alone, with three taps, then to the project and back', async () => {
    const customer = await arrive()
    const stages = [
      { name: '设计', status: 'done', doneAt: daysAgo(20) },
      { name: '生产', status: 'active' },
    ]
    await town().people.load('JD-1', customer.phone, {
      title: '翠湖花园 · 全屋定制',
      stages,
      equipment: [{ name: '中央空调', model: 'KFR-120W' }],
    })
    const page = await openPage('/playground', { viewport: { width: 1440, height: 900 } })
    const phone = page.frameLocator('iframe')

    await see(phone, '先完成绑定')
    await tab(phone, '开始绑定')
    await see(phone, '两步完成绑定')
    expect(await phone.locator('.bind-digits').count()).toBe(0)
    await page.evaluate('navigator.clipboard.writeText("untouched")')
    await phone.getByRole('button', { name: '打开客服聊天' }).click()
    await page.getByText('打开小程序完成绑定').last().waitFor()
    expect(await clipboardOf(page)).toBe('untouched')
    await page.locator('.item.mini').last().click()

    await see(phone, '绑定成功')
    await phone.getByLabel('手机号').fill(customer.phone)
    await tab(phone, '提交手机号')
    await see(phone, '您留的手机号')
    await tab(phone, '回到首页')
    await see(phone, '等顾问添加您')
    await tab(page.frameLocator('iframe'), '项目')
    await see(phone, DENIED)
    await page.getByText('填入当前客户的手机号').click()
    await page.getByRole('button', { name: '按手机号添加' }).click()
    await see(page, '手机号成立')
    await tab(phone, '首页')
    await see(phone, '正在进行的项目')

    await phone.getByText('翠湖花园').first().click()
    await see(phone, '设备档案')
    await see(phone, '中央空调')
    await see(phone, '生产')
    await phone.getByRole('button', { name: '返回' }).click()
    await tab(phone, '我的')
    await tab(phone, '解除绑定')
    await tab(phone, '先不')
    await tab(phone, '解除绑定')
    await phone.locator('dialog').getByRole('button', { name: '解除绑定' }).click()
    await see(phone, '先完成绑定')
    await see(page, '解除绑定：曾被人解除，不自动恢复')
    expect(await clipboardOf(page)).toBe('untouched')
  })

  test.each([
    ['reset', '公司已经为他录入一个项目'],
    ['second', '互不相通'],
    ['official', '公众号主动告诉他绑定成功'],
    ['stage', '每同意一次，正好一条'],
    ['booking', '每条提醒都先在账上取走一次授权'],
    ['claim', REFUSAL],
    ['proxy', '确认卡片不是在这个微信里打开的'],
    ['faults', '丢的那条也补上了'],
  ])('the scene "%s" is played to its end', async (scene, told) => {
    await arrive()
    await seedAdvisor(town().server, ADMIN_KEY)
    const page = await openPage('/playground?hurry', { viewport: { width: 1440, height: 900 } })
    await see(page.frameLocator('iframe'), '先完成绑定')
    await page.locator(`[data-scene=${scene}]`).click()
    await page.locator('.conclusion').filter({ visible: true }).waitFor()
    await see(page, told)
    expect(await page.getByText('没有演完').count()).toBe(0)
    expect(await page.getByText('data-miniprogram').count()).toBe(0)
  })

  test('the scene "number" is played to its end, in a long run once more with other people', async () => {
    await arrive()
    const page = await openPage('/playground?hurry', { viewport: { width: 1440, height: 900 } })
    await see(page.frameLocator('iframe'), '先完成绑定')
    const { clock, db } = town()
    for (const shown of [2, 4].slice(0, howMany(1, 2))) {
      await page.locator('[data-scene=number]').click()
      for (const step of [
        '他看到自己的订单',
        '先不给任何人看',
        '请人核实',
        '这个号码现在是谁的',
        '什么都没有改变',
        '10 秒后生效，这期间可以撤回，订单仍然扣着',
      ]) {
        await page.locator('.paper').getByText(step).waitFor()
      }
      expect(await page.locator('.question').innerText()).toContain('已答「号码换人了」')
      clock.advance(10_001)
      try {
        await addJob(db, 'questions.sweep')
        // With ?hurry her page is there for an instant only; the step says what she read.
        await page.locator('.paper').getByText('回答生效，号码转手').waitFor()
      } finally {
        clock.advance(-10_001)
      }
      await page.locator('.conclusion').filter({ visible: true }).waitFor()
      await see(page.frameLocator('iframe'), '全屋定制')
      expect(await page.frameLocator('iframe').getByText('厨房翻新').count()).toBe(0)
      expect([
        await page.locator('.paper li.good').count(),
        await page.locator('.paper li.bad').count(),
      ]).toEqual([2, 0])
      expect(await db('project_parties').where({ shown: true }).count({ count: '*' })).toEqual([
        { count: shown },
      ])
    }
    await see(page, '号码转手：号码换了主人')
    await page.locator('.app-message').first().waitFor()
    expect(await page.locator('.app-message').allInnerTexts()).not.toContain('[text]')
  }, 90_000)

  test('the salesperson adds in another way, and takes over the chat', async () => {
    const customer = await arrive()
    const page = await openPage('/playground', { viewport: { width: 1440, height: 900 } })
    await page.getByLabel('客户手机号').fill(customer.phone)
    await tab(page, '搜索')
    await tab(page, '扫码添加')
    await see(page, '不是手机号搜索，不能证明手机号')
    await page.locator('[data-tab=inbox]').click()
    await page.locator('.letter').first().waitFor()

    await page.locator('[data-tab=chat]').click()
    await page.getByLabel('发消息').fill('请问什么时候安装？')
    await tab(page, '发送')
    await see(page, '客户说了别的话（不保存原文）')
    await tab(page, '接入')
    await tab(page, '打招呼')
    await page.locator('.bubble .face.staff').waitFor()
    await tab(page, '结束')
    await see(page, '没有进行中的会话')
  })

  test('without a card the digits are unfolded, copied after the privacy gate and sent by hand, and the page turns by itself', async () => {
    const customer = await arrive()
    await customer.signIn()
    const page = await openMini(customer, 'bind')
    await see(page, '两步完成绑定')
    await expectSound(page)
    await tab(page, '没有看到卡片？改用 6 位绑定码')
    await see(page, '您的绑定码')
    await expectSound(page)
    const code = await readCode(page)
    expect(await page.getByLabel('绑定码').getAttribute('aria-label')).toBe(
      `绑定码 ${[...code].join(' ')}`,
    )
    const [first] = await page.locator('.bind-time').allInnerTexts()
    await until(
      'the countdown to run',
      async () => (await page.locator('.bind-time').innerText()) !== first,
    )
    await page.evaluate('navigator.clipboard.writeText("untouched")')
    await tab(page, '复制绑定码')
    await see(page, '隐私保护提示')
    await expectSound(page)
    await tab(page, '不同意')
    await see(page, '没能自动复制')
    expect(await clipboardOf(page)).toBe('untouched')
    await tab(page, '复制绑定码')
    await tab(page, '同意')
    await until('the digits in the clipboard', async () => (await clipboardOf(page)) === code)

    await customer.say(code)
    await see(page, '还差一步确认')
    await expectSound(page)
    await customer.openTicket(await findCard(customer))
    await see(page, '绑定成功')
    expect(await clipboardOf(page)).toBe(code)
  })

  test('bound, his phone is the next step, and once it is stated he waits', async () => {
    const customer = await arriveTied()
    const page = await openMini(customer)
    await see(page, '请留下您的手机号')
    await expectSound(page)
    await page.getByLabel('手机号').fill('139')
    await tab(page, '提交手机号')
    await see(page, '这个号码不对')
    await page.getByLabel('手机号').fill(customer.phone)
    await tab(page, '提交手机号')
    await see(page, '等顾问添加您')
    await expectSound(page)
    expect(await page.getByLabel('手机号', { exact: true }).count()).toBe(0)
    expect(await town().db('temp_bindings').count({ count: '*' })).toEqual([{ count: 1 }])
  })

  test('added by QR code, he is sent to ask, and is not told to wait', async () => {
    const customer = await arriveTied()
    await town().people.add('zhangsan', customer.phone, { addWay: 1 })
    const page = await openMini(customer)
    await see(page, '请联系客服')
    await expectSound(page)
    expect(await page.locator('.pulse').count()).toBe(0)
    await tab(page, '联系客服')
    await see(page, '已进入客服聊天')
  })

  test('added by QR code, deleted and found by his phone: his project stands there', async () => {
    const { people } = town()
    const customer = await arriveTied()
    await people.load(`JD-${customer.phone.slice(2)}`, customer.phone, { title: '云栖里小院' })
    await people.add('zhangsan', customer.phone, { addWay: 1 })
    await until('the add', async () => (await customer.me()).nextStep === 'ask_advisor')
    const page = await openMini(customer)
    await see(page, '顾问需要用手机号搜索，重新添加您')

    await people.remove('zhangsan', { phone: customer.phone })
    const removedAt = Date.now()
    await until('the end of that', async () => (await customer.me()).nextStep === 'state_phone')
    await lookAgain(page)
    await page.getByLabel('手机号').fill(customer.phone)
    await tab(page, '提交手机号')
    await see(page, '等顾问添加您，请点「接受」')
    await until('another second', () => Promise.resolve(Date.now() - removedAt > 1000)) // WeCom counts adds in seconds
    await people.add('zhangsan', customer.phone)
    await until('the permission', async () => (await customer.me()).canQuery === true)
    await lookAgain(page)
    await see(page, '正在进行的项目')
    await see(page, '云栖里小院')
  })

  test("the attacker's code, sent by his victim: 不是我 ends it on his page, and the victim reaches her own project", async () => {
    const { people } = town()
    const [attacker, victim] = [await arrive(), await arrive()]
    await people.load(`JD-${victim.phone.slice(2)}`, victim.phone, { title: '听潮阁' })
    await people.add('zhangsan', victim.phone)
    const [his, hers] = [await openMini(attacker, 'bind'), await openMini(victim)]
    await tab(his, '没有看到卡片？改用 6 位绑定码')
    await see(his, '您的绑定码')
    await victim.say(await readCode(his))
    await see(his, '还差一步确认')
    await findCard(victim)
    await victim.tap(findDeny(await victim.chat())!)

    await see(his, '这次绑定没有成功')
    await see(his, '点了「不是我」')
    await expectSound(his)
    await see(hers, '先完成绑定')
    await tab(hers, '开始绑定')
    await see(hers, '两步完成绑定')
    const before = await findCard(victim)
    await tab(hers, '打开客服聊天')
    const ticket = await until('her own card', async () => {
      const latest = await findCard(victim)
      return latest !== before && latest
    })
    await victim.signIn()
    await victim.openTicket(ticket)
    await see(hers, '绑定成功')
    await tab(hers, '查看我的项目')
    await see(hers, '听潮阁')
    expect(await his.getByText('听潮阁').count()).toBe(0)
    await his.goto(`${town().address}/preview/?person=${attacker.personId}`)
    await see(his, '先完成绑定')
  })

  test('an admin changes his phone: he is signed out of his project, and reads why', async () => {
    const { server } = town()
    const customer = await arriveBound(1)
    const page = await openMini(customer)
    await see(page, '正在进行的项目')
    const [{ id }] = (await server.get(`/api/admin/customers?phone=${customer.phone}`, ADMIN_KEY))
      .body.data.items
    const change = { phone: inventPhone(), reason: '客户来电换号', operatorUserid: 'chenjing' }
    await server.post(`/api/admin/customers/${String(id)}/phone`, change, ADMIN_KEY)
    await tab(page, '项目')
    await see(page, '暂时还不能查看')
    await tab(page, '首页')
    await see(page, '手机号已变更')
    await see(page, '为安全起见需要重新登录')
    await expectSound(page)
    expect(await page.getByText('第 1 个项目').filter({ visible: true }).count()).toBe(0)
    await tab(page, '联系客服')
    await see(page, '已进入客服聊天')
  })

  test('a link that ends is replaced without a word; digits that were seen are not', async () => {
    const page = await openMini(await arrive(), 'bind')
    let codes = 0
    page.on('request', (request) => {
      if (request.url().endsWith('/api/binding/code')) codes += 1
    })
    await see(page, '两步完成绑定')
    try {
      town().clock.advance(CODE_LIFE_MS + 1000)
      await until('another code', () => Promise.resolve(codes > 0))
      await tab(page, '没有看到卡片？改用 6 位绑定码')
      await see(page, '您的绑定码')
      const old = await readCode(page)
      town().clock.advance(CODE_LIFE_MS + 1000)
      await see(page, '绑定码已过期')
      await expectSound(page)
      await tab(page, '获取新的绑定码')
      await see(page, '您的绑定码')
      expect(await readCode(page)).not.toBe(old)
    } finally {
      town().clock.advance(-2 * (CODE_LIFE_MS + 1000))
    }
  })

  test('on a phone that does not open the chat the digits stand there at once', async () => {
    const customer = await arrive()
    const page = await openMini(customer, 'bind')
    await see(page, '两步完成绑定')
    await page.route('**/kf/enter', (route) => route.abort())
    await tab(page, '打开客服聊天')
    await see(page, '客服聊天没有打开')
    await see(page, '项目进度客服')
    await expectSound(page)
    await customer.say(await readCode(page))
    await see(page, '还差一步确认')
  })

  test('a chat that did not open is tried once more from the same place', async () => {
    const page = await openMini(await arrive(), 'bind')
    await see(page, '两步完成绑定')
    await page.route('**/kf/enter', (route) => route.abort(), { times: 1 })
    await tab(page, '打开客服聊天')
    await see(page, '客服聊天没有打开')
    await tab(page, '再试一次')
    await see(page, '还差一步确认')
  })

  test('a phone whose storage throws, and whose first code WeChat has spent, shows the project all the same', async () => {
    const customer = await arriveBound(1)
    const page = await takePhone()
    await page.addInitScript(
      `for (const name of ['getItem', 'setItem', 'removeItem']) Storage.prototype[name] = () => { throw new Error('full') }`,
    )
    let signIns = 0
    await page.route('**/api/wechat/openid', (route) => {
      signIns += 1
      if (signIns > 1) return route.continue()
      const [error, timestamp] = [{ code: 'session.code_used' }, Date.now()]
      return route.fulfill({ status: 400, json: { success: false, error, message: '', timestamp } })
    })
    await page.goto(`${town().address}/preview/?person=${customer.personId}`)
    await see(page, '正在进行的项目')
    await tab(page, '项目')
    await see(page, '第 1 个项目')
    expect(signIns).toBe(2)
  })

  test('asks for a copy of what is kept, and, once it is confirmed, for its end', async () => {
    const page = await openMini(await arrive(), 'rights')
    await tab(page, '申请导出')
    await see(page, '已申请')
    await tab(page, '申请删除')
    await tab(page, '先不')
    expect(await town().db('rights_requests').pluck('kind')).toEqual(['export'])
    await tab(page, '申请删除')
    await page.locator('dialog').getByRole('button', { name: '申请删除' }).click()
    await until('both', async () => (await page.getByText('已申请（').count()) === 2)
    await expectSound(page)
    expect(await page.getByRole('button', { name: '申请删除' }).count()).toBe(0)
  })

  test('a file of the phone goes up by itself, and what comes back is text', async () => {
    const page = await openMini(await arrive())
    await see(page, '先完成绑定')
    let type: string | null = ''
    await page.route('**/api/media', async (route) => {
      type = await route.request().headerValue('content-type')
      await route.fulfill({ json: { success: true } })
    })
    expect(
      await page.evaluate(
        `new Promise((success, fail) => wx.uploadFile({ url: '/api/media', filePath: '/preview/index.html', name: 'file', success, fail }))`,
      ),
    ).toMatchObject({ statusCode: 200, data: '{"success":true}', errMsg: 'uploadFile:ok' })
    expect(type).toMatch(/^multipart\/form-data; boundary=/)
  })

  test('without the server it says so, and recovers', async () => {
    const page = await openMini(await arrive())
    await see(page, '先完成绑定')
    await expectSound(page)
    await page.route('**/api/me', (route) => route.abort())
    await tab(page, '我的')
    await see(page, '网络没有连上')
    await expectSound(page)
    await page.unroute('**/api/me')
    await tab(page, '重新加载')
    await see(page, '隐私保护指引')
  })

  test('a session that ended is renewed once, without a word', async () => {
    const page = await openMini(await arriveBound(1))
    await see(page, '正在进行的项目')
    let signIns = 0
    page.on('request', (request) => {
      if (request.url().endsWith('/api/wechat/openid')) signIns += 1
    })
    await town().db('sessions').delete()
    await tab(page, '项目')
    await see(page, '第 1 个项目')
    expect(signIns).toBe(1)
  })

  test('running and finished projects stand apart, and the newest that runs is what home shows', async () => {
    const customer = await arriveBound(1)
    await town().people.load(`JD-${customer.phone.slice(2)}-2`, customer.phone, {
      title: '老房阳台改造',
      status: '已完成',
      stages: [{ name: '施工', status: 'done', doneAt: daysAgo(0) }],
    })
    await until('both', async () => (await customer.projects()).body.data.items.length === 2)
    const page = await openMini(customer)
    await see(page, '查看全部 2 个项目')
    await expectSound(page)
    expect(await page.getByText('老房阳台').count()).toBe(0)
    await tab(page, '查看全部 2 个项目')
    await see(page, '进行中')
    const titles = (await page.locator('.mp-page:visible').innerText()).match(
      /进行中|已完成|第 1 个项目|老房阳台改造/g,
    )
    expect(titles?.filter((title, at) => title !== titles[at - 1])).toEqual([
      '进行中',
      '第 1 个项目',
      '进行中',
      '已完成',
      '老房阳台改造',
      '已完成',
    ])
    await page.getByText('老房阳台').first().click()
    await see(page, '订单信息')
    await expectSound(page)
    await tab(page, '返回')
    await tab(page, '我的')
    await see(page, '解除绑定')
    await expectSound(page)
    await tab(page, '解除绑定')
    await see(page, '确定要解除绑定吗')
    await expectSound(page)
  })

  test('an answer that comes after the page was left changes nothing', async () => {
    const page = await openMini(await arriveBound(1))
    await see(page, '正在进行的项目')
    const list = '**/api/projects/my?limit=20'
    let release = (): void => {}
    const left = new Promise<void>((resolve) => {
      release = resolve
    })
    await page.route(list, (route) => left.then(() => route.continue()), { times: 1 })
    const late = page.waitForResponse(list)
    await tab(page, '项目')
    await tab(page, '首页')
    release()
    await late
    await page.waitForTimeout(150)
    expect(await page.locator('.mp-page:has(skeleton)').count()).toBe(1)
    await tab(page, '项目')
    await page.locator('.mp-page:visible project-card').first().waitFor()
  })

  test('who has no project yet reads where it will be', async () => {
    const page = await openMini(await arriveBound(0), 'projects')
    await see(page, '还没有项目')
    await expectSound(page)
    await tab(page, '联系客服')
    await see(page, '已进入客服聊天')
    await tab(page, '首页')
    await see(page, '还没有查到您的项目')
    await expectSound(page)
    await tab(page, '联系客服')
    expect(await page.getByText('正在进行').filter({ visible: true }).count()).toBe(0)
  })

  test('sixty projects come page by page', async () => {
    const page = await openMini(await arriveBound(60), 'projects')
    await see(page, '第 60 个项目')
    await expectSound(page)
    expect(await page.locator('project-card').count()).toBe(20)
    await until('the last page', async () => {
      await page
        .locator('.mp-page')
        .evaluate((element) => element.scrollTo(0, element.scrollHeight))
      return (await page.getByText('全部 60 个项目').count()) > 0
    })
    expect(await page.locator('project-card').count()).toBe(60)
  })

  test('a welcome card names the advisor, asks for the phone, and that binds', async () => {
    const customer = await arrive()
    await town().people.add('zhangsan', customer.phone)
    const { page: path } = await until('the card and the name on it', async () => {
      const letters = (await customer.inbox()) as { miniprogramPath?: string }[]
      const card = letters.find(({ miniprogramPath }) => miniprogramPath)?.miniprogramPath
      return (
        card !== undefined &&
        (await town().db('members').whereNotNull('name')).length > 0 && { page: card }
      )
    })
    const page = await openPage(`/preview/?person=${customer.personId}#/${path}`)
    await see(page, '顾问张三邀请您')
    await expectSound(page)
    await tab(page, '是我本人')
    await see(page, '还差一步')
    await expectSound(page)
    await see(page, '打开客服聊天')
    await page.getByLabel('手机号').fill(customer.phone)
    await tab(page, '提交手机号')
    await see(page, '绑定成功')
    await tab(page, '查看我的项目')
  })

  test('who may not look reads what to do', async () => {
    const page = await openMini(await arrive(), 'projects')
    await see(page, DENIED)
    await expectSound(page)
    await page.getByText('先看看示例项目').click()
    await see(page, '这是示例项目')
    await expectSound(page)
    await tab(page, '返回')
    await tab(page, '看看还差哪一步')
    await see(page, '两步完成绑定')
  })
})
