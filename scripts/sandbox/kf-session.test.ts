import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'

import { sandboxCredentials as credentials } from './base/credentials.ts'
import { clean, createKit, type Json, type Kit, newPerson } from './testing/kit.ts'

const openKfId = credentials.openKfId
const HOURS = 3600
let kit: Kit

beforeAll(async () => {
  kit = await createKit()
})
afterAll(() => kit.stop())
beforeEach(() => clean(kit))

type Item = Json & { event?: Json; text?: Json }
const sync = async (more: Record<string, unknown> = {}) => {
  const page = await kit.kf('POST', 'kf/sync_msg', {
    open_kfid: openKfId,
    token: await doorToken(),
    ...more,
  })
  return { page, items: (page['msg_list'] ?? []) as Item[] }
}
const doorToken = async (): Promise<string> => {
  await kit.sandbox.idle()
  return (
    kit.listener.received.findLast((one) => one.event['Event'] === 'kf_msg_or_event')?.event[
      'Token'
    ] ?? ''
  )
}
const write = (personId: string, text = '你好') =>
  kit.control(`/people/${personId}/kf/send`, { text })
const send = (touser: string, more: Record<string, unknown> = {}) =>
  kit.kf('POST', 'kf/send_msg', {
    touser,
    open_kfid: openKfId,
    msgtype: 'text',
    text: { content: '您好' },
    ...more,
  })
const advance = (advanceSeconds: number) => kit.control('/clock', { advanceSeconds })
const onEvent = (code: string, more: Record<string, unknown> = {}) =>
  kit.kf('POST', 'kf/send_msg_on_event', {
    code,
    msgtype: 'text',
    text: { content: '欢迎' },
    ...more,
  })
const trans = (externalUserid: string, state: number, servicer?: string) =>
  kit.kf('POST', 'kf/service_state/trans', {
    open_kfid: openKfId,
    external_userid: externalUserid,
    service_state: state,
    ...(servicer === undefined ? {} : { servicer_userid: servicer }),
  })

describe('sync_msg', () => {
  test('pages by cursor, and a message of the API is not among them', async () => {
    const person = await newPerson(kit)
    for (const text of ['1', '2', '3']) await write(person.personId, text)
    await send(person.externalUserid)
    const first = await sync({ limit: 2 })
    expect(first.page).toMatchObject({ errcode: 0, has_more: 1 })
    const second = await sync({ limit: 2, cursor: first.page['next_cursor'] })
    expect(second.page).toMatchObject({ has_more: 0 })
    expect([...first.items, ...second.items].map((item) => item.text?.['content'])).toEqual([
      '1',
      '2',
      '3',
    ])
    expect((await sync({ cursor: second.page['next_cursor'] })).items).toEqual([])
  })

  test('an empty page can say has_more', async () => {
    const person = await newPerson(kit)
    await write(person.personId)
    await kit.control('/faults', { sync: { emptyPages: 1 } })
    const first = await sync()
    expect(first.page).toMatchObject({ has_more: 1, msg_list: [] })
    expect((await sync({ cursor: first.page['next_cursor'] })).items).toHaveLength(1)
  })

  test('a token lives ten minutes and belongs to the platform', async () => {
    const person = await newPerson(kit)
    await write(person.personId)
    expect((await sync({ token: 'ENCinvented' })).page).toMatchObject({ errcode: 95007 })
    const token = await doorToken()
    await advance(601)
    expect((await sync({ token })).page).toMatchObject({ errcode: 95007 })
  })

  test('neither token nor cursor of one kf account opens another', async () => {
    const person = await newPerson(kit)
    await write(person.personId)
    const { page } = await sync()
    const other = String((await kit.control('/kf/accounts', { name: '售后客服' }))['openKfId'])
    expect((await sync({ open_kfid: other })).page).toMatchObject({ errcode: 95007 })
    expect(
      (await sync({ open_kfid: other, token: undefined, cursor: page['next_cursor'] })).page,
    ).toMatchObject({ errcode: 40058 })
    expect((await sync({ open_kfid: other, token: undefined })).items).toEqual([])
  })

  test('without token the calls are limited', async () => {
    await kit.control('/settings', { tokenlessSyncPerMinute: 1 })
    expect((await sync({ token: undefined })).page).toMatchObject({ errcode: 0 })
    expect((await sync({ token: undefined })).page).toMatchObject({ errcode: 45009 })
  })

  test('after three days a message is gone', async () => {
    const person = await newPerson(kit)
    await write(person.personId)
    await advance(3 * 24 * HOURS + 1)
    expect((await sync({ token: undefined })).items).toEqual([])
  })

  test.each([
    [{ open_kfid: undefined }],
    [{ limit: 1001 }],
    [{ limit: '10' }],
    [{ cursor: 'bm90LW1pbmU' }],
    [{ extra: 1 }],
  ])('%j is refused', async (more) => {
    expect((await sync({ token: undefined, ...more })).page).toMatchObject({ errcode: 40058 })
  })

  test('a cursor kept over a reset still means "after that point"', async () => {
    const person = await newPerson(kit)
    await write(person.personId, 'old')
    const { page } = await sync()
    await clean(kit)
    await write((await newPerson(kit)).personId, 'new')
    expect(
      (await sync({ cursor: page['next_cursor'] })).items.map((item) => item.text?.['content']),
    ).toEqual(['new'])
  })
})

describe('session state', () => {
  const stateOf = async (externalUserid: string) =>
    kit.kf('POST', 'kf/service_state/get', { open_kfid: openKfId, external_userid: externalUserid })

  test('a customer message moves 4 to 0 and 48 h of silence move it back', async () => {
    const person = await newPerson(kit)
    expect(await stateOf(person.externalUserid)).toMatchObject({ service_state: 4 })
    await write(person.personId)
    expect(await stateOf(person.externalUserid)).toMatchObject({ service_state: 0 })
    await advance(48 * HOURS + 1)
    expect(await stateOf(person.externalUserid)).toMatchObject({ service_state: 4 })
  })

  test('moves by API make no event and follow the table', async () => {
    const person = await newPerson(kit)
    const id = person.externalUserid
    expect(await trans(id, 2)).toMatchObject({ errcode: 95016 })
    await write(person.personId)
    expect(await trans(id, 4)).toMatchObject({ errcode: 95016 })
    expect(await trans(id, 3)).toMatchObject({ errcode: 40058 })
    expect(await trans(id, 3, 'wangwei')).toMatchObject({ errcode: 95014 })
    expect(await trans(id, 3, 'zhangsan')).toMatchObject({
      errcode: 0,
      msg_code: expect.any(String),
    })
    expect(await stateOf(id)).toMatchObject({ service_state: 3, servicer_userid: 'zhangsan' })
    expect(await send(id)).toMatchObject({ errcode: 95018 })
    expect(await trans(id, 3, 'lisi')).not.toHaveProperty('msg_code')
    expect(await trans(id, 4)).toMatchObject({ errcode: 0, msg_code: expect.any(String) })
    expect((await sync()).items.filter((item) => item['msgtype'] === 'event')).toEqual([])
  })

  test('a servicer off duty or outside the hours is 95019', async () => {
    const person = await newPerson(kit)
    await write(person.personId)
    await kit.control('/kf/servicers/lisi/duty', { serving: false })
    expect(await trans(person.externalUserid, 3, 'lisi')).toMatchObject({ errcode: 95019 })
    expect((await sync()).items.at(-1)?.event).toMatchObject({
      event_type: 'servicer_status_change',
      servicer_userid: 'lisi',
      status: 2,
    })
    await kit.control('/kf/servicers/lisi/duty', { serving: true })
    await kit.control('/settings', { kfHours: { from: '00:00', to: '00:00' } })
    expect(await trans(person.externalUserid, 3, 'lisi')).toMatchObject({ errcode: 95019 })
  })

  test('a human takes from the queue, speaks, ends, and each act is an event with its code', async () => {
    const person = await newPerson(kit)
    const { personId } = person
    await write(personId)
    await expect(kit.control('/kf/servicers/lisi/take', { personId })).rejects.toThrow('409')
    await trans(person.externalUserid, 2)
    await kit.control('/kf/servicers/lisi/take', { personId })
    await kit.control('/kf/servicers/lisi/say', { personId, text: '我是李四' })
    await kit.control('/kf/servicers/lisi/end', { personId })
    const [taken, said, ended] = (await sync()).items.slice(1)
    expect(taken?.event).toMatchObject({
      change_type: 1,
      new_servicer_userid: 'lisi',
      msg_code: expect.any(String),
    })
    expect(said).toMatchObject({
      origin: 5,
      servicer_userid: 'lisi',
      text: { content: '我是李四' },
    })
    expect(ended?.event).toMatchObject({ change_type: 3, old_servicer_userid: 'lisi' })
    expect(await onEvent(String(taken?.event?.['msg_code']))).toMatchObject({ errcode: 95018 })
    expect(await onEvent(String(ended?.event?.['msg_code']))).toMatchObject({ errcode: 0 })
    await kit.control('/kf/servicers/lisi/say', { personId, text: '还在吗' })
    expect((await sync()).items.at(-2)?.event).toMatchObject({
      change_type: 4,
      new_servicer_userid: 'lisi',
    })
  })
})

describe('an account that people serve', () => {
  const served = (kfServedByPeople: boolean) => kit.control('/settings', { kfServedByPeople })
  const session = async (personId: string) =>
    (await kit.look(`/people/${personId}/kf/session`)) as unknown as Json

  test('the first word gives the session to who is on duty, without an event, and the bot may not write', async () => {
    await served(true)
    const person = await newPerson(kit)
    await write(person.personId)
    expect(await session(person.personId)).toMatchObject({ state: 3, servicer: 'zhangsan' })
    expect(await send(person.externalUserid)).toMatchObject({ errcode: 95018 })
    expect((await sync()).items.filter(({ event }) => event !== undefined)).toEqual([])
    await served(false)
  })

  test('with nobody on duty it waits for the API', async () => {
    await served(true)
    for (const userid of ['zhangsan', 'lisi'])
      await kit.control(`/kf/servicers/${userid}/duty`, { serving: false })
    const person = await newPerson(kit)
    await write(person.personId)
    expect(await session(person.personId)).toMatchObject({ state: 0 })
    for (const userid of ['zhangsan', 'lisi'])
      await kit.control(`/kf/servicers/${userid}/duty`, { serving: true })
    await served(false)
  })
})

describe('numbers that are in no source', () => {
  const drawn = async (seed: number): Promise<unknown[]> => {
    await kit.control('/faults', { undocumented: 'random', seed })
    const numbers = []
    for (let turn = 0; turn < 12; turn += 1) numbers.push((await onEvent('invented'))['errcode'])
    await kit.control('/settings', { undocumented: 'fixed' })
    return numbers
  }

  test('are the same each time, or drawn by the seed, and never mean something else', async () => {
    expect(await onEvent('invented')).toMatchObject({ errcode: 40029 })
    const first = await drawn(7)
    expect(new Set(first).size).toBeGreaterThan(5)
    expect(await drawn(7)).toEqual(first)
    expect(await drawn(8)).not.toEqual(first)
    for (const known of [-1, 45009, 45033, 40001, 40014, 41001, 42001, 60020, 95001, 95018])
      expect(first).not.toContain(known)
  })
})
