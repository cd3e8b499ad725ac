import type { Db } from '../../lib/db.ts'

type NewReview = {
  kind: string
  externalUserId: string
  customerId?: number | null
  userId?: string
  detail?: object
  now: Date
}

/** `closed_by` of what nobody answered: it was moot. */
const NOBODY = 'decision table'

/** Asks a person, unless just that has been answered; what is still open then tells of the newest facts. Answers whether it is open now. */
export async function insertReview(
  db: Db,
  { detail = {}, now, ...row }: NewReview,
): Promise<boolean> {
  const { rows } = await db.raw<{ rows: unknown[] }>(
    `
    insert into reviews as r (kind, external_userid, customer_id, member_userid, detail, opened_at)
    select :kind, :externalUserId, :customerId, :userId, :detail, :now
    where not exists (select 1 from reviews where kind = :kind and external_userid = :externalUserId and customer_id is not distinct from :customerId
      and member_userid is not distinct from :userId and detail = :detail::jsonb and closed_at is not null and closed_by <> '${NOBODY}')
    on conflict (kind, coalesce(external_userid, ''), coalesce(customer_id, 0), coalesce(member_userid, ''), coalesce(phone_hmac, '')) where closed_at is null do update set detail = excluded.detail
    returning id`,
    {
      ...row,
      customerId: row.customerId ?? null,
      userId: row.userId ?? null,
      detail: JSON.stringify(detail),
      now: now.toISOString(),
    },
  )
  return rows.length > 0
}

export const insertReviewOfCustomer = (
  db: Db,
  row: { kind: string; customerId: number; detail: object; now: Date },
) =>
  db.raw(
    'insert into reviews (kind, customer_id, detail, opened_at) values (?, ?, ?, ?) on conflict do nothing',
    [row.kind, row.customerId, JSON.stringify(row.detail), row.now.toISOString()],
  )

type Question = {
  phoneHmac: Buffer
  phoneMasked: string
  customerId: number
  externalUserId: string | null
  detail: object
  now: Date
}

/** One open question per number; the same about the same customer is not asked twice. Answers its id when it was not open. */
export async function insertQuestion(
  db: Db,
  { detail, now, ...row }: Question,
): Promise<number | undefined> {
  const { rows } = await db.raw<{ rows: { id: number }[] }>(
    `
    insert into reviews (kind, phone_hmac, phone_masked, customer_id, external_userid, detail, opened_at)
    select 'number', :phoneHmac, :phoneMasked, :customerId, :externalUserId, :detail, :now
    where not exists (select 1 from reviews where kind = 'number' and phone_hmac = :phoneHmac
      and (closed_at is null or (detail = :detail::jsonb and customer_id is not distinct from :customerId and closed_by <> 'decision table')))
    on conflict do nothing returning id`,
    { ...row, detail: JSON.stringify(detail), now: now.toISOString() },
  )
  return rows[0]?.id
}

/** The open question of a number is about this party as well. */
export const addClaimed = (
  db: Db,
  { phoneHmac, claimed }: { phoneHmac: Buffer; claimed: number },
) =>
  db.raw(
    `
    update reviews set detail = jsonb_set(detail, '{claimed}', coalesce(detail -> 'claimed', '[]') || to_jsonb(:claimed::bigint))
    where kind = 'number' and phone_hmac = :phoneHmac and closed_at is null and answer is null
      and not coalesce(detail -> 'claimed', '[]') @> to_jsonb(:claimed::bigint)`,
    { phoneHmac, claimed },
  )

/** A question that is still open with this member. */
export const findOpenReview = (db: Db, { id, userId }: { id: number; userId: string }) =>
  db('reviews')
    .where({ id, member_userid: userId })
    .whereNull('closed_at')
    .whereNotNull('external_userid')
    .first<{ kind: string; externalUserId: string } | undefined>({
      kind: 'kind',
      externalUserId: 'external_userid',
    })

/** The open question about who of a number the orders are, while nobody has answered it and no customer has asked it. */
export const findUnanswered = async (db: Db, phoneHmac: Buffer): Promise<number | undefined> =>
  (
    await db('reviews')
      .where({ kind: 'number', phone_hmac: phoneHmac })
      .whereNull('closed_at')
      .whereNull('answer')
      .whereRaw(`detail ->> 'claimantId' is null and detail -> 'claimed' is null`)
      .first<{ id: number } | undefined>('id')
  )?.id

/** The open question about a number that a customer raised who has not proven it. Answers whether there was one. */
export const closeOfClaimant = async (
  db: Db,
  row: { phoneHmac: Buffer; reason: string; now: Date },
): Promise<boolean> =>
  (await db('reviews')
    .where({ kind: 'number', phone_hmac: row.phoneHmac })
    .whereNull('closed_at')
    .whereRaw(`detail ->> 'claimantId' is not null`)
    .update({ closed_at: row.now, closed_by: NOBODY, close_reason: row.reason })) > 0

/** Contacts of whom a member was asked because their number was noted late. */
export const pageSeenLate = (db: Db): Promise<string[]> =>
  db('reviews')
    .where({ kind: 'phone_seen_late' })
    .whereNull('closed_at')
    .whereNotNull('external_userid')
    .distinct('external_userid')
    .orderBy('external_userid')
    .pluck('external_userid')

export async function closeReview(
  db: Db,
  row: { id: number; by: string; reason: string; now: Date },
): Promise<object | undefined> {
  const [closed] = await db('reviews')
    .where({ id: row.id })
    .whereNull('closed_at')
    .update({ closed_at: row.now, closed_by: row.by, close_reason: row.reason })
    .returning<object[]>(['kind', 'external_userid', 'customer_id', 'member_userid'])
  return closed
}

/** Answers what was asked about a contact: of one member, or of everybody. */
export const closeReviewsOf = (
  db: Db,
  row: {
    externalUserId: string
    userId?: string
    kinds: readonly string[]
    by: string
    reason: string
    now: Date
  },
) =>
  db('reviews')
    .where({
      external_userid: row.externalUserId,
      ...(row.userId !== undefined && { member_userid: row.userId }),
    })
    .whereIn('kind', row.kinds)
    .whereNull('closed_at')
    .update({ closed_at: row.now, closed_by: row.by, close_reason: row.reason })

export const closeReviewsOfCustomer = (
  db: Db,
  row: { customerId: number; kind: string; by: string; reason: string; now: Date },
) =>
  db('reviews')
    .where({ customer_id: row.customerId, kind: row.kind })
    .whereNull('closed_at')
    .update({ closed_at: row.now, closed_by: row.by, close_reason: row.reason })

/** What was asked about a number, and about others who were noted with it. */
export const closeQuestions = (
  db: Db,
  row: { phoneHmac: Buffer; by: string; reason: string; now: Date },
) =>
  db('reviews')
    .whereNull('closed_at')
    .where((about) =>
      about
        .where({ kind: 'number', phone_hmac: row.phoneHmac })
        .orWhere((other) =>
          other
            .where({ kind: 'phone_proven_for_other_contact' })
            .whereRaw(`detail -> 'noted' @> ?::jsonb`, [
              JSON.stringify([row.phoneHmac.toString('base64')]),
            ]),
        ),
    )
    .update({ closed_at: row.now, closed_by: row.by, close_reason: row.reason })

type Moot = {
  externalUserId: string
  kinds: readonly string[]
  noted: readonly { userId: string; detail: object }[]
  now: Date
}

/** What was asked because of a remark that is another by now, or of a follow that ended. `noted`: what is noted now, and by whom. */
export const closeMoot = (db: Db, { externalUserId, kinds, noted, now }: Moot) =>
  db('reviews')
    .where({ external_userid: externalUserId })
    .whereIn('kind', kinds)
    .whereNotNull('member_userid')
    .whereNull('closed_at')
    .whereNot((same) => {
      void same.whereRaw('false')
      for (const { userId, detail } of noted)
        void same.orWhere((his) =>
          his
            .where({ member_userid: userId })
            .whereRaw('detail = ?::jsonb', [JSON.stringify(detail)]),
        )
    })
    .update({ closed_at: now, closed_by: 'decision table', close_reason: 'nothing of it is left' })

type Detail = { noted?: string[] }

const toNumbers = (
  rows: readonly { detail: Detail; own: Buffer | null; contactOwn: Buffer | null }[],
): Buffer[] =>
  rows.flatMap(({ detail, own, contactOwn }) => [
    ...(detail.noted ?? []).map((text) => Buffer.from(text, 'base64')),
    ...(own ? [own] : []),
    ...(contactOwn ? [contactOwn] : []),
  ])

const named = (db: Db) =>
  db('reviews as r')
    .leftJoin('customers as c', (join) =>
      join.on('c.wework_userid', 'r.external_userid').andOnNull('c.merged_into'),
    )
    .whereNull('r.closed_at')
    .select<{ detail: Detail; own: Buffer | null; contactOwn: Buffer | null }[]>({
      detail: 'r.detail',
      own: 'r.phone_hmac',
      contactOwn: 'c.phone_hmac',
    })

/** Numbers that an open question doubts: those it names, and the one that its contact has. */
export const findNumbersOfReview = async (db: Db, id: number): Promise<Buffer[]> =>
  toNumbers(await named(db).where('r.id', id))

/** The same, of all open questions about a contact. */
export const findReviewNumbers = async (db: Db, externalUserId: string): Promise<Buffer[]> =>
  toNumbers(await named(db).where('r.external_userid', externalUserId))

/** Two customers are one person: what is asked about the one is asked about the other, the same only once. */
export async function moveReviews(
  db: Db,
  { from, to, now }: { from: number; to: number; now: Date },
): Promise<void> {
  await db('reviews as r')
    .where({ customer_id: from })
    .whereNull('closed_at')
    .whereExists((same) =>
      same
        .select('o.id')
        .from('reviews as o')
        .where('o.customer_id', to)
        .whereNull('o.closed_at')
        .whereRaw(
          'o.kind = r.kind and o.external_userid is not distinct from r.external_userid and o.member_userid is not distinct from r.member_userid',
        ),
    )
    .update({
      closed_at: now,
      closed_by: 'decision table',
      close_reason: 'asked of the customer it was merged into',
    })
  await db('reviews').where({ customer_id: from }).update({ customer_id: to })
}
