import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, test } from '@jest/globals'
import type { Person } from '../../scripts/play/people.ts'
import { joinAdvisor } from '../test/advisors.ts'
import { memberBrowsers, type MemberBrowser } from '../test/member-browser.ts'
import { ADMIN_KEY, useTown } from '../test/town.ts'

const HOME = 'https://staff.example.com'
const town = useTown({ PUBLIC_BASE_URL: HOME, STAFF_QUIET_HOURS: 'off' })
const { signedIn } = memberBrowsers(town, HOME)

const ADVISOR = 'advisor-zhangsan'
const OTHER = 'advisor-lisi'
const PATH = '/api/admin/advisors'

const save = (id: string, body: object) =>
  town().server.put(`${PATH}/${id}`, { name: '张三', ...body }, ADMIN_KEY)
const tomorrow = (): string => new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)

async function act(customer: Person, actionType: string, more: object = {}) {
  const body = { advisorId: ADVISOR, actionType, ...more }
  const { body: answer } = await town().server.post('/api/customer/action', body, customer.token)
  return answer.data
}
/** Books 量尺 and leaves his number. */
const book = async (customer: Person, more: object = {}) =>
  act(customer, 'book_service', {
    actionData: { date: tomorrow(), part: 'morning', service: '上门量尺', note: '有一只狗' },
    customerName: '<b>李女士</b>',
    customerPhone: customer.phone,
    ...more,
  })
const itemsOf = async (browser: MemberBrowser, list: string): Promise<any[]> =>
  (await browser.get(`/api/staff/${list}`)).json().data.items
const operations = async (operation: string): Promise<Record<string, any>[]> =>
  (await town().server.get(`/api/admin/operations?operation=${operation}`, ADMIN_KEY)).body.data
    .items

let customer: Person
let zhangsan: MemberBrowser
let lisi: MemberBrowser
beforeEach(async () => {
  await save(ADVISOR, { memberUserid: 'ZhangSan' })
  await save(OTHER, { name: '李四', memberUserid: 'lisi' })
  customer = await town().people.arrive()
  await customer.signIn()
  zhangsan = await signedIn('zhangsan')
  lisi = await signedIn('lisi')
})

describe('a member who is an advisor, on the pages of members', () => {
  test('sees his leads, bookings and what customers did, with phones masked, and nobody else does', async () => {
    await act(customer, 'view_resume')
    const { bookingId } = await book(customer)
    const [lead] = await itemsOf(zhangsan, 'leads')
    const phoneMasked = `${customer.phone.slice(0, 3)}****${customer.phone.slice(-4)}`
    expect(lead).toMatchObject({ phoneMasked, state: '待定', name: '<b>李女士</b>' })
    expect(await itemsOf(zhangsan, 'bookings')).toMatchObject([
      { id: bookingId, date: tomorrow(), phoneMasked, state: '新', customerId: lead.id },
    ])
    const texts = (await itemsOf(zhangsan, 'actions')).map(({ text }) => text)
    expect(texts).toEqual(['新客户预约了您的服务', '客户查看了您的简历'])
    for (const list of ['leads', 'bookings', 'actions']) {
      expect(await itemsOf(lisi, list)).toEqual([])
      const stranger = await (await signedIn('wangwei')).get(`/api/staff/${list}`)
      expect([stranger.status, stranger.json().error.code]).toEqual([403, 'advisor.not_one'])
    }
  })

  test('moves a booking; what is not his he does not find; it is in the log under his name', async () => {
    const { bookingId } = await book(customer)
    const move = (browser: MemberBrowser, state: string) =>
      browser.post(`/api/staff/bookings/${bookingId}`, { body: { state } })
    expect((await move(lisi, '已确认')).status).toBe(404)
    expect((await move(zhangsan, '已确认')).json().data).toMatchObject({
      state: '已确认',
      next: ['已完成', '已取消'],
    })
    const refused = (await move(zhangsan, 'contacted')).json()
    expect([refused.error.code, refused.message]).toEqual([
      'booking.impossible',
      '这个预约现在是「已确认」，不能这样改',
    ])
    expect(await operations('booking.moved')).toMatchObject([
      { operator: 'zhangsan', before: { state: '新' }, after: { state: '已确认' } },
    ])
    const mine = (await town().server.get('/api/bookings/my', customer.token)).body.data.items
    expect(mine).toMatchObject([{ id: bookingId, state: '已确认' }])
  })

  test('notes how it stands with a lead, and sees its phone; each is in the log under his name', async () => {
    await book(customer)
    const [{ id }] = await itemsOf(zhangsan, 'leads')
    const path = `/api/staff/leads/${id}`
    const body = { state: '跟进中', note: '周末再联系' }
    for (const at of [path, `${path}/reveal`])
      expect([at, (await lisi.post(at, { body })).status]).toEqual([at, 404])
    expect((await zhangsan.post(path, { body })).json().data).toMatchObject(body)
    expect((await zhangsan.post(`${path}/reveal`)).json().data).toEqual({ phone: customer.phone })
    expect(await operations('lead.changed')).toMatchObject([{ operator: 'zhangsan', after: body }])
    expect(await operations('lead.phone_revealed')).toMatchObject([{ operator: 'zhangsan' }])
    const foreign = await zhangsan.post(`${path}/reveal`, { headers: {} })
    expect(foreign.json().error.code).toBe('staff.foreign_request')
  })

  test('is none at once when the office puts him away', async () => {
    const { bookingId } = await book(customer)
    await save(ADVISOR, { active: false })
    for (const { status } of [
      await zhangsan.get('/api/staff/leads'),
      await zhangsan.post(`/api/staff/bookings/${bookingId}`, { body: { state: '已联系' } }),
      await zhangsan.get('/staff/advisor/lists'),
    ])
      expect(status).toBe(403)
    expect(await zhangsan.get('/staff/advisor')).toMatchObject({ status: 302, to: '/staff/' })
    expect((await zhangsan.get('/staff/')).text).not.toContain('线索和预约')
  })
})

describe('the page 线索和预约', () => {
  test('tells all of it without a full phone and without what a customer wrote as markup', async () => {
    expect((await zhangsan.get('/staff/advisor')).text).toContain('还没有客户联系您')
    await book(customer)
    const { status, text } = await zhangsan.get('/staff/advisor')
    expect(status).toBe(200)
    for (const word of ['我的预约', '我的线索', '最近动态', '客户留言：有一只狗', '确认预约'])
      expect(text).toContain(word)
    expect(text).toContain('&#60;b&#62;李女士')
    expect(text).not.toContain('<b>李女士')
    expect(text).not.toContain(customer.phone)
    expect((await zhangsan.get('/staff/')).text).toContain(
      '<a href="/staff/advisor">线索和预约</a>',
    )
  })

  test('shows the next visit first, however many are booked for later', async () => {
    await book(customer)
    const { db } = town()
    const [{ id: _, ...one }] = await db('bookings').select('*', db.raw('now() as changed_at'))
    const later = Array.from({ length: 120 }, (__, at) => ({
      ...one,
      id: randomUUID(),
      service: `保养 ${String(at)}`,
      day: db.raw(`current_date + 30 + ${String(at % 50)}`),
    }))
    await db('bookings').insert(later)
    const { text } = await zhangsan.get('/staff/advisor')
    expect(text).toContain('我的预约 <span class="count">121</span>')
    expect(/<ul><li[^>]*>.*?<p class="next">([^<]*)/s.exec(text)?.[1]).toBe('上门量尺')
  })

  test('sends its lists again when they are others, and to whom they belong', async () => {
    await book(customer)
    const seen = await zhangsan.get('/staff/advisor/lists')
    const tag = seen.headers.get('etag')!
    const ask = () => zhangsan.open('/staff/advisor/lists', { headers: { 'if-none-match': tag } })
    expect((await ask()).status).toBe(304)
    await act(customer, 'contact_advisor')
    expect((await ask()).text).toContain('想要联系您')
    const nobody = await fetch(`${town().address}/staff/advisor/lists`)
    expect(nobody.status).toBe(401)
    const page = await fetch(`${town().address}/staff/advisor`, { redirect: 'manual' })
    expect(page.headers.get('location')).toBe(`${HOME}/staff/login?return=%2Fstaff%2Fadvisor`)
  })
})

describe('a member leaves', () => {
  const handOver = async (to: string, more: object = {}) =>
    (
      await town().server.post(
        '/api/admin/members/zhangsan/hand-over',
        { to, reason: '离职交接', ...more },
        ADMIN_KEY,
      )
    ).body
  const standing = async (): Promise<number[]> => {
    const lists = [zhangsan, lisi].flatMap((browser) =>
      ['leads', 'bookings'].map((list) => itemsOf(browser, list)),
    )
    return (await Promise.all(lists)).map(({ length }) => length)
  }
  beforeEach(async () => void (await book(customer)))

  test('what he had as an advisor is tried, and goes to the advisor who the other member is', async () => {
    const advisor = { to: OTHER, leads: 1, bookings: 1, cancelled: 0 }
    expect(await handOver('LiSi', { dryRun: true })).toMatchObject({
      data: { orders: [], advisor },
      message: '将移交 0 个订单、1 条线索、1 个预约',
    })
    expect(await standing()).toEqual([1, 1, 0, 0])
    expect((await handOver('LiSi')).data).toEqual({ orders: [], advisor })
    expect(await standing()).toEqual([0, 0, 1, 1])
    expect(await operations('member.handed_over')).toMatchObject([
      { operator: 'ADMIN_KEY', reason: '离职交接', after: { to: 'LiSi', advisor } },
    ])
    expect((await handOver('LiSi')).data.advisor).toEqual({ ...advisor, leads: 0, bookings: 0 })
    expect(await operations('member.handed_over')).toHaveLength(1)
  })

  test('what the customer has with both ends, which is said before, and in the log whatever else goes', async () => {
    await book(customer, { advisorId: OTHER })
    await zhangsan.post(`/api/staff/bookings/${(await itemsOf(zhangsan, 'bookings'))[0].id}`, {
      body: { state: '已取消' },
    })
    await handOver('lisi')
    await book(customer, { customerPhone: null })
    const advisor = { to: OTHER, leads: 0, bookings: 0, cancelled: 1 }
    expect(await handOver('lisi', { dryRun: true })).toMatchObject({
      data: { advisor },
      message:
        '将移交 0 个订单、0 条线索、0 个预约；另有 1 个与接手顾问处的重复，予以取消并通知客户',
    })
    expect((await handOver('lisi')).data).toEqual({ orders: [], advisor })
    expect((await operations('member.handed_over'))[0]).toMatchObject({ after: { advisor } })
  })

  test('who booked without a phone is a customer of the other advisor, by what he did', async () => {
    const { server, people } = town()
    const lisiAt = await joinAdvisor(town(), OTHER, { name: '李四', memberUserid: 'lisi' })
    const shy = await people.arrive()
    await shy.signIn()
    const { actionId } = await book(shy, { customerPhone: null, customerName: '害羞' })
    const look = () => server.get(`/api/advisor/customers/${actionId}`, lisiAt.token)
    expect((await look()).status).toBe(404)
    await handOver('lisi')
    const booked = (await itemsOf(lisi, 'bookings')).find(({ customerName: n }) => n === '害羞')
    expect(booked).toMatchObject({ customerId: actionId })
    expect((await look()).body.data).toMatchObject({
      id: actionId,
      name: '害羞',
      lead: null,
      actions: [],
      bookings: [{ id: booked.id }],
    })
  })

  test('what is done already stays with whom it was done', async () => {
    const [{ id }] = await itemsOf(zhangsan, 'bookings')
    await zhangsan.post(`/api/staff/bookings/${id}`, { body: { state: '已取消' } })
    expect((await handOver('lisi')).data.advisor).toMatchObject({ leads: 1, bookings: 0 })
    expect(await standing()).toEqual([0, 1, 1, 0])
  })

  test.each([
    ['who is no advisor', 'wangwei', () => undefined],
    ['who is one no more', 'lisi', () => save(OTHER, { name: '李四', active: false })],
  ])('to a member %s nothing of it goes, and that is said', async (_, to, before) => {
    await before()
    expect(await handOver(to)).toMatchObject({
      data: { orders: [], advisor: { to: null, leads: 0, bookings: 0, cancelled: 0 } },
      message: '已移交 0 个订单；接手的成员不是顾问，线索和预约没有移交',
    })
    expect((await itemsOf(zhangsan, 'leads')).length).toBe(1)
    expect(await operations('member.handed_over')).toEqual([])
  })
})
