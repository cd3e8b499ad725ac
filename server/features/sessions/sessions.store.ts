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
  tokenHash: Buffer
  accountId: number
  openid: string
  app: 'miniprogram' | 'official'
  expiresAt: Date
}

export const pageSessions = (
  db: Db,
  { tokenHashes, now }: { tokenHashes: readonly Buffer[]; now: Date },
) =>
  db('sessions as s')
    .join('accounts as a', 'a.id', 's.account_id')
    .whereRaw('s.token_hash = any(?::bytea[])', [[...tokenHashes]])
    .where('s.expires_at', '>', now)
    .select<Found[]>({
      tokenHash: 's.token_hash',
      accountId: 'a.id',
      openid: 'a.openid',
      app: 'a.app',
      expiresAt: 's.expires_at',
    })

export const extendSession = (
  db: Db,
  { tokenHash, expiresAt }: { tokenHash: Buffer; expiresAt: Date },
) => db('sessions').where({ token_hash: tokenHash }).update({ expires_at: expiresAt })

export const deleteSessions = (db: Db, accountIds: readonly number[]) =>
  db('sessions').whereIn('account_id', accountIds).delete()

export const deleteEndedSessions = (db: Db, now: Date) =>
  db('sessions').where('expires_at', '<=', now).delete()
