import type { Db } from '../../lib/db.ts'

/** Who holds a number, proven or not. */
export const findHolder = (db: Db, phoneHmac: Buffer) =>
  db('customers')
    .where({ phone_hmac: phoneHmac })
    .whereNull('merged_into')
    .first<{ id: number; phone: string; contact: string | null } | undefined>({
      id: 'id',
      phone: 'phone',
      contact: 'wework_userid',
    })

/**
 * The office's name of whoever has the number, and of `others`: from the orders that are his, those first of which that
 * is sure; for a number that nobody has proven, from what was loaded for it.
 */
export const refreshNames = (db: Db, phoneHmac: Buffer, others: readonly number[] = []) =>
  db.raw(
    `
  update customers c set name = n.name
  from (
    select h.id, coalesce(
      (select p.name_then from project_parties p where p.customer_id = h.id and p.strength is not null and p.name_then is not null
       order by p.strength = 'strong' desc, p.created_at desc, p.id desc limit 1),
      (select p.name from project_parties p where h.wework_userid is null and p.phone_hmac = h.phone_hmac and p.customer_id is null and p.name is not null
       order by p.created_at desc, p.id desc limit 1)) as name
    from customers h where h.merged_into is null and (h.phone_hmac = :phoneHmac or h.id = any(:others))
  ) n
  where c.id = n.id and c.name is distinct from n.name`,
    { phoneHmac, others },
  )

type Answer = {
  externalUserId: string
  phoneHmac: Buffer
  by: string
  reason: string
  now: Date
} & ({ kind: 'same' } | { kind: 'changed'; since: Date })

export const insertAnswer = (db: Db, row: Answer) =>
  db('number_answers').insert({
    kind: row.kind,
    external_userid: row.externalUserId,
    phone_hmac: row.phoneHmac,
    since: row.kind === 'changed' ? row.since : null,
    answered_at: row.now,
    answered_by: row.by,
    reason: row.reason,
  })

/** When a person last said that a number is this contact's no more: what began before proves it no longer. */
export const pageDenials = async (
  db: Db,
  externalUserId: string,
): Promise<{ phoneHmac: Buffer; at: Date }[]> =>
  db('number_answers')
    .where({ external_userid: externalUserId, kind: 'changed' })
    .groupBy('phone_hmac')
    .select<{ phoneHmac: Buffer; at: Date }[]>(
      { phoneHmac: 'phone_hmac' },
      db.raw('max(answered_at) as at'),
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

/** The open question about who of a number the orders are, while nobody has answered it and no customer has asked it. */
export const findUnanswered = async (db: Db, phoneHmac: Buffer): Promise<number | undefined> =>
  (
    await db('reviews')
      .where({ kind: 'number', phone_hmac: phoneHmac })
      .whereNull('closed_at')
      .whereNull('answer')
      .whereRaw(`detail ->> 'claimantId' is null`)
      .first<{ id: number } | undefined>('id')
  )?.id

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

/** Contacts at whom a member has noted this number: one of them may have it now. */
export const pageNoted = (db: Db, { plain }: { plain: string }): Promise<string[]> =>
  db('contact_follows')
    .whereNull('ended_at')
    .whereRaw('first_mobiles @> array[?]::text[]', [plain])
    .distinct('external_userid')
    .orderBy('external_userid')
    .pluck('external_userid')

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

/** The numbers that the customers of these contacts have. */
export const pageNumbersOf = (db: Db, externalUserIds: readonly string[]): Promise<Buffer[]> =>
  db('customers')
    .whereIn('wework_userid', externalUserIds)
    .whereNull('merged_into')
    .whereNotNull('phone_hmac')
    .pluck('phone_hmac')
