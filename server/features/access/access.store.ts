import type { Role, Scope } from '../../../shared/api/access.ts'
import { lockKey, type Db } from '../../lib/db.ts'

const live = (db: Db, now: Date) =>
  db('admin_keys')
    .whereNull('revoked_at')
    .where((notOver) => notOver.whereNull('expires_at').orWhere('expires_at', '>', now))

export type Key = {
  id: number
  name: string
  scope: Scope
  createdAt: Date
  createdBy: string | null
  expiresAt: Date | null
  lastUsedAt: Date | null
  revokedAt: Date | null
}

const COLUMNS: Record<keyof Key, string> = {
  id: 'id',
  name: 'name',
  scope: 'scope',
  createdAt: 'created_at',
  createdBy: 'created_by',
  expiresAt: 'expires_at',
  lastUsedAt: 'last_used_at',
  revokedAt: 'revoked_at',
}

/** Also one that is over. */
export const findKey = (db: Db, keyHash: Buffer) =>
  db('admin_keys').where({ key_hash: keyHash }).select(COLUMNS).first<Key | undefined>()

/** Keys and roles are changed one after the other: of two that end at once, one must not be the last without knowing it. */
export const lockAccess = (db: Db) => lockKey(db, 'access')

export const findLiveKey = (db: Db, { id, now }: { id: number; now: Date }) =>
  live(db, now).where({ id }).select(COLUMNS).first<Key | undefined>()

export const noteUse = (db: Db, { id, now }: { id: number; now: Date }) =>
  db('admin_keys').where({ id }).update({ last_used_at: now })

type NewKey = {
  name: string
  scope: Scope
  expiresAt: Date | null
  keyHash: Buffer
  by: string
  now: Date
}

export async function insertKey(db: Db, row: NewKey): Promise<number> {
  const [inserted] = await db('admin_keys')
    .insert({
      name: row.name,
      scope: row.scope,
      expires_at: row.expiresAt,
      key_hash: row.keyHash,
      created_at: row.now,
      created_by: row.by,
    })
    .returning<{ id: number }[]>('id')
  return inserted!.id
}

/** Keys and members that could decide everything; two are enough to tell whether one is the last. */
export async function countAdmins(db: Db, now: Date): Promise<number> {
  const keys = live(db, now).where({ scope: 'admin' }).select(db.raw('1')).limit(2)
  const members = db('member_roles').where({ role: 'admin' }).select(db.raw('1')).limit(2)
  return (await db.unionAll([keys, members], true)).length
}

/** The newest first, also those that are over. */
export const pageKeys = (db: Db, { before, limit }: { before: number | null; limit: number }) =>
  db('admin_keys')
    .modify((query) => {
      if (before !== null) void query.where('id', '<', before)
    })
    .orderBy('id', 'desc')
    .limit(limit)
    .select<Key[]>(COLUMNS)

/** Those of a name that nobody has ended. */
export const pageNamed = (db: Db, name: string) =>
  db('admin_keys').where({ name }).whereNull('revoked_at').orderBy('id').select<Key[]>(COLUMNS)

export const pageLiveKeys = (db: Db, now: Date) =>
  live(db, now).orderBy('id').select<Key[]>(COLUMNS)

export const revokeKey = (db: Db, { id, now }: { id: number; now: Date }) =>
  db('admin_keys').where({ id }).update({ revoked_at: now })

export type MemberRole = { userId: string; role: Role; givenAt: Date; givenBy: string }
const ROLE_COLUMNS: Record<keyof MemberRole, string> = {
  userId: 'userid',
  role: 'role',
  givenAt: 'given_at',
  givenBy: 'given_by',
}

export const findRole = (db: Db, userId: string) =>
  db('member_roles')
    .whereRaw('lower(userid) = lower(?)', [userId])
    .select(ROLE_COLUMNS)
    .first<MemberRole | undefined>()

/** By userid, behind `after`. */
export const pageRoles = (db: Db, { after, limit }: { after: string; limit: number }) =>
  db('member_roles')
    .whereRaw('lower(userid) > lower(?)', [after])
    .orderByRaw('lower(userid)')
    .limit(limit)
    .select<MemberRole[]>(ROLE_COLUMNS)

export const writeRole = (db: Db, row: MemberRole) =>
  db('member_roles')
    .insert({
      userid: row.userId,
      role: row.role,
      given_at: row.givenAt,
      given_by: row.givenBy,
    })
    .onConflict(db.raw('(lower(userid))'))
    .merge()

export const deleteRole = (db: Db, userId: string) =>
  db('member_roles').whereRaw('lower(userid) = lower(?)', [userId]).delete()
