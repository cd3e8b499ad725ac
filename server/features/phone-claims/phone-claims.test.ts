import { expect, test } from '@jest/globals'
import { createLog } from '../../lib/log.ts'
import { createSecrets } from '../../lib/secrets.ts'
import { testDatabase } from '../../test/database.ts'
import { createEvidence } from '../evidence/evidence.ts'
import { createPhoneClaims } from './phone-claims.ts'

const COUNT = 4_500
const now = new Date(Date.UTC(2026, 2, 2, 1))

test('any number of claims ends, in short transactions, with the evidence of each, and those that wait go on', async () => {
  const { db } = await testDatabase()
  await db.raw(
    `
    with made as (
      insert into accounts (app, openid) select 'miniprogram', 'o' || n from generate_series(1, :count) n returning id
    ), claims as (
      insert into temp_bindings (account_id, wechat_openid, phone_number, phone_hmac, created_at, expires_at)
      select id, 'o' || id, (13000000000 + id)::text, sha256(id::text::bytea), :now, :now from made returning id, account_id
    )
    insert into evidence (kind, account_id, phone_hmac, source_id, observed_at)
    select 'phone_claim', account_id, sha256(account_id::text::bytea), id::text, :now from claims`,
    { count: COUNT, now: now.toISOString() },
  )
  const later = new Date(now.getTime() + 60_000)
  await db('temp_bindings').where('id', 7).update({ expires_at: later })
  let transactions = 0
  db.on('query', ({ sql }: { sql: string }) => {
    if (sql === 'BEGIN;') transactions += 1
  })
  const lines: string[] = []
  const { expire } = createPhoneClaims({
    db,
    evidence: createEvidence({ secrets: createSecrets('phone-claims-secret-0123456789') }),
    clock: () => now,
    log: createLog({ destination: { write: (line: string) => void lines.push(line) } }),
  } as unknown as Parameters<typeof createPhoneClaims>[0])
  expect(await expire()).toBe(COUNT - 1)
  expect(transactions).toBe(3)
  expect(lines.join()).toContain('定时清理过期临时绑定: 4499条')
  expect(await db('temp_bindings').where({ status: 'waiting' }).pluck('id')).toEqual([7])
  expect(await db('evidence').whereNull('revoked_at').pluck('source_id')).toEqual(['7'])
  expect(await expire()).toBe(0)
})
