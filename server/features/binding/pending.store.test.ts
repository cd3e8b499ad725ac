import { beforeAll, beforeEach, expect, test } from '@jest/globals'
import { testDatabase, type TestDatabase } from '../../test/database.ts'
import { openPending, pageAttempting, pageLatestPendings } from './pending.store.ts'

const NOW = new Date(Date.UTC(2026, 2, 2))
const HOUR_MS = 3_600_000
const id = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`

let database: TestDatabase
let accounts: number[]

beforeAll(async () => {
  database = await testDatabase()
})
beforeEach(async () => {
  await database.clear()
  accounts = await database
    .db('accounts')
    .insert(['o-1', 'o-2', 'o-3'].map((openid) => ({ app: 'miniprogram', openid })))
    .returning<{ id: number }[]>('id')
    .then((rows) => rows.map((row) => row.id))
})

/** The `n`th attempt, of an account (1 to 3) and a contact. */
const open = (n: number, account: number, externalUserId: string) =>
  openPending(database.db, {
    id: id(n),
    accountId: accounts[account - 1]!,
    externalUserId,
    openKfId: 'wk1',
    via: 'kf_code',
    reason: 'checking',
    bindCodeId: null,
    sourceId: `m${String(n)}`,
    welcome: null,
    createdAt: new Date(NOW.getTime() + n),
    expiresAt: new Date(NOW.getTime() + HOUR_MS),
  })
const states = async (): Promise<string[]> =>
  (await database.db('pending_bindings').orderBy('id').pluck<string[]>('state')) as string[]

test.each([
  ['the same account with another contact', 1, 'wm-2', ['superseded', 'open']],
  ['another account with the same contact', 2, 'wm-1', ['superseded', 'open']],
  ['others', 2, 'wm-2', ['open', 'open']],
])('an attempt gives way to one of %s, as it should', async (_, account, contact, expected) => {
  await open(1, 1, 'wm-1')
  await open(2, account, contact)
  expect(await states()).toEqual(expected)
})

test('of those who are asked about, who has an attempt that lasts, and of each account the latest', async () => {
  await open(1, 1, 'wm-1')
  await open(2, 1, 'wm-2')
  await open(3, 2, 'wm-3')
  const attempting = (externalUserIds: string[], now = NOW) =>
    pageAttempting(database.db, { externalUserIds, now })
  expect(await attempting(['wm-1', 'wm-2'])).toEqual(new Set(['wm-2']))
  expect(await attempting(['wm-2'], new Date(NOW.getTime() + HOUR_MS))).toEqual(new Set())
  const latest = await pageLatestPendings(database.db, [accounts[0]!, accounts[2]!])
  expect(latest.map((one) => one.id)).toEqual([id(2)])
})
