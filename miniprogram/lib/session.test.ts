import { afterEach, describe, expect, test } from '@jest/globals'
import { createKept } from './kept.ts'
import { RequestError } from './request.ts'
import { createSession, isSession, type KeptSession } from './session.ts'

const NOW = Date.parse('2026-05-01T08:00:00Z')

function setUp(kept: KeptSession | null = null) {
  const world = { kept, logins: 0, fail: false, refusals: [] as string[] }
  const session = createSession({
    login: async () => `code-${++world.logins}`,
    exchange: async (code) => {
      if (world.fail) throw new Error('offline')
      const refusal = world.refusals.shift()
      if (refusal) throw new RequestError(400, { code: refusal, message: '登录凭证已经用过' })
      return {
        openid: 'o',
        sessionToken: `token-of-${code}`,
        expiresAt: new Date(NOW + 3_600_000).toISOString(),
      }
    },
    storage: {
      read: () => world.kept,
      write: (next) => {
        world.kept = next
      },
      clear: () => {
        world.kept = null
      },
    },
    now: () => NOW,
  })
  return { world, session }
}

describe('session', () => {
  test('signs in once however many ask', async () => {
    const { world, session } = setUp()
    expect(await Promise.all([session.token(), session.token(), session.token()])).toEqual(
      Array(3).fill('token-of-code-1'),
    )
    expect(world.logins).toBe(1)
  })

  test('a kept token is used until shortly before its end', async () => {
    expect(await setUp({ token: 'kept', expiresAt: NOW + 120_000 }).session.token()).toBe('kept')
    expect(await setUp({ token: 'kept', expiresAt: NOW + 30_000 }).session.token()).toBe(
      'token-of-code-1',
    )
  })

  test('a token that was replaced meanwhile is not renewed again', async () => {
    const { world, session } = setUp({ token: 'newer', expiresAt: NOW + 3_600_000 })
    expect(await session.renew('older')).toBe('newer')
    expect(await session.renew('newer')).toBe('token-of-code-1')
    expect(world.logins).toBe(1)
  })

  test('a failed sign-in is not remembered', async () => {
    const { world, session } = setUp()
    world.fail = true
    await expect(session.token()).rejects.toThrow('offline')
    world.fail = false
    expect(await session.token()).toBe('token-of-code-2')
  })

  test('an ended session signs in anew', async () => {
    const { world, session } = setUp({ token: 'kept', expiresAt: NOW + 3_600_000 })
    session.end()
    expect(await session.token()).toBe('token-of-code-1')
    expect(world.kept?.token).toBe('token-of-code-1')
  })

  test.each(['session.code_used', 'session.code_invalid'])(
    'a code that was refused as %s is replaced once, without a word',
    async (refusal) => {
      const { world, session } = setUp()
      world.refusals = [refusal]
      expect(await session.token()).toBe('token-of-code-2')
      world.refusals = [refusal, refusal, refusal]
      session.end()
      await expect(session.token()).rejects.toMatchObject({ code: refusal })
      expect(world.logins).toBe(4)
    },
  )

  test('an account that WeChat blocks is not tried again', async () => {
    const { world, session } = setUp()
    world.refusals = ['session.blocked']
    await expect(session.token()).rejects.toMatchObject({ code: 'session.blocked' })
    expect(world.logins).toBe(1)
  })
})

describe('what is kept between starts', () => {
  const before = Reflect.get(globalThis, 'wx') as unknown
  afterEach(() => {
    Reflect.set(globalThis, 'wx', before)
  })
  const full = () => {
    throw new Error('setStorageSync:fail the user storage is full')
  }
  const phone = (stored: unknown, refuse?: () => never) =>
    Reflect.set(globalThis, 'wx', {
      getStorageSync: refuse ?? (() => stored),
      setStorageSync: refuse ?? (() => {}),
      removeStorageSync: refuse ?? (() => {}),
    })

  test('a phone whose storage throws keeps it until the mini-program ends', () => {
    phone('', full)
    const kept = createKept('session', isSession)
    expect(kept.read()).toBeNull()
    kept.write({ token: 't', expiresAt: 1 })
    expect(kept.read()).toEqual({ token: 't', expiresAt: 1 })
    kept.clear()
    expect(kept.read()).toBeNull()
    expect(createKept('session', isSession).read()).toBeNull()
  })

  test.each(['', null, 'text', {}, { token: 1, expiresAt: 1 }, { token: 't' }])(
    '%j is no session',
    (stored) => {
      phone(stored)
      expect(createKept('session', isSession).read()).toBeNull()
    },
  )
})
