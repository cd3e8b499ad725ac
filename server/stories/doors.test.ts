import { describe, expect, test } from '@jest/globals'
import { createHttp } from '../../scripts/play/requests.ts'
import { callingFrom, nextAddress } from '../test/addresses.ts'
import { memberBrowsers } from '../test/member-browser.ts'
import { ADMIN_KEY, useTown, type Town } from '../test/town.ts'

const HOME = 'https://progress.example.com'
const chinese = expect.stringMatching(/[\u4e00-\u9fff]/)
const refusal = (status: number, code: string) => ({
  status,
  body: { success: false, error: { code }, message: chinese },
})

/** Behind one proxy of ours, which says from where a request came. */
const proxied = useTown({ PUBLIC_BASE_URL: HOME, STAFF_QUIET_HOURS: 'off' })
const from = (address: string) => createHttp(proxied().address, () => callingFrom(address))

const LIMIT = 120
const ANY_ID = '0b7e9c1e-6a52-4a5f-9c5d-0d6a8f3b2c11'
const inventToken = (): string => crypto.randomUUID()
const { signedIn } = memberBrowsers(proxied, HOME)

const sessionOf = async (): Promise<string> => {
  const customer = await proxied().people.arrive()
  await customer.signIn()
  return customer.token
}

describe('who is known but may not is told so: 403, not 401', () => {
  const KEY_DOORS = [
    '/api/admin/reviews',
    '/api/admin/settings',
    '/api/admin/customers?phone=13800000000',
    '/api/admin/questions',
    '/api/admin/reconciliations',
  ]
  const CUSTOMER_DOORS = [
    '/api/me',
    '/api/projects/my',
    `/api/projects/${ANY_ID}`,
    '/api/binding/status',
  ]
  const STAFF_DOORS = ['/api/staff/me', '/api/staff/pending-customers', '/api/staff/questions']
  const serviceKey = () =>
    proxied().house.access.createKey({ name: 'office', scope: 'service', expiresAt: null })

  test('a valid service key on doors of admins, customers and members', async () => {
    const key = await serviceKey()
    const { server } = proxied()
    for (const path of [...KEY_DOORS, ...CUSTOMER_DOORS, ...STAFF_DOORS])
      expect(await server.get(path, key)).toMatchObject(refusal(403, 'key.forbidden'))
    expect(await server.post('/api/wework/manual-bind', {}, key)).toMatchObject(
      refusal(403, 'key.forbidden'),
    )
  })

  test('an admin key on doors of customers and members', async () => {
    const { server } = proxied()
    for (const path of [...CUSTOMER_DOORS, ...STAFF_DOORS])
      expect(await server.get(path, ADMIN_KEY)).toMatchObject(refusal(403, 'key.forbidden'))
  })

  test("a customer's session on doors of admins and members", async () => {
    const token = await sessionOf()
    const { server } = proxied()
    for (const path of [...KEY_DOORS, ...STAFF_DOORS])
      expect(await server.get(path, token)).toMatchObject(refusal(403, 'session.forbidden'))
    expect(await server.put('/api/admin/projects/X', { title: 'x' }, token)).toMatchObject(
      refusal(403, 'session.forbidden'),
    )
  })

  test("a member's session opens no door of customers or admins, though his browser sends it", async () => {
    const browser = await signedIn()
    for (const path of CUSTOMER_DOORS)
      expect((await browser.get(path)).json()).toMatchObject(refusal(401, 'session.missing').body)
    for (const path of KEY_DOORS)
      expect((await browser.get(path)).json()).toMatchObject(refusal(401, 'key.missing').body)
  })
})

describe('a key that opens nothing is told why', () => {
  const ask = (key?: string) => proxied().server.get('/api/admin/reviews', key)

  test('expired, revoked, unknown, damaged and missing have codes of their own', async () => {
    const { access } = proxied().house
    const expired = await access.createKey({
      name: 'old',
      scope: 'admin',
      expiresAt: new Date(Date.now() - 1_000),
    })
    const revoked = await access.createKey({ name: 'lost', scope: 'admin', expiresAt: null })
    expect((await ask(revoked)).status).toBe(200)
    await access.revokeKeys('lost')
    expect(await ask(expired)).toMatchObject(refusal(401, 'key.expired'))
    expect(await ask(revoked)).toMatchObject(refusal(401, 'key.revoked'))
    for (const key of [inventToken(), `${ADMIN_KEY}x`, 'short'])
      expect(await ask(key)).toMatchObject(refusal(401, 'key.invalid'))
    expect(await ask()).toMatchObject(refusal(401, 'key.missing'))
  })

  test('also where a session would do', async () => {
    const revoked = await proxied().house.access.createKey({
      name: 'both',
      scope: 'service',
      expiresAt: null,
    })
    await proxied().house.access.revokeKeys('both')
    expect(
      await proxied().server.post('/api/binding/temp', { phoneNumber: '13800000000' }, revoked),
    ).toMatchObject(refusal(401, 'key.revoked'))
  })
})

describe('tokens that open nothing count against their address', () => {
  const guess = async (address: string, count: number, path = '/api/me'): Promise<number[]> => {
    const { get } = from(address)
    return (await Promise.all(Array.from({ length: count }, () => get(path, inventToken())))).map(
      ({ status }) => status,
    )
  }
  /** A lookup would fail now: 500, or 503. */
  const withoutTables = async (action: () => Promise<void>): Promise<void> => {
    const tables = ['sessions', 'admin_keys', 'staff_sessions']
    const { db } = proxied()
    for (const table of tables) await db.raw(`alter table ${table} rename to ${table}_away`)
    try {
      await action()
    } finally {
      for (const table of tables) await db.raw(`alter table ${table}_away rename to ${table}`)
    }
  }

  test.each([['/api/me'], ['/api/admin/reviews'], ['/api/binding/status']])(
    '%s: after so many, not one more costs a query, for a minute',
    async (path) => {
      const { clock } = proxied()
      const address = nextAddress()
      await clock.stopFor(async () => {
        const statuses = await guess(address, LIMIT + 80, path)
        expect([401, 429].map((status) => statuses.filter((one) => one === status).length)).toEqual(
          [LIMIT, 80],
        )
        await withoutTables(async () => {
          expect(await guess(address, 3, path)).toEqual([429, 429, 429])
        })
        const answer = await from(address).get(path, inventToken())
        expect(answer).toMatchObject(refusal(429, 'request.too_many'))
        expect(answer.headers.get('retry-after')).toBe('60')
        clock.advance(60_000)
        expect(await guess(address, 1, path)).toEqual([401])
      })
    },
  )

  test('requests without any token count as well, by themselves: a new session beside them gets in', async () => {
    const address = nextAddress()
    const session = await sessionOf()
    await proxied().clock.stopFor(async () => {
      for (let one = 0; one < LIMIT; one += 1)
        expect((await from(address).get('/api/me')).status).toBe(401)
      expect((await from(address).get('/api/me')).status).toBe(429)
      expect((await from(address).get('/api/me', session)).status).toBe(200)
      expect(await guess(address, 1)).toEqual([401])
    })
  })

  test('invented cookies on the pages of members', async () => {
    const address = nextAddress()
    const ask = (path: string) =>
      fetch(proxied().address + path, {
        redirect: 'manual',
        headers: { cookie: `__Host-jdt_staff=${inventToken()}`, 'x-forwarded-for': address },
      })
    await proxied().clock.stopFor(async () => {
      for (let one = 0; one < LIMIT; one += 1)
        expect([302, 401]).toContain((await ask(one % 2 === 0 ? '/staff/' : '/staff/lists')).status)
      await withoutTables(async () => {
        for (const path of ['/staff/', '/staff/lists', '/api/staff/me'])
          expect((await ask(path)).status).toBe(429)
      })
    })
  })

  test('sign-ins of members that come back with invented codes', async () => {
    const address = nextAddress()
    const back = () =>
      fetch(`${proxied().address}/api/staff/callback?code=x&state=y`, {
        redirect: 'manual',
        headers: { 'x-forwarded-for': address },
      })
    await proxied().clock.stopFor(async () => {
      for (let one = 0; one < LIMIT; one += 1) expect((await back()).status).toBe(400)
      expect((await back()).status).toBe(429)
    })
  })

  test('who has been let in stays in, though a guesser has his address; who is at another one never notices', async () => {
    const { people, clock, house } = proxied()
    const address = nextAddress()
    const customer = await people.arrive()
    await customer.signIn()
    const key = await house.access.createKey({ name: 'erp', scope: 'service', expiresAt: null })
    const order = { title: 'x', customerPhone: customer.phone }
    await clock.stopFor(async () => {
      expect((await from(address).get('/api/me', customer.token)).status).toBe(200)
      expect((await from(address).put('/api/admin/projects/SO-1', order, key)).status).toBe(200)
      expect(await guess(address, LIMIT + 1)).toContain(429)
      expect((await from(address).get('/api/me', customer.token)).status).toBe(200)
      expect((await from(address).put('/api/admin/projects/SO-1', order, key)).status).toBe(200)
      expect(await guess(nextAddress(), 1)).toEqual([401])
    })
  })

  test('good tokens use nothing up, and what fails on our side is no guess', async () => {
    const { clock, db, house, server } = proxied()
    const address = nextAddress()
    await clock.stopFor(async () => {
      const keys = await Promise.all(
        Array.from({ length: LIMIT }, (_, index) =>
          house.access.createKey({ name: `k${String(index)}`, scope: 'admin', expiresAt: null }),
        ),
      )
      for (const key of keys)
        expect((await from(address).get('/api/admin/reviews', key)).status).toBe(200)
      await withoutTables(async () => {
        expect(await guess(address, LIMIT)).toEqual(Array.from({ length: LIMIT }, () => 500))
      })
      expect(await guess(address, 1)).toEqual([401])
    })
    expect(await db('admin_keys').count('*')).toMatchObject([{ count: LIMIT }])
    expect((await server.get('/healthz')).status).toBe(200)
  })

  test('a token that opened a door once and is over counts like any other', async () => {
    const { clock, house } = proxied()
    const address = nextAddress()
    const key = await house.access.createKey({ name: 'gone', scope: 'admin', expiresAt: null })
    const ask = async () => (await from(address).get('/api/admin/reviews', key)).status
    await clock.stopFor(async () => {
      expect(await ask()).toBe(200)
      await house.access.revokeKeys('gone')
      const answers: number[] = []
      for (let one = 0; one < LIMIT + 2; one += 1) answers.push(await ask())
      expect([answers[0], answers.at(-1)]).toEqual([401, 429])
    })
  })

  test('the addresses of one /64 are one, those of another are not', async () => {
    await proxied().clock.stopFor(async () => {
      for (let one = 0; one < LIMIT; one += 1)
        expect(await guess(`2001:db8:1:2::${one.toString(16)}`, 1)).toEqual([401])
      expect(await guess('2001:db8:1:2:ffff:ffff:ffff:ffff', 1)).toEqual([429])
      expect(await guess('2001:db8:1:3::1', 1)).toEqual([401])
    })
  })
})

describe('sign-ins', () => {
  const signIn = async (address: string) =>
    (await from(address).post('/api/wechat/openid', { code: 'made-up' })).status

  test('bogus ones from one address keep nobody else out who comes through the same proxy', async () => {
    const [attacker, customer] = [nextAddress(), nextAddress()]
    await proxied().clock.stopFor(async () => {
      for (let one = 0; one < LIMIT; one += 1) expect(await signIn(attacker)).toBe(400)
      expect(await signIn(attacker)).toBe(429)
      expect(await signIn(customer)).toBe(400)
    })
  })

  test('the addresses of one /64 are one', async () => {
    await proxied().clock.stopFor(async () => {
      for (let one = 0; one < LIMIT; one += 1)
        expect(await signIn(`2001:db8:9:9::${one.toString(16)}`)).toBe(400)
      expect(await signIn('2001:db8:9:9:1::')).toBe(429)
    })
  })
})

describe('a proxy that nobody has told of', () => {
  const alone = useTown({ TRUST_PROXY_HOPS: '0' })
  const warnings = (town: Town) => town.lines.filter((line) => line.includes('TRUST_PROXY_HOPS'))

  test('is warned of once, and what it says is not believed', async () => {
    const { server, clock } = alone()
    expect((await server.get('/healthz')).status).toBe(200)
    expect(warnings(alone())).toEqual([])
    const through = createHttp(alone().address, () => callingFrom(nextAddress()))
    for (let one = 0; one < 3; one += 1) await through.get('/healthz')
    expect(warnings(alone())).toEqual([expect.stringContaining('"level":"warn"')])
    await clock.stopFor(async () => {
      for (let one = 0; one < LIMIT; one += 1)
        await through.post('/api/wechat/openid', { code: 'made-up' })
      expect((await through.post('/api/wechat/openid', { code: 'made-up' })).status).toBe(429)
    })
  })
})

test('a proxy that is known is not warned of', async () => {
  await from(nextAddress()).get('/healthz')
  expect(proxied().lines.filter((line) => line.includes('TRUST_PROXY_HOPS'))).toEqual([])
})
