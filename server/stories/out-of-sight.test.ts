import { describe, expect, test } from '@jest/globals'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Person } from '../../scripts/play/people.ts'
import { useTown } from '../test/town.ts'
import { listJobs, runJobsNow } from '../test/job-desk.ts'

/** WeCom tells of an add and does not show it yet, or tells of two things within the one second that its clock knows. */
const town = useTown()
const MINUTE = 60_000

/** Signed in with equal unionids on both sides and an order under his number: an add by that number is all that is missing. */
async function arriveWithOrder(orderNo: string): Promise<Person> {
  const { people } = town()
  const customer = await people.arrive()
  await people.load(orderNo, customer.phone)
  await customer.signIn()
  return customer
}

const hide = (errcode: number, times: number) =>
  town().control.post('/_sandbox/faults', {
    endpoints: [{ path: 'externalcontact/get', errcode, times }],
  })
const looks = (): Promise<{ id: number; run_at: Date }[]> =>
  listJobs(town().db, 'contacts.look-again').select('id', 'run_at')

/** Answers how long the next look would have waited, and looks at once. */
async function lookNow(): Promise<number> {
  const { db, settle } = town()
  const [look, ...more] = await looks()
  expect([look !== undefined, more]).toEqual([true, []])
  const waits = look!.run_at.getTime() - Date.now()
  await runJobsNow(db, 'contacts.look-again')
  await settle()
  return waits
}

describe('an add that WeCom does not show yet', () => {
  test.each([84061, 40096])(
    'with %i right after the event is looked at again, and again, until it is there',
    async (errcode) => {
      const { people, settle, db } = town()
      const customer = await arriveWithOrder(`SO-UNSEEN-${String(errcode)}`)
      await hide(errcode, 3)
      await people.add('zhangsan', customer.phone)
      await settle()
      expect((await customer.projects()).status).toBe(403)
      const waited = [await lookNow(), await lookNow(), await lookNow()]
      for (const [index, most] of [5_000, MINUTE, 10 * MINUTE].entries()) {
        expect(waited[index]).toBeLessThanOrEqual(most)
        expect(waited[index]).toBeGreaterThan(most - 5_000)
      }
      expect((await customer.projects()).status).toBe(200)
      expect(await looks()).toEqual([])
      const events = await db('wework_customer_events').select(
        'event_type',
        'add_way',
        'customer_phone',
      )
      expect(events).toEqual([
        { event_type: 'add_external_contact', add_way: 2, customer_phone: customer.phone },
      ])
    },
  )

  test('is looked for also when WeCom shows the contact of another member', async () => {
    const { people, settle, control } = town()
    const customer = await arriveWithOrder('SO-UNSEEN-SECOND')
    await people.add('lisi', customer.phone, { addWay: 1 })
    await settle()
    const entry = { find: '"userid":"zhangsan"', omit: ['createtime'] }
    await control.post('/_sandbox/faults', { broken: [entry] })
    await people.add('zhangsan', customer.phone)
    await settle()
    expect((await customer.projects()).status).toBe(403)
    await control.post('/_sandbox/faults', { broken: [] })
    await lookNow()
    expect((await customer.projects()).status).toBe(200)
  })

  test('is looked for also while WeCom still lists the follow that was deleted before', async () => {
    const { people, settle, control, db } = town()
    const customer = await arriveWithOrder('SO-UNSEEN-OLD')
    await people.add('zhangsan', customer.phone)
    await settle()
    const begun = Math.floor(Date.now() / 1_000) - 86_400
    await db('contact_follows').update({ followed_at: new Date(begun * 1_000) })
    const former = { followed_at: new Date(begun * 1_000) }
    await db('wework_customer_events').update({ ...former, raw_event_data: null })
    await people.remove('zhangsan', { phone: customer.phone })
    await settle()
    await control.post('/_sandbox/faults', {
      broken: [{ find: '"userid":"zhangsan"', set: { createtime: begun } }],
    })
    await people.add('zhangsan', customer.phone)
    await settle()
    await customer.signIn()
    // What the callback said is no word about the follow that was there before.
    expect(await db('wework_customer_events').where(former).pluck('raw_event_data')).toEqual([null])
    expect((await customer.projects()).status).toBe(403)
    await control.post('/_sandbox/faults', { broken: [] })
    await lookNow()
    await customer.signIn()
    expect((await customer.projects()).status).toBe(200)
  })

  test('that has no phone when it comes into sight is looked at further for the phone', async () => {
    const { people, settle } = town()
    const customer = await arriveWithOrder('SO-UNSEEN-NO-PHONE')
    await hide(84061, 1)
    await people.add('zhangsan', customer.phone, { remarkMobile: 'empty' })
    await settle()
    await lookNow()
    expect(await looks()).toHaveLength(1)
  })

  test('is given up when a deletion follows', async () => {
    const { people, settle, control } = town()
    const customer = await arriveWithOrder('SO-UNSEEN-GONE')
    await hide(84061, 1)
    await people.add('zhangsan', customer.phone)
    await settle()
    await sleep(1_100)
    await people.remove('zhangsan', { phone: customer.phone })
    await settle()
    await control.post('/_sandbox/faults', { endpoints: [] })
    await lookNow()
    expect(await looks()).toEqual([])
  })
})

describe('deleted and added again within one second', () => {
  /** As early in a second as a machine under load lets us. */
  const beginOfSecond = () => sleep(1_000 - (Date.now() % 1_000) + 5)

  async function deleteAndAdd(customer: Person): Promise<void> {
    const { people } = town()
    await beginOfSecond()
    await people.remove('zhangsan', { phone: customer.phone })
    await people.add('zhangsan', customer.phone)
  }

  test.each<[string, object]>([
    ['told at once', {}],
    ['told when both have happened', { delayMs: 400 }],
    ['told in the other order', { reorder: 1, delayMs: 200 }],
  ])('the customer goes on seeing his order: %s', async (_, callbacks) => {
    const { people, settle, control, db } = town()
    const customer = await arriveWithOrder('SO-SAME-SECOND')
    await people.add('zhangsan', customer.phone)
    await settle()
    expect((await customer.projects()).status).toBe(200)
    await control.post('/_sandbox/faults', { callbacks })
    await deleteAndAdd(customer)
    await settle()
    await customer.signIn()
    expect((await customer.projects()).status).toBe(200)
    expect(await db('contact_follows').whereNull('ended_at').pluck('userid')).toEqual(['zhangsan'])
  })

  test('what WeCom shows now decides: one that it does not list is ended, and comes back when it lists it', async () => {
    const { people, settle } = town()
    const customer = await arriveWithOrder('SO-SAME-SECOND-LATE')
    await people.add('zhangsan', customer.phone)
    await settle()
    await hide(84061, 2) // to the deletion, and to the add
    await deleteAndAdd(customer)
    await settle()
    await customer.signIn()
    expect((await customer.projects()).status).toBe(403)
    await lookNow()
    await customer.signIn()
    expect((await customer.projects()).status).toBe(200)
  })

  test('a deletion of an earlier follow stays one, also while WeCom still lists it', async () => {
    const { people, settle } = town()
    const customer = await arriveWithOrder('SO-DELETED')
    await people.add('zhangsan', customer.phone)
    await settle()
    await sleep(1_100)
    await people.remove('zhangsan', { phone: customer.phone })
    await settle()
    await customer.signIn()
    expect((await customer.projects()).status).toBe(403)
  })
})
