import { createHash } from 'node:crypto'
import { beforeEach, describe, expect, test } from '@jest/globals'
import { inventPhone, type Person } from '../../scripts/play/people.ts'
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
      url: `${HOME}/staff/`,
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
