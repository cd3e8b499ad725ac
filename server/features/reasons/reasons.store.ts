import type { Db } from '../../lib/db.ts'
import type { Claim } from './why.rules.ts'

export type Row = {
  id: number
  contact: string | null
  mayQuery: boolean
  suspended: boolean
  tied: boolean
  ended: boolean
  followed: boolean
  proven: boolean
  inQuestion: boolean
  /** The latest word of one of his accounts about a phone, one that waits before all others. */
  claim: Claim | null
  shownOrders: number
  heldOrders: number
}

type Stored = Omit<Row, 'claim'> & {
  claimStatus: Claim['status'] | null
  claimExpiresAt: Date | null
}

const PROVEN = `exists (
  select 1 from evidence e
  where e.phone_hmac = c.phone_hmac and e.revoked_at is null and (e.valid_until is null or e.valid_until > :now)
    and ((e.kind = 'phone_search' and e.external_userid = c.wework_userid) or (e.kind = 'manual' and e.customer_id = c.id)))`

const IN_QUESTION = `exists (
  select 1 from reviews r where r.closed_at is null and (r.customer_id = c.id or r.external_userid = c.wework_userid))`

/** By somebody who works here: a follow of who has left is no use to the customer. */
const FOLLOWED = `exists (
  select 1 from contact_follows f left join members m on m.userid = f.userid
  where f.external_userid = c.wework_userid and f.ended_at is null and (m.standing in ('gone', 'disabled')) is not true)`

/** His that table B does not show, and those of his number that table A gives to nobody. */
const HELD = `(
  select count(*)::int from project_parties p join projects o on o.id = p.project_id
  where o.hidden_at is null and p.id = any(array(
    select id from project_parties where customer_id = c.id and state = 'attached' and not shown
    union select id from project_parties where phone_hmac = c.phone_hmac and state <> 'attached')))`

const CLAIM = `left join lateral (
    select s.status, s.expires_at as "expiresAt"
    from live_ties t cross join lateral (
      select * from stated_phones w where w.account_id = t.account_id order by w.created_at desc, w.id desc limit 1) s
    where t.customer_id = c.id
    order by (s.status = 'waiting' and s.expires_at > :now) desc, s.created_at desc limit 1
  ) claim on true`

/** Everything that says why these customers may or may not see projects. */
export async function pageRows(
  db: Db,
  { ids, now }: { ids: readonly number[]; now: Date },
): Promise<Row[]> {
  const { rows } = await db.raw<{ rows: Stored[] }>(
    `
    select c.id, c.wework_userid as contact, c.suspended_reason is not null as suspended,
      exists (select 1 from account_access x where x.customer_id = c.id and x.may_query) as "mayQuery",
      exists (select 1 from live_ties t where t.customer_id = c.id) as tied,
      exists (select 1 from customer_accounts t where t.customer_id = c.id and t.ended_at is not null) as ended,
      ${FOLLOWED} as followed, ${PROVEN} as proven, ${IN_QUESTION} as "inQuestion",
      claim.status as "claimStatus", claim."expiresAt" as "claimExpiresAt",
      (select count(*)::int from shown_orders s where s.customer_id = c.id) as "shownOrders", ${HELD} as "heldOrders"
    from customers c ${CLAIM}
    where c.id = any(:ids) and c.merged_into is null`,
    { ids, now: now.toISOString() },
  )
  return rows.map(({ claimStatus: status, claimExpiresAt: expiresAt, ...row }) => ({
    ...row,
    claim: status === null || expiresAt === null ? null : { status, expiresAt },
  }))
}

/** The customer of a contact, if there is one. */
export const findCustomerOf = async (db: Db, externalUserId: string): Promise<number | undefined> =>
  (
    await db('customers')
      .where({ wework_userid: externalUserId })
      .whereNull('merged_into')
      .first<{ id: number } | undefined>('id')
  )?.id
