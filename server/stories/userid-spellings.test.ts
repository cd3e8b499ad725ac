import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { memberBrowsers } from '../test/member-browser.ts'
import { tenSecondsPass } from '../test/ten-seconds.ts'
import { useTown } from '../test/town.ts'
import { addJob } from '../test/job-desk.ts'

const HOME = 'https://staff.example.com'
const town = useTown({ PUBLIC_BASE_URL: HOME, STAFF_QUIET_HOURS: 'off' })
const { signedIn } = memberBrowsers(town, HOME)
const spell = (otherUseridCase: boolean) =>
  town().control.post('/_sandbox/settings', { otherUseridCase })

beforeEach(() => spell(true))
afterEach(() => spell(false))

/** Callbacks and sign-in say ZHANGSAN, lists zhangsan: one member (D27). */
test('an add that is told in another spelling proves the phone, once', async () => {
  const { people, settle, db } = town()
  const customer = await people.arrive()
  await people.load('SO-U', customer.phone, { designerUserid: 'ZhangSan' })
  await people.add('zhangsan', customer.phone)
  await settle()
  await customer.signIn()
  expect((await customer.projects()).body.data.items).toMatchObject([{ orderNo: 'SO-U' }])
  expect(await db('contact_follows').pluck('userid')).toEqual(['zhangsan'])
  const events = await db('wework_customer_events').select('employee_userid', 'raw_event_data')
  expect(events).toMatchObject([
    { employee_userid: 'zhangsan', raw_event_data: { userId: 'ZHANGSAN' } },
  ])
})

test('an end that is told in another spelling ends what the member proved', async () => {
  const { people, settle } = town()
  const customer = await people.arrive()
  await people.load('SO-U', customer.phone)
  await people.add('zhangsan', customer.phone)
  await settle()
  await customer.signIn()
  expect((await customer.projects()).status).toBe(200)
  await people.remove('zhangsan', { phone: customer.phone })
  await settle()
  await customer.signIn()
  expect((await customer.projects()).status).toBe(403)
})

test('a member who signs in by another spelling has his name, his customers and his questions', async () => {
  const { people, settle } = town()
  const customer = await people.arrive()
  await people.add('zhangsan', customer.phone, { remarkMobiles: [customer.phone, '13911112222'] })
  await settle()
  const browser = await signedIn()
  expect((await browser.get('/api/staff/me')).json().data).toMatchObject({
    userid: 'ZHANGSAN',
    name: '张三',
  })
  const { items } = (await browser.get('/api/staff/phone-missing')).json().data
  expect(items).toMatchObject([{ choices: expect.any(Array) }])
  const [{ choice }] = items[0].choices
  expect(
    (
      await browser.post(`/api/staff/reviews/${String(items[0].reviewId)}/confirm`, {
        body: { choice },
      })
    ).status,
  ).toBe(200)
  await tenSecondsPass(town())
  await customer.signIn()
  expect(await customer.me()).toMatchObject({ canQuery: true })
})

test('a pull that spells a member otherwise finds nothing missing and nothing new', async () => {
  const { people, settle, control, db } = town()
  const customer = await people.arrive()
  await people.add('zhangsan', customer.phone)
  await settle()
  await control.post('/_sandbox/faults', {
    broken: [
      {
        find: customer.externalUserid,
        set: { 'follow_info.userid': 'ZhangSan', 'follow_info.oper_userid': 'zhangSAN' },
      },
    ],
  })
  for (let round = 0; round < 3; round += 1) {
    await addJob(db, 'contacts.reconcile')
    await settle()
  }
  expect(await db('contact_follows').select('userid', 'ended_at')).toEqual([
    { userid: 'zhangsan', ended_at: null },
  ])
  expect(await db('wework_customer_events')).toHaveLength(1)
  await customer.signIn()
  expect(await customer.me()).toMatchObject({ canQuery: true })
})

test('a member who has left in one spelling is out in every other', async () => {
  const { people, settle, control, clock, db } = town()
  await control.post('/_sandbox/members', { userid: 'SunLi', name: '孙丽' })
  const customer = await people.arrive()
  await people.add('sunli', customer.phone)
  await settle()
  const browser = await signedIn('sunli')
  expect((await browser.get('/api/staff/me')).status).toBe(200)
  await control.post('/_sandbox/members', { userid: 'sunli', status: 5 })
  clock.advance(40 * 60_000)
  await addJob(db, 'members.refresh-due')
  await settle()
  expect((await browser.get('/api/staff/me')).status).toBe(401)
  clock.advance(-40 * 60_000)
})
