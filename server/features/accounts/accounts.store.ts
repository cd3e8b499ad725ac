import type { Db } from '../../lib/db.ts'

type App = 'miniprogram' | 'official'

/**
 * The account of an openid, made when new. `unionId` null: WeChat says there is none; undefined: it was not asked. A
 * unionid once learned is kept when WeChat leaves it out later.
 */
export async function upsertAccount(db: Db, { unionId, ...row }: { app: App; openid: string; unionId: string | null | undefined; now: Date }): Promise<number> {
  const { rows } = await db.raw<{ rows: { id: number }[] }>(`
    insert into accounts as a (app, openid, unionid, identity_checked_at, created_at, signed_in_at) values (:app, :openid, :unionId, :checkedAt, :now, :now)
    on conflict (app, openid) do update set unionid = coalesce(excluded.unionid, a.unionid),
      identity_checked_at = coalesce(excluded.identity_checked_at, a.identity_checked_at), signed_in_at = excluded.signed_in_at
    returning id`, { ...row, unionId: unionId ?? null, checkedAt: unionId === undefined ? null : row.now.toISOString(), now: row.now.toISOString() })
  return rows[0]!.id
}

export const insertSession = (db: Db, row: { tokenHash: Buffer; accountId: number; expiresAt: Date; now: Date }) =>
  db('sessions').insert({ token_hash: row.tokenHash, account_id: row.accountId, created_at: row.now, expires_at: row.expiresAt })

export const findSession = (db: Db, tokenHash: Buffer, now: Date) =>
  db('sessions as s').join('accounts as a', 'a.id', 's.account_id').where('s.token_hash', tokenHash).where('s.expires_at', '>', now)
    .select({ accountId: 'a.id', openid: 'a.openid', app: 'a.app', expiresAt: 's.expires_at' })
    .first<{ accountId: number; openid: string; app: App; expiresAt: Date } | undefined>()

export const extendSession = (db: Db, tokenHash: Buffer, expiresAt: Date) =>
  db('sessions').where({ token_hash: tokenHash }).update({ expires_at: expiresAt })

export const deleteSessions = (db: Db, accountIds: readonly number[]) => db('sessions').whereIn('account_id', accountIds).delete()

export const deleteEndedSessions = (db: Db, now: Date) => db('sessions').where('expires_at', '<=', now).delete()

export type Standing = {
  bindingStatus: 'unbound' | 'partial' | 'bound'
  mayQuery: boolean
  phone: string | null
  suspended: boolean
  contact: string | null
  advisor: string | null
  advisorName: string | null
}

const HAS_LEFT = `(m.standing in ('gone', 'disabled')) is true`

/** The member who follows the contact: who still works here before who has left, then who searched the phone, then the first. */
const ADVISOR = `left join lateral (
  select f.userid, case when not ${HAS_LEFT} then m.name end as name
  from contact_follows f left join members m on m.userid = f.userid
  where f.external_userid = c.wework_userid and f.ended_at is null
  order by ${HAS_LEFT}, (f.add_way = 2) desc, f.followed_at, f.userid limit 1
) advisor on true`

/** Where an account stands, in one statement; undefined when it is tied to nobody. */
export const findStanding = (db: Db, accountId: number) =>
  db('account_access as x').join('customers as c', 'c.id', 'x.customer_id').joinRaw(ADVISOR).where('x.account_id', accountId)
    .select({
      bindingStatus: 'x.binding_status', mayQuery: 'x.may_query', phone: 'x.phone', contact: 'x.external_userid',
      suspended: db.raw('c.suspended_reason is not null'), advisor: 'advisor.userid', advisorName: 'advisor.name',
    })
    .first<Standing | undefined>()
