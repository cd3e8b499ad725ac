import { lockKey, type Db } from '../../lib/db.ts'

/** In the text of the statement, so that the indexes of waiting ones serve it whatever its parameters are. */
const WAITING = `status = 'waiting'`

export type Claim = {
  id: number
  status: 'waiting' | 'bound' | 'expired'
  createdAt: Date
  expiresAt: Date
  boundAt: Date | null
}
const COLUMNS: Record<keyof Claim, string> = {
  id: 'id',
  status: 'status',
  createdAt: 'created_at',
  expiresAt: 'expires_at',
  boundAt: 'bound_at',
}

/** One decision about a phone at a time; the same key as everybody who decides about this phone. */
export const lockPhone = (db: Db, phoneHmac: Buffer) =>
  lockKey(db, `phone:${phoneHmac.toString('base64')}`)

export const pageClaimTimes = (
  db: Db,
  { accountId, since }: { accountId: number; since: Date },
): Promise<Date[]> =>
  db('temp_bindings')
    .where({ account_id: accountId })
    .where('created_at', '>', since)
    .orderBy('created_at', 'desc')
    .pluck('created_at')

const waiting = (db: Db, now: Date) =>
  db('temp_bindings').whereRaw(WAITING).where('expires_at', '>', now)

type OfPhone = { accountId: number; phoneHmac: Buffer }

export const findOwnWaiting = (db: Db, { accountId, phoneHmac, now }: OfPhone & { now: Date }) =>
  waiting(db, now)
    .where({ account_id: accountId, phone_hmac: phoneHmac })
    .select(COLUMNS)
    .first<Claim | undefined>()

/** `isHis`: WeChat says that the same user has stated it, in another app. */
export const findFirstWaiting = (
  db: Db,
  { accountId, phoneHmac, now }: { accountId: number; phoneHmac: Buffer; now: Date },
) =>
  waiting(db, now)
    .where({ phone_hmac: phoneHmac })
    .whereNull('rival_of')
    .select({
      id: 'id',
      isHis: db.raw(
        `exists (select 1 from accounts a join accounts b on b.unionid = a.unionid where a.id = temp_bindings.account_id and b.id = ?)`,
        [accountId],
      ),
    })
    .first<{ id: number; isHis: boolean } | undefined>()

type NewClaim = {
  accountId: number
  openid: string
  phone: string
  phoneHmac: Buffer
  rivalOf: number | null
  isContested: boolean
  now: Date
  expiresAt: Date
}

/** A second claimant makes both claims contested. */
export async function insertClaim(db: Db, row: NewClaim): Promise<Claim> {
  const contestedAt = row.isContested ? row.now : null
  if (row.isContested)
    await db('temp_bindings').where({ id: row.rivalOf }).update({ contested_at: row.now })
  const [inserted] = await db('temp_bindings')
    .insert({
      account_id: row.accountId,
      wechat_openid: row.openid,
      phone_number: row.phone,
      phone_hmac: row.phoneHmac,
      rival_of: row.rivalOf,
      contested_at: contestedAt,
      created_at: row.now,
      expires_at: row.expiresAt,
    })
    .returning<Claim[]>(Object.entries(COLUMNS).map(([name, column]) => db.ref(column).as(name)))
  return inserted!
}

/** The phone of a claim that is over is kept only masked and as HMAC. */
const over = (db: Db) => ({
  phone_number: db.raw(`overlay(phone_number placing '****' from 4 for 4)`),
})

const idsOf = (rows: readonly { id: number }[]): number[] => rows.map(({ id }) => id)

/** Ends so many claims whose time is over; answers which. */
export const expireClaims = async (
  db: Db,
  { now, limit }: { now: Date; limit: number },
): Promise<number[]> =>
  idsOf(
    await db('temp_bindings')
      .whereIn('id', (late) =>
        late
          .select('id')
          .from('temp_bindings')
          .whereRaw(WAITING)
          .where('expires_at', '<=', now)
          .orderBy('expires_at')
          .limit(limit)
          .forUpdate()
          .skipLocked(),
      )
      .update({ status: 'expired', ...over(db) })
      .returning<{ id: number }[]>('id'),
  )

/** An account says one phone at a time: its other claims end, and so do those past their time that would be in the way. Answers which. */
export const expireInTheWay = async (db: Db, row: OfPhone & { now: Date }): Promise<number[]> =>
  idsOf(
    await db('temp_bindings')
      .whereRaw(WAITING)
      .where((either) =>
        either
          .where({ account_id: row.accountId })
          .whereNot({ phone_hmac: row.phoneHmac })
          .orWhere((late) =>
            late.where({ phone_hmac: row.phoneHmac }).where('expires_at', '<=', row.now),
          ),
      )
      .update({ status: 'expired', ...over(db) })
      .returning<{ id: number }[]>('id'),
  )

/** Claims of a customer's own accounts for his proven phone have come true. */
export const bindClaims = (
  db: Db,
  { customerId, now }: { customerId: number; now: Date },
): Promise<number> =>
  db('temp_bindings')
    .whereRaw(WAITING)
    .whereIn('account_id', (tied) =>
      tied.select('account_id').from('live_ties').where({ customer_id: customerId }),
    )
    .whereIn('phone_hmac', (own) =>
      own.select('phone_hmac').from('customers').where({ id: customerId }),
    )
    .update({ status: 'bound', bound_at: now, ...over(db) })

export const findLatestClaim = (db: Db, { accountId, phoneHmac }: OfPhone) =>
  db('temp_bindings')
    .where({ account_id: accountId, phone_hmac: phoneHmac })
    .orderBy('id', 'desc')
    .select(COLUMNS)
    .first<Claim | undefined>()

export const findAnyClaim = (db: Db, phoneHmac: Buffer) =>
  db('temp_bindings')
    .where({ phone_hmac: phoneHmac })
    .orderBy('id', 'desc')
    .select(COLUMNS)
    .first<Claim | undefined>()

export type PhoneStanding = {
  customerId: number
  boundAt: Date | null
  bound: boolean
  mayQuery: boolean
}

export type PhoneQuestion = { phone: string; accountId: number | null }

/** How the owners of phones stand; for an `accountId` only if the phone is his. */
export async function pagePhoneStandings(
  db: Db,
  questions: readonly PhoneQuestion[],
): Promise<(PhoneStanding | undefined)[]> {
  const { rows } = await db.raw<{ rows: (PhoneStanding & { found: boolean })[] }>(
    `
    select standing.bound is not null as found, standing.*
    from unnest(:phones::text[], :accountIds::bigint[]) with ordinality as q (phone, account_id, n)
    left join lateral (
      select c.id as "customerId", c.bound_at as "boundAt", c.binding_status = 'bound' as bound, coalesce(x.may_query, false) as "mayQuery"
      from customers c left join account_access x on x.customer_id = c.id
      where c.phone = q.phone and c.merged_into is null and (q.account_id is null or x.account_id = q.account_id)
      order by coalesce(x.may_query, false) desc limit 1
    ) standing on true
    order by q.n`,
    {
      phones: questions.map(({ phone }) => phone),
      accountIds: questions.map(({ accountId }) => accountId),
    },
  )
  return rows.map(({ found, ...standing }) => (found ? standing : undefined))
}
