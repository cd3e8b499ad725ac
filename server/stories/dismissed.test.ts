import { beforeEach, describe, expect, test } from '@jest/globals'
import type { Person } from '../../scripts/play/people.ts'
import { inventPhone } from '../../scripts/play/people.ts'
import { memberBrowsers, type MemberBrowser } from '../test/member-browser.ts'
import { useTown } from '../test/town.ts'

const HOME = 'https://staff.example.com'
const MINUTE = 60_000
const town = useTown({ PUBLIC_BASE_URL: HOME, STAFF_QUIET_HOURS: 'off' })
const { signedIn } = memberBrowsers(town, HOME)

/** Members outlive the reset between tests, so each test has one of its own. */
let userid: string
let count = 0
beforeEach(async () => {
  const { clock, control } = town()
  clock.advance(Date.now() - clock.now().getTime()) // callbacks of another time would be refused (product.md, section 2)
  userid = `dismissed${String((count += 1))}`
  await control.post('/_sandbox/members', { userid, name: '孙丽' })
})

const change = (how: object) => town().control.post('/_sandbox/members', { userid, ...how })
const failLookUp = (times: number) =>
  town().control.post('/_sandbox/faults', {
    endpoints: [{ path: 'user/get', errcode: 45009, times }],
  })
const codeOf = (answer: { json: () => any }): string => answer.json().error?.code ?? 'none'
const lookUps = async (): Promise<number> =>
  (await town().control.get('/_sandbox/calls')).body.filter(({ path }: { path: string }) =>
    path.endsWith('user/get'),
  ).length

async function claimed(): Promise<Person> {
  const { people, server, settle } = town()
  const customer = await people.arrive({ unionid: false })
  await customer.signIn()
  await server.post('/api/binding/temp', { phoneNumber: customer.phone }, customer.token)
  await settle()
  return customer
}

/** A member who is signed in and looks at somebody who waits. */
async function looking() {
  const customer = await claimed()
  const browser = await signedIn(userid)
  const [item] = (await browser.get('/api/staff/pending-customers')).json().data.items
  const reveal = (by: MemberBrowser = browser) =>
    by.post(`/api/staff/pending-customers/${String(item.id)}/reveal`)
  return { customer, browser, reveal }
}

describe.each([
  ['has left', { status: 5 }],
  ['is deleted', { deleted: true }],
  ['is disabled', { status: 2 }],
])('a member who %s', (_, how) => {
  test('reveals no phone a minute later, though no round has come by, and his session is over', async () => {
    const { clock, db } = town()
    const { browser, reveal } = await looking()
    expect((await reveal()).status).toBe(200)
    await change(how)
    clock.advance(MINUTE + 1_000)
    const refused = await reveal()
    expect([refused.status, codeOf(refused)]).toEqual([403, 'staff.left'])
    expect((await browser.get('/api/staff/me')).status).toBe(401)
    expect(await db('staff_sessions').where({ userid })).toEqual([])
    expect(await db('operation_log').where({ operation: 'claim.phone_revealed' })).toHaveLength(1)
  })

  test('confirms no number either', async () => {
    const { clock, db, people, settle } = town()
    const customer = await people.arrive()
    await people.add(userid, customer.phone, { remarkMobiles: [customer.phone, inventPhone()] })
    await settle()
    const browser = await signedIn(userid)
    const [asked] = (await browser.get('/api/staff/phone-missing')).json().data.items
    await change(how)
    clock.advance(MINUTE + 1_000)
    const refused = await browser.post(`/api/staff/reviews/${String(asked.reviewId)}/confirm`, {
      body: { choice: asked.choices[0].choice },
    })
    expect([refused.status, codeOf(refused)]).toEqual([403, 'staff.left'])
    expect(await db('evidence').where({ kind: 'phone_search' })).toEqual([])
  })
})

test('whose standing cannot be asked reveals nothing, and may try again; he can still sign out', async () => {
  const { clock, db } = town()
  const { browser, reveal } = await looking()
  clock.advance(MINUTE + 1_000)
  await failLookUp(2)
  const refused = await reveal()
  expect([refused.status, codeOf(refused), refused.headers.get('retry-after')]).toEqual([
    503,
    'staff.not_vouched',
    '10',
  ])
  expect(await db('operation_log').where({ operation: 'claim.phone_revealed' })).toEqual([])
  expect((await browser.get('/api/staff/pending-customers')).status).toBe(200)
  expect((await browser.post('/api/staff/sign-out')).status).toBe(200)
  await town().control.post('/_sandbox/faults', { clear: true })
  const again = await signedIn(userid)
  expect((await reveal(again)).status).toBe(200)
})

test('one good answer stands for a minute: WeCom is asked once for many actions, and not missed meanwhile', async () => {
  const { clock } = town()
  const { reveal } = await looking()
  clock.advance(MINUTE + 1_000)
  const before = await lookUps()
  expect((await reveal()).status).toBe(200)
  await failLookUp(9)
  for (let action = 0; action < 3; action += 1) expect((await reveal()).status).toBe(200)
  expect((await lookUps()) - before).toBe(1)
  clock.advance(MINUTE + 1_000)
  expect((await reveal()).status).toBe(503)
})

test('who is merely outside the visible range of the app has not left', async () => {
  const { clock } = town()
  const { reveal } = await looking()
  await change({ hidden: true })
  clock.advance(MINUTE + 1_000)
  expect((await reveal()).status).toBe(200)
})
