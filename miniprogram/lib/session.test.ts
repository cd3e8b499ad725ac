import { describe, expect, test } from '@jest/globals'
import { createSession, type KeptSession } from './session.ts'

const NOW = Date.parse('2026-05-01T08:00:00Z')

function setUp(kept: KeptSession | null = null) {
  const world = { kept, logins: 0, fail: false }
  const session = createSession({
    login: async () => `code-${++world.logins}`,
    exchange: async (code) => {
      if (world.fail) throw new Error('offline')
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
})
