import { beforeEach, describe, expect, test } from '@jest/globals'
import { createHash } from 'node:crypto'
import { seedAdvisor } from '../../scripts/play/seed.advisor.ts'
import type { Person } from '../../scripts/play/people.ts'
import type { Reply } from '../../scripts/play/requests.ts'
import { pushEnvironment } from '../../scripts/sandbox/environment.ts'
import { addJob } from '../test/job-desk.ts'
import { memberBrowsers } from '../test/member-browser.ts'
import { bindByCode } from '../test/bind-by-code.ts'
import { takePhoto } from '../test/pictures.ts'
import { ADMIN_KEY, useTown } from '../test/town.ts'

const HOME = 'https://staff.example.com'
const town = useTown({ PUBLIC_BASE_URL: HOME, STAFF_QUIET_HOURS: 'off' })
const { signedIn } = memberBrowsers(town, HOME)
const pushed = useTown({ ...pushEnvironment, STAFF_QUIET_HOURS: 'off' })

const DAY_MS = 86_400_000
const NEW_CUSTOMER = 'tpl-new-customer'
const PATH = '/api/admin/advisors'
const ADVISOR = 'advisor-zhangsan'
const photo = await takePhoto()

const refusal = (status: number, code: string) => ({
  status,
  body: { error: { code }, message: expect.stringMatching(/[\u4e00-\u9fff]/) },
})
const get = (path: string, key = ADMIN_KEY) => town().server.get(path, key)
const save = (body: object, id = ADVISOR, key = ADMIN_KEY) =>
  town().server.put(`${PATH}/${id}`, { name: '张三', ...body }, key)
const invite = async (id = ADVISOR): Promise<string> =>
  (await town().server.post(`${PATH}/${id}/invite`, undefined, ADMIN_KEY)).body.data.invite
const join = (token: string, invitation: string) =>
  town().server.post('/api/advisor/join', { invite: invitation }, token)
const look = (token: string, invitation: string) =>
  town().server.post('/api/advisor/join/look', { invite: invitation }, token)
const meOf = ({ token }: Person) => town().server.get('/api/advisor/me', token)
const operations = async (id = ADVISOR): Promise<Record<string, any>[]> =>
  (await get(`/api/admin/operations?targetType=advisor&targetId=${id}`)).body.data.items

async function arrive(at = town()): Promise<Person> {
  const person = await at.people.arrive()
  await person.signIn()
  return person
}

async function upload(key = ADMIN_KEY, path = '/api/admin/media'): Promise<string> {
  const form = new FormData()
  form.append('file', new Blob([new Uint8Array(photo)]), '张三.jpg')
  const headers = { authorization: `Bearer ${key}` }
  const answer = await fetch(`${town().address}${path}`, { method: 'POST', headers, body: form })
  return ((await answer.json()) as { data: { mediaId: string } }).data.mediaId
}
/** 200 while somebody gets it at the address that was told. */
const statusOf = async (address: string): Promise<number> =>
  (await fetch(town().address + address)).status

beforeEach(() => {
  const { clock } = town()
  clock.advance(Date.now() - clock.now().getTime())
})

describe('the office', () => {
  test('makes an advisor, changes one field, and the same again changes nothing; all of it is in the log', async () => {
    const { server } = town()
    const resume = [{ heading: '从业经历', text: '2015 年入行' }]
    expect(await get(`${PATH}/${ADVISOR}`)).toMatchObject(refusal(404, 'advisor.unknown'))
    const made = await save({ memberUserid: 'zhangsan', services: ['上门量尺'], resume })
    expect(made).toMatchObject({
      status: 200,
      body: {
        message: '已保存',
        data: {
          advisorId: ADVISOR,
          name: '张三',
          memberUserid: 'zhangsan',
          title: null,
          photo: null,
          summary: null,
          resume: [{ ...resume[0], pictures: [] }],
          services: ['上门量尺'],
          active: true,
          joinedAt: null,
        },
      },
    })
    const same = await save({ memberUserid: 'ZHANGSAN', services: ['上门量尺'], resume })
    expect(same.body).toMatchObject({ message: '没有变化', data: made.body.data })
    const changed = await save({ title: '设计师', services: [] })
    expect(changed.body.data).toEqual({
      ...made.body.data,
      title: '设计师',
      services: [],
      updatedAt: expect.any(String),
    })
    expect((await get(`${PATH}/${ADVISOR}`)).body.data).toEqual(changed.body.data)
    expect(await operations()).toMatchObject([
      {
        operator: 'ADMIN_KEY',
        operation: 'advisor.saved',
        before: { title: null, services: ['上门量尺'] },
        after: { title: '设计师', services: [] },
      },
      { operation: 'advisor.saved', before: null, after: { name: '张三', active: true } },
    ])
    expect(await server.put(`${PATH}/${ADVISOR}`, { name: '' }, ADMIN_KEY)).toMatchObject(
      refusal(400, 'request.invalid'),
    )
  })

  test('lists them page by page', async () => {
    for (const id of ['a-1', 'a-2', 'a-3']) await save({ active: id !== 'a-2' }, id)
    const first = (await get(`${PATH}?limit=2`)).body.data
    expect(first.items.map((one: any) => one.advisorId)).toEqual(['a-1', 'a-2'])
    const second = (await get(`${PATH}?limit=2&cursor=${first.nextCursor}`)).body.data
    expect(second.items.map((one: any) => one.advisorId)).toEqual(['a-3'])
    expect(second.nextCursor).toBeUndefined()
  })

  test('gives a member to one advisor only, also of twenty that ask at once', async () => {
    const ids = Array.from({ length: 20 }, (_, at) => `a-${String(at)}`)
    const spelled = (at: number): string => (at % 2 === 0 ? 'wangwu' : 'WangWu')
    const saved = await Promise.all(ids.map((id, at) => save({ memberUserid: spelled(at) }, id)))
    expect(saved.filter(({ status }) => status === 200)).toHaveLength(1)
    for (const one of saved.filter(({ status }) => status !== 200))
      expect(one).toMatchObject(refusal(409, 'advisor.member_taken'))
    expect(await town().db('advisors')).toHaveLength(1)
  })
})

describe('the pictures of an advisor', () => {
  const shown = async (person: Person) =>
    (await get(`/api/advisors/${ADVISOR}`, person.token)).body.data

  test('are shown to customers while he has them, and are gone when he has them no more', async () => {
    const customer = await arrive()
    const [first, second] = [await upload(), await upload()]
    await save({ photo: first, resume: [{ heading: '项目', text: '', pictures: [second, first] }] })
    const before = await shown(customer)
    const addresses = [before.photo.full, before.photo.thumb, before.resume[0].pictures[0].full]
    for (const address of addresses)
      expect([address, await statusOf(address)]).toEqual([address, 200])
    await save({ photo: null, resume: [{ heading: '项目', text: '', pictures: [first] }] })
    expect(await statusOf(before.photo.full)).toBe(200)
    expect(await statusOf(before.resume[0].pictures[0].full)).toBe(404)
    await save({ resume: [] })
    await town().settle()
    expect(await statusOf(before.photo.full)).toBe(404)
    expect(await town().db('media')).toEqual([])
  })

  test("are of who saves, or the advisor's already; others change nothing at all", async () => {
    const { server } = town()
    const colleague = (
      await server.post('/api/admin/keys', { name: '客服', scope: 'operator' }, ADMIN_KEY)
    ).body.data.key as string
    const customer = await arrive()
    const own = await upload()
    await save({ photo: own })
    const theirs = await upload(colleague)
    expect(await save({ photo: theirs, title: '设计师' })).toMatchObject(
      refusal(400, 'advisor.unknown_picture'),
    )
    const ofCustomer = await upload(customer.token, '/api/media')
    expect(await save({ photo: ofCustomer })).toMatchObject(refusal(400, 'advisor.unknown_picture'))
    expect(await save({ photo: own }, 'a-2')).toMatchObject(refusal(400, 'advisor.unknown_picture'))
    expect((await get(`${PATH}/${ADVISOR}`)).body.data).toMatchObject({ photo: own, title: null })
    const kept = { photo: own, resume: [{ heading: '项目', text: '', pictures: [theirs] }] }
    expect((await save(kept, ADVISOR, colleague)).status).toBe(200)
  })

  test('that a crash or a refusal has left loose belong to nobody, and go', async () => {
    const { clock, db, settle } = town()
    await save({ photo: await upload() })
    await upload()
    clock.advance(2 * DAY_MS)
    await addJob(db, 'media.tidy')
    await settle()
    expect(await db('media')).toHaveLength(1)
  })
})

describe('customers', () => {
  test('see those who are there for them, with the chat of the company; unknown and not there are the same', async () => {
    const customer = await arrive()
    await save({
      title: '顾问',
      summary: '从业 11 年',
      services: ['上门量尺'],
      memberUserid: 'zhangsan',
    })
    for (const id of ['a-1', 'a-3']) await save({}, id)
    await save({ active: false }, 'a-2')
    const first = (await get('/api/advisors?limit=2', customer.token)).body.data
    const second = (await get(`/api/advisors?limit=2&cursor=${first.nextCursor}`, customer.token))
      .body.data
    const items = [...first.items, ...second.items]
    expect(items.map(({ advisorId }) => advisorId)).toEqual(['a-1', 'a-3', ADVISOR])
    const card = {
      advisorId: ADVISOR,
      name: '张三',
      title: '顾问',
      summary: '从业 11 年',
      photo: null,
      services: ['上门量尺'],
    }
    expect(items.at(-1)).toEqual(card)
    const { support } = await customer.me()
    expect((await get(`/api/advisors/${ADVISOR}`, customer.token)).body.data).toEqual({
      ...card,
      resume: [],
      support,
    })
    for (const id of ['a-2', 'nobody'])
      expect(await get(`/api/advisors/${id}`, customer.token)).toMatchObject(
        refusal(404, 'advisor.unknown'),
      )
  })

  test('are told the page of the member who follows them, while he has one, however his userid is spelled', async () => {
    const { people, settle } = town()
    const customer = await arrive()
    await people.add('zhangsan', customer.phone)
    await bindByCode(town(), customer)
    await settle()
    const pageOf = async () => (await customer.me()).advisor?.advisorId as string | undefined
    await save({ memberUserid: 'lisi' })
    expect(await pageOf()).toBeUndefined()
    await save({ memberUserid: 'ZhangSan' })
    expect(await pageOf()).toBe(ADVISOR)
    await save({ active: false })
    expect(await pageOf()).toBeUndefined()
  })

  test('see the advisor of the demo world, whom a later start leaves as the office has made him', async () => {
    const { server } = town()
    const customer = await arrive()
    await seedAdvisor(server, ADMIN_KEY)
    await save({ title: '店长' })
    await seedAdvisor(server, ADMIN_KEY)
    expect((await get(`/api/advisors/${ADVISOR}`, customer.token)).body.data).toMatchObject({
      name: '张三',
      title: '店长',
      services: ['上门量尺', '方案设计', '设备保养'],
    })
  })
})

describe('an invitation', () => {
  const invalid = refusal(404, 'advisor.invite_invalid')
  beforeEach(async () => void (await save({ memberUserid: 'zhangsan' })))

  test('is told once, and lets one account be the advisor', async () => {
    const { server, db, lines } = town()
    const person = await arrive()
    expect(await meOf(person)).toMatchObject(refusal(403, 'advisor.not_one'))
    const invited = await server.post(`${PATH}/${ADVISOR}/invite`, undefined, ADMIN_KEY)
    const { invite: token, miniprogramPath, expiresAt } = invited.body.data
    expect(token).toMatch(/^[\w-]{22}$/)
    expect(miniprogramPath).toBe(`pages/customer/join?invite=${token}`)
    expect(Math.round((Date.parse(expiresAt) - Date.now()) / DAY_MS)).toBe(7)
    const joined = await join(person.token, token)
    expect(joined).toMatchObject({
      status: 200,
      body: { data: { advisor: { advisorId: ADVISOR } } },
    })
    expect((await meOf(person)).body.data).toEqual(joined.body.data)
    expect((await get(`${PATH}/${ADVISOR}`)).body.data.joinedAt).toEqual(expect.any(String))
    const { id } = await db('accounts').where({ openid: person.openid }).first()
    expect(await operations()).toMatchObject([
      {
        operator: `account:${String(id)}`,
        operation: 'advisor.joined',
        before: { accountId: null },
        after: { accountId: id },
      },
      { operator: 'ADMIN_KEY', operation: 'advisor.invited', after: { expiresAt } },
      { operation: 'advisor.saved' },
    ])
    const kept = JSON.stringify([await db('advisor_invitations'), await db('operation_log'), lines])
    expect(kept).not.toContain(token)
    expect((await db('advisor_invitations').first()).token_hash).toEqual(
      createHash('sha256').update(token).digest(),
    )
  })

  test('that is wrong, used, replaced or over is answered alike, whoever comes with it', async () => {
    const { clock } = town()
    const [person, other] = [await arrive(), await arrive()]
    const answers: Reply[] = [
      await join(person.token, 'wrong'),
      await join(person.token, 'x'.repeat(22)),
    ]
    const replaced = await invite()
    const used = await invite()
    answers.push(await join(person.token, replaced))
    expect((await join(person.token, used)).status).toBe(200)
    answers.push(await join(person.token, used), await join(other.token, used))
    const over = await invite()
    clock.advance(7 * DAY_MS)
    await other.signIn()
    answers.push(await join(other.token, over))
    for (const answer of answers) expect(answer).toMatchObject(invalid)
    expect(new Set(answers.map(({ body }) => body.message)).size).toBe(1)
  })

  test('is taken by one of twenty who come at once', async () => {
    const people = await Promise.all(Array.from({ length: 20 }, () => arrive()))
    const token = await invite()
    const joined = await Promise.all(people.map((person) => join(person.token, token)))
    expect(joined.filter(({ status }) => status === 200)).toHaveLength(1)
    for (const one of joined.filter(({ status }) => status !== 200))
      expect(one).toMatchObject(invalid)
    const standing = await Promise.all(people.map(meOf))
    expect(standing.map(({ status }) => status === 200)).toEqual(
      joined.map(({ status }) => status === 200),
    )
  })

  test('gives one account to one advisor, also when two invitations come at once', async () => {
    await save({ name: '李四' }, 'a-2')
    const person = await arrive()
    const tokens = [await invite(), await invite('a-2')]
    const joined = await Promise.all(tokens.map((token) => join(person.token, token)))
    const statuses = joined.map(({ status }) => status)
    expect(new Set(statuses)).toEqual(new Set([200, 409]))
    expect(joined.find(({ status }) => status === 409)).toMatchObject(
      refusal(409, 'advisor.other_advisor'),
    )
    // It is not used up by who may not take it.
    const left = tokens[joined.findIndex(({ status }) => status === 409)]!
    expect((await join((await arrive()).token, left)).status).toBe(200)
  })

  test('replaces the account that was the advisor, which is none at once', async () => {
    const { db } = town()
    const [former, present] = [await arrive(), await arrive()]
    await join(former.token, await invite())
    await join(present.token, await invite())
    expect(await meOf(former)).toMatchObject(refusal(403, 'advisor.not_one'))
    expect((await meOf(present)).status).toBe(200)
    const ids = await db('accounts')
      .whereIn('openid', [former.openid, present.openid])
      .orderBy('id')
      .pluck('id')
    expect((await operations())[0]).toMatchObject({
      operation: 'advisor.joined',
      before: { accountId: ids[0] },
      after: { accountId: ids[1] },
    })
  })

  test('says whose it is to who looks, is not taken by that, and says nothing once it is over', async () => {
    const [person, other] = [await arrive(), await arrive()]
    const token = await invite()
    for (const { token: session } of [person, other, person])
      expect((await look(session, token)).body).toMatchObject({ data: { name: '张三' } })
    expect((await join(person.token, token)).status).toBe(200)
    expect(await look(other.token, token)).toMatchObject(invalid)
    expect(await look(other.token, 'wrong')).toMatchObject(invalid)
  })

  test('is looked at ten times in an hour, like any other try', async () => {
    const person = await arrive()
    const token = await invite()
    for (let tries = 0; tries < 10; tries += 1)
      expect((await look(person.token, token)).status).toBe(200)
    expect(await look(person.token, token)).toMatchObject(refusal(429, 'advisor.too_often'))
    expect(await join(person.token, token)).toMatchObject(refusal(429, 'advisor.too_often'))
  })

  test('may be tried ten times in an hour', async () => {
    const { clock } = town()
    const [person, other] = [await arrive(), await arrive()]
    const token = await invite()
    for (let tries = 0; tries < 10; tries += 1)
      expect(await join(person.token, `wrong-${String(tries)}`)).toMatchObject(invalid)
    const stopped = await join(person.token, token)
    expect(stopped).toMatchObject(refusal(429, 'advisor.too_often'))
    const seconds = Number(stopped.headers.get('retry-after'))
    expect(seconds).toBeGreaterThan(3_500)
    expect(await join(other.token, 'wrong')).toMatchObject(invalid)
    clock.advance(seconds * 1_000)
    expect((await join(person.token, token)).status).toBe(200)
  })

  test('is for somebody who is there; who is put away has none left', async () => {
    const { server } = town()
    const person = await arrive()
    const token = await invite()
    await save({ active: false })
    expect(await join(person.token, token)).toMatchObject(invalid)
    expect(await server.post(`${PATH}/${ADVISOR}/invite`, undefined, ADMIN_KEY)).toMatchObject(
      refusal(409, 'advisor.inactive'),
    )
    expect(await server.post(`${PATH}/nobody/invite`, undefined, ADMIN_KEY)).toMatchObject(
      refusal(404, 'advisor.unknown'),
    )
  })
})

describe('an advisor is none any more', () => {
  const not = refusal(403, 'advisor.not_one')
  let person: Person
  beforeEach(async () => {
    await save({ memberUserid: 'zhangsan' })
    person = await arrive()
    await join(person.token, await invite())
  })

  test('at once when the office puts him away, and is one again when it takes him back', async () => {
    await save({ active: false })
    expect(await meOf(person)).toMatchObject(not)
    await save({ active: true })
    expect((await meOf(person)).status).toBe(200)
  })

  test('when he has lost his phone; no invitation from before leads back', async () => {
    const { server } = town()
    const path = `${PATH}/${ADVISOR}/account`
    const token = await invite()
    const taken = await server.delete(path, ADMIN_KEY, { reason: '手机丢了' })
    expect(taken).toMatchObject({ status: 200, body: { data: { joinedAt: null } } })
    expect(await meOf(person)).toMatchObject(not)
    expect((await join(person.token, token)).status).toBe(404)
    expect((await operations())[0]).toMatchObject({
      operation: 'advisor.account_taken',
      reason: '手机丢了',
      before: { accountId: expect.any(Number) },
      after: { accountId: null },
    })
    const count = (await operations()).length
    expect((await server.delete(path, ADMIN_KEY, { reason: '再来一次' })).status).toBe(200)
    expect(await operations()).toHaveLength(count)
    expect(await server.delete(path, ADMIN_KEY, {})).toMatchObject(refusal(400, 'request.invalid'))
  })

  test('when the next look at the member says that he has left the company, once', async () => {
    const { clock, control, settle } = town()
    const member = { userid: 'LiuQi', name: '刘七' }
    await control.post('/_sandbox/members', member)
    await save({ memberUserid: 'liuqi' })
    const browser = await signedIn(member.userid)
    await control.post('/_sandbox/members', { ...member, status: 5 })
    for (let looks = 0; looks < 2; looks += 1) {
      clock.advance(61_000)
      expect((await browser.post('/api/staff/pending-customers/1/reveal')).status).not.toBe(200)
      await settle()
    }
    expect(await meOf(person)).toMatchObject(not)
    expect((await get(`/api/advisors/${ADVISOR}`, person.token)).status).toBe(404)
    expect((await operations()).slice(0, 2)).toMatchObject([
      { operator: 'member.left', operation: 'advisor.retired', after: { active: false } },
      { operation: 'advisor.saved' },
    ])
  })

  test('when what is kept of him as a customer is erased; he stays on the page, and joins anew', async () => {
    const { server, settle } = town()
    await server.post('/api/rights/requests', { kind: 'erase' }, person.token)
    const requests = (await get('/api/admin/rights')).body.data.items
    const at = `/api/admin/rights/${String(requests[0].id)}`
    const exported = (await get(`${at}/export`)).body.data.sections
    expect(exported.find((one: any) => one.name === 'advisors').rows).toMatchObject([
      { name: '张三' },
    ])
    expect((await server.post(`${at}/erase`, { reason: '本人申请' }, ADMIN_KEY)).status).toBe(200)
    await settle()
    expect((await get(`${PATH}/${ADVISOR}`)).body.data).toMatchObject({
      name: '张三',
      joinedAt: null,
    })
    await person.signIn()
    expect(await meOf(person)).toMatchObject(not)
    expect((await join(person.token, await invite())).status).toBe(200)
  })
})

describe('R2.3 and R2.4, what an advisor answered when he was asked whether he may be told', () => {
  async function advisor(at = town()): Promise<Person> {
    const body = { name: '张三' }
    await at.server.put(`${PATH}/${ADVISOR}`, body, ADMIN_KEY)
    const person = await arrive(at)
    const { data } = (await at.server.post(`${PATH}/${ADVISOR}/invite`, undefined, ADMIN_KEY)).body
    await at.server.post('/api/advisor/join', { invite: data.invite }, person.token)
    return person
  }
  const subscribe = (person: Person, more: object = {}, at = town()) =>
    at.server.post(
      '/api/advisor/subscribe',
      {
        advisorId: ADVISOR,
        openid: person.openid,
        templateId: NEW_CUSTOMER,
        subscribed: true,
        subscribeData: {
          source: 'miniprogram',
          timestamp: new Date().toISOString(),
          userAgent: {},
          subscriptionStatus: 'accept',
        },
        ...more,
      },
      person.token,
    )
  const leftOf = async (person: Person, at = town()): Promise<Record<string, number>> =>
    (await at.server.get('/api/advisor/me', person.token)).body.data.remaining

  test('R2.3 is one message that he can be sent, and R2.4 says so', async () => {
    const person = await advisor()
    expect(await leftOf(person)).toEqual({ [NEW_CUSTOMER]: 0, 'tpl-booking': 0 })
    const answer = await subscribe(person)
    expect(answer).toMatchObject({ status: 200, body: { message: '保存订阅状态成功' } })
    expect(answer.body.data).toEqual({
      _id: expect.stringMatching(/^[0-9a-f]{24}$/),
      advisorId: ADVISOR,
      openid: person.openid,
      templateId: NEW_CUSTOMER,
      subscribed: true,
      subscribeTime: expect.any(String),
    })
    const again = await subscribe(person, { openid: undefined, subscribeData: undefined })
    expect(again.body.data._id).toBe(answer.body.data._id)
    expect(await leftOf(person)).toEqual({ [NEW_CUSTOMER]: 2, 'tpl-booking': 0 })
    const other = await subscribe(person, { templateId: 'tpl-booking' })
    expect(other.body.data._id).not.toBe(answer.body.data._id)
  })

  test('R2.3 with a no gives none and takes none, whatever else it says', async () => {
    const person = await advisor()
    await subscribe(person)
    expect((await subscribe(person, { subscribed: false })).body.data).toMatchObject({
      subscribed: false,
    })
    await subscribe(person, { subscribeData: { subscriptionStatus: 'reject' } })
    expect((await leftOf(person))[NEW_CUSTOMER]).toBe(1)
  })

  test('R2.3 is not believed where WeChat itself tells', async () => {
    const person = await advisor(pushed())
    expect((await subscribe(person, {}, pushed())).status).toBe(200)
    expect((await leftOf(person, pushed()))[NEW_CUSTOMER]).toBe(0)
    await pushed().control.post(`/_sandbox/people/${person.personId}/subscribe`, {
      templateId: NEW_CUSTOMER,
      choice: 'accept',
    })
    await pushed().settle()
    expect((await leftOf(person, pushed()))[NEW_CUSTOMER]).toBe(1)
  })

  test('R2.3 is for oneself alone, and for what advisors are told', async () => {
    const person = await advisor()
    const stranger = await arrive()
    await save({ name: '李四' }, 'a-2')
    for (const [who, more, status, code] of [
      [person, { openid: stranger.openid }, 403, 'advisor.other_openid'],
      [person, { advisorId: 'a-2' }, 403, 'advisor.not_own'],
      [person, { templateId: 'tpl-stage' }, 404, 'advisor.unknown_template'],
      [stranger, {}, 403, 'advisor.not_one'],
    ] as const)
      expect(await subscribe(who, more)).toMatchObject(refusal(status, code))
    expect(await town().db('notice_consents')).toEqual([])
  })
})
