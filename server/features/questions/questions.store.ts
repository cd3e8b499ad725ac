import { lockKey, lockKeys, type Db } from '../../lib/db.ts'
import type { StoredAnswer } from '../reviews/reviews.ts'

export type QuestionRow = {
  id: number
  kind: string
  openedAt: Date
  closedAt: Date | null
  closeReason: string | null
  phoneHmac: Buffer | null
  phoneMasked: string | null
  customerId: number | null
  customerPhone: string | null
  externalUserId: string | null
  contactName: string | null
  memberUserid: string | null
  memberName: string | null
  remarkMobiles: string[] | null
  canQuery: boolean
  escalatedAt: Date | null
  answer: StoredAnswer | null
  answeredBy: string | null
  /** How the member is called; the userid or key while no name is known. */
  answeredByName: string | null
  answeredAt: Date | null
  effectiveAt: Date | null
  claimantId: number | null
  /** Parties of others that the owner of the number named. */
  claimed: number[]
}

/** The customer is the one named, whoever he is part of by now, or else the one of the contact. */
const questions = (db: Db) =>
  db('reviews as r')
    .leftJoin('customers as n', 'n.id', 'r.customer_id')
    .leftJoin('customers as h', (join) =>
      join.on('h.wework_userid', 'r.external_userid').andOnNull('h.merged_into'),
    )
    .leftJoin('customers as c', 'c.id', db.raw('coalesce(n.merged_into, n.id, h.id)'))
    .leftJoin(
      'contacts as k',
      'k.external_userid',
      db.raw('coalesce(r.external_userid, c.wework_userid)'),
    )
    .leftJoin('members as m', 'm.userid', 'r.member_userid')
    .leftJoin('contact_follows as f', (join) =>
      join
        .on('f.external_userid', 'r.external_userid')
        .andOn('f.userid', 'r.member_userid')
        .andOnNull('f.ended_at'),
    )
    .select({
      id: 'r.id',
      kind: 'r.kind',
      openedAt: 'r.opened_at',
      closedAt: 'r.closed_at',
      closeReason: 'r.close_reason',
      phoneHmac: 'r.phone_hmac',
      phoneMasked: 'r.phone_masked',
      customerId: 'c.id',
      customerPhone: 'c.phone',
      externalUserId: db.raw('coalesce(r.external_userid, c.wework_userid)'),
      contactName: 'k.name',
      memberUserid: 'r.member_userid',
      memberName: 'm.name',
      remarkMobiles: 'f.remark_mobiles',
      canQuery: db.raw(
        'exists (select 1 from account_access x where x.customer_id = c.id and x.may_query)',
      ),
      escalatedAt: 'r.escalated_at',
      answer: 'r.answer',
      answeredBy: 'r.answered_by',
      answeredByName: db.raw(
        `coalesce((select min(a.name) from members a where lower(a.userid) = lower(r.answered_by)), r.answered_by)`,
      ),
      answeredAt: 'r.answered_at',
      effectiveAt: 'r.effective_at',
      claimantId: db.raw(`(r.detail ->> 'claimantId')::bigint`),
      claimed: db.raw(`coalesce(r.detail -> 'claimed', '[]')`),
    })

type Page = { state: 'open' | 'answered'; after: number | null; limit: number }

/** Open questions oldest first, answered ones newest first. */
export const pageQuestions = (db: Db, { state, after, limit }: Page): Promise<QuestionRow[]> =>
  questions(db)
    .limit(limit)
    .orderBy('r.id', state === 'open' ? 'asc' : 'desc')
    .modify((query) => {
      void (state === 'open' ? query.whereNull('r.closed_at') : query.whereNotNull('r.closed_at'))
      if (after !== null) void query.where('r.id', state === 'open' ? '>' : '<', after)
    })

export const findQuestion = (db: Db, id: number) =>
  questions(db).where('r.id', id).first<QuestionRow | undefined>()

export type Given = {
  id: number
  chosen: NonNullable<StoredAnswer['chosen']>
  effectiveAt: Date
}

/** What a member has said of a contact, and does not count yet. */
export const findGiven = (
  db: Db,
  { externalUserId, userId }: { externalUserId: string; userId: string },
) =>
  db('reviews')
    .where({ external_userid: externalUserId, member_userid: userId })
    .whereNull('closed_at')
    .whereRaw(`answer -> 'chosen' is not null`)
    .select({ id: 'id', chosen: db.raw(`answer -> 'chosen'`), effectiveAt: 'effective_at' })
    .first<Given | undefined>()

/**
 * Members who have to do with a number: who proved it for its owner, and who designs or manages an order of it; `unclear`:
 * that proof still counts, or that order is not clear. Who has left is none of them. Userids compare without regard to
 * case (D27).
 */
const CONCERNED = `
  select r.id as review_id, w.userid, w.unclear and r.closed_at is null and r.escalated_at is null as asked
  from reviews r
  cross join lateral (
    select e.member_userid as userid, e.revoked_at is null as unclear from evidence e
    where e.kind = 'phone_search' and e.phone_hmac = r.phone_hmac
    union
    select unnest(array[p.designer_userid, p.project_manager_userid]), p.hidden_at is null and (not y.shown or coalesce(r.detail -> 'claimed', '[]') @> to_jsonb(y.id))
    from project_parties y join projects p on p.id = y.project_id where y.phone_hmac = r.phone_hmac
  ) w
  where r.kind = 'number' and w.userid is not null
    and not exists (select 1 from members m where lower(m.userid) = lower(w.userid) and m.standing in ('gone', 'disabled'))`

/** Who is asked (ownership.md, 4), while it is not answered for good and not for admins by now. */
const ASKED = `select review_id, userid from (${CONCERNED}) c where asked`

/**
 * What a question is to a member. `over`: he has to do with the number, and is not asked any more; undefined: it is none
 * of his business.
 */
export const findPart = async (
  db: Db,
  { id, userId }: { id: number; userId: string },
): Promise<'asked' | 'over' | undefined> => {
  const { rows } = await db.raw<{ rows: { asked: boolean | null; over: boolean }[] }>(
    `
    select bool_or(c.asked) as asked, bool_and(r.closed_at is not null or r.escalated_at is not null) as over
    from (${CONCERNED}) c join reviews r on r.id = c.review_id
    where c.review_id = :id and lower(c.userid) = lower(:userId)`,
    { id, userId },
  )
  if (rows[0]?.asked === true) return 'asked'
  return rows[0]?.over === true ? 'over' : undefined
}

/** Questions about numbers that this member is asked. */
export const pageAskedOf = (db: Db, userId: string): Promise<QuestionRow[]> =>
  questions(db)
    .orderBy('r.id')
    .limit(200)
    .whereNull('r.closed_at')
    .whereRaw(`r.id in (select a.review_id from (${ASKED}) a where lower(a.userid) = lower(?))`, [
      userId,
    ])

/** `first`: one of the questions. */
export type Untold = { userId: string; count: number; first: number }

/** Members who have something to answer and were not told so on this day; whoever inserts the row tells them. */
export async function claimUntold(
  db: Db,
  { day, now }: { day: string; now: Date },
): Promise<Untold[]> {
  const { rows } = await db.raw<{ rows: Untold[] }>(
    `
    with open as (
      select min(a.userid) as userid, count(distinct a.review_id)::int as count, min(a.review_id) as first from (${ASKED}) a join reviews r on r.id = a.review_id
      where r.answer is null group by lower(a.userid)
    ), told as (
      insert into question_notices (userid, day, told_at) select lower(userid), :day::date, :now from open
      on conflict do nothing returning userid
    )
    select o.userid as "userId", o.count, o.first from open o join told t on t.userid = lower(o.userid) order by o.userid`,
    { day, now: now.toISOString() },
  )
  return rows
}

/** The message certainly did not leave. */
export const releaseUntold = (db: Db, { userId, day }: { userId: string; day: string }) =>
  db('question_notices').where({ userid: userId, day }).delete()

export const deleteNoticesBefore = (db: Db, before: Date) =>
  db('question_notices').where('told_at', '<', before).delete()

/** When, and by whom, a contact was last added by a number that still counts. */
export const findAdd = (
  db: Db,
  { externalUserId, phoneHmac }: { externalUserId: string; phoneHmac: Buffer },
) =>
  db('evidence as e')
    .join('wework_customer_events as v', 'v.id', 'e.event_id')
    .leftJoin('members as m', 'm.userid', 'e.member_userid')
    .where({
      'e.kind': 'phone_search',
      'e.external_userid': externalUserId,
      'e.phone_hmac': phoneHmac,
    })
    .whereNull('e.revoked_at')
    .orderBy('v.followed_at', 'desc')
    .select({ at: 'v.followed_at', by: db.raw('coalesce(m.name, e.member_userid)') })
    .first<{ at: Date; by: string } | undefined>()

export const lockOrders = (db: Db, orderNos: readonly string[]): Promise<void> =>
  lockKeys(
    db,
    orderNos.map((orderNo) => `order:${orderNo}`),
  )

export type Claimant = { customerId: number; phoneHmac: Buffer }

/** The customer of an account that may query; undefined: it may not. */
export const findClaimant = (db: Db, accountId: number) =>
  db('account_access as a')
    .join('customers as c', 'c.id', 'a.customer_id')
    .where({ 'a.account_id': accountId, 'a.may_query': true })
    .first<Claimant | undefined>({ customerId: 'c.id', phoneHmac: 'c.phone_hmac' })

export const lockClaims = (db: Db, customerId: number) =>
  lockKey(db, `order-claims:${String(customerId)}`)

export const pageClaimTimes = (
  db: Db,
  { customerId, since }: { customerId: number; since: Date },
): Promise<Date[]> =>
  db('order_claims')
    .where({ customer_id: customerId })
    .where('claimed_at', '>', since)
    .orderBy('claimed_at', 'desc')
    .pluck('claimed_at')

export const insertClaim = (
  db: Db,
  row: { customerId: number; accountId: number; found: boolean; now: Date },
) =>
  db('order_claims').insert({
    customer_id: row.customerId,
    account_id: row.accountId,
    found: row.found,
    claimed_at: row.now,
  })

/** Order numbers are typed from paper: letters compare without regard to case where that names one order only. */
export const findOrder = async (
  db: Db,
  typed: string,
): Promise<{ projectId: string; orderNo: string } | undefined> => {
  const found: { projectId: string; orderNo: string }[] = await db('projects')
    .whereRaw('upper(order_no) = upper(?)', [typed])
    .whereNull('hidden_at')
    .select({ projectId: 'id', orderNo: 'order_no' })
  return (
    found.find(({ orderNo }) => orderNo === typed) ?? (found.length === 1 ? found[0] : undefined)
  )
}

/** Numbers of customers who tried an order number in vain a day ago and have found nothing since. */
export const pageStuck = (db: Db, { from, to }: { from: Date; to: Date }): Promise<Claimant[]> =>
  db('order_claims as o')
    .join('customers as c', 'c.id', 'o.customer_id')
    .whereNull('c.merged_into')
    .whereNotNull('c.phone_hmac')
    .where('o.found', false)
    .whereBetween('o.claimed_at', [from, to])
    .whereNotExists((later) =>
      later
        .select('l.id')
        .from('order_claims as l')
        .whereRaw('l.customer_id = o.customer_id and l.found and l.claimed_at > o.claimed_at'),
    )
    .groupBy('c.id')
    .orderBy('c.id')
    .select<Claimant[]>({ customerId: 'c.id', phoneHmac: 'c.phone_hmac' })

export const deleteClaimsBefore = (db: Db, before: Date) =>
  db('order_claims').where('claimed_at', '<', before).delete()
