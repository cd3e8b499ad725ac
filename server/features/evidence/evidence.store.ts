import type { Db } from '../../lib/db.ts'

export type Phone = { plain: string; hmac: Buffer; masked: string }

type PairEvidence = {
  kind: 'kf_code' | 'kf_link' | 'unionid' | 'ticket'
  accountId: number
  externalUserId: string
  sourceId: string
  observedAt: Date
  validUntil?: Date
  reason?: 'welcome_card' | 'asked_for'
}

/** A fact that ties account and contact (E1 to E4). The same source counts once: its evidence is answered again. */
export async function insertPairEvidence(db: Db, row: PairEvidence): Promise<number> {
  const [inserted] = await db('evidence')
    .insert({
      kind: row.kind,
      account_id: row.accountId,
      external_userid: row.externalUserId,
      source_id: row.sourceId,
      observed_at: row.observedAt,
      valid_until: row.validUntil ?? null,
      reason: row.reason ?? null,
    })
    .onConflict(db.raw('(kind, source_id) where source_id is not null'))
    .merge(['observed_at', 'reason'])
    .returning<{ id: number }[]>('id')
  return inserted!.id
}

type AccountPhone = {
  kind: 'phone_claim' | 'phone_button'
  accountId: number
  phone: Phone
  sourceId: string
  observedAt: Date
  validUntil: Date | null
}

/** What ties an account to a phone: its own word (E6), or WeChat's (E8). */
export const insertAccountPhone = (db: Db, row: AccountPhone) =>
  db('evidence')
    .insert({
      kind: row.kind,
      account_id: row.accountId,
      phone_hmac: row.phone.hmac,
      phone_masked: row.phone.masked,
      source_id: row.sourceId,
      observed_at: row.observedAt,
      valid_until: row.validUntil,
    })
    .onConflict(db.raw('(kind, source_id) where source_id is not null'))
    .ignore()

/** The account says again what it has said: when it did so last decides whether that was after an ending (D4). */
export const restateClaim = (
  db: Db,
  { sourceId, now }: { sourceId: string; now: Date },
): Promise<number> =>
  db('evidence')
    .where({ kind: 'phone_claim', source_id: sourceId })
    .whereNull('revoked_at')
    .update({ observed_at: now })

type Manual = {
  accountId: number | null
  externalUserId: string | null
  customerId: number
  phone: Phone
  reason: string
  sourceId: string
  observedAt: Date
}

/** E7. */
export async function insertManual(db: Db, row: Manual): Promise<number> {
  const [inserted] = await db('evidence')
    .insert({
      kind: 'manual',
      account_id: row.accountId,
      external_userid: row.externalUserId,
      customer_id: row.customerId,
      phone_hmac: row.phone.hmac,
      phone_masked: row.phone.masked,
      reason: row.reason,
      source_id: row.sourceId,
      observed_at: row.observedAt,
    })
    .returning<{ id: number }[]>('id')
  return inserted!.id
}

/** Whether the live tie of an account stands on an admin's word. */
export const isTiedManually = async (db: Db, accountId: number): Promise<boolean> =>
  (await db('live_ties as t')
    .join('evidence as e', 'e.id', 't.evidence_id')
    .where('t.account_id', accountId)
    .where('e.kind', 'manual')
    .first<{ id: number } | undefined>('e.id')) !== undefined

/** Whether an account of a customer is tied by nothing but its own word (D1, trusted claims). */
export const isTiedByClaim = async (db: Db, customerId: number): Promise<boolean> =>
  (await db('live_ties as t')
    .join('evidence as e', 'e.id', 't.evidence_id')
    .where('t.customer_id', customerId)
    .where('e.kind', 'phone_claim')
    .first<{ id: number } | undefined>('e.id')) !== undefined

/** Whether an admin vouches for the phone that a contact's customer has now. */
export const isVouchedFor = async (db: Db, externalUserId: string): Promise<boolean> =>
  (await db('evidence as e')
    .join('customers as c', (join) =>
      join.on('c.id', 'e.customer_id').andOn('c.phone_hmac', 'e.phone_hmac'),
    )
    .where('c.wework_userid', externalUserId)
    .whereNull('c.merged_into')
    .where('e.kind', 'manual')
    .whereNull('e.revoked_at')
    .first<{ id: number } | undefined>('e.id')) !== undefined

export type SharedPhone = {
  id: number
  kind: 'phone_claim' | 'phone_button'
  observedAt: Date
  claimants: number
  carded: boolean
}

/** A number that was given up rests for at least as long before somebody else gets it. */
const NOT_RECYCLED_WITHIN = '90 days'

/**
 * Live evidence of an account for a phone that is proven for this contact; WeChat's word before the account's own. WeChat's
 * word and the add must lie so close together that the number cannot have changed hands in between (D14).
 */
export async function findSharedPhone(
  db: Db,
  row: { accountId: number; externalUserId: string; now: Date },
): Promise<SharedPhone | undefined> {
  const { rows } = await db.raw<{ rows: SharedPhone[] }>(
    `
    select e.id, e.kind, e.observed_at as "observedAt",
      (select count(distinct coalesce(a.unionid, o.account_id::text))::int from evidence o join accounts a on a.id = o.account_id
        where o.kind = 'phone_claim' and o.phone_hmac = e.phone_hmac and o.revoked_at is null and o.valid_until > :now) as claimants,
      exists (select 1 from evidence t where t.kind = 'ticket' and t.reason = 'welcome_card' and t.account_id = e.account_id
        and t.external_userid = :externalUserId and t.revoked_at is null and t.valid_until > :now) as carded
    from evidence e
    join evidence s on s.kind = 'phone_search' and s.external_userid = :externalUserId and s.phone_hmac = e.phone_hmac and s.revoked_at is null
    join wework_customer_events v on v.id = s.event_id
    where e.account_id = :accountId and e.kind in ('phone_button', 'phone_claim') and e.revoked_at is null and (e.valid_until is null or e.valid_until > :now)
      and (e.kind = 'phone_claim' or e.observed_at between v.followed_at - :apart::interval and v.followed_at + :apart::interval)
    order by e.kind = 'phone_button' desc, e.id desc limit 1`,
    {
      accountId: row.accountId,
      externalUserId: row.externalUserId,
      now: row.now.toISOString(),
      apart: NOT_RECYCLED_WITHIN,
    },
  )
  return rows[0]
}

/** E5. Answers whether it is new. */
export async function insertPhoneSearch(
  db: Db,
  row: { externalUserId: string; userId: string; phone: Phone; eventId: number; observedAt: Date },
): Promise<boolean> {
  const inserted = await db('evidence')
    .insert({
      kind: 'phone_search',
      external_userid: row.externalUserId,
      member_userid: row.userId,
      phone_hmac: row.phone.hmac,
      phone_masked: row.phone.masked,
      event_id: row.eventId,
      observed_at: row.observedAt,
    })
    .onConflict(
      db.raw(
        `(external_userid, member_userid, phone_hmac) where kind = 'phone_search' and revoked_at is null`,
      ),
    )
    .ignore()
    .returning('id')
  return inserted.length > 0
}

/** The member's own tap on a remark mobile (D6): it outlives what would otherwise ask him again. */
const CONFIRMED = 'confirmed by the member'

export const confirmPhoneSearch = (
  db: Db,
  row: { externalUserId: string; userId: string; phoneHmac: Buffer },
) =>
  db('evidence')
    .where({
      kind: 'phone_search',
      external_userid: row.externalUserId,
      member_userid: row.userId,
      phone_hmac: row.phoneHmac,
    })
    .whereNull('revoked_at')
    .update({ reason: CONFIRMED })

export type PhoneSearchRow = {
  id: number
  userId: string
  phoneHmac: Buffer
  eventId: number
  confirmed: boolean
}

export const pageLivePhoneSearches = (db: Db, externalUserId: string): Promise<PhoneSearchRow[]> =>
  db('evidence')
    .where({ kind: 'phone_search', external_userid: externalUserId })
    .whereNull('revoked_at')
    .orderBy('id')
    .select<PhoneSearchRow[]>(
      { id: 'id', userId: 'member_userid', phoneHmac: 'phone_hmac', eventId: 'event_id' },
      db.raw('reason is not distinct from ? as confirmed', [CONFIRMED]),
    )

/** Does a live phone search or an admin's word prove this phone for this contact or customer? */
export async function hasPhoneProof(
  db: Db,
  row: { externalUserId: string; customerId: number; phoneHmac: Buffer; now: Date },
): Promise<boolean> {
  const found = await db('evidence')
    .where({ phone_hmac: row.phoneHmac })
    .whereNull('revoked_at')
    .where((live) => live.whereNull('valid_until').orWhere('valid_until', '>', row.now))
    .where((kind) =>
      kind
        .where({ kind: 'phone_search', external_userid: row.externalUserId })
        .orWhere({ kind: 'manual', customer_id: row.customerId }),
    )
    .first<{ id: number } | undefined>('id')
  return found !== undefined
}

/** When the last proof of this phone for this customer's contact ended; null: it was never proven. */
export const findLastRevocation = async (
  db: Db,
  row: { customerId: number; phoneHmac: Buffer },
): Promise<Date | null> =>
  (
    await db('evidence as e')
      .join('customers as c', 'c.wework_userid', 'e.external_userid')
      .where('c.id', row.customerId)
      .where('e.phone_hmac', row.phoneHmac)
      .max<{ at: Date | null }[]>({ at: 'e.revoked_at' })
  )[0]?.at ?? null

/** Two customers are one person: what an admin said of the one is said of the other. */
export const moveEvidence = (db: Db, { from, to }: { from: number; to: number }) =>
  db('evidence').where({ customer_id: from }).update({ customer_id: to })

/** Who proved the number that a contact has: the latest of those whose search still counts. */
export const findProver = async (db: Db, externalUserId: string): Promise<string | undefined> =>
  (
    await db('evidence as e')
      .join('customers as c', (join) =>
        join.on('c.wework_userid', 'e.external_userid').andOn('c.phone_hmac', 'e.phone_hmac'),
      )
      .where('e.external_userid', externalUserId)
      .where('e.kind', 'phone_search')
      .whereNull('e.revoked_at')
      .whereNull('c.merged_into')
      .orderBy('e.observed_at', 'desc')
      .orderBy('e.id', 'desc')
      .first<{ userId: string } | undefined>({ userId: 'e.member_userid' })
  )?.userId
