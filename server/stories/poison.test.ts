import { afterEach, describe, expect, test } from '@jest/globals'
import { sandboxCredentials as known } from '../../scripts/sandbox/base/credentials.ts'
import type { Person } from '../../scripts/play/people.ts'
import { createCallbackCrypto } from '../lib/callback-crypto.ts'
import { buildXml } from '../lib/xml.ts'
import { createWecomCallback } from '../outside/wecom/wecom.callback.ts'
import { bindByCode } from '../test/bind-by-code.ts'
import { ADMIN_KEY, OFFICIAL, useTown } from '../test/town.ts'
import { howMany } from '../test/long.ts'
import { seeded, waitFor } from '../test/wait.ts'
import { addJob } from '../test/job-desk.ts'

const SEED = Number(process.env['POISON_SEED'] ?? 20261126)
const ITEMS = howMany(200, 500)
const BROKEN = 20
const AT_ONCE = 25
const LONG = 'w'.repeat(3_000)
const MEMBERS = ['zhangsan', 'lisi', 'wangwei', 'chenjing'] as const

const town = useTown({ ...OFFICIAL, PUBLIC_BASE_URL: 'https://poison.example.com' })

type Reconciliation = {
  complete: boolean
  report: Record<string, number>
  failures: { externalUserId?: string; userid?: string; reason: string }[]
}
type Line = { level: string; msg: string; reason?: string; status?: number }

const faults = (body: object) => town().control.post('/_sandbox/faults', body)
const linesThat = (says: string): Line[] =>
  town()
    .lines.map((line) => JSON.parse(line) as Line)
    .filter(({ msg }) => msg.includes(says))

async function pull(): Promise<Reconciliation> {
  const { server, settle } = town()
  expect((await server.post('/api/admin/reconciliations', undefined, ADMIN_KEY)).status).toBe(200)
  await settle()
  return (await server.get('/api/admin/reconciliations', ADMIN_KEY)).body.data.items[0]
}

const planted: string[] = []
/** A rule that some rows break, so that storing them fails as a collision would. */
async function plant(table: string, rule: string): Promise<void> {
  planted.push(table)
  await town().db.raw(`alter table ${table} add constraint poison check (${rule}) not valid`)
}
afterEach(async () => {
  for (const table of planted.splice(0))
    await town().db.raw(`alter table ${table} drop constraint poison`)
})

async function forEach<T>(
  items: readonly T[],
  action: (item: T, index: number) => Promise<void>,
): Promise<void> {
  const queue = items.entries()
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const [index, item] of queue) await action(item, index)
    }),
  )
}

/** Numbers below `ITEMS` in an order that the seed decides. */
function shuffled(random: () => number): number[] {
  return Array.from({ length: ITEMS }, (_, index) => ({ index, at: random() }))
    .toSorted((one, other) => one.at - other.at)
    .map(({ index }) => index)
}

describe('a deleted customer loses his permission after two pulls', () => {
  test.each<[string, (other: Person) => Promise<unknown>, number]>([
    [
      'another contact cannot be stored',
      async (other) => {
        await plant('contacts', `name is distinct from '毒'`)
        await faults({
          broken: [
            {
              find: other.externalUserid,
              set: { 'external_contact.name': '毒', 'follow_info.oper_userid': 'lisi' },
            },
          ],
        })
      },
      1,
    ],
    [
      'the nickname of another has a NUL',
      (other) =>
        faults({
          broken: [
            {
              find: other.externalUserid,
              set: { 'external_contact.name': 'a\u0000\ud800b', 'follow_info.oper_userid': 'lisi' },
            },
          ],
        }),
      0,
    ],
    [
      'another has lost its id',
      (other) =>
        faults({
          broken: [{ find: other.externalUserid, omit: ['external_contact.external_userid'] }],
        }),
      1,
    ],
    [
      'nothing of another can be read',
      (other) => faults({ broken: [{ find: `${other.externalUserid}","name`, set: { '': 7 } }] }),
      1,
    ],
  ])('although %s, whose own permission goes on', async (_, spoil, failed) => {
    const { people, settle, control } = town()
    const [gone, other] = [await people.arrive(), await people.arrive()]
    for (const [index, one] of [gone, other].entries()) {
      await people.load(`SO-${String(index)}`, one.phone)
      await people.add('zhangsan', one.phone)
      await bindByCode(town(), one)
      expect((await one.projects()).status).toBe(200)
    }
    await spoil(other)
    await faults({ callbacks: { drop: true } })
    await control.post('/_sandbox/members/zhangsan/remove', { phone: gone.phone })
    for (const ended of [0, 1])
      expect(await pull()).toMatchObject({
        complete: true,
        report: { failed, ended },
        failures: { length: failed },
      })
    await settle()
    expect((await gone.projects()).status).toBe(401)
    expect((await other.projects()).status).toBe(200)
  })
})

test('what a member has whose page fails is not concluded; what others have is', async () => {
  const { people, control, db, settle } = town()
  const [mine, theirs] = [await people.arrive(), await people.arrive()]
  await people.add('zhangsan', mine.phone)
  await people.add('lisi', theirs.phone)
  await settle()
  await faults({ callbacks: { drop: true } })
  await control.post('/_sandbox/members/zhangsan/remove', { phone: mine.phone })
  await control.post('/_sandbox/members/lisi/remove', { phone: theirs.phone })
  // The call for all fails, and then that for the first of them alone.
  for (const _ of [1, 2]) {
    await faults({ endpoints: [{ path: 'batch/get_by_user', errcode: 60111, times: 2 }] })
    expect(await pull()).toMatchObject({
      complete: false,
      failures: [{ userid: 'zhangsan', reason: 'not pulled' }],
    })
  }
  expect(await db('contact_follows').whereNull('ended_at').pluck('userid')).toEqual(['zhangsan'])
})

/** Ways to break an entry of the pull: each is named. */
const BREAK_CONTACT: readonly object[] = [
  { set: { 'external_contact.external_userid': 'wm\u0000' } },
  { set: { 'follow_info.userid': '\ud83d' } },
  { omit: ['external_contact.external_userid'] },
  { omit: ['follow_info.userid'] },
  { set: { 'external_contact.external_userid': 17 } },
  { set: { 'external_contact.external_userid': LONG } },
  { set: { 'external_contact.type': '1' } },
  { set: { 'external_contact.unionid': LONG } },
  { set: { 'follow_info.createtime': 'soon' } },
  { set: { 'follow_info.createtime': 9e15 } },
  { set: { 'follow_info.add_way': null } },
  { omit: ['follow_info'] },
  { set: { '': null } },
  { set: { '': 'x' } },
  { set: { 'external_contact.name': '毒', 'follow_info.oper_userid': 'x' } },
]
/** Ways that look bad and are none: what is left can be stored. */
const SPOIL_CONTACT: readonly object[] = [
  { set: { 'external_contact.name': 'a\u0000b', 'follow_info.oper_userid': 'x' } },
  { set: { 'follow_info.remark': '\ud800', 'follow_info.oper_userid': 'x' } },
  { set: { 'follow_info.remark_mobiles': 7 } },
  {
    set: { 'external_contact.name': 5, 'follow_info.state': LONG, 'follow_info.oper_userid': 'x' },
  },
]

test(`of ${String(ITEMS)} contacts in a pull ${String(BROKEN)} broken ones are named, and all others end right (seed ${String(SEED)})`, async () => {
  const { people, control, db } = town()
  await faults({ callbacks: { drop: true } })
  const crowd: (Person & { member: string })[] = []
  await forEach(Array.from({ length: ITEMS }), async (_, index) => {
    const person = await people.arrive({ name: `客户${String(index)}` })
    const member = MEMBERS[index % MEMBERS.length]!
    await people.add(member, person.phone)
    crowd[index] = Object.assign(person, { member })
  })
  expect(await pull()).toMatchObject({
    complete: true,
    report: { seen: ITEMS, repaired: ITEMS, failed: 0 },
  })

  const random = seeded(SEED)
  const order = shuffled(random)
  const [broken, spoilt, removed] = [
    order.slice(0, BROKEN),
    order.slice(BROKEN, 2 * BROKEN),
    order.slice(2 * BROKEN, 4 * BROKEN),
  ]
  const pick = (ways: readonly object[]) => (index: number) => ({
    find: `${crowd[index]!.externalUserid}","name`,
    ...ways[Math.floor(random() * ways.length)],
  })
  await plant('contacts', `name is distinct from '毒'`)
  await faults({ broken: [...broken.map(pick(BREAK_CONTACT)), ...spoilt.map(pick(SPOIL_CONTACT))] })
  await forEach(removed, async (index) => {
    await control.post(`/_sandbox/members/${crowd[index]!.member}/remove`, {
      phone: crowd[index]!.phone,
    })
  })

  for (const ended of [0, removed.length]) {
    const { complete, report, failures } = await pull()
    expect({ complete, ...report, named: failures.length }).toMatchObject({
      complete: true,
      seen: ITEMS - removed.length,
      failed: BROKEN,
      missing: removed.length,
      ended,
      named: BROKEN,
    })
    const known = new Set(broken.map((index) => crowd[index]!.externalUserid))
    expect(
      failures.filter(
        ({ externalUserId }) => externalUserId !== undefined && !known.has(externalUserId),
      ),
    ).toEqual([])
  }
  const live = new Set(
    await db('contact_follows').whereNull('ended_at').pluck<string[]>('external_userid'),
  )
  const gone = new Set(removed.map((index) => crowd[index]!.externalUserid))
  expect(
    crowd.filter(({ externalUserid }) => live.has(externalUserid) === gone.has(externalUserid)),
  ).toEqual([])
  expect(linesThat('could not be taken over')).toHaveLength(2)
}, 180_000)

const BREAK_MESSAGE: readonly ((words: string) => object)[] = [
  () => ({ set: { external_userid: 5 } }),
  () => ({ omit: ['external_userid'] }),
  () => ({ set: { external_userid: LONG } }),
  () => ({ set: { external_userid: 'wm\u0000' } }),
  () => ({ set: { external_userid: '\udc00' } }),
  () => ({ set: { external_userid: null, msgtype: 7 } }),
  () => ({ set: { open_kfid: LONG } }),
  (words) => ({ set: { '': words } }),
  (words) => ({ set: { '': [words] } }),
]
const SPOIL_MESSAGE: readonly ((words: string) => object)[] = [
  (words) => ({ set: { msgid: `${LONG}${words}` } }),
  () => ({ omit: ['msgid'] }),
  () => ({ set: { send_time: 9e15 } }),
  () => ({ set: { 'text.content': 5 } }),
  () => ({ set: { text: 'x' } }),
  () => ({ set: { 'text.content': 'a\u0000\ud800' } }),
  () => ({ omit: ['msgtype'] }),
  () => ({ set: { msgtype: 7 } }),
  () => ({ set: { origin: 4, msgtype: 'event', event: { event_type: 'unheard_of' } } }),
]

test(`of ${String(ITEMS)} chat messages ${String(BROKEN)} broken ones are set aside, and all others are heard (seed ${String(SEED)})`, async () => {
  const { people, db, settle } = town()
  const words = (index: number) => `你好-${String(index)}-`
  const random = seeded(SEED)
  const order = shuffled(random)
  const [broken, spoilt] = [order.slice(0, BROKEN), order.slice(BROKEN, 2 * BROKEN)]
  const pick = (ways: readonly ((words: string) => object)[]) => (index: number) => ({
    find: words(index),
    ...ways[Math.floor(random() * ways.length)]!(words(index)),
  })
  await plant('kf_messages', `msgid not like 'poison%'`)
  const [unstorable, ...unreadable] = broken
  await faults({
    callbacks: { drop: true },
    broken: [
      { find: words(unstorable!), set: { msgid: 'poison' } },
      ...unreadable.map(pick(BREAK_MESSAGE)),
      ...spoilt.map(pick(SPOIL_MESSAGE)),
    ],
  })
  // Only now: the clock may order a pull in the middle of it.
  await forEach(Array.from({ length: ITEMS / 5 }), async (_, who) => {
    const person = await people.arrive()
    for (let index = who * 5; index < who * 5 + 5; index += 1) await person.say(words(index))
  })
  await addJob(db, 'kf.catch-up')
  await settle()

  const rows = await db('kf_messages').select<
    { outcome: string; intent: { kind: string; reason?: string } }[]
  >('outcome', 'intent')
  const aside = rows.filter(({ outcome }) => outcome === 'failed')
  expect(
    rows.filter(
      ({ outcome, intent }) =>
        outcome === 'listened' ||
        outcome === 'handed_over' ||
        (outcome === 'ignored' && intent.kind === 'ignored'),
    ),
  ).toHaveLength(ITEMS - BROKEN)
  expect(aside.map(({ intent }) => intent.kind)).toEqual(
    Array.from({ length: BROKEN }, () => 'unreadable'),
  )
  expect(aside.filter(({ intent }) => intent.reason === '23514 poison')).toHaveLength(1)
  await faults({ clear: true })
  const late = await people.arrive()
  await late.say('进度')
  await settle()
  expect(
    await db('kf_messages').where({ external_userid: late.externalUserid }).pluck('outcome'),
  ).toEqual(['progress'])
}, 120_000)

test('a message that can never be acted on holds up those behind it in the same chat for seconds only', async () => {
  const { people, db } = town()
  await plant('kf_messages', `outcome is distinct from 'asked'`)
  const person = await people.arrive()
  await person.say('解绑')
  await person.say('进度')
  const outcomes = () =>
    db('kf_messages')
      .where({ external_userid: person.externalUserid })
      .orderBy('id')
      .pluck<string[]>('outcome')
  await waitFor('the second message', async () => typeof (await outcomes())[1] === 'string', 60)
  expect(await outcomes()).toEqual(['failed', 'progress'])
  expect(linesThat('could not be acted on')).toMatchObject([
    { level: 'error', reason: '23514 poison' },
  ])
}, 90_000)

type Fields = Record<string, string | number | string[]>
type Posted = { status: number; text: string }
let nonces = 0
const head = () => ({
  timestamp: String(Math.floor(Date.now() / 1000)),
  nonce: `p${String(nonces++)}`,
})

async function post(path: string, query: Record<string, string>, body: string): Promise<Posted> {
  const response = await fetch(
    `${town().address}${path}?${new URLSearchParams(query).toString()}`,
    { method: 'POST', body, headers: { 'content-type': 'text/xml' } },
  )
  return { status: response.status, text: await response.text() }
}

const contactPipe = createWecomCallback({
  corpId: known.corpId,
  pairs: [{ token: known.callbackToken, encodingAesKey: known.callbackAesKey }],
})

function postCallback(xml: string): Promise<Posted> {
  const { query, body } = contactPipe.seal(xml, head())
  return post('/api/wework/callback', query, body)
}

/** As the platform would write it, but with whatever it is given: buildXml would leave out what XML cannot carry. */
const rawXml = (fields: Fields): string =>
  `<xml>${Object.entries(fields)
    .map(([name, value]) =>
      (Array.isArray(value) ? value : [value])
        .map((one) => `<${name}><![CDATA[${String(one)}]]></${name}>`)
        .join(''),
    )
    .join('')}</xml>`

const without = (fields: Fields, name: string): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([key]) => key !== name))

const BREAK_CALLBACK: readonly ((fields: Fields) => string)[] = [
  (fields) => rawXml({ ...fields, ExternalUserID: 'wm\u0000' }),
  (fields) => rawXml({ ...fields, ExternalUserID: LONG }),
  (fields) => rawXml(without(fields, 'ExternalUserID')),
  (fields) => rawXml(without(fields, 'UserID')),
  (fields) => rawXml({ ...fields, UserID: ['a', 'b'] }),
  (fields) => rawXml({ ...fields, UserID: 'x'.repeat(65) }),
  (fields) => rawXml(without(fields, 'CreateTime')),
  (fields) => rawXml({ ...fields, CreateTime: 'soon' }),
  (fields) => rawXml(without(fields, 'ChangeType')),
  (fields) => rawXml({ ...fields, Event: 'kf_msg_or_event', Token: 't' }),
  (fields) => rawXml(fields).replace('</xml>', '<a></b></xml>'),
  (fields) => rawXml(fields).replace('<xml>', '<xml><!DOCTYPE a>'),
  () => 'hello',
  (fields) => rawXml({ ...fields, Poison: 'x' }),
]
const SPOIL_CALLBACK: readonly ((fields: Fields) => string)[] = [
  (fields) => rawXml({ ...fields, State: 'a\u0000b' }),
  (fields) => rawXml({ ...fields, ChangeType: 'unheard_of' }),
  (fields) => rawXml({ ...fields, Source: LONG }),
  (fields) => rawXml({ ...fields, Unknown: '\u0000' }),
]

test(`of ${String(ITEMS)} callbacks at once ${String(BROKEN)} broken ones are named, and all others are heard (seed ${String(SEED)})`, async () => {
  const { db, settle } = town()
  const random = seeded(SEED)
  const order = shuffled(random)
  const [broken, spoilt] = [
    new Set(order.slice(0, BROKEN)),
    new Set(order.slice(BROKEN, 2 * BROKEN)),
  ]
  const pick = <T>(ways: readonly T[]): T => ways[Math.floor(random() * ways.length)]!
  const idOf = (index: number) => `wmPoison${String(index)}`
  const xmls = Array.from({ length: ITEMS }, (_, index) => {
    const fields: Fields = {
      ToUserName: known.corpId,
      FromUserName: 'sys',
      CreateTime: head().timestamp,
      MsgType: 'event',
      Event: 'change_external_contact',
      ChangeType: 'edit_external_contact',
      UserID: 'zhangsan',
      ExternalUserID: idOf(index),
      Place: index,
    }
    return (
      broken.has(index) ? pick(BREAK_CALLBACK) : spoilt.has(index) ? pick(SPOIL_CALLBACK) : rawXml
    )(fields)
  })
  await plant('callback_inbox', `payload not like '%<Poison>%'`)
  const answers: Posted[] = []
  await forEach(xmls, async (xml, index) => {
    answers[index] = await postCallback(xml)
  })
  await settle()

  expect(answers.filter(({ status }, index) => status !== 200 && !broken.has(index))).toEqual([])
  const seen = await db('wework_customer_events').pluck<string[]>('external_userid')
  expect(seen.toSorted()).toEqual(
    Array.from({ length: ITEMS }, (_, index) => index)
      .filter((index) => !broken.has(index))
      .map(idOf)
      .toSorted(),
  )
  const aside = await db('callback_inbox')
    .whereNotNull('set_aside')
    .select<{ set_aside: string; drained_at: Date | null }[]>('set_aside', 'drained_at')
  const named =
    aside.length + linesThat('a callback was refused').length + linesThat('a request failed').length
  expect({
    named,
    drained: aside.every(({ drained_at: at }) => at !== null),
    waiting: await db('callback_inbox').whereNull('drained_at'),
  }).toEqual({ named: BROKEN, drained: true, waiting: [] })
  expect(linesThat('a callback was set aside')).toHaveLength(aside.length)
}, 120_000)

const officialCrypto = createCallbackCrypto({
  token: known.officialToken,
  encodingAesKey: known.officialAesKey,
  receiveId: known.officialAppId,
})

function postPush(xml: string): Promise<Posted> {
  const { timestamp, nonce } = head()
  const { encrypt, signature } = officialCrypto.seal(xml, { timestamp, nonce })
  return post(
    '/api/wechat/message',
    { timestamp, nonce, signature: 'x', encrypt_type: 'aes', msg_signature: signature },
    buildXml({ ToUserName: known.officialOriginalId, Encrypt: encrypt }),
  )
}

const BREAK_PUSH: readonly ((fields: Fields) => string)[] = [
  (fields) => rawXml({ ...fields, FromUserName: 'o\u0000' }),
  (fields) => rawXml({ ...fields, FromUserName: LONG }),
  (fields) => rawXml(without(fields, 'FromUserName')),
  (fields) => rawXml({ ...fields, FromUserName: ['a', 'b'] }),
  (fields) => rawXml(without(fields, 'MsgType')),
  (fields) => rawXml(without(fields, 'MsgId')),
  (fields) => rawXml({ ...fields, MsgId: LONG }),
  (fields) => rawXml(without(fields, 'ToUserName')),
  (fields) => rawXml({ ...fields, MsgType: 'event' }),
  (fields) => rawXml(without({ ...fields, MsgType: 'event', Event: 'subscribe' }, 'CreateTime')),
  (fields) => rawXml(fields).replace('</xml>', '<a></b></xml>'),
  () => 'hello',
  (fields) => rawXml({ ...fields, FromUserName: 'oPoison' }),
]
const SPOIL_PUSH: readonly ((fields: Fields) => string)[] = [
  (fields) => rawXml({ ...fields, Content: 'a\u0000b' }),
  (fields) => rawXml({ ...fields, MsgType: 'unheard_of' }),
  (fields) => rawXml(without(fields, 'Content')),
  (fields) => rawXml({ ...fields, Unknown: LONG }),
]

test(`of ${String(ITEMS)} pushes of the official account ${String(BROKEN)} broken ones are named, and all others are answered (seed ${String(SEED)})`, async () => {
  const random = seeded(SEED)
  const order = shuffled(random)
  const [broken, spoilt] = [
    new Set(order.slice(0, BROKEN)),
    new Set(order.slice(BROKEN, 2 * BROKEN)),
  ]
  const pick = <T>(ways: readonly T[]): T => ways[Math.floor(random() * ways.length)]!
  const xmls = Array.from({ length: ITEMS }, (_, index) => {
    const fields: Fields = {
      ToUserName: known.officialOriginalId,
      FromUserName: `oFollower${String(index)}`,
      CreateTime: head().timestamp,
      MsgType: 'text',
      Content: '在吗',
      MsgId: `2${String(index).padStart(18, '0')}`,
    }
    return (broken.has(index) ? pick(BREAK_PUSH) : spoilt.has(index) ? pick(SPOIL_PUSH) : rawXml)(
      fields,
    )
  })
  await plant('accounts', `openid not like 'oPoison%'`)
  const answers: Posted[] = []
  await forEach(xmls, async (xml, index) => {
    answers[index] = await postPush(xml)
  })
  await town().settle()

  const answered = answers.flatMap(({ status, text }, index) =>
    status === 200 && text.includes('<Encrypt>') ? [index] : [],
  )
  expect(answered).toEqual(
    Array.from({ length: ITEMS }, (_, index) => index).filter((index) => !broken.has(index)),
  )
  expect([
    ...linesThat('could not be read'),
    ...linesThat('a push of the official account was refused'),
    ...linesThat('a request failed'),
  ]).toHaveLength(BROKEN)
}, 120_000)

test.each([
  ['a NUL in a query', 'get', '/api/admin/customers?phone=%00', undefined],
  [
    'half a character in a query',
    'get',
    '/api/admin/customers?externalUserId=%ED%A0%80',
    undefined,
  ],
  ['a NUL in a path', 'get', '/api/projects/%00', undefined],
  [
    'a NUL in a path of an admin',
    'post',
    '/api/admin/contacts/wm%00abcd/lift-code-stop',
    { reason: '核对过' },
  ],
  ['a NUL in a body', 'post', '/api/wechat/openid', { code: 'a\u0000' }],
  ['a NUL in the name of a field', 'post', '/api/wechat/openid', { code: 'abc', 'a\u0000': 1 }],
  ['a broken escape in a path', 'get', '/api/projects/%E0%A4', undefined],
] as const)(
  '%s is refused in clear words, never a failure of ours',
  async (_, method, path, body) => {
    const { server } = town()
    const { status, body: answer } = await (method === 'get'
      ? server.get(path, ADMIN_KEY)
      : server.post(path, body, ADMIN_KEY))
    expect([400, 401, 403, 404]).toContain(status)
    expect(answer).toMatchObject({ success: false, error: { code: expect.any(String) } })
    expect(linesThat('a request failed')).toEqual([])
  },
)
