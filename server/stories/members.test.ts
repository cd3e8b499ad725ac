import { beforeEach, describe, expect, test } from '@jest/globals'
import type { Person } from '../../scripts/play/people.ts'
import { useTown } from '../test/town.ts'
import { addJob } from '../test/job-desk.ts'

const HOUR = 3_600_000
const town = useTown()

/** Members outlive the reset between tests, so each test has one of its own. */
let userid: string
let count = 0
const put = (change: object, who = userid) =>
  town().control.post('/_sandbox/members', { userid: who, ...change })

beforeEach(async () => {
  const { clock } = town()
  clock.advance(Date.now() - clock.now().getTime()) // callbacks of another time would be refused (product.md, section 2)
  userid = `advisor${String((count += 1))}`
  await put({ name: '孙丽' })
})

/** A customer whom this member searched and added, bound by his unionid. */
async function welcome(): Promise<Person> {
  const { people, settle } = town()
  const customer = await people.arrive()
  await people.add(userid, customer.phone)
  await settle()
  await customer.signIn()
  return customer
}

/** As the clock would, so many hours later; sessions of customers end meanwhile. */
async function lookAgain(customer: Person, hours: number): Promise<void> {
  const { db, clock, settle } = town()
  clock.advance(hours * HOUR)
  await addJob(db, 'members.refresh-due')
  await settle()
  await customer.signIn()
}
const advisorOf = async (customer: Person) => (await customer.me()).advisor
const standingOf = async (who = userid) =>
  (await town().db('members').where({ userid: who }).first('standing'))?.standing

test('after the add the customer reads the name of his advisor; a new name follows within a day', async () => {
  const customer = await welcome()
  expect(await advisorOf(customer)).toEqual({ userid, name: '孙丽' })
  await put({ name: '孙莉' })
  await lookAgain(customer, 2)
  expect(await advisorOf(customer)).toEqual({ userid, name: '孙丽' })
  await lookAgain(customer, 24)
  expect(await advisorOf(customer)).toEqual({ userid, name: '孙莉' })
})

describe('a member who has neither signed in nor added anybody', () => {
  const other = () => `designer${String(count)}`
  /** As the customer reads it in his project, of whom this member is the designer and another the manager. */
  async function names(change: object = {}): Promise<unknown[]> {
    const { people, settle, server } = town()
    await put({ name: '周设计', ...change }, other())
    const customer = await welcome()
    const staff = { designerUserid: other(), projectManagerUserid: userid }
    await people.load(`SO-${other()}`, customer.phone, staff)
    await settle()
    const { id } = (await customer.projects()).body.data.items[0]
    const { data } = (await server.get(`/api/projects/${String(id)}`, customer.token)).body
    return [data.designerName, data.projectManagerName]
  }

  test('is named to the customer whose order a load gives him', async () =>
    expect(await names()).toEqual(['周设计', '孙丽']))

  test('stays unnamed outside the visible range, and the load is none the worse', async () => {
    expect(await names({ hidden: true })).toEqual([undefined, '孙丽'])
    expect(await standingOf(other())).toBeUndefined()
  })
})

test('a name that could not be asked for is made up for by the next round; until then the advisor has none', async () => {
  const { control } = town()
  await control.post('/_sandbox/faults', {
    endpoints: [{ path: 'user/get', errcode: 45009, times: 1 }],
  })
  const customer = await welcome()
  expect(await advisorOf(customer)).toEqual({ userid })
  await lookAgain(customer, 0)
  expect(await advisorOf(customer)).toEqual({ userid, name: '孙丽' })
})

describe.each([
  ['gone', { status: 5 }],
  ['gone', { deleted: true }],
  ['disabled', { status: 2 }],
])('who is %s (%j)', (standing, change) => {
  test('is noticed within an hour while he is signed in, and no more shown by name', async () => {
    const customer = await welcome()
    await town()
      .db('staff_sessions')
      .insert({
        token_hash: Buffer.from(userid),
        userid,
        created_at: new Date(),
        expires_at: new Date(Date.now() + 12 * HOUR),
      })
    await put(change)
    await lookAgain(customer, 1)
    expect(await standingOf()).toBe(standing)
    expect(await advisorOf(customer)).toEqual({ userid })
  })

  test('gives way to a colleague who follows the customer too', async () => {
    const { people, settle } = town()
    const customer = await welcome()
    await people.add('lisi', customer.phone, { addWay: 1 })
    await settle()
    expect(await advisorOf(customer)).toMatchObject({ userid })
    await put(change)
    await lookAgain(customer, 25)
    expect(await advisorOf(customer)).toEqual({ userid: 'lisi', name: '李四' })
    expect((await customer.me()).canQuery).toBe(true)
  })
})

test('who is merely outside the visible range has not left, and keeps his name', async () => {
  const customer = await welcome()
  await put({ hidden: true })
  await lookAgain(customer, 25)
  expect(await standingOf()).toBe('hidden')
  expect(await advisorOf(customer)).toEqual({ userid, name: '孙丽' })
})
