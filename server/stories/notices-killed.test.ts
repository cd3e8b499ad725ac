import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { findTicket, type Person } from '../../scripts/play/people.ts'
import { createHttp } from '../../scripts/play/requests.ts'
import { pushEnvironment } from '../../scripts/sandbox/environment.ts'
import { hurryJobs, listJobs } from '../test/job-desk.ts'
import { holdTable, queued } from '../test/locks.ts'
import { howMany } from '../test/long.ts'
import { openMortal, type Mortal } from '../test/mortal.ts'
import { jobsDone, waitFor } from '../test/wait.ts'

/** `notices/kills.test.ts` dies at every statement, in process; here a real one is killed, and the next finishes its work. */
let database: Mortal['database']
let sandbox: Mortal['sandbox']
let front: Mortal['front']
/** Between the server and WeChat. */
let back: Mortal['back']
let people: Mortal['people']
let replaceServer: Mortal['replace']
let close: Mortal['close']

const SEND = 'message/subscribe/send'
const TEMPLATE = 'tpl-stage'

beforeAll(async () => {
  const mortal = await openMortal({
    env: ({ url }) => ({ ...pushEnvironment, WECHAT_API_BASE: `${url}/weixin` }),
  })
  ;({ database, sandbox, front, back, people, close } = mortal)
  replaceServer = mortal.replace
}, 60_000)
afterAll(() => close())

async function quiet(): Promise<void> {
  await sandbox.idle()
  await jobsDone(database.db)
}

const load = (customer: Person, stage: string) =>
  people.load(`SO-${customer.phone}`, customer.phone, {
    stages: ['测量', '设计'].map((name) => ({
      name,
      status: name === stage ? 'active' : 'pending',
    })),
  })

/** Somebody who may see his project, and who consented to so many messages. */
async function consenting(consents: number): Promise<Person> {
  const customer = await people.arrive()
  await people.add('zhangsan', customer.phone)
  await customer.signIn()
  await customer.say((await customer.code()).bindCode)
  await quiet()
  const ticket = findTicket(await customer.chat())
  if (ticket !== undefined) await customer.openTicket(ticket)
  await load(customer, '测量')
  for (let given = 0; given < consents; given += 1) {
    await createHttp(sandbox.url).post(`/_sandbox/people/${customer.personId}/subscribe`, {
      templateId: TEMPLATE,
      choice: 'accept',
    })
    await createHttp(sandbox.url).post('/_sandbox/clock', { advanceSeconds: 1 })
  }
  await quiet()
  return customer
}

const messagesOf = async (customer: Person): Promise<unknown[]> =>
  ((await customer.inbox()) as { kind?: string }[]).filter(({ kind }) => kind === 'subscribe')
const newsOf = async (customer: Person): Promise<unknown[]> =>
  (await customer.chat()).filter(({ text }) => text?.includes('新进展'))

/** The minutes are over in which WeChat tells what became of a message, and all that it told is heard. */
async function minutesLater(): Promise<void> {
  const isDone = async (): Promise<boolean> => {
    await sandbox.idle()
    return (await listJobs(database.db).whereNot('name', 'notices.resolve')).length === 0
  }
  await waitFor('all but the look at what is in doubt', isDone)
  await hurryJobs(database.db, `name = 'notices.resolve'`)
  await quiet()
}

async function tellAndDie(point: string, consents: number): Promise<Person> {
  const customer = await consenting(consents)
  const { reached, after } = await KILLS[point]!()
  await load(customer, '设计')
  await reached
  await replaceServer(after)
  await minutesLater()
  expect(await newsOf(customer)).toEqual([])
  return customer
}

async function remainingOf(customer: Person): Promise<number> {
  const { body } = await createHttp(front.url).get('/api/notices/templates', customer.token)
  const items = body.data.items as { templateId: string; remaining: number }[]
  return items.find(({ templateId }) => templateId === TEMPLATE)!.remaining
}

/** Where the process stands when it is killed; `after` lets go of what held it there. */
type Standing = { reached: Promise<unknown>; after: () => unknown }

const atTable = async (table: string): Promise<Standing> => {
  const unlock = await holdTable(database.db, table, 'exclusive')
  return { reached: queued(database.db, 1, table), after: unlock }
}
const atCall = (when: 'request' | 'answer'): Standing => {
  const held = back.hold(SEND, when)
  return { reached: held.reached, after: held.drop }
}

const KILLS: Record<string, () => Standing | Promise<Standing>> = {
  'before it is taken': () => atTable('notice_sendings'),
  'when it is taken, before WeChat has it': () => atCall('request'),
  'when WeChat has sent it, before the answer': () => atCall('answer'),
  'when it is answered, before that is noted': () => {
    const held = back.hold(SEND, 'answer')
    let unlock: () => unknown = () => {}
    const lock = async (): Promise<void> => {
      await held.reached
      unlock = await holdTable(database.db, 'notice_sendings', 'exclusive')
      held.release()
      await queued(database.db, 1, 'notice_sendings')
    }
    return { reached: lock(), after: () => unlock() }
  },
}

const tasks = async (): Promise<number> =>
  (await database.db('notice_sendings').where({ way: 'staff' })).length

/** Each takes seconds; in process every point is tried each time. */
const POINTS = Object.keys(KILLS).slice(-howMany(2, 4))

test.each(POINTS)(
  'by his last consent, a notice whose sender is killed %s comes once',
  async (point) => {
    const customer = await tellAndDie(point, 1)
    expect(await messagesOf(customer)).toHaveLength(1)
    expect([await remainingOf(customer), await tasks()]).toEqual([0, 0])
  },
)

test.each(Object.keys(KILLS))(
  'with more consents left, a notice whose sender is killed %s comes at most once, and what may be lost a member tells',
  async (point) => {
    const before = await tasks()
    const customer = await tellAndDie(point, 2)
    const came = (await messagesOf(customer)).length
    const asked = (await tasks()) - before
    expect(came).toBe(point.includes('before WeChat has it') ? 0 : 1)
    expect(came + asked).toBeGreaterThanOrEqual(1)
    expect(await remainingOf(customer)).toBeLessThanOrEqual(2 - came)
  },
)
