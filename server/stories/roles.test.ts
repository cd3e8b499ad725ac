import { beforeEach, describe, expect, test } from '@jest/globals'
import { createAccess } from '../features/access/access.ts'
import { createAudit } from '../features/audit/audit.ts'
import { memberBrowsers } from '../test/member-browser.ts'
import { ADMIN_KEY, useTown } from '../test/town.ts'

const HOME = 'https://staff.example.com'
const MINUTE = 60_000
const town = useTown({ PUBLIC_BASE_URL: HOME, STAFF_QUIET_HOURS: 'off' })
const { signedIn } = memberBrowsers(town, HOME)
const refusal = (status: number, code: string) => ({
  status,
  body: { error: { code }, message: expect.stringMatching(/[\u4e00-\u9fff]/) },
})

/** Members outlive the reset between tests, so each test has one of its own. */
let userid: string
let count = 0
beforeEach(async () => {
  const { clock, control } = town()
  clock.advance(Date.now() - clock.now().getTime())
  userid = `Role${String((count += 1))}`
  await control.post('/_sandbox/members', { userid, name: '孙丽' })
})

const make = async (scope: string, more: object = {}): Promise<{ id: number; key: string }> =>
  (await town().server.post('/api/admin/keys', { name: `${scope} key`, scope, ...more }, ADMIN_KEY))
    .body.data
const keys = async (): Promise<Record<string, unknown>[]> =>
  (await town().server.get('/api/admin/keys', ADMIN_KEY)).body.data.items
const give = (role: string | null, key = ADMIN_KEY, to = userid) =>
  town().server.put(`/api/admin/roles/${to}`, { role, reason: '客服主管' }, key)
/** What a list holds, page by page. */
async function readPages(path: string): Promise<Record<string, unknown>[][]> {
  const pages: Record<string, unknown>[][] = []
  for (let cursor: string | undefined = ''; cursor !== undefined;) {
    const after: string = cursor === '' ? '' : `&cursor=${cursor}`
    const { data } = (await town().server.get(path + after, ADMIN_KEY)).body
    pages.push(data.items)
    cursor = data.nextCursor
  }
  return pages
}
const operations = async (query = ''): Promise<Record<string, any>[]> =>
  (await town().server.get(`/api/admin/operations${query}`, ADMIN_KEY)).body.data.items

describe('a key', () => {
  test('is told once, says who it is, is seen in use, and ends at once; all of it is in the log', async () => {
    const { server, db } = town()
    const made = await make('operator', { days: 30, reason: '新客服' })
    expect(made.key).toMatch(/^[\w-]{43}$/)
    expect((await keys())[0]).toEqual({
      id: made.id,
      name: 'operator key',
      scope: 'operator',
      createdAt: expect.any(String),
      createdBy: 'ADMIN_KEY',
      expiresAt: expect.any(String),
    })
    expect((await server.get('/api/admin/me', made.key)).body.data).toEqual({
      name: 'operator key',
      scope: 'operator',
      via: 'key',
    })
    expect((await keys())[0]).toMatchObject({ lastUsedAt: expect.any(String) })
    expect(JSON.stringify(await db('admin_keys'))).not.toContain(made.key)
    expect(await server.delete(`/api/admin/keys/${String(made.id)}`, ADMIN_KEY)).toMatchObject({
      status: 200,
      body: { data: { revoked: true } },
    })
    expect(await server.get('/api/admin/me', made.key)).toMatchObject(refusal(401, 'key.revoked'))
    expect(await server.delete(`/api/admin/keys/${String(made.id)}`, ADMIN_KEY)).toMatchObject(
      refusal(404, 'keys.unknown'),
    )
    const log = await operations(`?targetType=key&targetId=${String(made.id)}`)
    expect(log).toMatchObject([
      { operation: 'key.revoked', before: { scope: 'operator' }, after: null },
      { operation: 'key.created', operator: 'ADMIN_KEY', reason: '新客服', before: null },
    ])
    expect(JSON.stringify(log)).not.toContain(made.key)
  })

  test('ends by itself on its day', async () => {
    const { server, clock } = town()
    const { key } = await make('viewer', { days: 1 })
    clock.advance(24 * 60 * MINUTE + 1_000)
    expect(await server.get('/api/admin/me', key)).toMatchObject(refusal(401, 'key.expired'))
  })

  test.each([
    [{}],
    [{ name: ' ', scope: 'viewer' }],
    [{ name: 'x', scope: 'root' }],
    [{ name: 'x', scope: 'viewer', days: 0 }],
    [{ name: 'x', scope: 'viewer', days: 1.5 }],
    [{ name: 'x', scope: 'viewer', forever: true }],
  ])('is not made of %j', async (body) => {
    expect((await town().server.post('/api/admin/keys', body, ADMIN_KEY)).status).toBe(400)
  })
})

describe('a member with a role', () => {
  const answerQuestion = (browser: Awaited<ReturnType<typeof signedIn>>, headers?: object) =>
    browser.post('/api/admin/reviews/1/close', {
      body: { reason: '已核实' },
      ...(headers && { headers: headers as Record<string, string> }),
    })

  type Browser = Awaited<ReturnType<typeof signedIn>>
  /** What tells full phones: a deed, though it is only read. */
  const revealing = (browser: Browser, headers: object = { 'X-Staff-Page': '1' }) =>
    Promise.all(
      ['customers/4711/export', 'rights/4711/export', 'imports/4711/rejected'].map((path) =>
        browser.open(`/api/admin/${path}`, { headers: headers as Record<string, string> }),
      ),
    )

  test('comes in through WeCom, does what the role allows, and no more when it is taken', async () => {
    const browser = await signedIn(userid)
    expect((await browser.get('/api/admin/questions')).json()).toMatchObject(
      refusal(401, 'key.missing').body,
    )
    expect(await give('viewer')).toMatchObject({ status: 200, body: { data: { role: 'viewer' } } })
    expect((await browser.get('/api/admin/questions')).status).toBe(200)
    expect((await browser.get('/api/admin/me')).json().data).toEqual({
      name: userid,
      scope: 'viewer',
      via: 'member',
    })
    const forbidden = await answerQuestion(browser)
    expect([forbidden.status, forbidden.json().error.code]).toEqual([403, 'role.forbidden'])
    await give('operator')
    expect((await answerQuestion(browser)).status).toBe(404)
    await give(null)
    expect((await browser.get('/api/admin/questions')).status).toBe(401)
    expect(await operations(`?targetType=member&targetId=${userid}`)).toMatchObject([
      { operation: 'role.taken', before: { role: 'operator' }, after: null, reason: '客服主管' },
      { operation: 'role.given', before: { role: 'viewer' }, after: { role: 'operator' } },
      { operation: 'role.given', before: null, after: { role: 'viewer' }, operator: 'ADMIN_KEY' },
    ])
  })

  test('is one member, however his name is written, and is listed with his name', async () => {
    const { server } = town()
    await signedIn(userid)
    await give('viewer', ADMIN_KEY, userid.toLowerCase())
    await give('admin', ADMIN_KEY, userid.toUpperCase())
    const { items } = (await server.get('/api/admin/roles', ADMIN_KEY)).body.data
    expect(items).toMatchObject([{ userid: userid.toUpperCase(), name: '孙丽', role: 'admin' }])
    expect((await give('admin')).body.message).toBe('没有变化')
  })

  test('keys and roles are read page by page, each once', async () => {
    for (const name of ['zhangsan', 'lisi', 'wangwei']) await give('viewer', ADMIN_KEY, name)
    for (const scope of ['viewer', 'service', 'operator']) await make(scope)
    const roles = await readPages('/api/admin/roles?limit=2')
    expect(roles.map((page) => page.map(({ userid }) => userid))).toEqual([
      ['lisi', 'wangwei'],
      ['zhangsan'],
    ])
    const keys = await readPages('/api/admin/keys?limit=2')
    expect(keys.map((page) => page.map(({ scope }) => scope))).toEqual([
      ['operator', 'service'],
      ['viewer'],
    ])
  })

  test('no other web site acts with his cookie', async () => {
    const browser = await signedIn(userid)
    await give('admin')
    for (const headers of [{}, { 'X-Staff-Page': '1', Origin: 'https://evil.example' }])
      for (const refused of [
        await answerQuestion(browser, headers),
        ...(await revealing(browser, headers)),
      ])
        expect([refused.status, refused.json().error.code]).toEqual([403, 'staff.foreign_request'])
    for (const { status } of await revealing(browser)) expect(status).toBe(404)
  })

  test.each([
    ['has left', { status: 5 }, answerQuestion],
    ['is disabled', { status: 2 }, async (browser: Browser) => (await revealing(browser))[0]!],
  ] as const)('who %s acts no more, and his role is over', async (_, how, act) => {
    const { control, clock, settle, db } = town()
    const browser = await signedIn(userid)
    await give('admin')
    await control.post('/_sandbox/members', { userid, ...how })
    clock.advance(MINUTE + 1_000)
    const refused = await act(browser)
    expect([refused.status, refused.json().error.code]).toEqual([403, 'staff.left'])
    await settle()
    expect(await db('member_roles')).toEqual([])
    expect((await operations('?operation=role.taken'))[0]).toMatchObject({
      operator: 'member.left',
    })
    expect(await give('viewer')).toMatchObject(refusal(404, 'members.unknown'))
  })

  test('nobody gets a role while WeCom cannot say that he works here', async () => {
    await town().control.post('/_sandbox/faults', {
      endpoints: [{ path: 'user/get', errcode: 45009, times: 2 }],
    })
    expect(await give('viewer')).toMatchObject(refusal(503, 'members.not_vouched'))
    expect(await town().db('member_roles')).toEqual([])
  })
})

test('the last who may decide everything stays, also when two end at once', async () => {
  const { db } = town()
  const access = createAccess({
    db,
    audit: createAudit(),
    adminKey: undefined,
    members: {
      standingNow: () => Promise.resolve('here' as const),
      namesOf: () => Promise.resolve(new Map()),
    },
    clock: () => new Date(),
  })
  const by = { name: 'test', requestId: 'r' }
  const one = await access.issueKey({ name: 'one', scope: 'admin', days: null }, by)
  expect(await access.revokeKey(one.id, by)).toBe('last_admin')
  expect(await access.changeRole({ userId: 'zhangsan', role: 'admin', by })).toEqual({
    kind: 'changed',
  })
  const [key, role] = await Promise.all([
    access.revokeKey(one.id, by),
    access.changeRole({ userId: 'zhangsan', role: null, by }),
  ])
  expect([key === 'last_admin', role.kind === 'refused'].filter(Boolean)).toHaveLength(1)
  expect(await access.hasAdmin()).toBe(true)
})

test('the operation log is read page by page, by who, what, whom and when, and holds no full phone', async () => {
  const { people, server } = town()
  const customer = await people.arrive()
  for (let n = 0; n < 5; n += 1) await people.load(`SO-${String(n)}`, customer.phone)
  const page = async (query: string) =>
    (await server.get(`/api/admin/operations${query}`, ADMIN_KEY)).body.data
  const first = await page('?operation=project.created&limit=2')
  const second = await page(`?operation=project.created&limit=2&cursor=${first.nextCursor}`)
  const third = await page(`?operation=project.created&limit=2&cursor=${second.nextCursor}`)
  const names = [first, second, third].flatMap(({ items }) =>
    items.map(({ target }: { target: { id: string } }) => target.id),
  )
  expect(names).toEqual(['SO-4', 'SO-3', 'SO-2', 'SO-1', 'SO-0'])
  expect(third.nextCursor).toBeUndefined()
  expect(JSON.stringify([first, second, third])).not.toContain(customer.phone)
  expect(await operations('?operator=nobody')).toEqual([])
  expect(await operations('?targetId=SO-3&targetType=project')).toHaveLength(1)
  const later = encodeURIComponent(new Date(Date.now() + MINUTE).toISOString())
  expect(await operations(`?from=${later}`)).toEqual([])
  expect(await operations(`?to=${later}&operator=ADMIN_KEY`)).toHaveLength(5)
  for (const query of ['?cursor=x', '?limit=0', '?limit=101', '?from=yesterday', '?targetId=SO-3'])
    expect((await server.get(`/api/admin/operations${query}`, ADMIN_KEY)).status).toBe(400)
})
