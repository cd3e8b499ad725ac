import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from '@jest/globals'
import type { Person } from '../../scripts/play/people.ts'
import { holdTable, queued } from '../test/locks.ts'
import { useTown } from '../test/town.ts'

const town = useTown()

const AT_ONCE = 32

/** So many customers, signed in; each may see an order of his own. */
async function arrive(count: number): Promise<Person[]> {
  const { people, settle } = town()
  const customers: Person[] = []
  for (let n = 0; n < count; n += 1) {
    const customer = await people.arrive()
    await people.add('zhangsan', customer.phone)
    await people.load(`SO-${String(n)}`, customer.phone, {
      title: titleOf(n),
      stages: [
        { name: '生产', status: 'done' },
        { name: '安装', status: 'pending' },
      ],
    })
    customers.push(customer)
  }
  await settle()
  for (const customer of customers) await customer.signIn()
  await settle()
  return customers
}
const titleOf = (n: number): string => `第 ${String(n)} 单`

/** Those of rooms and doors; the runner and the lanes look for work whether anybody asks or not. */
const statementsOf = async (act: () => Promise<void>): Promise<string[]> =>
  (await town().listen(act)).filter(
    (sql) => !/graphile_worker|lane_jobs|processes|^(?:BEGIN|COMMIT)/.test(sql),
  )

type Read = (customer: Person) => Promise<{ status: number; body: { data: unknown } }>
const projectOf = async (customer: Person): Promise<string> =>
  (await customer.projects()).body.data.items[0].id as string

describe('what customers ask all day costs so many statements', () => {
  test.each<[string, number, (customer: Person) => Promise<Read>]>([
    [
      'their list',
      2,
      async () =>
        ({ token }) =>
          town().server.get('/api/projects/my', token),
    ],
    [
      'a project',
      3,
      async (customer) => {
        const id = await projectOf(customer)
        return ({ token }) => town().server.get(`/api/projects/${id}`, token)
      },
    ],
    [
      'where they stand',
      4,
      async () =>
        ({ token }) =>
          town().server.get('/api/me', token),
    ],
    [
      'how the binding stands',
      5,
      async () =>
        ({ token }) =>
          town().server.get('/api/binding/status', token),
    ],
    [
      'whether they may query',
      2,
      async () =>
        ({ token, phone }) =>
          town().server.get(`/api/customer/can-query/${phone}`, token),
    ],
  ])('%s: %i', async (_, most, toRead) => {
    const [customer] = await arrive(1)
    const read = await toRead(customer!)
    const heard = await statementsOf(async () => {
      expect((await read(customer!)).status).toBe(200)
    })
    expect(heard).toHaveLength(most)
  })
})

test('many who ask at once are answered together, each with what is his', async () => {
  const customers = await arrive(AT_ONCE)
  const titles: string[] = []
  const heard = await statementsOf(async () => {
    // The first statement waits until the others have come, however slowly a busy machine lets them.
    const letGo = await holdTable(town().db, 'sessions', 'access exclusive')
    const asking = Promise.all(customers.map((customer) => customer.projects()))
    await queued(town().db, 1, 'sessions')
    await sleep(200)
    await letGo()
    const answers = await asking
    titles.push(
      ...answers.map(({ body }) =>
        body.data.items.map(({ title }: { title: string }) => title).join(),
      ),
    )
  })
  expect(titles).toEqual(customers.map((_, n) => titleOf(n)))
  expect(heard.length).toBeLessThan(2 * AT_ONCE)
})
