import { lockKeys, type Db } from '../../lib/db.ts'

export type CustomerRow = {
  id: number
  /** The office's name for him. */
  name: string | null
  phone: string | null
  contact: string | null
  boundAt: Date | null
  suspendedReason: string | null
}

const COLUMNS: Record<keyof CustomerRow, string> = {
  id: 'id',
  name: 'name',
  phone: 'phone',
  contact: 'wework_userid',
  boundAt: 'bound_at',
  suspendedReason: 'suspended_reason',
}

/** Serialises decisions about the same people; callers lock unionids first, then accounts, contacts, phones (D14). */
export async function lock(
  db: Db,
  kind: 'unionid' | 'account' | 'contact' | 'phone',
  keys: readonly (string | number)[],
): Promise<void> {
  await lockKeys(
    db,
    keys.map((key) => `${kind}:${String(key)}`),
  )
}

export const findByContact = (db: Db, externalUserId: string) =>
  db('customers')
    .where({ wework_userid: externalUserId })
    .whereNull('merged_into')
    .select(COLUMNS)
    .first<CustomerRow | undefined>()

export const findCustomer = (db: Db, id: number) =>
  db('customers')
    .where({ id })
    .whereNull('merged_into')
    .select(COLUMNS)
    .first<CustomerRow | undefined>()

export const findByPhone = (db: Db, phone: string) =>
  db('customers')
    .where({ phone })
    .whereNull('merged_into')
    .select(COLUMNS)
    .first<CustomerRow | undefined>()

export async function insertCustomer(
  db: Db,
  row: {
    phone?: { plain: string; hmac: Buffer } | undefined
    contact?: string
    company?: string | null
    now: Date
  },
): Promise<number> {
  const [inserted] = await db('customers')
    .insert({
      phone: row.phone?.plain ?? null,
      phone_hmac: row.phone?.hmac ?? null,
      wework_userid: row.contact ?? null,
      company: row.company ?? null,
      created_at: row.now,
      updated_at: row.now,
    })
    .returning<{ id: number }[]>('id')
  return inserted!.id
}

/** The customer of a phone, made when new; safe when two loads race. */
export async function upsertByPhone(
  db: Db,
  { phone, now }: { phone: { plain: string; hmac: Buffer }; now: Date },
): Promise<number> {
  const [inserted] = await db('customers')
    .insert({ phone: phone.plain, phone_hmac: phone.hmac, created_at: now, updated_at: now })
    .onConflict(db.raw('(phone) where merged_into is null'))
    .ignore()
    .returning<{ id: number }[]>('id')
  return inserted?.id ?? (await findByPhone(db, phone.plain))!.id
}

export const setPhone = (
  db: Db,
  { id, phone, now }: { id: number; phone: { plain: string; hmac: Buffer } | null; now: Date },
) =>
  db('customers')
    .where({ id })
    .update({ phone: phone?.plain ?? null, phone_hmac: phone?.hmac ?? null, updated_at: now })

export const setContact = (
  db: Db,
  { id, externalUserId, now }: { id: number; externalUserId: string; now: Date },
) => db('customers').where({ id }).update({ wework_userid: externalUserId, updated_at: now })

export const setSuspended = (
  db: Db,
  { id, reason, now }: { id: number; reason: string | null; now: Date },
) => db('customers').where({ id }).update({ suspended_reason: reason, updated_at: now })

/** The row of the loser: its contact, if there is one, and binding go to the survivor, the loser keeps only its number (D14). */
export async function mergeRow(
  db: Db,
  { survivor, loser, now }: { survivor: number; loser: number; now: Date },
): Promise<void> {
  const { suspended_reason, ...binding } = await db('customers')
    .where({ id: loser })
    .first<{ wework_userid: string | null; suspended_reason: string | null }>(
      'wework_userid',
      'bound_at',
      'bound_by',
      'wechat_openid',
      db.raw(
        'coalesce(suspended_reason, (select suspended_reason from customers where id = ?)) as suspended_reason',
        [survivor],
      ),
    )
  await db('customers').where({ id: loser }).update({ merged_into: survivor, updated_at: now })
  await db('customers')
    .where({ merged_into: loser })
    .update({ merged_into: survivor, updated_at: now })
  await db('customers')
    .where({ id: survivor })
    .update({
      ...(binding.wework_userid !== null && binding),
      suspended_reason,
      updated_at: now,
    })
}

/** `bound_by` while no member has proven the phone. */
const NOBODY_YET = 'customer'

type Bound = { customerId: number; openid: string; boundBy: string | undefined; now: Date }

/** What the row says of the tie that was made last. */
export const setBound = (db: Db, { customerId, openid, boundBy, now }: Bound) =>
  db('customers')
    .where({ id: customerId })
    .update({
      bound_at: now,
      bound_by: boundBy ?? NOBODY_YET,
      wechat_openid: openid,
      updated_at: now,
    })

/** What the row says of ties that have ended goes too; when nobody is left, a suspension as well: who binds next is looked at anew. */
export async function clearBound(
  db: Db,
  { customerId, now }: { customerId: number; now: Date },
): Promise<void> {
  await db('customers')
    .where({ id: customerId })
    .whereNotExists((tied) =>
      tied.select('id').from('live_ties').where({ customer_id: customerId }),
    )
    .update({
      bound_at: null,
      bound_by: null,
      wechat_openid: null,
      suspended_reason: null,
      updated_at: now,
    })
  await db.raw(
    `
    update customers c set wechat_openid = t.openid
    from (select a.openid from live_ties t join accounts a on a.id = t.account_id
      where t.customer_id = :customerId order by t.tied_at desc, t.id desc limit 1) t
    where c.id = :customerId`,
    { customerId },
  )
}

/** Who proved the phone of a bound customer, when nobody had at the time of the binding (R0.31). */
export const setProver = (db: Db, { customerId, userId }: { customerId: number; userId: string }) =>
  db('customers').where({ id: customerId, bound_by: NOBODY_YET }).update({ bound_by: userId })

/** Status follows the facts (R0.32): bound with an account and a contact, partial with one of them, else unbound. */
export const refreshStatus = (db: Db, customerId: number) =>
  db.raw(
    `
  update customers c set binding_status = case
      when c.wework_userid is not null and t.tied then 'bound'
      when c.wework_userid is not null or t.tied then 'partial'
      else 'unbound' end
  from (select exists (select 1 from live_ties where customer_id = :customerId) as tied) t
  where c.id = :customerId`,
    { customerId },
  )

/** Whether the customer may query now, and the accounts that would lose by it. */
export async function readPermission(
  db: Db,
  customerId: number,
): Promise<{ mayQuery: boolean; accountIds: number[] }> {
  const rows = await db('account_access')
    .where({ customer_id: customerId })
    .select<{ account_id: number; may_query: boolean }[]>('account_id', 'may_query')
  return {
    mayQuery: rows.some((row) => row.may_query),
    accountIds: rows.map((row) => row.account_id),
  }
}

export const isBoundContact = async (db: Db, externalUserId: string): Promise<boolean> =>
  (await db('customers')
    .where({ wework_userid: externalUserId, binding_status: 'bound' })
    .whereNull('merged_into')
    .first<{ id: number } | undefined>('id')) !== undefined
