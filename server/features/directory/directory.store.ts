import type { BindingStatus } from '../../../shared/api/sign-in.ts'
import { holds } from '../../lib/find-text.ts'
import type { Db } from '../../lib/db.ts'

export type Row = {
  id: number
  customerNo: string
  name: string | null
  contactName: string | null
  phone: string | null
  contact: string | null
  status: BindingStatus
  suspended: string | null
  openids: string[]
  boundAt: Date | null
  lastSeenAt: Date | null
  advisor: string | null
  advisorName: string | null
  addWay: number | null
}

/** What one looks for: everybody, one customer, or those found by what was typed. */
export type Wanted =
  | { by: 'all' }
  | { by: 'id'; id: number }
  | { by: 'phone'; phone: string; phoneHmac: Buffer }
  | { by: 'contact'; externalUserId: string }
  | { by: 'text'; text: string }

/** Ids of customers by any part of the name, order number, openid, contact or customer number, however many ways fit. */
const ORDERS = `select id from projects where upper(order_no) = upper(:text)`
const FOUND = `
  select id from customers where merged_into is null and ${holds('name')}
  union select id from customers where merged_into is null and wework_userid = any(array(select external_userid from contacts where ${holds('name')}))
  union select customer_id from project_parties where project_id = any(array(${ORDERS}))
  union select id from customers where merged_into is null and phone_hmac = any(array(select phone_hmac from project_parties where project_id = any(array(${ORDERS}))))
  union select customer_id from live_ties where account_id = any(array(select id from accounts where openid = :text))
  union select id from customers where merged_into is null and wework_userid = :text
  union select id from customers where merged_into is null and customer_no = upper(:text)`

const FROM: Record<Wanted['by'], string> = {
  all: 'customers',
  id: '(select id from customers where merged_into is null and id = :id)',
  phone: '(select id from customers where merged_into is null and phone_hmac = :phoneHmac)',
  contact:
    '(select id from customers where merged_into is null and wework_userid = :externalUserId)',
  // Kept apart, or the mark of the page would be looked for in each of its parts.
  text: `(with found as materialized (${FOUND}) select id from found)`,
}

type Query = { wanted: Wanted; before: number | null; limit: number }

/** Who is found, the newest first; also rows that are part of another by now, which `pageRows` leaves out. */
export async function pageIds(db: Db, { wanted, before, limit }: Query): Promise<number[]> {
  const { by, ...named } = wanted
  const { rows } = await db.raw<{ rows: { id: number }[] }>(
    `select f.id from ${FROM[by]} f where f.id is not null and f.id < :before order by f.id desc limit :limit`,
    { ...named, before: before ?? Number.MAX_SAFE_INTEGER, limit },
  )
  return rows.map(({ id }) => id)
}

/** Customers as admins look at them. */
export async function pageRows(db: Db, ids: readonly number[]): Promise<Row[]> {
  const { rows } = await db.raw<{ rows: Row[] }>(
    `
    select c.id, c.customer_no as "customerNo", c.name, k.name as "contactName", c.phone, c.wework_userid as contact, c.binding_status as status,
      c.suspended_reason as suspended, c.bound_at as "boundAt",
      array(select a.openid from live_ties t join accounts a on a.id = t.account_id where t.customer_id = c.id order by a.id) as openids,
      (select max(a.signed_in_at) from live_ties t join accounts a on a.id = t.account_id where t.customer_id = c.id) as "lastSeenAt",
      advisor.userid as advisor, advisor.name as "advisorName", advisor.add_way as "addWay"
    from customers c
    left join contacts k on k.external_userid = c.wework_userid
    left join lateral (
      select f.userid, f.add_way, m.name from contact_follows f left join members m on m.userid = f.userid
      where f.external_userid = c.wework_userid and f.ended_at is null
      order by (f.add_way = 2) desc, f.followed_at, f.userid limit 1
    ) advisor on true
    where c.id = any(:ids) and c.merged_into is null
    order by c.id desc`,
    { ids },
  )
  return rows
}

export type Likely = { of: number; id: number; customerNo: string; because: 'noted' | 'stated' }

/**
 * Rows that are probably one person: a contact without a phone, at whom a member noted the phone of a row without a
 * contact, or whose account has stated it; each names the other.
 */
export async function pageLikely(
  db: Db,
  { ids, now }: { ids: readonly number[]; now: Date },
): Promise<Likely[]> {
  const { rows } = await db.raw<{ rows: Likely[] }>(
    `
    with pairs as (
      select met.id as met, loaded.id as loaded, 'noted' as because
      from customers met
      join contact_follows f on f.external_userid = met.wework_userid and f.ended_at is null
      join customers loaded on loaded.phone = any(f.remark_mobiles) and loaded.wework_userid is null and loaded.merged_into is null
      where met.id = any(:ids) and met.phone is null and met.merged_into is null
      union
      select met.id, loaded.id, 'noted'
      from customers loaded
      join contact_follows f on f.first_mobiles @> array[loaded.phone] and f.ended_at is null
      join customers met on met.wework_userid = f.external_userid and met.phone is null and met.merged_into is null
      where loaded.id = any(:ids) and loaded.wework_userid is null and loaded.merged_into is null
      union
      select met.id, loaded.id, 'stated'
      from customers met
      join live_ties t on t.customer_id = met.id
      join waiting_claims w on w.account_id = t.account_id and w.expires_at > :now
      join customers loaded on loaded.phone_hmac = w.phone_hmac and loaded.wework_userid is null and loaded.merged_into is null
      where met.id = any(:ids) and met.phone is null and met.merged_into is null
      union
      select met.id, loaded.id, 'stated'
      from customers loaded
      join waiting_claims w on w.phone_hmac = loaded.phone_hmac and w.expires_at > :now
      join live_ties t on t.account_id = w.account_id
      join customers met on met.id = t.customer_id and met.phone is null and met.merged_into is null
      where loaded.id = any(:ids) and loaded.wework_userid is null and loaded.merged_into is null
    )
    select p.met as of, c.id, c.customer_no as "customerNo", p.because from pairs p join customers c on c.id = p.loaded where p.met = any(:ids)
    union
    select p.loaded, c.id, c.customer_no, p.because from pairs p join customers c on c.id = p.met where p.loaded = any(:ids)`,
    { ids, now: now.toISOString() },
  )
  return rows
}
