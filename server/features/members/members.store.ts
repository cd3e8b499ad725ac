import type { Db } from '../../lib/db.ts'
import type { Standing } from './members.rules.ts'

export type MemberRow = { userId: string; name: string | null; standing: Standing; checkedAt: Date }

/** Answers whether the row was written: an answer to an older question is no news. A name once told is kept. */
export async function upsertMember(db: Db, { checkedAt, ...row }: MemberRow): Promise<boolean> {
  const { rows } = await db.raw<{ rows: unknown[] }>(
    `
    insert into members as m (userid, name, standing, checked_at) values (:userId, :name, :standing, :checkedAt)
    on conflict (userid) do update set name = coalesce(excluded.name, m.name), standing = excluded.standing, checked_at = excluded.checked_at
      where m.checked_at <= excluded.checked_at
    returning userid`,
    { ...row, checkedAt: checkedAt.toISOString() },
  )
  return rows.length > 0
}

export const pageNames = (
  db: Db,
  userIds: readonly string[],
): Promise<{ userId: string; name: string }[]> =>
  db('members')
    .whereIn('userid', userIds)
    .whereNotNull('name')
    .select<{ userId: string; name: string }[]>({ userId: 'userid', name: 'name' })

export const pageNamed = (db: Db, names: readonly string[]) =>
  db('members')
    .whereRaw('name is not null and name = any(?::text[])', [[...names]])
    .select<{ userId: string; name: string; standing: Standing }[]>({
      userId: 'userid',
      name: 'name',
      standing: 'standing',
    })

export const wasChecked = async (
  db: Db,
  { userId, since }: { userId: string; since: Date },
): Promise<boolean> =>
  (await db('members')
    .where({ userid: userId })
    .where('checked_at', '>', since)
    .first<{ userid: string } | undefined>('userid')) !== undefined

/** How a member stood when he was last asked about, if that was after an instant. */
export const findStanding = async (
  db: Db,
  { userId, since }: { userId: string; since: Date },
): Promise<Standing | undefined> =>
  (
    await db('members')
      .where({ userid: userId })
      .where('checked_at', '>', since)
      .first<{ standing: Standing } | undefined>('standing')
  )?.standing

export const upsertFailure = (db: Db, row: { userId: string; failedAt: Date }) =>
  db('member_failures')
    .insert({ userid: row.userId, failed_at: row.failedAt })
    .onConflict('userid')
    .merge()

/** Whether he was looked for in vain after an instant. */
export const hasFailed = async (
  db: Db,
  { userId, since }: { userId: string; since: Date },
): Promise<boolean> =>
  (await db('member_failures')
    .where({ userid: userId })
    .where('failed_at', '>', since)
    .first<{ userid: string } | undefined>('userid')) !== undefined

export type Due = { now: Date; signedInBefore: Date; followingBefore: Date; limit: number }

/**
 * Members who matter now and were last looked at before then; those who are signed in first, then those never looked at. Whoever failed
 * since comes after all others, the latest failure last.
 */
export async function pageDue(db: Db, due: Due): Promise<string[]> {
  const { rows } = await db.raw<{ rows: { userId: string }[] }>(
    `
    select w.userid as "userId"
    from (
      select userid, bool_or(signed_in) as signed_in from (
        select userid, true as signed_in from staff_sessions where expires_at > :now
        union all
        select distinct userid, false from contact_follows where ended_at is null
      ) s group by userid
    ) w
    left join members m on m.userid = w.userid
    left join member_failures x on x.userid = w.userid and x.failed_at > coalesce(m.checked_at, '-infinity')
    where m.checked_at is null or m.checked_at <= case when w.signed_in then :signedInBefore::timestamptz else :followingBefore::timestamptz end
    order by x.failed_at nulls first, w.signed_in desc, m.checked_at nulls first, w.userid limit :limit`,
    {
      now: due.now.toISOString(),
      signedInBefore: due.signedInBefore.toISOString(),
      followingBefore: due.followingBefore.toISOString(),
      limit: due.limit,
    },
  )
  return rows.map(({ userId }) => userId)
}
