import type { Db } from '../../lib/db.ts'

type App = 'miniprogram' | 'official'

/**
 * The account of an openid, made when new. `unionId` null: WeChat says there is none; undefined: it was not asked. A
 * unionid once learned is kept when WeChat leaves it out later.
 */
export async function upsertAccount(
  db: Db,
  { unionId, ...row }: { app: App; openid: string; unionId: string | null | undefined; now: Date },
): Promise<number> {
  const { rows } = await db.raw<{ rows: { id: number }[] }>(
    `
    insert into accounts as a (app, openid, unionid, identity_checked_at, created_at, signed_in_at) values (:app, :openid, :unionId, :checkedAt, :now, :now)
    on conflict (app, openid) do update set unionid = coalesce(excluded.unionid, a.unionid),
      identity_checked_at = coalesce(excluded.identity_checked_at, a.identity_checked_at), signed_in_at = excluded.signed_in_at
    returning id`,
    {
      ...row,
      unionId: unionId ?? null,
      checkedAt: unionId === undefined ? null : row.now.toISOString(),
      now: row.now.toISOString(),
    },
  )
  return rows[0]!.id
}

/** What WeChat says of a follower by now; undefined: nothing is kept of him any more. */
export async function updateIdentity(
  db: Db,
  { openid, unionId, now }: { openid: string; unionId: string | null; now: Date },
): Promise<number | undefined> {
  const [row] = await db('accounts')
    .where({ app: 'official', openid })
    .update({
      unionid: db.raw('coalesce(?, unionid)', [unionId]),
      identity_checked_at: now,
      signed_in_at: now,
    })
    .returning<{ id: number }[]>('id')
  return row?.id
}

export type Standing = {
  accountId: number
  tied: boolean
  bindingStatus: 'unbound' | 'partial' | 'bound'
  mayQuery: boolean
  phone: string | null
  suspended: boolean
  contact: string | null
  advisor: string | null
  advisorName: string | null
  /** The advisor still works here. */
  followed: boolean
  /** The account has stated a phone that still waits (E6). */
  phoneStated: boolean
}

const HAS_LEFT = `(m.standing in ('gone', 'disabled')) is true`

/** The member who follows the contact: who still works here before who has left, then who searched the phone, then the first. */
const ADVISOR = `left join lateral (
  select f.userid, not ${HAS_LEFT} as here, case when not ${HAS_LEFT} then m.name end as name
  from contact_follows f left join members m on m.userid = f.userid
  where f.external_userid = c.wework_userid and f.ended_at is null
  order by ${HAS_LEFT}, (f.add_way = 2) desc, f.followed_at, f.userid limit 1
) advisor on true`

const STATED = `left join lateral (
  select exists (select 1 from waiting_claims t where t.account_id = a.id and t.expires_at > :now) as phone
) stated on true`

/** Where these accounts stand, in one statement. Tied to nobody, one is one side known once it has stated a phone (D2). */
export const pageStandings = (
  db: Db,
  { accountIds, now }: { accountIds: readonly number[]; now: Date },
): Promise<Standing[]> =>
  db('accounts as a')
    .leftJoin('account_access as x', 'x.account_id', 'a.id')
    .leftJoin('customers as c', 'c.id', 'x.customer_id')
    .joinRaw(ADVISOR)
    .joinRaw(STATED, { now: now.toISOString() })
    .whereRaw('a.id = any(?::bigint[])', [[...accountIds]])
    .select({
      accountId: 'a.id',
      tied: db.raw('x.account_id is not null'),
      bindingStatus: db.raw(
        `coalesce(x.binding_status, case when stated.phone then 'partial' else 'unbound' end)`,
      ),
      mayQuery: db.raw('coalesce(x.may_query, false)'),
      phone: 'x.phone',
      contact: 'x.external_userid',
      suspended: db.raw('c.suspended_reason is not null'),
      advisor: 'advisor.userid',
      advisorName: 'advisor.name',
      followed: db.raw('coalesce(advisor.here, false)'),
      phoneStated: 'stated.phone',
    })
