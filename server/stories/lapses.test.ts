import { afterEach, describe, expect, test } from '@jest/globals'
import { findTicket, type Person } from '../../scripts/play/people.ts'
import { bindByCode } from '../test/bind-by-code.ts'
import { useTown } from '../test/town.ts'
import { addJob } from '../test/job-desk.ts'

/** What ends by the clock: just before its end it is good, just after it is not. */
const town = useTown()
const MINUTE = 60_000
const HOUR = 60 * MINUTE
const SESSION = 24 * HOUR

const pass = (ms: number): void => town().clock.advance(ms)
afterEach(() => pass(Date.now() - town().clock.now().getTime()))

const order = async (name: string) => {
  await addJob(town().db, name)
  await town().settle()
}

describe('a session', () => {
  const isOpen = async ({ token }: Person): Promise<boolean> =>
    (await town().server.get('/api/me', token)).status === 200
  const signedIn = async (): Promise<Person> => {
    const customer = await town().people.arrive()
    await customer.signIn()
    return customer
  }

  test('that nobody uses is good for a day', async () => {
    const [early, late] = [await signedIn(), await signedIn()]
    pass(SESSION - MINUTE)
    expect(await isOpen(early)).toBe(true)
    pass(2 * MINUTE)
    expect([await isOpen(early), await isOpen(late)]).toEqual([true, false])
  })

  test('lives on for a day from its last use, which is written down once an hour', async () => {
    const customer = await signedIn()
    const end = async (): Promise<number> =>
      (await town().db('sessions').first<{ expires_at: Date }>('expires_at')).expires_at.getTime()
    const first = await end()
    pass(59 * MINUTE)
    expect(await isOpen(customer)).toBe(true)
    expect(await end()).toBe(first)
    pass(2 * MINUTE)
    expect(await isOpen(customer)).toBe(true)
    expect(Math.round(((await end()) - first) / MINUTE)).toBe(61)
    pass(SESSION - MINUTE)
    expect(await isOpen(customer)).toBe(true)
  })

  test('is forgotten when it is over, and not before', async () => {
    const over = await signedIn()
    pass(HOUR)
    const going = await signedIn()
    pass(SESSION - MINUTE)
    await order('sessions.tidy')
    expect((await town().db('sessions').pluck('account_id')).length).toBe(1)
    expect([await isOpen(over), await isOpen(going)]).toEqual([false, true])
  })
})

describe('a bind code', () => {
  const states = () => town().db('bind_codes').orderBy('id').pluck<string[]>('status')

  test('of which no message can tell any more stops being live when it is tidied up', async () => {
    const customer = await town().people.arrive()
    await customer.signIn()
    const { kfUrl } = await customer.code()
    expect(kfUrl).toMatch(/&scene_param=[\w-]{22}$/) // 128 bits
    pass(19 * MINUTE)
    await order('binding.tidy')
    expect(await states()).toEqual(['live'])
    pass(2 * MINUTE)
    await order('binding.tidy')
    expect(await states()).toEqual(['expired'])
  })

  test('that was sent is evidence for as long as it may be confirmed', async () => {
    const { people, settle, db, clock } = town()
    const customer = await people.arrive({ unionid: false })
    await customer.signIn()
    await customer.say((await customer.code()).bindCode)
    await settle()
    const { id } = await db('accounts').first('id')
    const [evidence] = await db('evidence').where({ kind: 'kf_code' })
    expect(evidence).toMatchObject({
      account_id: id,
      external_userid: customer.externalUserid,
    })
    const leftMs = evidence.valid_until.getTime() - clock.now().getTime()
    expect(leftMs).toBeGreaterThan(5 * MINUTE)
    expect(leftMs).toBeLessThanOrEqual(10 * MINUTE)
  })
})

test('a phone that he has stated makes him half known for 48 hours, whether it was tidied up or not', async () => {
  const customer = await town().people.arrive()
  await customer.signIn()
  const body = { phoneNumber: customer.phone }
  await town().server.post('/api/binding/temp', body, customer.token)
  await town().settle()
  expect(await customer.me()).toMatchObject({ bindingStatus: 'partial' })
  pass(48 * HOUR + MINUTE)
  await customer.signIn()
  expect(await customer.me()).toMatchObject({ bindingStatus: 'unbound' })
})

describe('the item to tap in the chat', () => {
  const asked = async (): Promise<{ customer: Person; ticket: string }> => {
    const { people, settle } = town()
    const customer = await people.arrive({ unionid: false })
    await customer.signIn()
    await customer.say((await customer.code()).bindCode)
    await settle()
    return { customer, ticket: findTicket(await customer.chat())! }
  }
  const tap = async ({ customer, ticket }: { customer: Person; ticket: string }) => {
    await customer.openTicket(ticket)
    await town().settle()
    return (await customer.me()).bindingStatus as string
  }

  test.each([
    ['after nine minutes binds', 9, 'bound'],
    ['after eleven minutes does not', 11, 'unbound'],
  ])('%s', async (_, minutes, status) => {
    const chat = await asked()
    pass(minutes * MINUTE)
    expect(await tap(chat)).toBe(status)
  })

  test('is over after ten minutes also when its attempt goes on, as after a human who had the chat', async () => {
    const chat = await asked()
    await town().db.raw(`update pending_bindings set expires_at = expires_at + interval '2 hours'`)
    pass(11 * MINUTE)
    expect(await tap(chat)).toBe('unbound')
  })
})

describe('the card of a welcome', () => {
  const greeted = async (): Promise<{ customer: Person; ticket: string }> => {
    const { people, settle } = town()
    const customer = await people.arrive({ unionid: false })
    await people.add('zhangsan', customer.phone)
    await settle()
    const path = ((await customer.inbox()) as { miniprogramPath?: string }[]).findLast(
      ({ miniprogramPath }) => miniprogramPath,
    )!.miniprogramPath!
    return { customer, ticket: new URLSearchParams(path.split('?')[1]).get('ticket')! }
  }

  test.each([
    ['after 71 hours begins a binding', 71, 200, 'awaiting_confirmation'],
    ['after 73 hours begins nothing', 73, 404, 'none'],
  ])('%s', async (_, hours, status, state) => {
    const { customer, ticket } = await greeted()
    pass(hours * HOUR)
    await customer.signIn()
    const opened = await customer.openTicket(ticket)
    await town().settle()
    expect([opened.status, (await customer.status()).state]).toEqual([status, state])
  })
})

describe('the question of 解绑', () => {
  test.each([
    ['is answered by a tap after nine minutes', 9, 'unbound'],
    ['is not answered any more after eleven', 11, 'bound'],
  ])('%s', async (_, minutes, status) => {
    const { people, settle, control } = town()
    const customer = await people.arrive()
    await bindByCode(town(), customer)
    // The platform says when a tap was sent, and its clock stays: the question is asked earlier instead. Rings from the
    // future are refused.
    pass(-minutes * MINUTE)
    await customer.say('解绑')
    await order('kf.catch-up')
    pass(minutes * MINUTE)
    const items = (await customer.chat()).flatMap(({ menu }) => menu ?? [])
    await control.post(`/_sandbox/people/${customer.personId}/kf/send`, {
      menuId: items.findLast(({ text }) => text === '确认解绑')!.id!,
    })
    await settle()
    await customer.signIn()
    expect((await customer.me()).bindingStatus).toBe(status)
  })
})

describe('what came in is kept for 30 days, what waits longer', () => {
  const DAY = 24 * HOUR
  const old = new Date(Date.now() - 31 * DAY)
  const young = new Date(Date.now() - 29 * DAY)

  test('callbacks', async () => {
    const { db } = town()
    const row = (name: string, receivedAt: Date, drainedAt: Date | null) => ({
      payload_hash: Buffer.from(name),
      source: 'contacts',
      payload: `<xml>${name}</xml>`,
      received_at: receivedAt,
      drained_at: drainedAt,
    })
    await db('callback_inbox').insert([
      row('waits', old, null),
      row('done', old, old),
      row('young', young, young),
    ])
    await order('callbacks.tidy')
    expect(await db('callback_inbox').orderBy('id').pluck('payload')).toEqual([
      '<xml>waits</xml>',
      '<xml>young</xml>',
    ])
  })

  test('codes, attempts and tickets that ended', async () => {
    const { db } = town()
    const [account] = await db('accounts')
      .insert({ app: 'miniprogram', openid: 'o1' })
      .returning<{ id: number }[]>('id')
    const code = (name: string, expiresAt: Date, status: string) => ({
      account_id: account!.id,
      code_hmac: Buffer.from(name),
      digits: 6,
      nonce_hash: Buffer.from(name),
      issued_at: expiresAt,
      expires_at: expiresAt,
      status,
    })
    await db('bind_codes').insert([
      code('done', old, 'used'),
      code('live', old, 'live'),
      code('young', young, 'used'),
    ])
    const attempt = (id: number, expiresAt: Date, state: string) => ({
      id: `00000000-0000-4000-8000-00000000000${String(id)}`,
      account_id: account!.id,
      external_userid: 'wm1',
      open_kfid: 'wk',
      via: 'kf_code',
      source_id: String(id),
      state,
      created_at: expiresAt,
      expires_at: expiresAt,
    })
    await db('pending_bindings').insert([
      attempt(1, old, 'expired'),
      attempt(2, old, 'open'),
      attempt(3, young, 'bound'),
    ])
    await order('binding.forget')
    expect((await db('bind_codes').orderBy('id').pluck<Buffer[]>('code_hmac')).map(String)).toEqual(
      ['live', 'young'],
    )
    expect(await db('pending_bindings').orderBy('source_id').pluck('source_id')).toEqual(['2', '3'])
  })

  test('chat messages', async () => {
    const { db } = town()
    const row = (msgid: string, receivedAt: Date, handledAt: Date | null) => ({
      open_kfid: 'wk',
      msgid,
      origin: 'customer',
      intent: { kind: 'words' },
      sent_at: receivedAt,
      received_at: receivedAt,
      handled_at: handledAt,
    })
    await db('kf_messages').insert([
      row('waits', old, null),
      row('done', old, old),
      row('young', young, young),
    ])
    await order('kf.tidy')
    expect(await db('kf_messages').orderBy('id').pluck('msgid')).toEqual(['waits', 'young'])
  })

  test('the words of a contact event; the event stays', async () => {
    const { db } = town()
    const row = (userId: string, createdAt: Date) => ({
      event_type: 'edit_external_contact',
      external_userid: 'wm1',
      employee_userid: userId,
      raw_event_data: { a: 1 },
      created_at: createdAt,
    })
    await db('wework_customer_events').insert([row('old', old), row('young', young)])
    await order('contacts.tidy')
    expect(await db('wework_customer_events').orderBy('id').pluck('raw_event_data')).toEqual([
      null,
      { a: 1 },
    ])
  })
})
