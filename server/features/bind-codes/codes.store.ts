import type { Knex } from 'knex'
import type { Db } from '../../lib/db.ts'

/** In the text of the statement, so that the index of live ones serves it whatever its parameters are. */
export const LIVE = `status = 'live'`

export type NewCode = {
  accountId: number
  codeHmac: Buffer
  digits: number
  nonceHash: Buffer
  issuedAt: Date
  expiresAt: Date
}

/** Stores a code unless it is live or was within the last 24 h (then a late message could meet a new owner, G4). */
export async function insertCode(
  db: Db,
  { notReusedSince, ...code }: NewCode & { notReusedSince: Date },
): Promise<boolean> {
  const { rows } = await db.raw<{ rows: unknown[] }>(
    `
    insert into bind_codes (account_id, code_hmac, digits, nonce_hash, issued_at, expires_at)
    select :accountId, :codeHmac, :digits, :nonceHash, :issuedAt, :expiresAt
    where not exists (select 1 from bind_codes where code_hmac = :codeHmac and expires_at > :notReusedSince)
    on conflict (code_hmac) where status = 'live' do nothing
    returning id`,
    {
      ...code,
      issuedAt: code.issuedAt.toISOString(),
      expiresAt: code.expiresAt.toISOString(),
      notReusedSince: notReusedSince.toISOString(),
    },
  )
  return rows.length > 0
}

/** Codes so old that no message can meet them any more stop being live. */
export const expireCodes = (db: Db, { endedBefore, now }: { endedBefore: Date; now: Date }) =>
  db('bind_codes')
    .whereRaw(LIVE)
    .where('expires_at', '<', endedBefore)
    .update({ status: 'expired', ended_at: now })

/** Keeps the newest `keep` codes of an account that are within their life. */
export const supersedeOlder = (
  db: Db,
  { accountId, keep, now }: { accountId: number; keep: number; now: Date },
) =>
  db('bind_codes')
    .whereIn('id', (older) =>
      older
        .select('id')
        .from('bind_codes')
        .where({ account_id: accountId })
        .whereRaw(LIVE)
        .where('expires_at', '>', now)
        .orderBy('issued_at', 'desc')
        .orderBy('id', 'desc')
        .offset(keep),
    )
    .update({ status: 'superseded', ended_at: now })

/** One use ends every other code of the account. */
export const endOthers = (db: Db, { accountId, now }: { accountId: number; now: Date }) =>
  db('bind_codes')
    .where({ account_id: accountId })
    .whereRaw(LIVE)
    .update({ status: 'superseded', ended_at: now })

export type CodeKey = { by: 'code_hmac' | 'nonce_hash'; hash: Buffer }

export const findOwner = (db: Db, key: CodeKey) =>
  db('bind_codes')
    .where(key.by, key.hash)
    .orderBy('issued_at', 'desc')
    .select({ accountId: 'account_id' })
    .first<{ accountId: number } | undefined>()

/** Guessing has raised an alarm since the code was shown: its 6 digits are not taken any more, its link is. */
const alarmSince = (query: Knex.QueryBuilder) =>
  void query
    .select('code_alarms.id')
    .from('code_alarms')
    .where({ reason: 'wrong_tries' })
    .whereRaw('code_alarms.began_at >= bind_codes.issued_at and bind_codes.digits = 6')

type Redeeming = { key: CodeKey; sentAt: Date; toleranceMs: number; now: Date }

/** Uses a live code, once: of any number of callers at once, one gets the row. `sentAt` must lie inside its life (G4). */
export async function redeemCode(
  db: Db,
  { key, sentAt, toleranceMs, now }: Redeeming,
): Promise<{ id: number; accountId: number } | undefined> {
  const [redeemed] = await db('bind_codes')
    .where(key.by, key.hash)
    .whereRaw(LIVE)
    .where('issued_at', '<=', new Date(sentAt.getTime() + toleranceMs))
    .where('expires_at', '>=', new Date(sentAt.getTime() - toleranceMs))
    .modify((query) => void (key.by === 'code_hmac' && query.whereNotExists(alarmSince)))
    .update({ status: 'used', ended_at: now })
    .returning<{ id: number; accountId: number }[]>(['id', db.ref('account_id').as('accountId')])
  return redeemed
}

export type LatestCode = {
  accountId: number
  status: 'live' | 'used' | 'superseded' | 'expired' | 'alarmed'
  issuedAt: Date
  expiresAt: Date
}

/** The latest code of each of these accounts. `alarmed`: a guessing alarm has ended it. */
export const pageLatestCodes = (db: Db, accountIds: readonly number[]): Promise<LatestCode[]> =>
  db('bind_codes')
    .distinctOn('account_id')
    .whereRaw('account_id = any(?::bigint[])', [[...accountIds]])
    .orderBy('account_id')
    .orderBy('issued_at', 'desc')
    .orderBy('id', 'desc')
    .select({
      accountId: 'account_id',
      status: db.raw(`case when status = 'live' and exists (?) then 'alarmed' else status end`, [
        db('code_alarms').modify(alarmSince),
      ]),
      issuedAt: 'issued_at',
      expiresAt: 'expires_at',
    })

/** Codes that ended before then; what an attempt still points to stays with it. */
export const forgetCodes = (db: Db, before: Date) =>
  db('bind_codes as c')
    .where('c.expires_at', '<', before)
    .whereNot('c.status', 'live')
    .whereNotExists((kept) =>
      kept.select('p.id').from('pending_bindings as p').whereRaw('p.bind_code_id = c.id'),
    )
    .delete()
