import { toPhones } from '../../../shared/phone.ts'
import type { Db } from '../../lib/db.ts'
import type { Contact, Follow } from '../../outside/wecom/contacts.entries.ts'

/** What WeCom said of a contact when it was asked. A unionid once learned is kept when a later answer lacks it; an answer to an older question is no news. */
export const upsertContact = (db: Db, contact: Contact, askedAt: Date) =>
  db.raw(
    `
  insert into contacts as c (external_userid, name, type, company, unionid, identity_checked_at, fetched_at)
  values (:id, :name, :type, :company, :unionId, :askedAt, :askedAt)
  on conflict (external_userid) do update set name = excluded.name, type = excluded.type, company = excluded.company,
    unionid = coalesce(excluded.unionid, c.unionid), identity_checked_at = excluded.identity_checked_at, fetched_at = excluded.fetched_at
  where c.fetched_at is null or c.fetched_at <= excluded.fetched_at`,
    {
      id: contact.externalUserId,
      name: contact.name,
      type: contact.type,
      company: contact.corpName ?? null,
      unionId: contact.unionid ?? null,
      askedAt: askedAt.toISOString(),
    },
  )

/** What kf says of a customer who wrote or came in lately. */
export const upsertKfCustomer = (
  db: Db,
  row: { externalUserId: string; nickname: string; unionId: string | null; now: Date },
) =>
  db.raw(
    `
  insert into contacts as c (external_userid, name, unionid, identity_checked_at) values (:externalUserId, :nickname, :unionId, :now)
  on conflict (external_userid) do update set name = coalesce(c.name, excluded.name),
    unionid = coalesce(excluded.unionid, c.unionid), identity_checked_at = excluded.identity_checked_at`,
    { ...row, now: row.now.toISOString() },
  )

/**
 * A follow as it was when WeCom was asked; the first numbers seen are kept apart from later ones, and begin anew with a new follow (D6).
 * Answers overtake each other: one that knows an older follow, or answers an older question about the same one, changes nothing,
 * and none revives a follow that ended (D7), unless in the second in which it began: that may have been the one before it.
 */
export const upsertFollow = (
  db: Db,
  { externalUserId, follow, askedAt }: { externalUserId: string; follow: Follow; askedAt: Date },
) =>
  db.raw(
    `
  insert into contact_follows as f (external_userid, userid, add_way, oper_userid, state, remark, remark_mobiles, first_mobiles, mobiles_seen_at, followed_at, fetched_at)
  values (:externalUserId, :userId, :addWay, :operUserId, :state, :remark, :mobiles, :valid, :seenAt, :followedAt, :askedAt)
  on conflict (external_userid, userid) do update set
    add_way = excluded.add_way, oper_userid = excluded.oper_userid, state = excluded.state, remark = excluded.remark,
    remark_mobiles = excluded.remark_mobiles, followed_at = excluded.followed_at, fetched_at = excluded.fetched_at, missed_pulls = 0,
    ended_at = case when f.followed_at = excluded.followed_at and f.ended_at > f.followed_at then f.ended_at end,
    transferred_at = case when f.followed_at = excluded.followed_at and f.ended_at > f.followed_at then f.transferred_at end,
    first_mobiles = case when f.followed_at = excluded.followed_at then coalesce(f.first_mobiles, excluded.first_mobiles) else excluded.first_mobiles end,
    mobiles_seen_at = case when f.followed_at = excluded.followed_at then coalesce(f.mobiles_seen_at, excluded.mobiles_seen_at) else excluded.mobiles_seen_at end
  where (f.followed_at, f.fetched_at) <= (excluded.followed_at, excluded.fetched_at)`,
    {
      externalUserId,
      userId: follow.userId,
      addWay: follow.addWay,
      operUserId: follow.operUserId ?? null,
      state: follow.state ?? null,
      remark: follow.remark ?? null,
      mobiles: follow.remarkMobiles,
      ...firstMobiles(follow, askedAt),
      followedAt: follow.createdAt.toISOString(),
      askedAt: askedAt.toISOString(),
    },
  )

function firstMobiles(
  follow: Follow,
  askedAt: Date,
): { valid: string[] | null; seenAt: string | null } {
  const valid = toPhones(follow.remarkMobiles)
  return valid.length === 0
    ? { valid: null, seenAt: null }
    : { valid, seenAt: askedAt.toISOString() }
}

/** A follow that began after `at` is a new one, which an old event does not end. Answers when the one that ended began. */
export async function endFollow(
  db: Db,
  end: FollowKey & { at: Date; transferred: boolean },
): Promise<Date | undefined> {
  const [ended] = await db('contact_follows')
    .where({ external_userid: end.externalUserId, userid: end.userId })
    .whereNull('ended_at')
    .where('followed_at', '<=', end.at)
    .update({ ended_at: end.at, ...(end.transferred && { transferred_at: end.at }) })
    .returning<{ followed_at: Date }[]>('followed_at')
  return ended?.followed_at
}

const DELETIONS = ['del_external_contact', 'del_follow_user']

/** Has either side deleted the other since? In the same second nobody knows which came last. */
export const wasDeletedSince = async (
  db: Db,
  { externalUserId, userId, at }: FollowKey & { at: Date },
): Promise<boolean> =>
  (await db('wework_customer_events')
    .where({ external_userid: externalUserId, employee_userid: userId })
    .whereIn('event_type', DELETIONS)
    .whereRaw(`(raw_event_data ->> 'at')::timestamptz > ?`, [at])
    .first('id')) !== undefined

/** Does a member who searched the phone of this contact still owe its number? Then WeCom will not tell us when it comes (D6). */
export const awaitsPhone = async (db: Db, externalUserId: string): Promise<boolean> =>
  (await db('contact_follows')
    .where({ external_userid: externalUserId, add_way: 2 })
    .whereNull('ended_at')
    .whereNull('first_mobiles')
    .first<{ userid: string } | undefined>('userid')) !== undefined

/**
 * The add event of a follow, exactly one (R0.17): made by whichever came first, the callback or a look at the contact;
 * the phone is the one that was noted when there first was exactly one.
 */
export const upsertAddEvent = (
  db: Db,
  { externalUserId, follow, raw }: { externalUserId: string; follow: Follow; raw: object | null },
) => {
  const [phone, ...more] = toPhones(follow.remarkMobiles)
  return db.raw(
    `
    insert into wework_customer_events as v (event_type, external_userid, employee_userid, customer_phone, add_way, state, raw_event_data, followed_at)
    values ('add_external_contact', :externalUserId, :userId, :phone, :addWay, :state, :raw, :followedAt)
    on conflict (external_userid, employee_userid, event_type, followed_at) do update set
      customer_phone = coalesce(v.customer_phone, excluded.customer_phone), raw_event_data = coalesce(v.raw_event_data, excluded.raw_event_data)`,
    {
      externalUserId,
      userId: follow.userId,
      phone: more.length === 0 ? (phone ?? null) : null,
      addWay: follow.addWay,
      state: follow.state ?? null,
      raw: raw && JSON.stringify(raw),
      followedAt: follow.createdAt.toISOString(),
    },
  )
}

type GivenFollow = Pick<Follow, 'userId' | 'addWay' | 'createdAt'> & {
  externalUserId: string
  state?: string | null
}

/** An add that was told of before WeCom showed it belongs to the follow that began then. */
export const giveFollow = (
  db: Db,
  { externalUserId, userId, addWay, state = null, createdAt }: GivenFollow,
) =>
  db.raw(
    `
  with adds as (
    select * from wework_customer_events
    where external_userid = :externalUserId and employee_userid = :userId and event_type = 'add_external_contact'
  )
  update wework_customer_events set followed_at = :followedAt, add_way = :addWay, state = coalesce(state, :state)
  where id = (
    select min(id) from adds
    where followed_at is null and abs(extract(epoch from (raw_event_data ->> 'at')::timestamptz - :followedAt::timestamptz)) <= 60
  ) and not exists (select 1 from adds where followed_at = :followedAt)`,
    { externalUserId, userId, addWay, state, followedAt: createdAt.toISOString() },
  )

/** The add event of a live follow names the number that the member says is the customer's own. */
export const setAddedPhone = (
  db: Db,
  row: { externalUserId: string; userId: string; phone: string },
) =>
  db.raw(
    `
  update wework_customer_events v set customer_phone = :phone from contact_follows f
  where v.external_userid = :externalUserId and v.employee_userid = :userId and v.event_type = 'add_external_contact'
    and f.external_userid = v.external_userid and f.userid = v.employee_userid and f.followed_at = v.followed_at and f.ended_at is null`,
    row,
  )

type NewEvent = {
  type: string
  externalUserId: string
  userId: string
  state: string | null
  raw: object
  callbackId: number
}

/** Any other event, once per callback. */
export const insertEvent = (db: Db, row: NewEvent) =>
  db('wework_customer_events')
    .insert({
      event_type: row.type,
      external_userid: row.externalUserId,
      employee_userid: row.userId,
      state: row.state,
      raw_event_data: row.raw,
      callback_id: row.callbackId,
    })
    .onConflict('callback_id')
    .ignore()

export const scrubEvents = (db: Db, before: Date) =>
  db('wework_customer_events')
    .whereNotNull('raw_event_data')
    .where('created_at', '<', before)
    .update({ raw_event_data: null })

/** Is a pulled entry what we have already? */
export async function isMirrored(
  db: Db,
  contact: Omit<Contact, 'follows'>,
  follow: Follow,
): Promise<boolean> {
  const row = await db('contact_follows as f')
    .join('contacts as c', 'c.external_userid', 'f.external_userid')
    .join('wework_customer_events as v', (join) =>
      join
        .on('v.external_userid', 'f.external_userid')
        .andOn('v.employee_userid', 'f.userid')
        .andOn('v.followed_at', 'f.followed_at'),
    )
    .where({
      'f.external_userid': contact.externalUserId,
      'f.userid': follow.userId,
      'f.followed_at': follow.createdAt,
      'f.add_way': follow.addWay,
      'c.type': contact.type,
    })
    .whereNull('f.ended_at')
    .whereRaw(
      'f.oper_userid is not distinct from ? and f.remark_mobiles = ?::text[] and (c.unionid is not distinct from ? or ?::text is null)',
      [
        follow.operUserId ?? null,
        follow.remarkMobiles,
        contact.unionid ?? null,
        contact.unionid ?? null,
      ],
    )
    .first<{ userid: string } | undefined>('f.userid')
  return row !== undefined
}

export const markSeen = (db: Db, row: { externalUserId: string; userId: string; askedAt: Date }) =>
  db('contact_follows')
    .where({ external_userid: row.externalUserId, userid: row.userId })
    .update({
      missed_pulls: 0,
      fetched_at: db.raw('greatest(fetched_at, ?::timestamptz)', [row.askedAt]),
    })

export type FollowKey = { externalUserId: string; userId: string }

/** Live follows of these members that nothing has told us of since `before`. */
export const pageUnseen = (
  db: Db,
  { members, before }: { members: readonly string[]; before: Date },
): Promise<FollowKey[]> =>
  db('contact_follows')
    .whereIn('userid', members)
    .whereNull('ended_at')
    .where('fetched_at', '<', before)
    .select<FollowKey[]>({ externalUserId: 'external_userid', userId: 'userid' })

/** A pull begun at `before` did not show it: answers how many in a row now; 0 when something told us of it meanwhile. */
export async function countMissed(
  db: Db,
  { externalUserId, userId, before }: FollowKey & { before: Date },
): Promise<number> {
  const [row] = await db('contact_follows')
    .where({ external_userid: externalUserId, userid: userId })
    .whereNull('ended_at')
    .where('fetched_at', '<', before)
    .increment('missed_pulls', 1)
    .returning<{ missed_pulls: number }[]>('missed_pulls')
  return row?.missed_pulls ?? 0
}

/** A pull showed it, whatever could be made of it: those that missed it were not in a row. */
export const forgetMissed = (db: Db, { externalUserId, userId }: FollowKey) =>
  db('contact_follows')
    .where({ external_userid: externalUserId, userid: userId })
    .where('missed_pulls', '>', 0)
    .update({ missed_pulls: 0 })

export async function insertReconciliation(db: Db, startedAt: Date): Promise<number> {
  const [row] = await db('reconciliations')
    .insert({ started_at: startedAt })
    .returning<{ id: number }[]>('id')
  return row!.id
}

/** What could not be taken over, as far as it can be named. */
export type Failure = { externalUserId?: string; userid?: string; reason: string }
type Report = Record<string, number>

export const finishReconciliation = (
  db: Db,
  id: number,
  row: { at: Date; complete: boolean; report: Report; failures: readonly Failure[] },
) =>
  db('reconciliations')
    .where({ id })
    .update({
      finished_at: row.at,
      complete: row.complete,
      report: { ...row.report, failures: row.failures },
    })

export type Reconciliation = {
  id: number
  startedAt: Date
  finishedAt: Date | null
  complete: boolean
  report: Report
  failures: Failure[]
}
type Row = Omit<Reconciliation, 'failures' | 'report'> & {
  report: Report & { failures?: Failure[] }
}

/** The newest first, with one more than the page holds. */
export async function pageReconciliations(
  db: Db,
  { before, limit }: { before: number | null; limit: number },
): Promise<Reconciliation[]> {
  const rows = await db('reconciliations')
    .modify((query) => {
      if (before !== null) void query.where('id', '<', before)
    })
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .select<Row[]>({
      id: 'id',
      startedAt: 'started_at',
      finishedAt: 'finished_at',
      complete: 'complete',
      report: 'report',
    })
  return rows.map(({ report: { failures = [], ...report }, ...row }) => ({
    ...row,
    report,
    failures,
  }))
}
