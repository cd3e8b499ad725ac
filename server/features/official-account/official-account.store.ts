import type { Db } from '../../lib/db.ts'
import type { Reach, Sign } from './official-account.rules.ts'

/** Accounts, claims and ties belong to their rooms: read only. */
export const hasUnionId = async (db: Db, accountId: number): Promise<boolean> =>
  (await db('accounts')
    .where({ id: accountId })
    .whereNotNull('unionid')
    .first<{ id: number } | undefined>('id')) !== undefined

export const isKnown = async (db: Db, openid: string): Promise<boolean> =>
  (await db('accounts')
    .where({ app: 'official', openid })
    .first<{ id: number } | undefined>('id')) !== undefined

/** Never looked up; with `again` also when no unionid was shown then. */
export async function isUnidentified(
  db: Db,
  { accountId, again }: { accountId: number; again: boolean },
): Promise<boolean> {
  const account = await db('accounts')
    .where({ id: accountId })
    .first<{ unionid: string | null; identity_checked_at: Date | null } | undefined>(
      'unionid',
      'identity_checked_at',
    )
  return account?.unionid == null && (again || account?.identity_checked_at == null)
}

export const hasWaitingClaim = async (
  db: Db,
  { accountId, now }: { accountId: number; now: Date },
): Promise<boolean> =>
  (await db('waiting_claims')
    .where({ account_id: accountId })
    .where('expires_at', '>', now)
    .first<{ id: number } | undefined>('id')) !== undefined

export type Tied = { tieId: number; accountId: number; openid: string }

const ties = (db: Db, externalUserId: string) =>
  db('customer_accounts as t')
    .join('accounts as a', 'a.id', 't.account_id')
    .orderBy('t.id')
    .where('t.app', 'official')
    .where('t.external_userid', externalUserId)
    .select({ tieId: 't.id', accountId: 't.account_id', openid: 'a.openid' })

/** Accounts tied to this contact that may query now. */
export const pageMayQuery = (db: Db, externalUserId: string): Promise<Tied[]> =>
  ties(db, externalUserId)
    .join('account_access as x', 'x.account_id', 't.account_id')
    .whereNull('t.ended_at')
    .where('x.may_query', true)

/** Accounts that are tied to this contact besides one, and are not of the same WeChat user. */
export const pageOthersTied = (
  db: Db,
  { externalUserId, accountId }: { externalUserId: string; accountId: number },
): Promise<Tied[]> =>
  ties(db, externalUserId)
    .whereNull('t.ended_at')
    .whereNot('t.account_id', accountId)
    .whereRaw('(a.unionid = (select unionid from accounts where id = ?)) is not true', [accountId])

/** Accounts that lost this contact after an instant and have nobody else since. */
export const pageEnded = (
  db: Db,
  { externalUserId, after }: { externalUserId: string; after: Date },
): Promise<Tied[]> =>
  ties(db, externalUserId)
    .where('t.ended_at', '>', after)
    .whereNotExists((live) =>
      live.select(db.raw('1')).from('live_ties as l').whereRaw('l.account_id = t.account_id'),
    )

const SIGNS: Record<Sign, (now: Date) => object> = {
  wrote: (now) => ({ wrote_at: now, left_at: null }),
  acted: (now) => ({ acted_at: now, left_at: null }),
  left: (now) => ({ wrote_at: null, acted_at: null, left_at: now }),
}

export const upsertSign = (
  db: Db,
  { accountId, sign, now }: { accountId: number; sign: Sign; now: Date },
) =>
  db('official_followers')
    .insert({ account_id: accountId, ...SIGNS[sign](now) })
    .onConflict('account_id')
    .merge(Object.keys(SIGNS[sign](now)))

/** undefined: nothing was ever heard of this account. */
export const findReach = (db: Db, accountId: number) =>
  db('official_followers as f')
    .where('f.account_id', accountId)
    .select({
      wroteAt: 'f.wrote_at',
      actedAt: 'f.acted_at',
      leftAt: 'f.left_at',
      sentAt: db.raw(
        `array(select n.taken_at from official_notices n where n.account_id = f.account_id and n.way = 'message' and n.taken_at >= least(f.wrote_at, f.acted_at))`,
      ),
    })
    .first<Reach | undefined>()

type Name = {
  kind: 'answer' | 'bound' | 'tied' | 'unbound' | 'warning' | 'news'
  subject: string
}

/** Notes that a push of this account is about to be answered. */
export const insertAnswering = (
  db: Db,
  { subject, accountId, now }: { subject: string; accountId: number; now: Date },
) =>
  db('official_notices')
    .insert({ kind: 'answer', subject, account_id: accountId, way: 'reply', ordered_at: now })
    .onConflict(['kind', 'subject'])
    .ignore()

/** Whether something is about to be answered since an instant; what was forgotten by a process that died is older. */
export const isBeingAnswered = async (
  db: Db,
  { accountId, since }: { accountId: number; since: Date },
): Promise<boolean> =>
  (await db('official_notices')
    .where({ kind: 'answer', account_id: accountId })
    .whereNull('taken_at')
    .where('ordered_at', '>', since)
    .first<{ subject: string } | undefined>('subject')) !== undefined

/** What an answer says anyway needs no message: that the account may query now. */
export const takeBoundNotices = (db: Db, { accountId, now }: { accountId: number; now: Date }) =>
  db.raw(
    `
  insert into official_notices as n (kind, subject, account_id, way, ordered_at, taken_at)
  select 'bound', t.id::text, t.account_id, 'reply', :now, :now from live_ties t join account_access x on x.account_id = t.account_id
  where t.account_id = :accountId and t.app = 'official' and x.may_query
  on conflict (kind, subject) do update set way = excluded.way, taken_at = excluded.taken_at where n.way = 'message' and n.taken_at is null`,
    { accountId, now: now.toISOString() },
  )

/** Says how a push is answered, unless that has been said; answers how it is. */
export async function claimAnswer(
  db: Db,
  { subject, way, now }: { subject: string; way: 'reply' | 'message'; now: Date },
): Promise<'reply' | 'message'> {
  const { rows } = await db.raw<{ rows: { way: 'reply' | 'message' }[] }>(
    `
    insert into official_notices as n (kind, subject, way, ordered_at, taken_at) values ('answer', :subject, :way, :now, case when :way = 'reply' then :now::timestamptz end)
    on conflict (kind, subject) do update set
      way = case when n.way = 'reply' and n.taken_at is null then excluded.way else n.way end,
      taken_at = case when n.way = 'reply' and n.taken_at is null then excluded.taken_at else n.taken_at end
    returning way`,
    { subject, way, now: now.toISOString() },
  )
  return rows[0]!.way
}

/** Takes what is to be said once; false when it is said already. `none`: it is considered, and cannot be said. */
export async function takeNotice(
  db: Db,
  {
    accountId,
    way,
    now,
    ...name
  }: Name & { accountId: number | null; way: 'message' | 'none'; now: Date },
): Promise<boolean> {
  const taken = await db('official_notices')
    .insert({ ...name, account_id: accountId, way, ordered_at: now, taken_at: now })
    .onConflict(['kind', 'subject'])
    .merge(['account_id', 'way', 'taken_at'])
    .where('official_notices.way', 'message')
    .whereNull('official_notices.taken_at')
    .returning('kind')
  return taken.length > 0
}

/** The message certainly did not leave: it may be sent again. */
export const releaseNotice = (db: Db, { kind, subject }: Name): Promise<number> =>
  db('official_notices').where({ kind, subject }).update({ taken_at: null })

/** What was said of a tie is kept: it must not be said again while the tie lasts. */
export const deleteNoticesBefore = (db: Db, before: Date): Promise<number> =>
  db('official_notices').whereNot({ kind: 'bound' }).where('ordered_at', '<', before).delete()
