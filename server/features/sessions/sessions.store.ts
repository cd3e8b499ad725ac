import type { Db } from '../../lib/db.ts'

export const insertSession = (
  db: Db,
  row: { tokenHash: Buffer; accountId: number; expiresAt: Date; now: Date },
) =>
  db('sessions').insert({
    token_hash: row.tokenHash,
    account_id: row.accountId,
    created_at: row.now,
    expires_at: row.expiresAt,
  })

export type Found = {
  accountId: number
  openid: string
  app: 'miniprogram' | 'official'
  expiresAt: Date
}

export const findSession = (db: Db, { tokenHash, now }: { tokenHash: Buffer; now: Date }) =>
  db('sessions as s')
    .join('accounts as a', 'a.id', 's.account_id')
    .where('s.token_hash', tokenHash)
    .where('s.expires_at', '>', now)
    .select({ accountId: 'a.id', openid: 'a.openid', app: 'a.app', expiresAt: 's.expires_at' })
    .first<Found | undefined>()

export const extendSession = (
  db: Db,
  { tokenHash, expiresAt }: { tokenHash: Buffer; expiresAt: Date },
) => db('sessions').where({ token_hash: tokenHash }).update({ expires_at: expiresAt })

export const deleteSessions = (db: Db, accountIds: readonly number[]) =>
  db('sessions').whereIn('account_id', accountIds).delete()

export const deleteEndedSessions = (db: Db, now: Date) =>
  db('sessions').where('expires_at', '<=', now).delete()
