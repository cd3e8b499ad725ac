import type { Add } from '../../../shared/add-way.ts'
import type { Db } from '../../lib/db.ts'
import { RESPONSIBLE, waiting } from './staff.store.ts'

/** The order that was touched last, of those that `which` names. */
const orderOf = (which: string): string => `(
  select json_build_object('orderNo', p.order_no, 'title', p.title) from project_parties y join projects p on p.id = y.project_id
  where p.hidden_at is null and y.id = any(array(${which})) order by p.updated_at desc limit 1)`

/** Of a row `c` of customers: his, and those of his number. */
const ORDER_OF_CUSTOMER = orderOf(
  'select id from project_parties where customer_id = c.id union select id from project_parties where phone_hmac = c.phone_hmac',
)

export type Order = { orderNo: string; title: string }
type Listed = { id: number; name: string | null; order: Order | null; since: Date }

/** `tiedBy`: how the account that states the phone was tied, if it was; `follow`: how this member has its contact, if he has. */
export type Waiting = Listed & {
  phone: string
  app: string
  tied: boolean
  tiedBy: string | null
  follow: Add | null
  contested: boolean
  mine: boolean
  expiresAt: Date
}

/** One row per phone: the first claim of it that still waits. Those of this member first, then the oldest. */
export async function pageWaiting(
  db: Db,
  { userId, now }: { userId: string; now: Date },
): Promise<Waiting[]> {
  const perPhone = waiting(db, now)
    .distinctOn('t.phone_hmac')
    .orderBy(['t.phone_hmac', 't.id'])
    .join('accounts as a', 'a.id', 't.account_id')
    .leftJoin('live_ties as l', 'l.account_id', 't.account_id')
    .leftJoin('customers as h', 'h.id', 'l.customer_id')
    .leftJoin('contacts as k', 'k.external_userid', 'l.external_userid')
    .leftJoin('contact_follows as f', (join) =>
      join
        .on('f.external_userid', 'l.external_userid')
        .andOn('f.userid', db.raw('?', [userId]))
        .andOnNull('f.ended_at'),
    )
    .leftJoin('customers as c', (join) =>
      join.on('c.phone', 't.phone_number').andOnNull('c.merged_into'),
    )
    .select({
      id: 't.id',
      phone: 't.phone_number',
      name: db.raw('coalesce(c.name, h.name, k.name)'),
      order: db.raw(orderOf('select id from project_parties where phone_hmac = t.phone_hmac')),
      app: 'a.app',
      tied: db.raw('l.id is not null'),
      tiedBy: 'l.tied_by',
      follow: db.raw(`case when f.userid is not null then ${FOLLOW} end`),
      contested: db.raw('t.contested_at is not null'),
      since: 't.created_at',
      expiresAt: 't.expires_at',
      mine: db.raw(`coalesce(? = any(${RESPONSIBLE}), false)`, [userId]),
    })
  return db
    .from(perPhone.as('w'))
    .orderBy([{ column: 'w.mine', order: 'desc' }, 'w.since'])
    .limit(200)
    .select<Waiting[]>('w.*')
}

/** The claim that stands for the phone of this one on the page: another, once this one has ended. */
export const findClaimShown = (db: Db, { id, now }: { id: number; now: Date }) =>
  waiting(db, now)
    .whereRaw('t.phone_hmac = (select phone_hmac from temp_bindings where id = ?)', [id])
    .orderBy('t.id')
    .select({ id: 't.id' })
    .first<{ id: number } | undefined>()

/** What a follow `f` of a contact `k` is worth. */
const FOLLOW = `json_build_object('userId', f.userid, 'addWay', f.add_way, 'operUserId', f.oper_userid, 'contactType', k.type)`

export type Look = { claimId: number; userId: string; at: Date }

/** Who has looked at the phones of these claims since, each once; who looked last first. */
export async function pageLooks(
  db: Db,
  { claimIds, since }: { claimIds: readonly number[]; since: Date },
): Promise<Look[]> {
  const { rows } = await db.raw<{ rows: Look[] }>(
    `
    select target_id::bigint as "claimId", operator_userid as "userId", max(at) as at from operation_log
    where target_type = 'claim' and target_id = any(:claimIds) and operation = 'claim.phone_revealed' and at > :since
    group by target_id, operator_userid order by max(at) desc`,
    { claimIds: claimIds.map(String), since: since.toISOString() },
  )
  return rows
}

/** By somebody who works here. */
const WORKING = `not exists (select 1 from members m where m.userid = f.userid and m.standing in ('gone', 'disabled'))`

/** Of a row `c` of customers: who follows him and works here, as userids. */
const FOLLOWERS = `array(
  select f.userid from contact_follows f where f.external_userid = c.wework_userid and f.ended_at is null and ${WORKING})`

/** Of rows `c` of customers and `k` of contacts: somebody who works here found him by a search of his number. */
const SEARCHED = `exists (
  select 1 from contact_follows f where f.external_userid = c.wework_userid and f.ended_at is null
    and f.add_way = 2 and f.oper_userid = f.userid and k.type = 1 and ${WORKING})`

/** Of a row `c` of customers: who designs or manages an order of his, and works here. */
const HIS_MEMBERS = `array(
  select distinct f.userid from (
    select unnest(array[p.designer_userid, p.project_manager_userid]) as userid from project_parties y join projects p on p.id = y.project_id
    where y.customer_id = c.id and p.hidden_at is null) f
  where f.userid is not null and ${WORKING})`

/** An account of his states a phone that waits. */
const STATED = `exists (
  select 1 from live_ties s join waiting_claims w on w.account_id = s.account_id where s.customer_id = c.id and w.expires_at > :now)`

export type Unstated = Listed & { tiedBy: string | null; responsible: string[] }

/** Who was bound since, whom no member has added, and whose phone nobody knows; who came last first. */
export async function pageUnstated(
  db: Db,
  { since, now }: { since: Date; now: Date },
): Promise<Unstated[]> {
  const { rows } = await db.raw<{ rows: Unstated[] }>(
    `
    select c.id, coalesce(c.name, k.name) as name, ${ORDER_OF_CUSTOMER} as order, t.tied_at as since, t.tied_by as "tiedBy", ${HIS_MEMBERS} as responsible
    from customers c
    join lateral (select tied_at, tied_by from live_ties where customer_id = c.id order by tied_at limit 1) t on true
    left join contacts k on k.external_userid = c.wework_userid
    where c.phone is null and c.merged_into is null and c.binding_status = 'bound' and t.tied_at > :since
      and not ${STATED} and ${FOLLOWERS} = '{}'
    order by t.tied_at desc limit 200`,
    { since: since.toISOString(), now: now.toISOString() },
  )
  return rows
}

export type Otherwise = Listed & {
  contact: string
  follow: Add
  /** Admins were asked: by whom, since when, and whether they have looked. */
  askedBy: string | null
  askedAt: Date | null
  looked: boolean | null
}

/**
 * Bound customers of this member who may not query: he has added them, and neither he nor a colleague by a search of the
 * number. `id`: this customer alone.
 */
export async function pageOtherwise(
  db: Db,
  { userId, id }: { userId: string; id?: number },
): Promise<Otherwise[]> {
  const { rows } = await db.raw<{ rows: Otherwise[] }>(
    `
    select c.id, f.external_userid as contact, coalesce(c.name, k.name) as name, ${ORDER_OF_CUSTOMER} as order, f.followed_at as since, ${FOLLOW} as follow,
      r.member_userid as "askedBy", r.opened_at as "askedAt", r.closed_at is not null as looked
    from contact_follows f
    join contacts k on k.external_userid = f.external_userid
    join customers c on c.wework_userid = f.external_userid and c.merged_into is null
    left join lateral (
      select member_userid, opened_at, closed_at from reviews
      where kind = 'added_otherwise' and external_userid = f.external_userid
        and (closed_at is null or (member_userid = f.userid and closed_by <> 'decision table' and (detail ->> 'followedAt')::timestamptz = f.followed_at))
      order by closed_at is null desc, id desc limit 1
    ) r on true
    where f.userid = :userId and f.ended_at is null and (:id::bigint is null or c.id = :id) and c.suspended_reason is null
      and exists (select 1 from live_ties t where t.customer_id = c.id)
      and not exists (select 1 from account_access x where x.customer_id = c.id and x.may_query)
      and not ${SEARCHED}
    order by f.followed_at desc limit 200`,
    { userId, id: id ?? null },
  )
  return rows
}

export type Search = Listed & { remarkMobiles: string[] }

/** Contacts whom this member found by his own phone search and still has, newest first, without those where the first number seen is noted as it was. */
export async function pagePhoneSearches(db: Db, userId: string): Promise<Search[]> {
  const { rows } = await db.raw<{ rows: Search[] }>(
    `
    select c.id, coalesce(c.name, k.name) as name, ${ORDER_OF_CUSTOMER} as order, f.remark_mobiles as "remarkMobiles", f.followed_at as since
    from contact_follows f
    join contacts k on k.external_userid = f.external_userid
    join customers c on c.wework_userid = f.external_userid and c.merged_into is null
    where f.userid = :userId and f.oper_userid = :userId and f.add_way = 2 and k.type = 1 and f.ended_at is null
      and (f.first_mobiles is null or not f.remark_mobiles && f.first_mobiles)
    order by f.followed_at desc`,
    { userId },
  )
  return rows
}

export type Review = Listed & {
  kind: string
  follow: Add
  remarkMobiles: string[]
  answered: { phoneMasked: string } | null
  effectiveAt: Date | null
}

/** Questions about contacts whom this member still has: about others he cannot answer. */
export async function pageReviews(db: Db, userId: string): Promise<Review[]> {
  const { rows } = await db.raw<{ rows: Review[] }>(
    `
    select r.id, r.kind, coalesce(c.name, k.name) as name, case when c.id is not null then ${ORDER_OF_CUSTOMER} end as order,
      r.opened_at as since, ${FOLLOW} as follow, f.remark_mobiles as "remarkMobiles", r.answer -> 'chosen' as answered, r.effective_at as "effectiveAt"
    from reviews r
    join contact_follows f on f.external_userid = r.external_userid and f.userid = r.member_userid and f.ended_at is null
    left join contacts k on k.external_userid = r.external_userid
    left join customers c on c.wework_userid = r.external_userid and c.merged_into is null
    where r.member_userid = :userId and r.closed_at is null and r.kind <> 'added_otherwise'
    order by r.opened_at desc limit 200`,
    { userId },
  )
  return rows
}

export type UntoldBound = {
  id: number
  kind: 'unstated' | 'added_otherwise'
  name: string | null
  /** Who has to do with him. */
  responsible: string[]
}

/** Bound between these times, without permission, and of whom members were not told: because nobody can add him, or because it proved nothing. */
const UNTOLD_BOUND = `
  select u.* from (
    select c.id, coalesce(c.name, k.name) as name, ${FOLLOWERS} as followers, ${HIS_MEMBERS} as his,
      case when ${FOLLOWERS} = '{}' then 'unstated' else 'added_otherwise' end as kind
    from customers c
    left join contacts k on k.external_userid = c.wework_userid
    where c.id = any(array(select customer_id from live_ties where tied_at between :since and :until))
      and c.merged_into is null and c.suspended_reason is null
      and not exists (select 1 from account_access x where x.customer_id = c.id and x.may_query)
      and case when ${FOLLOWERS} = '{}' then c.phone is null and not ${STATED} else not ${SEARCHED} end
  ) u
  where not exists (select 1 from staff_bound_notices n where n.customer_id = u.id and n.kind = u.kind)`

type Between = { since: Date; until: Date; now: Date }
const toTexts = ({ since, until, now }: Between) => ({
  since: since.toISOString(),
  until: until.toISOString(),
  now: now.toISOString(),
})

export async function hasUntoldBound(db: Db, between: Between): Promise<boolean> {
  const { rows } = await db.raw<{ rows: unknown[] }>(`${UNTOLD_BOUND} limit 1`, toTexts(between))
  return rows.length > 0
}

/** Takes them; whoever inserts the row tells. */
export async function claimUntoldBound(db: Db, between: Between): Promise<UntoldBound[]> {
  const { rows } = await db.raw<{ rows: UntoldBound[] }>(
    `
    with untold as (${UNTOLD_BOUND}), taken as (
      insert into staff_bound_notices (customer_id, kind, told_at) select id, kind, :now from untold on conflict do nothing returning customer_id, kind
    )
    select u.id, u.kind, u.name, case when u.kind = 'unstated' then u.his else u.followers end as responsible
    from untold u join taken t on t.customer_id = u.id and t.kind = u.kind
    order by u.id`,
    toTexts(between),
  )
  return rows
}

/** The message certainly did not leave: it may be sent again. */
export const releaseUntoldBound = (db: Db, bound: readonly UntoldBound[]): Promise<number> =>
  db('staff_bound_notices')
    .whereIn(
      ['customer_id', 'kind'],
      bound.map(({ id, kind }) => [id, kind]),
    )
    .delete()
