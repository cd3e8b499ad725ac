import type { Db } from '../../lib/db.ts'
import type { Claim } from '../reasons/reasons.ts'
import { NEWS_MS } from './accounts.rules.ts'

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
  /** Under which id customers find him among the advisors, if they do. */
  advisorId: string | null
  /** What the account last said its phone is (E6). */
  claim: (Claim & { phoneMasked: string; since: Date }) | null
  /** When somebody else's attempt was foiled by this account, without those that followed within a day. */
  attemptAt: Date | null
  /** When an admin last changed the phone of the customer. */
  phoneChangedAt: Date | null
  /** Since when that stands on the account's pages. */
  phoneChangeToldAt: Date | null
}

const HAS_LEFT = `(m.standing in ('gone', 'disabled')) is true`

/** The member who follows the contact: who still works here before who has left, then who searched the phone, then the first. */
const ADVISOR = `left join lateral (
  select f.userid, case when not ${HAS_LEFT} then m.name end as name
  from contact_follows f left join members m on m.userid = f.userid
  where f.external_userid = x.external_userid and f.ended_at is null
  order by ${HAS_LEFT}, (f.add_way = 2) desc, f.followed_at, f.userid limit 1
) advisor on true`

/** At most one by a unique index, which Postgres does not see through `lower`: it would expect thousands, and read whole tables for them. */
const PAGE = `left join lateral (
  select p.id from advisors p
  where lower(p.member_userid) = lower(advisor.userid) and p.active limit 1
) page on true`

const LATEST = `left join lateral (
  select s.phone_masked, s.status, s.created_at, s.expires_at from stated_phones s
  where s.account_id = a.id order by s.created_at desc, s.id desc limit 1
) claim on true`

const ATTEMPT = `(
  select f.at from foiled_attempts f
  where f.account_id = a.id and f.at > :since and not exists (
    select 1 from foiled_attempts e where e.account_id = a.id and e.at < f.at and e.at > f.at - interval '1 day')
  order by f.at desc limit 1)`

const PHONE_CHANGE = `(select max(h.at) from phone_changes h where h.customer_id = x.customer_id)`

/** Where these accounts stand, in one statement. Tied to nobody, one is one side known once it has stated a phone (D2). */
export async function pageStandings(
  db: Db,
  { accountIds, now }: { accountIds: readonly number[]; now: Date },
): Promise<Standing[]> {
  const since = new Date(now.getTime() - NEWS_MS).toISOString()
  const rows: Stored[] = await db('accounts as a')
    .leftJoin('account_access as x', 'x.account_id', 'a.id')
    .joinRaw(ADVISOR)
    .joinRaw(PAGE)
    .joinRaw(LATEST)
    .whereRaw('a.id = any(?::bigint[])', [[...accountIds]])
    .select({
      accountId: 'a.id',
      customerId: 'x.customer_id',
      bindingStatus: db.raw(
        `coalesce(x.binding_status, case when claim.status = 'waiting' and claim.expires_at > :now then 'partial' else 'unbound' end)`,
        { now: now.toISOString() },
      ),
      mayQuery: db.raw('coalesce(x.may_query, false)'),
      sees: db.raw('exists (select 1 from shown_orders s where s.customer_id = x.customer_id)'),
      phone: 'x.phone',
      advisor: 'advisor.userid',
      advisorName: 'advisor.name',
      advisorId: 'page.id',
      attemptAt: db.raw(ATTEMPT, { since }),
      phoneChangedAt: db.raw(PHONE_CHANGE),
      phoneChangeToldAt: 'a.phone_change_told_at',
      phoneMasked: 'claim.phone_masked',
      status: 'claim.status',
      createdAt: 'claim.created_at',
      expiresAt: 'claim.expires_at',
    })
  return rows.map(({ phoneMasked, status, createdAt: since, expiresAt, ...row }) => ({
    ...row,
    claim: status === null ? null : { phoneMasked, status, since, expiresAt },
  }))
}

type Stored = Omit<Standing, 'claim'> & {
  phoneMasked: string
  status: Claim['status'] | null
  createdAt: Date
  expiresAt: Date
}

/** He reads it from now on: an admin has changed his phone since he last signed in, and it is not proven again. */
export const notePhoneChangeTold = (
  db: Db,
  { accountId, now }: { accountId: number; now: Date },
): Promise<unknown> =>
  db.raw(
    `
    update accounts a set phone_change_told_at = :now
    from account_access x
    where a.id = :accountId and x.account_id = a.id and not x.may_query and exists (
      select 1 from phone_changes h where h.customer_id = x.customer_id and h.at > coalesce(a.phone_change_told_at, '-infinity'))`,
    { accountId, now: now.toISOString() },
  )
