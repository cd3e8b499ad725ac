import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { testDatabase, type TestDatabase } from '../../test/database.ts'
import { CODE } from './bind-codes.rules.ts'
import { endOthers, insertCode, redeemCode, supersedeOlder } from './codes.store.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
beforeEach(() => database.clear())

const HOUR = 3_600_000
const now = new Date(Date.UTC(2026, 2, 2, 1))
const before = (ms: number): Date => new Date(now.getTime() - ms)

/** Two accounts; the code of the first ended `ago` before the second would get the same digits. */
async function reissue({
  ago,
  status,
}: {
  ago: number
  status: 'live' | 'used' | 'superseded' | 'expired'
}): Promise<boolean> {
  const { db } = database
  const ids = await db('accounts')
    .insert(['o1', 'o2'].map((openid) => ({ app: 'miniprogram', openid })))
    .returning<{ id: number }[]>('id')
  const [first, second] = ids.map(({ id }, at) => ({
    accountId: id,
    codeHmac: Buffer.from('digits'),
    digits: 6,
    nonceHash: Buffer.from(`nonce ${String(at)}`),
  }))
  expect(
    await insertCode(db, {
      ...first!,
      issuedAt: before(ago + CODE.lifeMs),
      expiresAt: before(ago),
      notReusedSince: before(100 * HOUR),
    }),
  ).toBe(true)
  await db('bind_codes').update({ status, ended_at: status === 'live' ? null : before(ago) })
  return insertCode(db, {
    ...second!,
    issuedAt: now,
    expiresAt: new Date(now.getTime() + CODE.lifeMs),
    notReusedSince: before(CODE.notReissuedForMs),
  })
}

describe('the digits of a code', () => {
  test.each(['used', 'superseded', 'expired'] as const)(
    "are nobody else's for 24 hours after it ended: %s",
    async (status) => {
      expect(await reissue({ ago: 23 * HOUR, status })).toBe(false)
    },
  )

  test.each(['used', 'superseded', 'expired'] as const)(
    'are free again after 25 hours: %s',
    async (status) => {
      expect(await reissue({ ago: 25 * HOUR, status })).toBe(true)
    },
  )

  test('are not free while a code of old is live, because nobody has tidied yet', async () => {
    expect(await reissue({ ago: 25 * HOUR, status: 'live' })).toBe(false)
  })
})

describe('a code is used', () => {
  const issue = async (status: string) => {
    const [account] = await database
      .db('accounts')
      .insert({ app: 'miniprogram', openid: 'o1' })
      .returning<{ id: number }[]>('id')
    const code = {
      accountId: account!.id,
      codeHmac: Buffer.from('digits'),
      digits: 6,
      nonceHash: Buffer.from('nonce'),
      issuedAt: before(60_000),
      expiresAt: new Date(now.getTime() + 60_000),
    }
    await insertCode(database.db, { ...code, notReusedSince: before(HOUR) })
    await database.db('bind_codes').update({ status })
  }
  const use = (by: 'code_hmac' | 'nonce_hash', sentAt = now) =>
    redeemCode(database.db, {
      key: { by, hash: Buffer.from(by === 'code_hmac' ? 'digits' : 'nonce') },
      sentAt,
      toleranceMs: CODE.toleranceMs,
      now,
    })

  test.each([
    ['live', true],
    ['used', false],
    ['superseded', false],
    ['expired', false],
  ])('when it is %s: %s, typed or by its link', async (status, taken) => {
    await issue(status)
    expect((await use('code_hmac')) !== undefined).toBe(taken)
    await database.db('bind_codes').update({ status })
    expect((await use('nonce_hash')) !== undefined).toBe(taken)
  })

  test.each([
    [-66_000, false],
    [-64_000, true],
    [64_000, true],
    [66_000, false],
  ])('by a message sent %d ms from now: %s', async (ms, taken) => {
    await issue('live')
    expect((await use('code_hmac', new Date(now.getTime() + ms))) !== undefined).toBe(taken)
  })
})

test('a code that ended keeps how it ended, whatever is asked or used after it', async () => {
  const { db } = database
  const [account] = await db('accounts')
    .insert({ app: 'miniprogram', openid: 'o1' })
    .returning<{ id: number }[]>('id')
  const ends = ['used', 'expired', 'live', 'live'] as const
  for (const [at, status] of ends.entries()) {
    await insertCode(db, {
      accountId: account!.id,
      codeHmac: Buffer.from(`digits ${String(at)}`),
      digits: 6,
      nonceHash: Buffer.from(`nonce ${String(at)}`),
      issuedAt: before((10 - at) * 1_000),
      expiresAt: new Date(now.getTime() + 60_000),
      notReusedSince: before(HOUR),
    })
    await db('bind_codes')
      .where({ code_hmac: Buffer.from(`digits ${String(at)}`) })
      .update({ status })
  }
  const list = () => db('bind_codes').orderBy('id').pluck<string[]>('status')
  await supersedeOlder(db, { accountId: account!.id, keep: 1, now })
  expect(await list()).toEqual(['used', 'expired', 'superseded', 'live'])
  await endOthers(db, { accountId: account!.id, now })
  expect(await list()).toEqual(['used', 'expired', 'superseded', 'superseded'])
})
