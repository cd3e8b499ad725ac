import type { Db } from '../../lib/db.ts'

/** Reads only: accounts and claims belong to their rooms. */
export const hasUnionId = async (db: Db, accountId: number): Promise<boolean> =>
  (await db('accounts').where({ id: accountId }).whereNotNull('unionid').first<{ id: number } | undefined>('id')) !== undefined

export const hasWaitingClaim = async (db: Db, accountId: number, now: Date): Promise<boolean> =>
  (await db('temp_bindings').where({ account_id: accountId, status: 'waiting' }).where('expires_at', '>', now).first<{ id: number } | undefined>('id')) !== undefined
