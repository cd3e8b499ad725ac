import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { testDatabase } from '../test/database.ts'
import { openDb } from './db.ts'
import { OutsideError } from './http-client.ts'
import { createTokenStore, type FetchedToken, type TokenKey } from './token-store.ts'

const { db, connectionString, clear } = await testDatabase()
const WECOM: TokenKey = {
  provider: 'wecom',
  subject: 'ww1',
  secret: 'secret-of-the-app',
  renewSecondsBefore: 300,
}
const WEIXIN: TokenKey = {
  provider: 'weixin',
  subject: 'wx1',
  secret: 'secret-of-the-app',
  renewSecondsBefore: 240,
}
const START = Date.parse('2026-03-01T08:00:00Z')

const rowsNow = () =>
  db<{ key_hash: string; token: string; fetched_at: Date; expires_at: Date }>(
    'access_tokens',
  ).select()

let now = START
const warnings: string[] = []
const log = {
  warn: (...args: unknown[]) => {
    warnings.push(JSON.stringify(args))
  },
}

/** A process of its own: its own memory, the same table. */
const process = (pool = db) =>
  createTokenStore({ db: pool, clock: () => new Date(now), secretKey: 'key', log })
const pass = (seconds: number) => {
  now += seconds * 1000
}

/** A platform that gives t1, t2, ... and counts. */
function platform({ lifeSeconds = 7200, delayMs = 0 } = {}) {
  const state = { count: 0 }
  const fetch = async (): Promise<FetchedToken> => {
    state.count += 1
    const token = `t${String(state.count)}`
    if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs))
    return { token, expiresInSeconds: lifeSeconds }
  }
  return Object.assign(fetch, { state })
}

beforeEach(async () => {
  now = START
  warnings.length = 0
  await clear()
})
const extra: ReturnType<typeof openDb>[] = []
afterEach(async () => {
  for (const pool of extra.splice(0)) await pool.destroy()
})
const ownPool = () => {
  const pool = openDb(connectionString, { maxConnections: 2 })
  extra.push(pool)
  return pool
}

describe('get', () => {
  test('one token for all calls and all processes', async () => {
    const fetch = platform()
    const [a, b] = [process(), process()]
    expect([
      await a.get(WECOM, fetch),
      await a.get(WECOM, fetch),
      await b.get(WECOM, fetch),
    ]).toEqual(['t1', 't1', 't1'])
    expect(fetch.state.count).toBe(1)
  })

  test('a token belongs to its provider, subject and secret', async () => {
    const fetch = platform()
    const store = process()
    const keys: TokenKey[] = [
      WECOM,
      WEIXIN,
      { ...WECOM, subject: 'ww2' },
      { ...WECOM, secret: 'another' },
    ]
    expect(new Set(await Promise.all(keys.map((key) => store.get(key, fetch)))).size).toBe(4)
  })

  test('the table does not know the secret', async () => {
    await process().get(WECOM, platform())
    const rows = await rowsNow()
    expect(rows).toHaveLength(1)
    expect(rows[0]?.key_hash).toMatch(/^[0-9a-f]{64}$/)
    expect(JSON.stringify(rows)).not.toContain(WECOM.secret)
    expect(rows[0]).toMatchObject({
      token: 't1',
      fetched_at: new Date(START),
      expires_at: new Date(START + 7_200_000),
    })
  })

  test('twenty callers in each of four processes make one fetch', async () => {
    const fetch = platform({ delayMs: 60 })
    const processes = [
      process(ownPool()),
      process(ownPool()),
      process(ownPool()),
      process(ownPool()),
    ]
    const tokens = await Promise.all(
      processes.flatMap((store) => Array.from({ length: 20 }, () => store.get(WECOM, fetch))),
    )
    expect(new Set(tokens)).toEqual(new Set(['t1']))
    expect(fetch.state.count).toBe(1)
  })

  test.each([
    [WECOM, 7200 - 300],
    [WEIXIN, 7200 - 240],
  ])('$provider is renewed only inside its margin', async (key, margin) => {
    const fetch = platform()
    const store = process()
    await store.get(key, fetch)
    pass(margin - 1)
    expect(await store.get(key, fetch)).toBe('t1')
    pass(1)
    expect(await store.get(key, fetch)).toBe('t2')
  })

  test('when the platform gives the same token again, it is asked once a minute and the end does not move', async () => {
    let count = 0
    const same = () => {
      count += 1
      return Promise.resolve({ token: 'same', expiresInSeconds: 7200 })
    }
    const [a, b] = [process(), process()]
    await a.get(WECOM, same)
    pass(7200 - 300)
    for (let second = 0; second < 120; second += 1) {
      expect(await (second % 2 ? a : b).get(WECOM, same)).toBe('same')
      pass(1)
    }
    expect(count).toBe(3)
    expect((await rowsNow())[0]?.expires_at).toEqual(new Date(START + 7_200_000))
  })

  test('a token shorter than the margin is used all the same', async () => {
    const fetch = platform({ lifeSeconds: 30 })
    const store = process()
    expect([await store.get(WECOM, fetch), await store.get(WECOM, fetch)]).toEqual(['t1', 't1'])
    pass(30)
    expect(await store.get(WECOM, fetch)).toBe('t2')
  })
})

describe('when no new token comes', () => {
  const refused = () => Promise.reject(new TypeError('40001'))
  const silent = () =>
    Promise.reject(
      new OutsideError('timeout', {
        endpoint: 'GET /cgi-bin/gettoken',
        sent: true,
        reason: 'TimeoutError',
      }),
    )

  test('the old one serves while it lives', async () => {
    const store = process()
    await store.get(WECOM, platform())
    pass(7200 - 100)
    expect(await store.get(WECOM, silent)).toBe('t1')
    expect(await process().get(WECOM, refused)).toBe('t1')
    expect(warnings.join()).toContain('still lives')
    pass(100)
    await expect(store.get(WECOM, silent)).rejects.toThrow(OutsideError)
  })

  test('a refusal is not asked for again for ten seconds, silence is', async () => {
    const store = process()
    const fetch = platform()
    await expect(store.get(WECOM, silent)).rejects.toThrow(OutsideError)
    await expect(store.get(WECOM, refused)).rejects.toThrow('40001')
    pass(9)
    await expect(store.get(WECOM, fetch)).rejects.toThrow('40001')
    expect(fetch.state.count).toBe(0)
    pass(1)
    expect(await store.get(WECOM, fetch)).toBe('t1')
  })

  test('a failed fetch leaves neither lock nor connection behind', async () => {
    for (let i = 0; i < 8; i += 1)
      await expect(process().get(WECOM, silent)).rejects.toThrow(OutsideError)
    expect(await process().get(WECOM, platform())).toBe('t1')
    expect(
      (
        await db.raw(`select from pg_locks join pg_database on pg_database.oid = pg_locks.database
      where locktype = 'advisory' and datname = current_database()`)
      ).rowCount,
    ).toBe(0)
  })
})

describe('invalidate', () => {
  test('drops the token that failed', async () => {
    const fetch = platform()
    const store = process()
    await store.invalidate(WECOM, await store.get(WECOM, fetch))
    expect(await store.get(WECOM, fetch)).toBe('t2')
  })

  test('leaves the newer one that another process has put there, and then uses it', async () => {
    const fetch = platform()
    const [a, b] = [process(), process()]
    await a.get(WECOM, fetch)
    await b.get(WECOM, fetch)
    await a.invalidate(WECOM, 't1')
    expect(await a.get(WECOM, fetch)).toBe('t2')
    await b.invalidate(WECOM, 't1')
    expect(await b.get(WECOM, fetch)).toBe('t2')
    expect(await a.get(WECOM, fetch)).toBe('t2')
    expect(fetch.state.count).toBe(2)
  })

  test('forty calls that fail at once in two processes cost one fetch', async () => {
    const fetch = platform({ delayMs: 20 })
    const processes = [process(ownPool()), process(ownPool())]
    for (const store of processes) await store.get(WECOM, fetch)
    const tokens = await Promise.all(
      Array.from({ length: 40 }, async (_, i) => {
        const store = processes[i % 2] ?? process()
        await store.invalidate(WECOM, 't1')
        return store.get(WECOM, fetch)
      }),
    )
    expect(new Set(tokens)).toEqual(new Set(['t2']))
    expect(fetch.state.count).toBe(2)
  })

  test('a call that reads the table before the row is gone does not bring the refused token back', async () => {
    const fetch = platform()
    const store = process()
    await store.get(WECOM, fetch)
    let free: () => void = () => undefined
    const held = ownPool().transaction(async (holder) => {
      await holder('access_tokens').forUpdate().first()
      await new Promise<void>((resolve) => {
        free = resolve
      })
    })
    await new Promise((resolve) => setTimeout(resolve, 50))
    const dropping = store.invalidate(WECOM, 't1')
    const getting = store.get(WECOM, fetch)
    await new Promise((resolve) => setTimeout(resolve, 50))
    free()
    await Promise.all([held, dropping])
    expect(await getting).toBe('t2')
    expect(await process().get(WECOM, fetch)).toBe('t2')
  })

  test('leaves the cache alone when it holds a newer one', async () => {
    const fetch = platform()
    const store = process()
    await store.get(WECOM, fetch)
    await store.invalidate(WECOM, 'older')
    let queries = 0
    const count = () => {
      queries += 1
    }
    db.on('query', count)
    expect(await store.get(WECOM, fetch)).toBe('t1')
    db.off('query', count)
    expect(queries).toBe(0)
  })

  test('the same token from the platform is taken, once it insists', async () => {
    const store = process()
    const same = () => Promise.resolve({ token: 'same', expiresInSeconds: 7200 })
    await store.invalidate(WECOM, await store.get(WECOM, same))
    expect(await store.get(WECOM, same)).toBe('same')
    expect(await store.get(WECOM, () => Promise.reject(new Error('not asked')))).toBe('same')
  })

  test('no token and no secret in the log', async () => {
    const store = process()
    await store.get(WECOM, () => Promise.resolve({ token: 'TOKEN-TOKEN', expiresInSeconds: 7200 }))
    await store.invalidate(WECOM, 'TOKEN-TOKEN')
    expect(warnings).toHaveLength(1)
    expect(warnings.join()).not.toMatch(/TOKEN-TOKEN|secret-of-the-app/)
  })
})

test('another process that hangs in its fetch is waited for in bounds; the old token serves meanwhile', async () => {
  const hasty = () =>
    createTokenStore({ db, clock: () => new Date(now), secretKey: 'key', log, lockTimeoutMs: 50 })
  await hasty().get(WECOM, platform())
  const hash = (await rowsNow())[0]?.key_hash
  await ownPool().transaction(async (holder) => {
    await holder.raw('select pg_advisory_xact_lock(hashtextextended(?, 0))', [
      `access_tokens:${String(hash)}`,
    ])
    pass(7200 - 100)
    expect(await hasty().get(WECOM, platform())).toBe('t1')
    pass(100)
    await expect(hasty().get(WECOM, platform())).rejects.toMatchObject({ code: '55P03' })
  })
})
