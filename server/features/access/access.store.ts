import type { Db } from '../../lib/db.ts'

const live = (db: Db, now: Date) =>
  db('admin_keys')
    .whereNull('revoked_at')
    .where((notOver) => notOver.whereNull('expires_at').orWhere('expires_at', '>', now))

export type Key = {
  name: string
  scope: 'admin' | 'service'
  expiresAt: Date | null
  revokedAt: Date | null
}

/** Also one that is over. */
export const findKey = (db: Db, keyHash: Buffer) =>
  db('admin_keys')
    .where({ key_hash: keyHash })
    .select({ name: 'name', scope: 'scope', expiresAt: 'expires_at', revokedAt: 'revoked_at' })
    .first<Key | undefined>()

export const insertKey = (
  db: Db,
  row: { name: string; scope: string; expiresAt: Date | null; keyHash: Buffer },
) =>
  db('admin_keys').insert({
    name: row.name,
    scope: row.scope,
    expires_at: row.expiresAt,
    key_hash: row.keyHash,
  })

export const hasLiveAdminKey = async (db: Db, now: Date): Promise<boolean> =>
  (await live(db, now).where({ scope: 'admin' }).first('id')) !== undefined

export const pageLiveKeys = (db: Db, now: Date) =>
  live(db, now).orderBy('id').select<{ name: string; scope: string; expiresAt: Date | null }[]>({
    name: 'name',
    scope: 'scope',
    expiresAt: 'expires_at',
  })

export const revokeKeys = (db: Db, name: string, now: Date) =>
  db('admin_keys').where({ name }).whereNull('revoked_at').update({ revoked_at: now })
