import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { botTexts, findTicket, type Person } from '../../scripts/play/people.ts'
import { createHttp } from '../../scripts/play/requests.ts'
import { holdTable, queued } from '../test/locks.ts'
import { openMortal, type Mortal } from '../test/mortal.ts'
import { jobsDone, waitFor } from '../test/wait.ts'

/**
 * A server is held at a named point, killed with SIGKILL, and the next one must finish its work alone: the orders that the
 * clock gives each minute, which could find what was lost, are taken away.
 */
let database: Mortal['database']
let sandbox: Mortal['sandbox']
let front: Mortal['front']
/** Between the server and WeCom. */
let back: Mortal['back']
let people: Mortal['people']
let lines: Mortal['lines']
let replaceServer: Mortal['replace']
let close: Mortal['close']

beforeAll(async () => {
  const mortal = await openMortal({
    env: ({ url }) => ({ WECOM_API_BASE: `${url}/wecom` }),
    prepare: takeTheClock,
  })
  ;({ database, sandbox, front, back, people, lines, close } = mortal)
  replaceServer = mortal.replace
})
beforeEach(async () => {
  await quiet()
  await createHttp(sandbox.url).post('/_sandbox/reset')
  await createHttp(sandbox.url).post('/_sandbox/settings', {
    retryDelayMs: 100,
    callbackTimeoutMs: 20_000,
    unionidAvailable: true,
    undocumented: 'fixed',
  })
})
afterAll(() => close())

const takeTheClock = ({ db }: Mortal['database']) =>
  db.raw(`
  insert into cron_fires (name, slot)
  select name, slot from unnest(array['kf.catch-up', 'callbacks.drain']) as name, generate_series(date_trunc('minute', now()), now() + interval '1 hour', interval '1 minute') as slot`)

const quiet = async (): Promise<void> => {
  await sandbox.idle()
  await jobsDone(database.db)
  expect(lines().filter((line) => line.includes('"level":"error"'))).toEqual([])
}

const count = async (table: string, where: object): Promise<number> =>
  (await database.db(table).where(where)).length
const tiesOf = (person: Person) =>
  count('customer_accounts', { external_userid: person.externalUserid })
const attemptsOf = (person: Person): Promise<{ state: string }[]> =>
  database.db('pending_bindings').where({ external_userid: person.externalUserid }).select('state')
const greetingsOf = async (person: Person) =>
  ((await person.inbox()) as { type: string }[]).filter(({ type }) => type === 'text').length
const BOUND = expect.stringContaining('绑定成功')

async function withCode(options: { unionid: boolean }) {
  const customer = await people.arrive(options)
  await customer.signIn()
  return { customer, ...(await customer.code()) }
}

test('killed between the kf page and its commit: the next process fetches the page again, and every message counts once', async () => {
  const { customer, bindCode } = await withCode({ unionid: true })
  const stranger = await people.arrive()
  const unlock = await holdTable(database.db, 'kf_messages', 'access exclusive')
  const pagesBefore = back.count('kf/sync_msg')
  await customer.say(bindCode)
  await queued(database.db, 1, 'kf_messages')
  expect(back.count('kf/sync_msg')).toBe(pagesBefore + 1)
  await stranger.say('进度')
  await replaceServer(unlock)
  await quiet()
  const rows: { handled_at: Date | null }[] = await database
    .db('kf_messages')
    .whereIn('external_userid', [customer.externalUserid, stranger.externalUserid])
    .where({ origin: 'customer' })
  expect(rows).toHaveLength(2)
  expect(rows.every(({ handled_at: at }) => at !== null)).toBe(true)
  expect(await customer.status()).toMatchObject({ state: 'bound' })
  expect(await tiesOf(customer)).toBe(1)
  expect(botTexts(await customer.chat())).toEqual([BOUND])
  expect(botTexts(await stranger.chat())).toHaveLength(1)
})

describe('killed after the commit of a callback, before the platform has its answer: the platform asks the next process, and it counts once', () => {
  test('an added contact', async () => {
    const customer = await people.arrive()
    const answer = front.hold('/api/wework/callback', 'answer')
    const attemptsBefore = front.count('/api/wework/callback')
    await people.add('zhangsan', customer.phone)
    await answer.reached
    await replaceServer()
    answer.drop()
    await quiet()
    expect(front.count('/api/wework/callback')).toBe(attemptsBefore + 2)
    expect(
      await database.db('callback_inbox').whereLike('payload', `%${customer.externalUserid}%`),
    ).toHaveLength(1)
    expect(
      await count('wework_customer_events', { external_userid: customer.externalUserid }),
    ).toBe(1)
    expect(
      await count('evidence', { external_userid: customer.externalUserid, kind: 'phone_search' }),
    ).toBe(1)
    expect(await greetingsOf(customer)).toBe(1)
  })

  test('a ring of the kf account', async () => {
    const { customer, bindCode } = await withCode({ unionid: true })
    const answer = front.hold('/api/wechat-work/message', 'answer')
    await customer.say(bindCode)
    await answer.reached
    await replaceServer()
    answer.drop()
    await quiet()
    expect(await tiesOf(customer)).toBe(1)
    expect(botTexts(await customer.chat())).toEqual([BOUND])
  })
})

describe('killed between a reply and its record: the platform refuses the repetition, and the customer reads it once', () => {
  const refusals = async (path: string) =>
    (
      (await createHttp(sandbox.url).get('/_sandbox/calls')).body as {
        path: string
        errcode: number
      }[]
    )
      .filter((call) => call.path.endsWith(path) && call.errcode !== 0)
      .map(({ errcode }) => errcode)

  test('an answer in the chat', async () => {
    const customer = await people.arrive()
    const answer = back.hold('kf/send_msg', 'answer')
    await customer.say('进度')
    await answer.reached
    expect(botTexts(await customer.chat())).toHaveLength(1)
    await replaceServer(answer.drop)
    await quiet()
    expect(botTexts(await customer.chat())).toHaveLength(1)
    expect(await refusals('kf/send_msg')).toEqual([45065])
  })

  test('the card to tap, which then still binds', async () => {
    const { customer, bindCode } = await withCode({ unionid: false })
    const answer = back.hold('kf/send_msg', 'answer')
    await customer.say(bindCode)
    await answer.reached
    await replaceServer(answer.drop)
    await quiet()
    expect(await refusals('kf/send_msg')).toEqual([45065])
    expect((await customer.chat()).filter(({ from }) => from === 'bot')).toHaveLength(1)
    expect(await customer.status()).toMatchObject({
      state: 'awaiting_confirmation',
      reason: 'say_anything',
    }) // what a repeated msgid answers is in no source
    await customer.openTicket(findTicket(await customer.chat())!)
    await quiet()
    expect(await customer.status()).toMatchObject({ state: 'bound' })
    expect(await tiesOf(customer)).toBe(1)
  })

  test('the card that greets a customer who came by the bind link', async () => {
    const { customer, kfUrl } = await withCode({ unionid: false })
    const answer = back.hold('kf/send_msg_on_event', 'answer')
    await customer.enter(kfUrl)
    await answer.reached
    await replaceServer(answer.drop)
    await quiet()
    expect((await customer.chat()).filter(({ from }) => from === 'bot')).toHaveLength(1)
    expect(await customer.status()).toMatchObject({
      state: 'awaiting_confirmation',
      reason: 'say_anything',
    })
    expect(await customer.openTicket(findTicket(await customer.chat())!)).toMatchObject({
      status: 200,
    })
    expect(await customer.status()).toMatchObject({ state: 'bound' })
  })

  test('the welcome of a member', async () => {
    const customer = await people.arrive()
    const answer = back.hold('externalcontact/send_welcome_msg', 'answer')
    await people.add('zhangsan', customer.phone)
    await answer.reached
    await replaceServer(answer.drop)
    await quiet()
    expect(await greetingsOf(customer)).toBe(1)
    expect(
      await count('evidence', { external_userid: customer.externalUserid, kind: 'phone_search' }),
    ).toBe(1)
  })
})

describe('killed in the middle of settling an attempt: the next process settles it, once', () => {
  /** Stops the process where it writes to `table`, after WeCom was asked who the contact is. */
  async function dieAtWriting(table: string, send: () => Promise<unknown>): Promise<void> {
    const asked = back.hold('kf/customer/batchget', 'request')
    await send()
    await asked.reached
    const unlock = await holdTable(database.db, table, 'exclusive')
    asked.release()
    await queued(database.db, 1, table)
    await replaceServer(unlock)
    await quiet()
  }

  test('with the tie written but not committed', async () => {
    const { customer, bindCode } = await withCode({ unionid: true })
    await dieAtWriting('customer_accounts', () => customer.say(bindCode))
    expect(await tiesOf(customer)).toBe(1)
    expect(await attemptsOf(customer)).toEqual([{ state: 'bound' }])
    expect(botTexts(await customer.chat())).toEqual([BOUND])
  })

  test('with the contact identified and tied, and its attempt still open', async () => {
    const { customer, bindCode } = await withCode({ unionid: true })
    await dieAtWriting('pending_bindings', () => customer.say(bindCode))
    expect(await tiesOf(customer)).toBe(1)
    expect(await attemptsOf(customer)).toEqual([{ state: 'bound' }])
    expect(botTexts(await customer.chat())).toEqual([BOUND])
  })

  test('with the contact identified, and its ticket not committed', async () => {
    const { customer, bindCode } = await withCode({ unionid: false })
    await dieAtWriting('tickets', () => customer.say(bindCode))
    expect(await count('tickets', { external_userid: customer.externalUserid })).toBe(1)
    expect((await customer.chat()).filter(({ from }) => from === 'bot')).toHaveLength(1)
    expect(await customer.openTicket(findTicket(await customer.chat())!)).toMatchObject({
      status: 200,
      body: { data: { state: 'bound' } },
    })
    await quiet()
    expect(await tiesOf(customer)).toBe(1)
    expect(botTexts(await customer.chat()).at(-1)).toEqual(BOUND)
  })

  test('with the tap not committed: the customer is told nothing, taps again, and is bound', async () => {
    const { customer, bindCode } = await withCode({ unionid: false })
    await customer.say(bindCode)
    const ticket = await waitFor('the card', async () => findTicket(await customer.chat()))
    await jobsDone(database.db)
    const unlock = await holdTable(database.db, 'customer_accounts', 'exclusive')
    const tapped = customer.openTicket(ticket).catch(() => ({ status: 0 }))
    await queued(database.db, 1, 'customer_accounts')
    await replaceServer(unlock)
    expect((await tapped).status).not.toBe(200)
    expect(await tiesOf(customer)).toBe(0)
    expect(await customer.openTicket(ticket)).toMatchObject({
      status: 200,
      body: { data: { state: 'bound' } },
    })
    await quiet()
    expect(await tiesOf(customer)).toBe(1)
    expect(
      botTexts(await customer.chat()).filter((text) => text.includes('绑定成功')),
    ).toHaveLength(1)
  })
})

test('killed while it waits for WeCom to describe a contact: the next process asks again, and the permission is there once', async () => {
  const customer = await people.arrive()
  await people.load('SO-CRASH', customer.phone)
  const asked = back.hold('externalcontact/get', 'request')
  await people.add('zhangsan', customer.phone)
  await asked.reached
  await replaceServer(asked.drop)
  await quiet()
  expect(await count('wework_customer_events', { external_userid: customer.externalUserid })).toBe(
    1,
  )
  expect(
    await count('evidence', { external_userid: customer.externalUserid, kind: 'phone_search' }),
  ).toBe(1)
  expect(await greetingsOf(customer)).toBe(1)
  await customer.signIn()
  expect((await customer.projects()).body.data.items).toMatchObject([{ orderNo: 'SO-CRASH' }])
})
