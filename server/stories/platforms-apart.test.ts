import { afterEach, describe, expect, test } from '@jest/globals'
import { examine } from '../../scripts/doctor/examine.ts'
import type { Finding } from '../../scripts/doctor/report.ts'
import type { Person } from '../../scripts/play/people.ts'
import { bindByCode } from '../test/bind-by-code.ts'
import { townEnvironment, useTown } from '../test/town.ts'
import { addJob } from '../test/job-desk.ts'

const town = useTown()
const ALARM = 'they belong to different Open Platform accounts'
const OVER = 'agree again'

const setApart = (unionidsOfAnotherPlatform: boolean) =>
  town().control.post('/_sandbox/settings', { unionidsOfAnotherPlatform })
afterEach(() => setApart(false))

const lines = (words: string) =>
  town()
    .lines.map((line) => JSON.parse(line) as { level: string; msg: string })
    .filter(({ msg }) => msg.includes(words))
const refused = async (customer: Person) =>
  expect(await customer.status()).toMatchObject({ state: 'refused', reason: 'unionid_mismatch' })

/** Customers who send their own code, each from his own chat. */
async function tryToBind(count: number): Promise<Person[]> {
  const customers: Person[] = []
  for (let index = 0; index < count; index += 1) {
    const customer = await town().people.arrive()
    await bindByCode(town(), customer)
    customers.push(customer)
  }
  return customers
}

async function doctorSays(): Promise<Finding[]> {
  const { sandbox, database } = town()
  const findings: Finding[] = []
  await examine(townEnvironment(sandbox.url, database.connectionString), 'sandbox', {
    add: (finding) => void findings.push(finding),
  })
  return findings.filter(({ topic }) => topic[1] === 'unionids agree')
}

describe('WeCom and the mini-program of different Open Platform accounts (D15)', () => {
  test('the first three customers who differ raise one ERROR that says what to do, and nobody is bound', async () => {
    await setApart(true)
    await tryToBind(2)
    expect(lines(ALARM)).toEqual([])
    expect(await doctorSays()).toEqual([])
    const [customer] = await tryToBind(3)
    await refused(customer!)
    expect(lines(ALARM)).toMatchObject([
      { level: 'error', msg: expect.stringContaining('docs/connecting.md') },
    ])
    expect(await town().db('customer_accounts')).toEqual([])
    expect(await doctorSays()).toMatchObject([{ level: 'FAIL' }])
  })

  test('one customer who tries again and again raises nothing', async () => {
    const { people, db, settle } = town()
    await setApart(true)
    const [customer, friend] = [await people.arrive(), await people.arrive()]
    for (const chat of [customer, friend, customer]) {
      await bindByCode(town(), customer, chat)
      await db('bind_codes').update({ issued_at: new Date(Date.now() - 3_600_000) })
    }
    await settle()
    await refused(customer)
    expect(lines(ALARM)).toEqual([])
  })

  test('the alarm ends by itself with the first equal pair, and the veto was never lifted', async () => {
    await setApart(true)
    const [customer] = await tryToBind(3)
    expect(lines(ALARM)).toHaveLength(1)
    await setApart(false)
    await customer!.signIn()
    await town().settle()
    expect((await customer!.me()).bindingStatus).toBe('bound')
    expect(lines(OVER)).toMatchObject([{ level: 'warn' }])
    expect(await town().db('configuration_alarms').whereNull('ended_at')).toEqual([])
    expect(await doctorSays()).toMatchObject([{ level: 'ok' }])
  })

  test('strangers who differ raise nothing where a pair was ever equal', async () => {
    const { people } = town()
    await tryToBind(1)
    for (let index = 0; index < 3; index += 1) {
      const [account, chat] = [await people.arrive(), await people.arrive()]
      await bindByCode(town(), account, chat)
      await refused(account)
    }
    expect(lines(ALARM)).toEqual([])
  })

  test('the daily look raises what the refusals did not, once for all processes', async () => {
    const { db, settle } = town()
    await setApart(true)
    await tryToBind(3)
    await db('configuration_alarms').delete()
    town().lines.length = 0
    await Promise.all(Array.from({ length: 4 }, () => addJob(db, 'ties.check-platforms')))
    await settle()
    expect(lines(ALARM)).toHaveLength(1)
  })
})
