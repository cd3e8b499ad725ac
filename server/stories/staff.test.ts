import { createHash } from 'node:crypto'
import { beforeEach, describe, expect, test } from '@jest/globals'
import { inventPhone, type Person } from '../../scripts/play/people.ts'
import { bindByCode } from '../test/bind-by-code.ts'
import { holdTable, queued } from '../test/locks.ts'
import { memberBrowsers, type MemberBrowser } from '../test/member-browser.ts'
import { ADMIN_KEY, useTown } from '../test/town.ts'
import { addJob, listJobs, runJobsNow } from '../test/job-desk.ts'

const HOME = 'https://staff.example.com'
const town = useTown({ PUBLIC_BASE_URL: HOME, STAFF_QUIET_HOURS: 'off' })
const night = useTown({
  PUBLIC_BASE_URL: HOME,
  STAFF_QUIET_HOURS: '21:00-08:00',
  STAFF_NOTIFY_USERIDS: 'chenjing, nobody',
  TIME_ZONE: 'Asia/Shanghai',
})
const plain = useTown({ PORT: '0' })
const { createBrowser, signedIn } = memberBrowsers(town, HOME)

/** Callbacks of another time would be refused (product.md, section 2). */
beforeEach(() => {
  for (const { clock } of [town(), night()]) clock.advance(Date.now() - clock.now().getTime())
})

const waitingOf = async (browser: MemberBrowser) =>
  (await browser.get('/api/staff/pending-customers')).json().data.items
async function claimed(at = town(), phone?: string): Promise<Person> {
  const customer = await at.people.arrive({ unionid: false, name: '王小明' })
  await customer.signIn()
  expect(
    (
      await at.server.post(
        '/api/binding/temp',
        { phoneNumber: phone ?? customer.phone },
        customer.token,
      )
    ).status,
  ).toBe(200)
  await at.settle()
  return customer
}
const mask = (phone: string): string => `${phone.slice(0, 3)}****${phone.slice(-4)}`

describe('sign-in', () => {
  test('goes round by the platform and ends in a cookie that no script can read', async () => {
    const browser = createBrowser()
    const first = await browser.get('/staff/?x=1')
    expect(first).toMatchObject({
      status: 302,
      to: `${HOME}/staff/login?return=%2Fstaff%2F%3Fx%3D1`,
    })
    const login = await browser.get(first.to)
    expect(login.to).toMatch(
      /\/open\/connect\/oauth2\/authorize\?.*scope=snsapi_base.*state=[0-9a-f]{64}&agentid=1000002#wechat_redirect$/,
    )
    const back = await browser.visitPlatform('members/lisi', first.to)
    const entered = await browser.open(back)
    expect(entered).toMatchObject({ status: 302, to: '/staff/?x=1' })
    expect(entered.setCookie.at(-1)).toMatch(
      /^__Host-jdt_staff=[\w-]{43}; Path=\/; Max-Age=43\d{3}; HttpOnly; SameSite=Lax; Secure$/,
    )
    expect((await browser.get('/api/staff/me')).json().data).toMatchObject({
      userid: 'lisi',
      name: '李四',
    })
    expect((await browser.get('/staff/')).text).toContain('李四')
    const [row] = await town().db('staff_sessions')
    expect(JSON.stringify(row)).not.toContain(browser.cookies.get('__Host-jdt_staff'))
    expect(await browser.open(back)).toMatchObject({ status: 400 })
  })

  test.each([
    [
      'a state of our making for another browser',
      async (back: string) => ({ back, browser: createBrowser() }),
    ],
    [
      'a forged state',
      async (back: string, browser: MemberBrowser) => ({
        back: back.replace(/state=\w+/, `state=${'0'.repeat(64)}`),
        browser,
      }),
    ],
    [
      'no state',
      async (back: string, browser: MemberBrowser) => ({
        back: back.replace(/state=\w+/, ''),
        browser,
      }),
    ],
    [
      'a cookie that was changed',
      async (back: string, browser: MemberBrowser) => {
        const name = '__Host-jdt_staff_sign_in'
        browser.cookies.set(
          name,
          (browser.cookies.get(name) ?? '').replace('%2Fstaff%2F', '%2Fstaff%2Fother'),
        )
        return { back, browser }
      },
    ],
  ])('refuses %s, and asks the platform nothing', async (_, forge) => {
    const { control } = town()
    const honest = createBrowser()
    const forged = await forge(await honest.visitPlatform('members/zhangsan'), honest)
    expect(await forged.browser.open(forged.back)).toMatchObject({
      status: 400,
      text: expect.stringContaining('登录没有完成'),
    })
    const calls = (await control.get('/_sandbox/calls')).body as { path: string }[]
    expect(calls.filter(({ path }) => path.endsWith('getuserinfo'))).toEqual([])
    expect((await forged.browser.get('/api/staff/me')).status).toBe(401)
  })

  test('a sign-in begun more than ten minutes ago is over', async () => {
    const browser = createBrowser()
    const back = await browser.visitPlatform('members/zhangsan')
    town().clock.advance(10 * 60_000 + 1_000)
    expect((await browser.open(back)).status).toBe(400)
  })

  test('a customer is not staff, with a code of his own or his session', async () => {
    const { people, server } = town()
    const customer = await people.arrive()
    await customer.signIn()
    const browser = createBrowser()
    expect(
      await browser.open(await browser.visitPlatform(`people/${customer.personId}`)),
    ).toMatchObject({ status: 403, text: expect.stringContaining('仅限本公司员工') })
    expect(browser.cookies.size).toBe(0)
    expect(await server.get('/api/staff/pending-customers', customer.token)).toMatchObject({
      status: 403,
      body: { error: { code: 'session.forbidden' } },
    })
  })

  test('a made-up code is refused; the way back leads only to our pages', async () => {
    const browser = createBrowser()
    const back = await browser.visitPlatform(
      'members/zhangsan',
      `/staff/login?return=${encodeURIComponent('//evil.example/')}`,
    )
    expect((await browser.open(back.replace(/code=\w+/, 'code=made-up'))).status).toBe(400)
    const again = await browser.visitPlatform(
      'members/zhangsan',
      `/staff/login?return=${encodeURIComponent('https://evil.example/')}`,
    )
    expect((await browser.open(again)).to).toBe('/staff/')
  })

  test('while WeCom does not answer, the visitor sees a page that says so', async () => {
    const browser = createBrowser()
    const back = await browser.visitPlatform('members/zhangsan')
    await town().control.post('/_sandbox/faults', {
      endpoints: [{ path: 'auth/getuserinfo', errcode: -1, times: 9 }],
    })
    expect(await browser.open(back)).toMatchObject({
      status: 503,
      text: expect.stringContaining('请稍后再试'),
    })
    await town().control.post('/_sandbox/faults', { clear: true })
    await signedIn()
  })

  test('ends after 12 hours, and when the member says so', async () => {
    const [early, late] = [await signedIn(), await signedIn('lisi')]
    expect((await early.post('/api/staff/sign-out')).status).toBe(200)
    expect((await early.get('/api/staff/me')).status).toBe(401)
    town().clock.advance(12 * 3_600_000 + 1_000)
    expect((await late.get('/api/staff/me')).status).toBe(401)
    expect(await late.get('/staff/')).toMatchObject({ status: 302 })
  })

  test('ends within the hour for who has left the company, and WeCom lets him in no more', async () => {
    const { control, db, settle } = town()
    await control.post('/_sandbox/members', { userid: 'leaving', name: '周涛' })
    const browser = await signedIn('leaving')
    await control.post('/_sandbox/members', { userid: 'leaving', status: 5 })
    town().clock.advance(3_600_000)
    await addJob(db, 'members.refresh-due')
    await settle()
    expect((await browser.get('/api/staff/pending-customers')).status).toBe(401)
    expect(await createBrowser().visitPlatform('members/leaving')).not.toContain('code=')
  })

  test('beside a sandbox without a public address the cookies are plain', async () => {
    const login = await createBrowser(plain()).get('/staff/login')
    expect(login.setCookie[0]).toMatch(
      /^jdt_staff_sign_in=[^;]+; Path=\/; Max-Age=600; HttpOnly; SameSite=Lax$/,
    )
  })
})

describe('customers who wait', () => {
  test('are listed masked, shown in full on demand, and that is written down', async () => {
    const { db } = town()
    const customer = await claimed()
    const browser = await signedIn()
    const listed = await browser.get('/api/staff/pending-customers')
    expect(listed.text).not.toContain(customer.phone)
    const [item] = listed.json().data.items
    expect(item).toMatchObject({ phoneMasked: mask(customer.phone), contested: false })
    const path = `/api/staff/pending-customers/${String(item.id)}/reveal`
    expect((await browser.post(path)).json().data).toEqual({ phoneNumber: customer.phone })
    const [entry] = await db('operation_log').where({ operation: 'claim.phone_revealed' })
    expect(entry).toMatchObject({
      operator_userid: 'zhangsan',
      target_id: String(item.id),
      after: { phone: mask(customer.phone) },
      request_id: expect.any(String),
    })
  })

  test('who looks at more phones in an hour than anybody can add is stopped', async () => {
    const { db, clock } = town()
    await claimed()
    const browser = await signedIn()
    const [item] = await waitingOf(browser)
    const path = `/api/staff/pending-customers/${String(item.id)}/reveal`
    await db('operation_log').insert(
      Array.from({ length: 60 }, (_, index) => ({
        at: clock.now(),
        operator_userid: 'zhangsan',
        operation: 'claim.phone_revealed',
        target_type: 'claim',
        target_id: `x${String(index)}`,
      })),
    )
    const refused = await browser.post(path)
    expect([refused.status, refused.json().error.code, refused.headers.get('retry-after')]).toEqual(
      [429, 'staff.too_many_reveals', '3600'],
    )
    expect((await (await signedIn('lisi')).post(path)).status).toBe(200)
    clock.advance(3_600_000 + 1_000)
    expect((await browser.post(path)).status).toBe(200)
  })

  test('a phone looked at before may be looked at again within the hour, whatever the limit', async () => {
    const { db, clock } = town()
    await claimed()
    const browser = await signedIn()
    const [item] = await waitingOf(browser)
    const path = `/api/staff/pending-customers/${String(item.id)}/reveal`
    expect((await browser.post(path)).status).toBe(200)
    await db('operation_log').insert(
      Array.from({ length: 59 }, (_, index) => ({
        at: clock.now(),
        operator_userid: 'zhangsan',
        operation: 'claim.phone_revealed',
        target_type: 'claim',
        target_id: `x${String(index)}`,
      })),
    )
    expect((await browser.post(path)).status).toBe(200)
    await claimed()
    const other = (await waitingOf(browser)).find(({ id }: { id: number }) => id !== item.id)
    expect(
      (await browser.post(`/api/staff/pending-customers/${String(other.id)}/reveal`)).status,
    ).toBe(429)
  })

  test('phones asked for at once do not pass the limit of 60 an hour', async () => {
    const { db, clock } = town()
    for (let count = 0; count < 6; count += 1) await claimed()
    const browser = await signedIn()
    await db('operation_log').insert(
      Array.from({ length: 59 }, (_, index) => ({
        at: clock.now(),
        operator_userid: 'zhangsan',
        operation: 'claim.phone_revealed',
        target_type: 'claim',
        target_id: `x${String(index)}`,
      })),
    )
    const items = (await waitingOf(browser)) as { id: number }[]
    const release = await holdTable(db, 'operation_log', 'share') // who has looked may be read, but not written down yet
    const asked = items.map(({ id }) =>
      browser.post(`/api/staff/pending-customers/${String(id)}/reveal`),
    )
    await queued(db, 6)
    await release()
    const statuses = (await Promise.all(asked)).map(({ status }) => status)
    expect(statuses.toSorted((one, other) => one - other)).toEqual([200, 429, 429, 429, 429, 429])
  })

  test('a request that another site could make reveals nothing', async () => {
    await claimed()
    const browser = await signedIn()
    const [item] = await waitingOf(browser)
    const path = `/api/staff/pending-customers/${String(item.id)}/reveal`
    for (const headers of [{}, { 'X-Staff-Page': '1', Origin: 'https://evil.example' }]) {
      expect(
        await browser.post(path, { headers: headers as Record<string, string> }),
      ).toMatchObject({ status: 403 })
    }
    expect(
      (await browser.post(path, { headers: { 'X-Staff-Page': '1', Origin: HOME } })).status,
    ).toBe(200)
    expect(await town().db('operation_log')).toHaveLength(1)
  })

  test('two claims on one phone are one entry, marked', async () => {
    const customer = await claimed()
    await claimed(town(), customer.phone)
    expect(await waitingOf(await signedIn())).toMatchObject([
      { phoneMasked: mask(customer.phone), contested: true },
    ])
  })

  test('the list empties when a member adds the customer by phone search', async () => {
    const { people, settle } = town()
    const customer = await claimed()
    const browser = await signedIn()
    const [item] = await waitingOf(browser)
    await people.add('lisi', customer.phone)
    await settle()
    expect(await waitingOf(browser)).toEqual([])
    expect(
      await browser.post(`/api/staff/pending-customers/${String(item.id)}/reveal`),
    ).toMatchObject({ status: 404 })
  })

  test('the page shows them without any foreign address, and names from customers as text', async () => {
    const { db } = town()
    const customer = await claimed()
    await db('customers').insert({
      name: '<img src=x onerror=alert(1)>',
      phone: customer.phone,
      phone_hmac: Buffer.from('x'),
    })
    const page = await (await signedIn()).get('/staff/')
    expect(page.text).toContain(mask(customer.phone))
    expect(page.text).not.toContain(customer.phone)
    expect(page.text).not.toContain('<img')
    expect(
      [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)]
        .map(([, target]) => target)
        .filter((target) => !/^(?:\/staff\/|data:,)/.test(target!)),
    ).toEqual([])
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'")
  })
})

/** Bound in the customer-service chat; nobody knows his phone. */
async function bound(at = town()): Promise<Person> {
  const customer = await at.people.arrive({ unionid: false, name: '山水有相逢' })
  await bindByCode(at, customer)
  return customer
}
const listed = async (browser: MemberBrowser, list: string) =>
  (await browser.get(`/api/staff/${list}`)).json().data.items as Record<string, any>[]
const reveal = (browser: MemberBrowser, { id }: { id: number }) =>
  browser.post(`/api/staff/pending-customers/${String(id)}/reveal`)

describe('what a row says', () => {
  test('who waits, of which order, how he came, what to do; the nickname while the office has no name', async () => {
    const { people, server, settle } = town()
    const customer = await bound()
    await server.post('/api/binding/temp', { phoneNumber: customer.phone }, customer.token)
    await people.load('XM-71', customer.phone, { title: '滨江 7 号' })
    await settle()
    const [item, ...more] = await waitingOf(await signedIn())
    expect([item, more]).toMatchObject([
      {
        row: `claim-${String(item.id)}`,
        name: '山水有相逢',
        order: { orderNo: 'XM-71', title: '滨江 7 号' },
        came: '在小程序里填写手机号，已绑定（点开了聊天里的确认卡片）',
        why: { code: 'not_added', nextStep: expect.stringContaining('搜索手机号') },
        copied: [],
      },
      [],
    ])
    const { text } = await (await signedIn()).get('/staff/')
    for (const words of ['滨江 7 号', 'XM-71', '山水有相逢', '请在企业微信里搜索手机号添加'])
      expect(text).toContain(words)
  })

  test('to whoever has added him by a QR code: delete him first', async () => {
    const { people, server, settle } = town()
    const customer = await bound()
    await people.add('zhangsan', customer.phone, { addWay: 1 })
    await server.post('/api/binding/temp', { phoneNumber: customer.phone }, customer.token)
    await settle()
    const codes = [await signedIn(), await signedIn('lisi')].map(
      async (browser) => (await waitingOf(browser))[0].why.code,
    )
    expect(await Promise.all(codes)).toEqual(['added_otherwise', 'not_added'])
  })

  test('who has copied the number, by name and for a day; it keeps nobody from copying it', async () => {
    const { clock } = town()
    const customer = await claimed()
    const [zhangsan, lisi] = [await signedIn(), await signedIn('lisi')]
    const [item] = await waitingOf(zhangsan)
    await reveal(zhangsan, item)
    clock.advance(3 * 60_000)
    expect((await lisi.get('/staff/')).text).toMatch(/张三已复制 · <time[^>]*>3 分钟前/)
    expect((await zhangsan.get('/staff/')).text).toMatch(/您已复制 · <time[^>]*>3 分钟前/)
    const both = await Promise.all([reveal(zhangsan, item), reveal(lisi, item)])
    expect(both.map((reply) => reply.json().data.phoneNumber)).toEqual([
      customer.phone,
      customer.phone,
    ])
    const { copied } = (await waitingOf(lisi))[0]
    expect(copied.map(({ name, me }: any) => [name, me]).toSorted()).toEqual([
      ['张三', false],
      ['李四', true],
    ])
    clock.advance(10 * 3_600_000)
    expect((await waitingOf(lisi))[0].copied).toHaveLength(2)
    clock.advance(15 * 3_600_000)
    expect((await waitingOf(await signedIn('lisi')))[0].copied).toEqual([])
  })

  test('the lists are not sent again while they are as they were seen', async () => {
    const customer = await claimed()
    const browser = await signedIn()
    const look = (seen = '') => browser.open('/staff/lists', { headers: { 'If-None-Match': seen } })
    const first = await look()
    const again = await look(first.headers.get('etag')!)
    expect([first.text.includes(mask(customer.phone)), again.status, again.text]).toEqual([
      true,
      304,
      '',
    ])
    await reveal(await signedIn('lisi'), (await waitingOf(browser))[0])
    expect(await look(first.headers.get('etag')!)).toMatchObject({ status: 200 })
  })

  test.each([
    ['a customer', 'claim', '这位客户已经处理好了'],
    ['a number', 'question', '这个号码已经核实好了'],
  ])('a message about %s that is no matter any more: the page says so', async (_, kind, words) => {
    const browser = createBrowser()
    const path = `/staff/?row=${kind}-77`
    const { to } = await browser.get(path)
    await browser.open(await browser.visitPlatform('members/zhangsan', to))
    expect((await browser.get(path)).text).toContain(words)
    expect((await browser.get('/staff/?row=%22%3E%3Cb%3E')).text).not.toContain('处理好了')
  })

  test('a message about a claim that gave way leads to the row of who waits by the same phone now', async () => {
    const { server, people, db } = town()
    const [one, other] = [await people.arrive(), await people.arrive()]
    for (const who of [one, other]) {
      await who.signIn()
      await server.post('/api/binding/temp', { phoneNumber: one.phone }, who.token)
    }
    const [first, second] = await db('temp_bindings').orderBy('id').pluck<number[]>('id')
    await db('temp_bindings').where({ id: first }).update({ status: 'expired' })
    const browser = await signedIn()
    const { to } = await browser.get(`/staff/?row=claim-${String(first)}`)
    expect(to).toBe(`/staff/?row=claim-${String(second)}`)
    const { text } = await browser.get(to)
    expect([text.includes(`id="claim-${String(second)}"`), text.includes('处理好了')]).toEqual([
      true,
      false,
    ])
  })

  test('a message about a customer who still waits leads to his row, through the sign-in', async () => {
    await claimed()
    const [item] = await waitingOf(await signedIn('lisi'))
    const browser = createBrowser()
    const { to } = await browser.get(`/staff/?row=${item.row as string}`)
    const entered = await browser.open(await browser.visitPlatform('members/zhangsan', to))
    expect(entered.to).toBe(`/staff/?row=${item.row as string}`)
    const { text } = await browser.get(entered.to)
    expect([text.includes(`id="${item.row as string}"`), text.includes('处理好了')]).toEqual([
      true,
      false,
    ])
  })
})

describe('who is bound and has left no phone', () => {
  const unstated = (browser: MemberBrowser) => listed(browser, 'unstated-customers')

  test('is on the list of every member, until he states it, is added or ends the binding', async () => {
    const { people, server, settle } = town()
    const [states, isAdded, ends] = [await bound(), await bound(), await bound()]
    const browser = await signedIn()
    const items = await unstated(browser)
    expect(items).toHaveLength(3)
    expect(items[0]).toMatchObject({
      row: `customer-${String(items[0]!['id'])}`,
      name: '山水有相逢',
      came: '已绑定（点开了聊天里的确认卡片）',
      why: { code: 'no_phone_stated' },
    })
    expect((await browser.get('/staff/')).text).toContain('已绑定未留手机号')
    await server.post('/api/binding/temp', { phoneNumber: states.phone }, states.token)
    expect(await unstated(browser)).toHaveLength(2)
    await people.add('lisi', isAdded.phone, { addWay: 1 })
    await settle()
    expect(await unstated(browser)).toHaveLength(1)
    await server.delete('/api/binding', ends.token)
    expect(await unstated(browser)).toEqual([])
    expect((await browser.get('/staff/')).text).not.toContain('已绑定未留手机号')
  })

  test('is forgotten after a month', async () => {
    await bound()
    town().clock.advance(30 * 24 * 3_600_000)
    expect(await unstated(await signedIn())).toEqual([])
  })

  test('is shown to those who are named by setting, where some are', async () => {
    await bound(night())
    const items = async (userid: string) => unstated(await signedIn(userid, night()))
    expect([(await items('chenjing')).length, await items('zhangsan')]).toEqual([1, []])
  })
})

describe('who was added in a way that proves nothing', () => {
  const otherwise = (browser: MemberBrowser) => listed(browser, 'added-otherwise')
  const submit = (browser: MemberBrowser, { id }: Record<string, any>) =>
    browser.post(`/api/staff/added-otherwise/${String(id)}/submit`)
  const asked = async () =>
    (await town().server.get('/api/admin/questions', ADMIN_KEY)).body.data.items
  const because = { reason: '电话核实', operatorUserid: 'chenjing' }

  /** Bound, and added by 张三 with a QR code. */
  async function scanned(how: object = { addWay: 1 }) {
    const customer = await bound()
    const zhangsan = await signedIn()
    const before = new Set((await otherwise(zhangsan)).map(({ id }) => id))
    await town().people.add('zhangsan', customer.phone, how)
    await town().settle()
    // Adds of one second stand in any order.
    const [item] = (await otherwise(zhangsan)).filter(({ id }) => !before.has(id))
    return { customer, zhangsan, item: item! }
  }

  test.each([
    ['by a QR code', { addWay: 1 }, 'added_otherwise', '通过扫二维码添加'],
    ['because he searched', { initiatedBy: 'customer' }, 'customer_searched', '客户搜索添加您'],
  ])('%s: on the list of that member alone, with what to do', async (_, how, code, came) => {
    const { zhangsan, item } = await scanned(how)
    expect(item).toMatchObject({ name: '山水有相逢', came, why: { code } })
    expect(item).not.toHaveProperty('submitted')
    expect(await otherwise(await signedIn('lisi'))).toEqual([])
    const { text } = await zhangsan.get('/staff/')
    for (const words of ['加的方式不算', came, '删除后用手机号搜索重新添加', '提交管理员核实'])
      expect(text).toContain(words)
  })

  test('and who is not bound waits for nothing: he is on no list', async () => {
    const { people, settle } = town()
    const customer = await people.arrive()
    await people.add('zhangsan', customer.phone, { addWay: 1 })
    await settle()
    expect(await otherwise(await signedIn())).toEqual([])
  })

  test('is found anew by the search of his number: off the list, and nothing stays open', async () => {
    const { people, settle } = town()
    const { customer, zhangsan, item } = await scanned()
    expect((await submit(zhangsan, item)).status).toBe(200)
    await people.remove('zhangsan', { phone: customer.phone })
    await settle()
    expect([await otherwise(zhangsan), await asked()]).toEqual([[], []])
    await new Promise((resolve) => setTimeout(resolve, 1_100)) // the platform's times have whole seconds
    await people.add('zhangsan', customer.phone)
    await settle()
    await customer.signIn()
    expect(await customer.me()).toMatchObject({ canQuery: true })
    expect([await otherwise(zhangsan), await asked()]).toEqual([[], []])
  })

  test('a colleague who searches his number ends what admins were asked', async () => {
    const { people, settle } = town()
    const { customer, zhangsan, item } = await scanned()
    expect((await submit(zhangsan, item)).status).toBe(200)
    await people.add('lisi', customer.phone)
    await settle()
    expect([await otherwise(zhangsan), await asked()]).toEqual([[], []])
  })

  test('admins are asked once, however often and by how many members; in the log once; the list says by whom', async () => {
    const { people, settle, db } = town()
    const { customer, zhangsan, item } = await scanned()
    await people.add('lisi', customer.phone, { addWay: 3 })
    await settle()
    const lisi = await signedIn('lisi')
    const replies = await Promise.all([submit(zhangsan, item), submit(zhangsan, item)])
    expect(replies.map(({ status }) => status)).toEqual([200, 200])
    expect((await submit(lisi, item)).json().data).toEqual(replies[0]!.json().data)
    expect(await asked()).toMatchObject([
      {
        kind: 'added_otherwise',
        memberUserid: 'zhangsan',
        contactName: '山水有相逢',
        advice: expect.stringContaining('手动绑定'),
      },
    ])
    expect(await db('operation_log').where({ operation: 'contact.submitted' })).toMatchObject([
      { operator_userid: 'zhangsan', target_id: customer.externalUserid },
    ])
    expect((await otherwise(lisi))[0]!['submitted']).toMatchObject({
      state: 'open',
      name: '张三',
      me: false,
    })
    expect((await zhangsan.get('/staff/')).text).toContain('已提交管理员核实')
    expect(await listed(zhangsan, 'phone-missing')).toEqual([])
  })

  test('nobody submits whom he has not added so', async () => {
    const { item } = await scanned()
    const refused = await submit(await signedIn('lisi'), item)
    expect([refused.status, refused.json().error.code]).toEqual([404, 'staff.unknown_customer'])
    expect(await asked()).toEqual([])
  })

  test('an admin who has looked is not asked again about the same add; one who vouches opens it and closes the question', async () => {
    const { server } = town()
    const { customer, zhangsan, item } = await scanned()
    expect((await submit(zhangsan, item)).status).toBe(200)
    const [{ id }] = await asked()
    await server.post(`/api/admin/reviews/${String(id)}/close`, because, ADMIN_KEY)
    expect((await otherwise(zhangsan))[0]!['submitted']).toMatchObject({ state: 'looked' })
    expect((await submit(zhangsan, item)).json().error.code).toBe('staff.looked_already')
    const other = await scanned()
    expect((await submit(other.zhangsan, other.item)).status).toBe(200)
    const vouched = await server.post(
      '/api/wework/manual-bind',
      {
        customerPhone: other.customer.phone,
        wechatOpenid: other.customer.openid,
        weworkUserid: other.customer.externalUserid,
        ...because,
      },
      ADMIN_KEY,
    )
    expect(vouched).toMatchObject({ status: 200, body: { data: { canQuery: true } } })
    expect([await asked(), (await otherwise(zhangsan)).map((one) => one['id'])]).toEqual([
      [],
      [item['id']],
    ])
    expect(await customer.me()).toMatchObject({ canQuery: false })
    const last = await scanned()
    expect((await submit(last.zhangsan, last.item)).status).toBe(200)
    const changed = await server.post(
      `/api/admin/customers/${String(last.item['id'])}/phone`,
      {
        phone: last.customer.phone,
        phoneAgain: last.customer.phone,
        proven: true,
        ...because,
      },
      ADMIN_KEY,
    )
    expect([changed.status, await asked()]).toEqual([200, []])
  })
})

describe('phones that are missing', () => {
  const missing = async (browser: MemberBrowser) =>
    (await browser.get('/api/staff/phone-missing')).json().data.items

  test('a phone search without a noted number, until it is noted; only with the member himself', async () => {
    const { people, settle, server, control } = town()
    const customer = await people.arrive({ name: '赵敏' })
    await people.add('zhangsan', customer.phone, { remarkMobile: 'later' })
    await settle()
    const [zhangsan, lisi] = [await signedIn(), await signedIn('lisi')]
    expect(await missing(zhangsan)).toMatchObject([
      { kind: 'no_phone', name: '赵敏', hint: expect.stringContaining('备注') },
    ])
    expect(await missing(lisi)).toEqual([])
    await control.post('/_sandbox/members/zhangsan/remark', { phone: customer.phone })
    await server.post('/api/admin/reconciliations', undefined, ADMIN_KEY)
    await settle()
    expect(await missing(zhangsan)).toEqual([])
  })

  test('a member with many customers still sees an old one whose phone nobody noted', async () => {
    const { db, people, settle } = town()
    const customer = await people.arrive({ name: '赵敏' })
    await people.add('zhangsan', customer.phone, { remarkMobile: 'later' })
    await settle()
    await db.raw(
      `insert into contacts (external_userid, name, type) select 'wmMany' || n, 'x', 1 from generate_series(1, 500) n`,
    )
    await db.raw(`insert into contact_follows (external_userid, userid, add_way, oper_userid, remark_mobiles, followed_at, fetched_at)
      select 'wmMany' || n, 'zhangsan', 2, 'zhangsan', '{138-0013-8000}', now() + interval '1 minute', now() from generate_series(1, 500) n`)
    expect(await missing(await signedIn())).toMatchObject([{ kind: 'no_phone', name: '赵敏' }])
  })

  test('a number that was noted and then taken out is missing again', async () => {
    const { control, server, people, settle } = town()
    const customer = await people.arrive({ name: '赵敏' })
    await people.add('zhangsan', customer.phone)
    await settle()
    const zhangsan = await signedIn()
    expect(await missing(zhangsan)).toEqual([])
    await control.post('/_sandbox/members/zhangsan/remark', { phone: customer.phone, mobiles: [] })
    await server.post('/api/admin/reconciliations', undefined, ADMIN_KEY)
    await settle()
    expect((await missing(zhangsan)).map(({ kind }: { kind: string }) => kind)).toContain(
      'no_phone',
    )
  })
})

describe('the app message', () => {
  const heardBy = async (userid: string, at = town()) =>
    (await at.control.get(`/_sandbox/members/${userid}/inbox`)).body as {
      type: string
      title: string
      description: string
      url: string
    }[]

  const inboxes = async (at = town()): Promise<number[]> =>
    (await Promise.all(['zhangsan', 'lisi', 'chenjing'].map((userid) => heardBy(userid, at)))).map(
      (inbox) => inbox.length,
    )

  test('goes to who is on duty; to everybody who may have customers when nobody is', async () => {
    const { control } = town()
    await control.post('/_sandbox/kf/servicers/lisi/duty', { serving: false })
    await claimed()
    expect(await inboxes()).toEqual([1, 0, 0])
    await control.post('/_sandbox/kf/servicers/zhangsan/duty', { serving: false })
    await claimed()
    expect(await inboxes()).toEqual([2, 1, 1])
    for (const userid of ['zhangsan', 'lisi'])
      await control.post(`/_sandbox/kf/servicers/${userid}/duty`, { serving: true })
  })

  test('goes to who designs or manages the project of that phone, who sees the customer as his own', async () => {
    const { server } = town()
    const [mine, other] = [inventPhone(), inventPhone()]
    await server.put(
      '/api/admin/projects/XM-91',
      { title: '滨江 1 号', customerPhone: mine, designerUserid: 'chenjing' },
      ADMIN_KEY,
    )
    await server.put(
      '/api/admin/projects/XM-92',
      { title: '滨江 2 号', customerPhone: other, designerUserid: 'left-long-ago' },
      ADMIN_KEY,
    )
    await claimed(town(), other)
    expect(await inboxes()).toEqual([1, 1, 0])
    await claimed(town(), mine)
    expect(await inboxes()).toEqual([1, 1, 1])
    const listed = (await waitingOf(await signedIn('chenjing'))) as {
      phoneMasked: string
      mine: boolean
    }[]
    expect(listed.map(({ phoneMasked, mine: isMine }) => [phoneMasked, isMine])).toEqual([
      [mask(mine), true],
      [mask(other), false],
    ])
    expect(
      (await waitingOf(await signedIn('zhangsan'))).map((item: { mine: boolean }) => item.mine),
    ).toEqual([false, false])
  })

  test('is still sent while nobody can say who is on duty', async () => {
    await town().control.post('/_sandbox/faults', {
      endpoints: [{ path: 'kf/servicer/list', errcode: 45009, times: 1 }],
    })
    await claimed()
    expect(await inboxes()).toEqual([1, 1, 1])
  })

  test('one of two messages that fails does not keep the other back', async () => {
    const { server, control, clock, db, settle } = night()
    const shanghai = (hour: number): number =>
      ((hour - 8) * 3_600_000 - (clock.now().getTime() % 86_400_000) + 86_400_000) % 86_400_000
    clock.advance(shanghai(23))
    const mine = inventPhone()
    await server.put(
      '/api/admin/projects/XM-93',
      { title: '滨江 3 号', customerPhone: mine, designerUserid: 'lisi' },
      ADMIN_KEY,
    )
    await claimed(night(), mine)
    await claimed(night())
    await control.post('/_sandbox/faults', {
      endpoints: [{ path: 'message/send', errcode: 45009, times: 1 }],
    })
    clock.advance(shanghai(9))
    for (const total of [1, 2]) {
      await runJobsNow(db, 'staff.tell-waiting')
      await settle()
      expect((await inboxes(night())).reduce((sum, count) => sum + count, 0)).toBe(total)
    }
    expect(await inboxes(night())).toEqual([0, 1, 1])
  })

  test('once per claim, and names no phone', async () => {
    const customer = await claimed()
    const [card, ...more] = await heardBy('zhangsan')
    expect(card).toMatchObject({
      type: 'textcard',
      title: '有客户等待添加',
      url: `${HOME}/staff/?row=${(await waitingOf(await signedIn()))[0].row as string}`,
      description: expect.stringContaining(mask(customer.phone)),
    })
    expect([more, await heardBy('lisi')]).toMatchObject([[], [{}]])
    expect(JSON.stringify(card)).not.toContain(customer.phone)
    expect(
      (
        await town().server.post(
          '/api/binding/temp',
          { phoneNumber: customer.phone },
          customer.token,
        )
      ).status,
    ).toBe(200)
    await claimed(town(), customer.phone)
    expect(await heardBy('zhangsan')).toHaveLength(1)
    await claimed()
    expect(await heardBy('zhangsan')).toHaveLength(2)
  })

  test('comes also when who stated the phone first took it back in the night, and once however many state it', async () => {
    const { clock, people, server, settle, db } = night()
    const shanghai = (hour: number): number =>
      ((hour - 8) * 3_600_000 - (clock.now().getTime() % 86_400_000) + 86_400_000) % 86_400_000
    const wake = async () => {
      await addJob(db, 'staff.tell-waiting')
      await settle()
    }
    clock.advance(shanghai(23))
    const { phone } = await people.arrive()
    const [rival] = [
      await claimed(night(), phone),
      await claimed(night(), phone),
      await claimed(night(), phone),
    ]
    clock.advance(61_000)
    expect(
      (await server.post('/api/binding/temp', { phoneNumber: rival.phone }, rival.token)).status,
    ).toBe(200)
    await claimed(night(), phone) // the first again, by then: no rival of anybody
    clock.advance(shanghai(9))
    await wake()
    const [card, ...more] = await heardBy('chenjing', night())
    expect([card!.title, card!.description, more]).toEqual([
      '有 2 位客户等待添加',
      expect.stringContaining(mask(phone)),
      [],
    ])
    await wake()
    expect(await heardBy('chenjing', night())).toHaveLength(1)
  })

  test('says nothing of a customer whom somebody has added already', async () => {
    const { people, settle, server } = town()
    const customer = await people.arrive({ unionid: false })
    await people.add('zhangsan', customer.phone)
    await settle()
    await customer.signIn()
    await server.post('/api/binding/temp', { phoneNumber: customer.phone }, customer.token)
    await settle()
    expect(await heardBy('lisi')).toEqual([])
  })

  test('a refusal is tried again, an unknown outcome is not', async () => {
    const { control, db, settle } = town()
    const retry = async () => {
      await runJobsNow(db, 'staff.tell-waiting')
      await settle()
    }
    await control.post('/_sandbox/faults', {
      endpoints: [{ path: 'message/send', errcode: 45009, times: 1 }],
    })
    await claimed()
    expect(await heardBy('zhangsan')).toEqual([])
    await retry()
    expect(await heardBy('zhangsan')).toHaveLength(1)
    await control.post('/_sandbox/faults', {
      endpoints: [{ path: 'message/send', errcode: 0, times: 1, effect: 'after', hangup: true }],
    })
    await claimed()
    await retry()
    expect(await heardBy('zhangsan')).toHaveLength(2)
  })

  test('waits for the end of the night, then tells of all in one message, and only those named by setting', async () => {
    const { clock, db, settle } = night()
    const shanghai = (hour: number): number =>
      ((hour - 8) * 3_600_000 - (clock.now().getTime() % 86_400_000) + 86_400_000) % 86_400_000
    clock.advance(shanghai(22))
    await claimed(night())
    await claimed(night())
    expect(await heardBy('chenjing', night())).toEqual([])
    const [job] = await listJobs(db, 'staff.tell-waiting')
    expect([job.run_at.getUTCHours(), job.run_at.getUTCMinutes()]).toEqual([0, 0])
    clock.advance(shanghai(8) + 60_000)
    await runJobsNow(db, 'staff.tell-waiting')
    await settle()
    expect(await heardBy('chenjing', night())).toMatchObject([{ title: '有 2 位客户等待添加' }])
    expect(await heardBy('zhangsan', night())).toEqual([])
  })
})

describe('the app message about who is bound and cannot query', () => {
  type Card = { type: string; title?: string; description?: string; url?: string }
  const cardsOf = async (userid: string, at = town()): Promise<Card[]> =>
    ((await at.control.get(`/_sandbox/members/${userid}/inbox`)).body as Card[]).filter(
      ({ type, title }) => type === 'textcard' && /没有留手机号|不算/.test(title ?? ''),
    )
  const shanghai = (hour: number): number =>
    ((hour - 8) * 3_600_000 - (night().clock.now().getTime() % 86_400_000) + 86_400_000) %
    86_400_000
  async function twoMinutesLater(at = town()): Promise<void> {
    at.clock.advance(120_001)
    await runJobsNow(at.db, 'staff.tell-bound')
    await at.settle()
  }
  const backToNow = () => town().clock.advance(Date.now() - town().clock.now().getTime())

  test('comes two minutes after the tie, once, to who is on duty, and leads to his row', async () => {
    const { db } = town()
    await bound()
    await addJob(db, 'staff.tell-bound')
    await town().settle()
    expect(await cardsOf('zhangsan')).toEqual([])
    await twoMinutesLater()
    const [item] = await listed(await signedIn(), 'unstated-customers')
    expect(await cardsOf('zhangsan')).toMatchObject([
      {
        title: '有客户已绑定，没有留手机号',
        description: expect.stringContaining('「山水有相逢」'),
        url: `${HOME}/staff/?row=${item!['row'] as string}`,
      },
    ])
    for (let looks = 0; looks < 4; looks += 1)
      await addJob(db, 'staff.tell-bound', { key: `look-${String(looks)}` })
    await town().settle()
    expect([(await cardsOf('lisi')).length, (await cardsOf('chenjing')).length]).toEqual([1, 0])
  })

  test('not of who has stated his phone meanwhile, was added, or has ended the binding', async () => {
    const { server, people, settle } = town()
    const [states, isAdded, ends] = [await bound(), await bound(), await bound()]
    await server.post('/api/binding/temp', { phoneNumber: states.phone }, states.token)
    await people.add('zhangsan', isAdded.phone)
    await server.delete('/api/binding', ends.token)
    await settle()
    await twoMinutesLater()
    expect([await cardsOf('zhangsan'), await cardsOf('lisi')]).toEqual([[], []])
    expect(await town().db('staff_bound_notices')).toEqual([])
  })

  test('to the member who has added him in a way that proves nothing, also when he did so later', async () => {
    const { people, settle } = town()
    const customer = await bound()
    await twoMinutesLater()
    backToNow()
    await people.add('chenjing', customer.phone, { addWay: 1 })
    await settle()
    town().clock.advance(3_600_000)
    await addJob(town().db, 'staff.tell-bound') // the bell of the hour
    await settle()
    const [item] = await listed(await signedIn('chenjing'), 'added-otherwise')
    expect(await cardsOf('chenjing')).toMatchObject([
      { title: '有客户加的方式不算', url: `${HOME}/staff/?row=${item!['row'] as string}` },
    ])
  })

  test('is sent again when WeCom refused it, and not when nobody knows', async () => {
    const { control } = town()
    await control.post('/_sandbox/kf/servicers/lisi/duty', { serving: false })
    const fail = (fault: object) =>
      control.post('/_sandbox/faults', {
        endpoints: [{ path: 'message/send', times: 1, ...fault }],
      })
    await bound()
    await fail({ errcode: 45009 })
    await twoMinutesLater()
    expect(await cardsOf('zhangsan')).toEqual([])
    await twoMinutesLater()
    expect(await cardsOf('zhangsan')).toHaveLength(1)
    backToNow()
    await bound()
    await fail({ errcode: 0, effect: 'after', hangup: true })
    await twoMinutesLater()
    await twoMinutesLater()
    expect(await cardsOf('zhangsan')).toHaveLength(2)
    await control.post('/_sandbox/kf/servicers/lisi/duty', { serving: true })
  })

  test('waits for the end of the night, and is one for all', async () => {
    const { clock } = night()
    await bound(night())
    await bound(night())
    clock.advance(shanghai(23))
    await twoMinutesLater(night())
    expect(await cardsOf('chenjing', night())).toEqual([])
    clock.advance(shanghai(9))
    await twoMinutesLater(night())
    expect(await cardsOf('chenjing', night())).toMatchObject([
      { title: '有 2 位客户已绑定，没有留手机号', url: `${HOME}/staff/?row=unstated` },
    ])
  })
})

describe('signatures for the JS-SDK', () => {
  beforeEach(() => town().control.post('/_sandbox/faults', { clear: true }))
  const signatureOf = (browser: MemberBrowser, url: string) =>
    browser.get(`/api/wecom/jssdk-signature?url=${encodeURIComponent(url)}`)

  test('are those of the tickets, for pages of ours only, for staff only', async () => {
    const { sandbox, control } = town()
    const browser = await signedIn()
    const url = `${HOME}/staff/?a=1&b=你`
    const { config, agentConfig } = (await signatureOf(browser, `${url}#top`)).json().data
    const known = (await import('../../scripts/sandbox/base/credentials.ts')).sandboxCredentials
    const { body: token } = await control.get(
      `/wecom/cgi-bin/gettoken?corpid=${known.corpId}&corpsecret=${known.contactSecret}`,
    )
    const ticketAt = async (path: string) =>
      (
        (await (
          await fetch(
            `${sandbox.url}/wecom/cgi-bin/${path}access_token=${String(token.access_token)}`,
          )
        ).json()) as { ticket: string }
      ).ticket
    const sign = (
      ticket: string,
      { nonceStr, timestamp }: { nonceStr: string; timestamp: number },
    ) =>
      createHash('sha1')
        .update(
          `jsapi_ticket=${ticket}&noncestr=${nonceStr}&timestamp=${String(timestamp)}&url=${url}`,
        )
        .digest('hex')
    expect(config).toMatchObject({
      corpId: known.corpId,
      signature: sign(await ticketAt('get_jsapi_ticket?'), config),
    })
    expect(agentConfig).toMatchObject({
      agentId: Number(known.agentId),
      signature: sign(await ticketAt('ticket/get?type=agent_config&'), agentConfig),
    })
    for (const foreign of [
      'https://evil.example/',
      `${HOME}.evil.example/`,
      `${HOME.replace('//', '//x@')}/`,
    ]) {
      expect(await signatureOf(browser, foreign)).toMatchObject({ status: 403 })
    }
    expect((await signatureOf(createBrowser(), url)).status).toBe(401)
  })

  test('cost the platform one ticket of each kind, however many pages ask', async () => {
    const browser = await signedIn()
    await town().control.post('/_sandbox/reset')
    await Promise.all(Array.from({ length: 5 }, () => signatureOf(browser, `${HOME}/staff/`)))
    const calls = (await town().control.get('/_sandbox/calls')).body as { path: string }[]
    expect(
      calls.filter(({ path }) => /jsapi_ticket|ticket\/get/.test(path)).length,
    ).toBeLessThanOrEqual(2)
  })
})
