import type { Db } from '../../lib/db.ts'
import type { Uploader } from './media.rules.ts'

export type Subject = { kind: string; id: string }
export type NewMedia = {
  id: string
  by: Uploader
  bytes: number
  width: number
  height: number
  sha256: Buffer
  now: Date
}

const columnsOf = (by: Uploader): Record<string, string | number> => {
  if ('accountId' in by) return { account_id: by.accountId }
  return 'memberUserId' in by ? { member_userid: by.memberUserId } : { key_name: by.keyName }
}
const columnsOfSubject = ({ kind, id }: Subject) => ({ subject_kind: kind, subject_id: id })

export const insertMedia = (db: Db, { by, now, ...row }: NewMedia) =>
  db('media').insert({ ...row, ...columnsOf(by), created_at: now })

export async function countSince(
  db: Db,
  { by, since }: { by: Uploader; since: Date },
): Promise<number> {
  const [row] = await db('media')
    .where(columnsOf(by))
    .where('created_at', '>', since)
    .count<{ count: string }[]>({ count: '*' })
  return Number(row!.count)
}

/** Undefined: there is none, or nobody gets it any more. */
export const findMedia = (db: Db, id: string) =>
  db('media').where({ id }).whereNull('removed_at').first<{ sha256: Buffer } | undefined>('sha256')

type Attaching = { ids: readonly string[]; by: Uploader; subject: Subject; now: Date }

/** Locks those of these pictures that he uploaded and that are nobody else's; answers which. */
export const lockFree = (db: Db, { ids, by, subject }: Attaching): Promise<string[]> =>
  db('media')
    .whereRaw('id = any(?::uuid[])', [[...ids]])
    .where(columnsOf(by))
    .whereNull('removed_at')
    .where((free) => free.whereNull('subject_kind').orWhere(columnsOfSubject(subject)))
    .orderBy('id')
    .forUpdate()
    .pluck('id')

export const attach = (db: Db, { ids, subject, now }: Attaching) =>
  db('media')
    .whereRaw('id = any(?::uuid[])', [[...ids]])
    .whereNull('subject_kind')
    .update({ ...columnsOfSubject(subject), attached_at: now })

/** Answers which. */
export const removeOf = async (
  db: Db,
  { subject, except, now }: { subject: Subject; except: readonly string[]; now: Date },
): Promise<string[]> =>
  toIds(
    await db('media')
      .where(columnsOfSubject(subject))
      .whereRaw('id <> all(?::uuid[])', [[...except]])
      .whereNull('removed_at')
      .update({ removed_at: now }, ['id']),
  )

/** Pictures that were uploaded before and belong to nothing. */
export const removeLoose = (db: Db, { before, now }: { before: Date; now: Date }) =>
  db('media')
    .where('created_at', '<', before)
    .whereRaw('subject_kind is null and removed_at is null')
    .update({ removed_at: now })

export const pageRemoved = (db: Db, limit: number): Promise<string[]> =>
  db('media').whereNotNull('removed_at').orderBy('removed_at').limit(limit).pluck('id')

/** Of these the pictures that somebody may still get. */
export const pageKept = (db: Db, ids: readonly string[]): Promise<string[]> =>
  db('media')
    .whereRaw('id = any(?::uuid[])', [[...ids]])
    .whereNull('removed_at')
    .pluck('id')

/** Of these the pictures that have a row, whatever is to become of it. */
export const pageKnown = (db: Db, ids: readonly string[]): Promise<string[]> =>
  db('media')
    .whereRaw('id = any(?::uuid[])', [[...ids]])
    .pluck('id')

export const deleteRemoved = (db: Db, ids: readonly string[]) =>
  db('media')
    .whereRaw('id = any(?::uuid[])', [[...ids]])
    .whereNotNull('removed_at')
    .delete()

export const pageOfAccounts = (db: Db, accountIds: readonly number[]): Promise<string[]> =>
  db('media')
    .whereRaw('account_id = any(?::bigint[])', [[...accountIds]])
    .pluck('id')

const toIds = (rows: readonly { id: string }[]): string[] => rows.map(({ id }) => id)
