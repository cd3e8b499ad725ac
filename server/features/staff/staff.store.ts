import { memberKey } from '../../../shared/userid.ts'
import { lockKey, type Db } from '../../lib/db.ts'

export type Session = { userId: string; sessionId: Buffer; expiresAt: Date }

export const insertSession = (
  db: Db,
  row: { tokenHash: Buffer; userId: string; now: Date; expiresAt: Date },
) =>
  db('staff_sessions').insert({
    token_hash: row.tokenHash,
    userid: row.userId,
    created_at: row.now,
    expires_at: row.expiresAt,
  })

export const findSession = (db: Db, { tokenHash, now }: { tokenHash: Buffer; now: Date }) =>
  db('staff_sessions')
    .where({ token_hash: tokenHash })
    .where('expires_at', '>', now)
    .select({ userId: 'userid', sessionId: 'token_hash', expiresAt: 'expires_at' })
    .first<Session | undefined>()

export const deleteSession = (db: Db, tokenHash: Buffer): Promise<number> =>
  db('staff_sessions').where({ token_hash: tokenHash }).delete()

export const deleteSessionsOf = (db: Db, userId: string): Promise<number> =>
  db('staff_sessions').where({ userid: userId }).delete()

export const deleteEndedSessions = (db: Db, now: Date): Promise<number> =>
  db('staff_sessions').where('expires_at', '<=', now).delete()

/** Claims that wait, except for phones that somebody proved meanwhile: then only the customer's own tap is missing. */
export const waiting = (db: Db, now: Date) =>
  db('waiting_claims as t')
    .where('t.expires_at', '>', now)
    .whereNotExists((proven) =>
      proven
        .select(db.raw('1'))
        .from('evidence as e')
        .whereRaw('e.phone_hmac = t.phone_hmac')
        .whereIn('e.kind', ['phone_search', 'manual'])
        .whereNull('e.revoked_at')
        .where((live) => live.whereNull('e.valid_until').orWhere('e.valid_until', '>', now)),
    )

/**
 * Members who are responsible for a phone: who designs or manages a project loaded for it, and who has the customer of it
 * as a contact. Written for a row `t` of waiting_claims.
 */
export const RESPONSIBLE = `array(
  select unnest(array[p.designer_userid, p.project_manager_userid]) from project_parties y join projects p on p.id = y.project_id where y.phone_hmac = t.phone_hmac and p.hidden_at is null
  union
  select f.userid from customers h join contact_follows f on f.external_userid = h.wework_userid and f.ended_at is null where h.phone = t.phone_number and h.merged_into is null
)`

export const findWaitingPhone = (db: Db, { id, now }: { id: number; now: Date }) =>
  waiting(db, now)
    .where('t.id', id)
    .select({ phone: 't.phone_number' })
    .first<{ phone: string } | undefined>()

/** One look of a member at a time: what is counted stays true until it is written down. */
export const lockReveals = (db: Db, userId: string) => lockKey(db, `reveals:${memberKey(userId)}`)

/** How many other customers' phones a member has looked at since; the log of them is audit's. */
export async function countOtherReveals(
  db: Db,
  { userId, claimId, since }: { userId: string; claimId: number; since: Date },
): Promise<number> {
  const [row] = await db('operation_log')
    .where({ operator_userid: userId, operation: 'claim.phone_revealed' })
    .where('at', '>', since)
    .whereNot('target_id', String(claimId))
    .countDistinct<{ count: string }[]>({ count: 'target_id' })
  return Number(row!.count)
}

export type Untold = { id: number; phone: string; responsible: string[] }

/** Was staff told of the phone of a claim `t`: by this claim, by the one it is a rival of, or by any while it waited? */
const TOLD = `select 1 from staff_notices n join temp_bindings o on o.id = n.claim_id
  where o.phone_hmac = t.phone_hmac and (o.id in (t.id, t.rival_of) or n.told_at >= t.created_at)`

/** Takes, of each phone that staff were not told about, the first claim that still waits; whoever inserts the row tells them. */
export async function claimUntold(db: Db, now: Date): Promise<Untold[]> {
  const untold = await waiting(db, now)
    .whereRaw(`not exists (${TOLD})`)
    .distinctOn('t.phone_hmac')
    .orderBy(['t.phone_hmac', 't.id'])
    .select<Untold[]>(
      { id: 't.id', phone: 't.phone_number' },
      db.raw(`array_remove(${RESPONSIBLE}, null) as responsible`),
    )
  if (untold.length === 0) return []
  const taken = await db('staff_notices')
    .insert(untold.map(({ id }) => ({ claim_id: id, told_at: now })))
    .onConflict('claim_id')
    .ignore()
    .returning<{ claim_id: number }[]>('claim_id')
  const mine = new Set(taken.map((row) => row.claim_id))
  return untold.filter(({ id }) => mine.has(id)).toSorted((one, other) => one.id - other.id)
}

/** The message certainly did not leave: it may be sent again. */
export const releaseUntold = (db: Db, claimIds: readonly number[]): Promise<number> =>
  db('staff_notices').whereIn('claim_id', claimIds).delete()

export type UntoldTie = {
  tieId: number
  kind: 'made' | 'ended'
  app: string
  tiedBy: string | null
  endedBy: string | null
  name: string | null
  phone: string | null
  responsible: string[]
}

/** Ties that were made or ended since without a word in the contact's chat, and members not told yet. What is over is no news but its end. */
const UNTOLD_TIES = `
  select n.*, k.kind from tie_news n
  cross join lateral (values
    ('made', n.tied_at, n.silent and not n.further_app and n.ended_at is null),
    ('ended', n.ended_at, n.ended_by in ('customer', 'admin'))
  ) as k (kind, at, counts)
  where (n.tied_at between :since and :now or n.ended_at between :since and :now)
    and k.counts and k.at between :since and :now
    and not exists (select 1 from staff_tie_notices t where t.tie_id = n.tie_id and t.kind = k.kind)`

export async function hasUntoldTies(
  db: Db,
  { since, now }: { since: Date; now: Date },
): Promise<boolean> {
  const { rows } = await db.raw<{ rows: unknown[] }>(UNTOLD_TIES, {
    since: since.toISOString(),
    now: now.toISOString(),
  })
  return rows.length > 0
}

/** Takes them; whoever inserts the row tells. Responsible is who follows the contact, or proved its phone. */
export async function claimUntoldTies(
  db: Db,
  { since, now }: { since: Date; now: Date },
): Promise<UntoldTie[]> {
  const { rows } = await db.raw<{ rows: UntoldTie[] }>(
    `
    with untold as (${UNTOLD_TIES}), taken as (
      insert into staff_tie_notices (tie_id, kind, told_at) select tie_id, kind, :now from untold on conflict do nothing returning tie_id, kind
    )
    select u.tie_id as "tieId", u.kind, u.app, u.tied_by as "tiedBy", u.ended_by as "endedBy", coalesce(c.name, k.name) as name, c.phone,
      array(
        select f.userid from contact_follows f where f.external_userid = u.external_userid and f.ended_at is null
        union
        select e.member_userid from evidence e where e.kind = 'phone_search' and e.external_userid = u.external_userid and e.revoked_at is null
      ) as responsible
    from untold u join taken using (tie_id, kind)
    left join customers c on c.id = u.customer_id left join contacts k on k.external_userid = u.external_userid
    order by u.tie_id`,
    { since: since.toISOString(), now: now.toISOString() },
  )
  return rows
}

/** The message certainly did not leave: it may be sent again. */
export const releaseUntoldTies = (db: Db, ties: readonly UntoldTie[]): Promise<number> =>
  db('staff_tie_notices')
    .whereIn(
      ['tie_id', 'kind'],
      ties.map(({ tieId, kind }) => [tieId, kind]),
    )
    .delete()

type Unreached = {
  noticeId: number
  customerId: number | null
  name: string | null
  projectId: string | null
  title: string | null
  stage: string
  userId: string | null
}

/** Who they are, of what, and who has to do with it: designs or manages the project, has him as a contact, or was named. */
export async function describeUnreached(db: Db, unreached: readonly Unreached[]) {
  const { rows } = await db.raw<{
    rows: (Unreached & { phone: string | null; title: string; responsible: string[] })[]
  }>(
    `
    select u.*, coalesce(c.name, k.name, u.name) as name, c.phone, coalesce(u.title, p.title) as title, array_remove(array(
      select unnest(array[p.designer_userid, p.project_manager_userid, u."userId"])
      union
      select f.userid from contact_follows f where f.external_userid = c.wework_userid and f.ended_at is null
    ), null) as responsible
    from jsonb_to_recordset(?::jsonb) as u ("noticeId" bigint, "customerId" bigint, name text, "projectId" uuid, title text, stage text, "userId" text)
    left join customers c on c.id = u."customerId" left join projects p on p.id = u."projectId"
    left join contacts k on k.external_userid = c.wework_userid
    order by u."noticeId"`,
    [JSON.stringify(unreached)],
  )
  return rows
}
