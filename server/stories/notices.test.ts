import { beforeEach, describe, expect, test } from '@jest/globals'
import { pushEnvironment } from '../../scripts/sandbox/environment.ts'
import type { Person } from '../../scripts/play/people.ts'
import { bindByCode } from '../test/bind-by-code.ts'
import { ADMIN_KEY, useTown } from '../test/town.ts'

const town = useTown({ ...pushEnvironment, STAFF_QUIET_HOURS: 'off' })

const STAGE = 'tpl-stage'
const stagesAt = (name: string) => ({
  stages: ['测量', '设计', '安装'].map((one) => ({
    name: one,
    status: one === name ? 'active' : 'pending',
  })),
})

type Received = { kind?: string; templateId?: string; page?: string; data?: unknown }
const messagesOf = async (person: Person): Promise<Received[]> =>
  ((await person.inbox()) as Received[]).filter(({ kind }) => kind === 'subscribe')

/** Somebody who sees his order, which is at its first stage. */
async function customerAt(orderNo: string): Promise<Person> {
  const { people, settle } = town()
  const customer = await people.arrive()
  await people.add('zhangsan', customer.phone)
  await bindByCode(town(), customer)
  await people.load(orderNo, customer.phone, stagesAt('测量'))
  await settle()
  return customer
}

const accept = (person: Person, choice: 'accept' | 'reject' = 'accept') =>
  town().control.post(`/_sandbox/people/${person.personId}/subscribe`, {
    templateId: STAGE,
    choice,
  })

async function remainingOf(person: Person): Promise<number> {
  const { body } = await town().server.get('/api/notices/templates', person.token)
  const items = body.data.items as { templateId: string; remaining: number }[]
  return items.find(({ templateId }) => templateId === STAGE)!.remaining
}

test('a stage that moves is told by a subscribe message, which opens the project', async () => {
  const customer = await customerAt('SO-MOVE')
  await accept(customer)
  await town().settle()
  expect(await remainingOf(customer)).toBe(1)
  await town().people.load('SO-MOVE', customer.phone, stagesAt('设计'))
  await town().settle()
  const messages = await messagesOf(customer)
  console.log(
    JSON.stringify(messages),
    town()
      .lines.filter((l) => !l.includes('"level":"debug"'))
      .slice(-10),
  )
  expect(messages).toMatchObject([{ templateId: STAGE }])
  expect(await remainingOf(customer)).toBe(0)
})
