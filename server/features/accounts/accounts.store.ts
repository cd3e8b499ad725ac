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
  customerId: number | null
  bindingStatus: 'unbound' | 'partial' | 'bound'
  mayQuery: boolean
  /** There is an order that he sees, if he may query. */
  sees: boolean
  phone: string | null
  advisor: string | null
  advisorName: string | null
  /** The account has stated a phone that still waits (E6). */
  phoneStated: boolean
}

const HAS_LEFT = `(m.standing in ('gone', 'disabled')) is true`

/** The member who follows the contact: who still works here before who has left, then who searched the phone, then the first. */
const ADVISOR = `left join lateral (
  select f.userid, case when not ${HAS_LEFT} then m.name end as name
  from contact_follows f left join members m on m.userid = f.userid
  where f.external_userid = x.external_userid and f.ended_at is null
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
    .joinRaw(ADVISOR)
    .joinRaw(STATED, { now: now.toISOString() })
    .whereRaw('a.id = any(?::bigint[])', [[...accountIds]])
    .select({
      accountId: 'a.id',
      customerId: 'x.customer_id',
      bindingStatus: db.raw(
        `coalesce(x.binding_status, case when stated.phone then 'partial' else 'unbound' end)`,
      ),
      mayQuery: db.raw('coalesce(x.may_query, false)'),
      sees: db.raw('exists (select 1 from shown_orders s where s.customer_id = x.customer_id)'),
      phone: 'x.phone',
      advisor: 'advisor.userid',
      advisorName: 'advisor.name',
      phoneStated: 'stated.phone',
    })
