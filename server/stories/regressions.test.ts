import { afterAll, describe, expect, test } from '@jest/globals'
import { inventPhone, type Person } from '../../scripts/play/people.ts'
import { sandboxCredentials as known } from '../../scripts/sandbox/base/credentials.ts'
import { createWecomCallback } from '../outside/wecom/wecom.callback.ts'
import { openGate } from '../test/gate.ts'
import { ADMIN_KEY, useTown } from '../test/town.ts'
import { waitFor } from '../test/wait.ts'
import { addJob } from '../test/job-desk.ts'

/** Each of these was wrong once. */
const town = useTown()
const gate = await openGate(() => gated().sandbox.url)
const gated = useTown({ WECOM_API_BASE: `${gate.url}/wecom` })
afterAll(() => gate.close())

const orders = async (customer: Person): Promise<string[]> =>
  (await customer.projects()).body.data.items.map((item: { orderNo: string }) => item.orderNo)

async function welcome(): Promise<Person> {
  const { people, settle } = town()
  const customer = await people.arrive()
  await people.add('zhangsan', customer.phone)
  await settle()
  await customer.signIn()
  return customer
}

describe('D7: who may look after a contact changed hands', () => {
  test('a transfer to a colleague keeps permission and session; when the colleague goes too, both end', async () => {
    const { people, settle, control, db } = town()
    const customer = await welcome()
    await people.load('SO-T', customer.phone)
    await control.post('/_sandbox/members/zhangsan/transfer', { phone: customer.phone, to: 'lisi' })
    await settle()
    expect(await orders(customer)).toEqual(['SO-T'])
    await control.post('/_sandbox/members/lisi/remove', { phone: customer.phone })
    await settle()
    expect((await customer.projects()).status).toBe(401)
    expect(await db('binding_history').where({ outcome: 'revoke' }).pluck('decision')).toEqual([
      'the permission ended',
    ])
    await customer.signIn()
    expect((await customer.projects()).status).toBe(403)
  })

  test('a deletion by the customer counts even while WeCom still lists the follow', async () => {
    const { people, settle, address } = town()
    const customer = await welcome()
    await people.load('SO-D', customer.phone)
    await new Promise((resolve) => setTimeout(resolve, 1_100)) // of one second, what is listed would be the newer
    const now = String(Math.floor(Date.now() / 1000))
    const pipe = createWecomCallback({
      corpId: known.corpId,
      pairs: [{ token: known.callbackToken, encodingAesKey: known.callbackAesKey }],
    })
    const xml = `<xml><ToUserName><![CDATA[${known.corpId}]]></ToUserName><CreateTime>${now}</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[change_external_contact]]></Event><ChangeType><![CDATA[del_follow_user]]></ChangeType><UserID><![CDATA[zhangsan]]></UserID><ExternalUserID><![CDATA[${customer.externalUserid}]]></ExternalUserID></xml>`
    const { query, body } = pipe.seal(xml, { timestamp: now, nonce: 'n1' })
    await fetch(`${address}/api/wework/callback?${new URLSearchParams(query).toString()}`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'text/xml' },
    })
    await settle()
    expect((await customer.projects()).status).toBe(401)
    await customer.signIn()
    expect((await customer.projects()).status).toBe(403)
  })

  test('added again by phone search, the customer sees his projects again', async () => {
    const { people, settle, control } = town()
    const customer = await welcome()
    await people.load('SO-R', customer.phone)
    await control.post(`/_sandbox/people/${customer.personId}/remove-member`)
    await settle()
    await new Promise((resolve) => setTimeout(resolve, 1_100)) // the platform's times have whole seconds
    await people.add('lisi', customer.phone)
    await settle()
    await customer.signIn()
    expect(await orders(customer)).toEqual(['SO-R'])
  })

  test('an answer of WeCom that was overtaken does not bring back a follow that ended', async () => {
    const { people, settle, control, db } = gated()
    const customer = await people.arrive()
    await people.add('zhangsan', customer.phone, { remarkMobiles: [customer.phone, inventPhone()] })
    await settle()
    const held = gate.hold('externalcontact/get', 'answer')
    await addJob(db, 'contacts.refresh', { payload: { externalUserId: customer.externalUserid } })
    await held.reached
    await control.post('/_sandbox/members/zhangsan/remove', { phone: customer.phone })
    await waitFor('the end of the follow', () =>
      db('contact_follows').whereNotNull('ended_at').first('userid'),
    )
    await new Promise((resolve) => setTimeout(resolve, 1_100)) // the platform's times have whole seconds
    await people.add('zhangsan', customer.phone)
    await waitFor('the next follow', () =>
      db('contact_follows').whereNull('ended_at').first('userid'),
    )
    await customer.signIn()
    expect(await customer.me()).toMatchObject({ canQuery: true })
    const now = await db('contact_follows').select('followed_at', 'remark_mobiles', 'ended_at')
    held.release()
    await settle()
    expect(await db('contact_follows').select('followed_at', 'remark_mobiles', 'ended_at')).toEqual(
      now,
    )
    expect(await customer.me()).toMatchObject({ canQuery: true })
  })
})

test('an order of a recycled number, loaded before its new owner was added, goes to the new owner', async () => {
  const { people, settle, control } = town()
  const former = await welcome()
  const number = former.phone
  await people.load('SO-MINE', number)
  await control.post('/_sandbox/members/zhangsan/remove', { phone: number })
  await settle()
  await people.load('SO-OF-NEW', number)
  const owner = await people.arrive({ name: '新机主' })
  await people.add('lisi', owner.phone, { remarkMobiles: [number] })
  await settle()
  await owner.signIn()
  await new Promise((resolve) => setTimeout(resolve, 1_100))
  await people.add('zhangsan', former.phone, { remarkMobiles: [inventPhone()] })
  await settle()
  await former.signIn()
  expect(await orders(owner)).toEqual(['SO-OF-NEW'])
  expect(await orders(former)).toEqual(['SO-MINE'])
})

test('an old finished project stays hidden when its order is corrected', async () => {
  const { people, settle, clock } = town()
  const phone = inventPhone()
  clock.advance(-900 * 86_400_000)
  await people.load('SO-OLD', phone, { status: '已完成' })
  clock.advance(900 * 86_400_000)
  const customer = await people.arrive({ phone })
  await people.add('zhangsan', phone)
  await settle()
  await customer.signIn()
  expect(await orders(customer)).toEqual([])
  await people.load('SO-OLD', phone, { status: '已完成', address: '更正后的地址' })
  expect(await orders(customer)).toEqual([])
})

test('orders that name two phones in opposite order can be loaded at once', async () => {
  const { server } = town()
  const statuses: number[] = []
  for (let round = 0; round < 8; round += 1) {
    const [a, b] = [inventPhone(), inventPhone()]
    const load = (index: number) =>
      server.put(
        `/api/admin/projects/SO-${String(round)}-${String(index)}`,
        { title: 'x', customerPhone: index % 2 ? a : b, viewers: [{ phone: index % 2 ? b : a }] },
        ADMIN_KEY,
      )
    statuses.push(...(await Promise.all([0, 1, 2, 3].map(load))).map(({ status }) => status))
  }
  expect(statuses.filter((status) => status !== 200)).toEqual([])
})

describe('what Postgres or the operation log could not keep is refused at the door', () => {
  test.each<[string, number, object]>([
    ['a NUL in a text', 400, { title: 'a\u0000b' }],
    ['a NUL in the order', 400, { order: { a: '\u0000' } }],
    ['half a character', 400, { order: { a: '\ud800' } }],
    [
      '30 February',
      400,
      { stages: [{ name: 'a', status: 'done', doneAt: '2026-02-30T00:00:00Z' }] },
    ],
    [
      'the year 0',
      400,
      { stages: [{ name: 'a', status: 'done', doneAt: '0000-01-01T00:00:00Z' }] },
    ],
    [
      'an offset nobody has',
      400,
      { stages: [{ name: 'a', status: 'done', doneAt: '2026-01-01T00:00:00+23:59' }] },
    ],
    ['a phone as a number', 200, { order: { phone: 13800138000, amount: 15012345678 } }],
    ['a quote behind token=', 200, { stages: [{ name: 'a', status: 'done', note: 'token=a"b' }] }],
    [
      'names of the language',
      400,
      { order: JSON.parse('{"__proto__":{"polluted":1},"constructor":{"x":1}}') },
    ],
  ])('%s', async (_, status, more) => {
    const { server, db } = town()
    const answer = await server.put(
      '/api/admin/projects/SO-X',
      { title: 'x', customerPhone: '13800138000', ...more },
      ADMIN_KEY,
    )
    expect(answer.status).toBe(status)
    expect(JSON.stringify(await db('operation_log'))).not.toContain('13800138000')
  })

  test('a body nested 60,000 deep, and one that says it is compressed', async () => {
    const { address } = town()
    const send = async (path: string, body: string, headers: Record<string, string>) =>
      (
        await fetch(address + path, {
          method: path.includes('admin') ? 'PUT' : 'POST',
          body,
          headers,
        })
      ).status
    const deep = `{"title":"x","customerPhone":"13800138000","order":{"a":${'['.repeat(60_000)}${']'.repeat(60_000)}}}`
    expect(
      await send('/api/admin/projects/SO-X', deep, {
        'content-type': 'application/json',
        authorization: `Bearer ${ADMIN_KEY}`,
      }),
    ).toBe(400)
    for (const encoding of ['gzip', 'deflate', 'br']) {
      expect(
        await send('/api/wechat/openid', '{"code":"x"}', {
          'content-type': 'application/json',
          'content-encoding': encoding,
        }),
      ).toBe(415)
      expect(
        await send('/api/wework/callback', 'x', {
          'content-type': 'text/xml',
          'content-encoding': encoding,
        }),
      ).toBe(415)
    }
  })
})

test('a database restart under a living process does not make others take its jobs', async () => {
  const { db, people, settle, lines } = town()
  await db.raw(
    `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'jindutong presence' and datname = current_database()`,
  )
  await new Promise((resolve) => setTimeout(resolve, 600))
  await people.add('zhangsan', (await people.arrive()).phone)
  await settle()
  const { rows } = await db.raw<{ rows: unknown[] }>(
    `select 1 from pg_stat_activity where application_name = 'jindutong presence' and datname = current_database()`,
  )
  expect(rows).toHaveLength(1)
  expect(lines.some((line) => line.includes('were freed'))).toBe(false)
})
