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
  phone: { plain: string; hmac: Buffer },
  now: Date,
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
  id: number,
  phone: { plain: string; hmac: Buffer } | null,
  now: Date,
) =>
  db('customers')
    .where({ id })
    .update({ phone: phone?.plain ?? null, phone_hmac: phone?.hmac ?? null, updated_at: now })

export const setContact = (db: Db, id: number, externalUserId: string, now: Date) =>
  db('customers').where({ id }).update({ wework_userid: externalUserId, updated_at: now })

export const setSuspended = (db: Db, id: number, reason: string | null, now: Date) =>
  db('customers').where({ id }).update({ suspended_reason: reason, updated_at: now })

/** The loser's accounts, evidence and contact go to the survivor; the loser keeps only its number (D14). */
export async function merge(db: Db, survivor: number, loser: number, now: Date): Promise<void> {
  const taken = await db('customers')
    .where({ id: loser })
    .first<object>(
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
    .update({ ...taken, updated_at: now })
  await db('customer_accounts').where({ customer_id: loser }).update({ customer_id: survivor })
  await db('evidence').where({ customer_id: loser }).update({ customer_id: survivor })
  await db('reviews as r')
    .where({ customer_id: loser })
    .whereNull('closed_at')
    .whereExists((same) =>
      same
        .select('o.id')
        .from('reviews as o')
        .where('o.customer_id', survivor)
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
  await db('reviews').where({ customer_id: loser }).update({ customer_id: survivor })
}

/** `unionId` is undefined while no look-up has succeeded (D15). */
export type AccountRow = {
  id: number
  app: string
  openid: string
  unionId: string | null | undefined
  customerId: number | null
  contact: string | null
}

type StoredAccount = Omit<AccountRow, 'unionId'> & { unionId: string | null; checked: boolean }

const toAccounts = (rows: readonly StoredAccount[]): AccountRow[] =>
  rows.map(({ unionId, checked, ...row }) => ({
    ...row,
    unionId: unionId ?? (checked ? null : undefined),
  }))

const accounts = (db: Db) =>
  db('accounts as a')
    .leftJoin('customer_accounts as t', (join) =>
      join.on('t.account_id', 'a.id').andOnNull('t.ended_at'),
    )
    .leftJoin('customers as c', 'c.id', 't.customer_id')
    .select({
      id: 'a.id',
      app: 'a.app',
      openid: 'a.openid',
      unionId: 'a.unionid',
      checked: db.raw('a.identity_checked_at is not null'),
      customerId: 't.customer_id',
      contact: 'c.wework_userid',
    })

export async function getAccount(db: Db, id: number): Promise<AccountRow> {
  const [account] = toAccounts(await accounts(db).where('a.id', id))
  return account!
}

export const pageUnionIds = (db: Db, accountIds: readonly number[]): Promise<string[]> =>
  db('accounts').whereIn('id', accountIds).whereNotNull('unionid').pluck('unionid')

/** Accounts that a contact is tied to, that carry its unionid, or that have one of its phones (E6, E8). */
export const pageAccountsOf = async (
  db: Db,
  of: { externalUserId: string; unionId: string | null; phoneHmacs: readonly Buffer[] },
): Promise<AccountRow[]> =>
  toAccounts(
    await accounts(db)
      .where((any) => {
        void any.where('c.wework_userid', of.externalUserId)
        if (of.unionId !== null) void any.orWhere('a.unionid', of.unionId)
        if (of.phoneHmacs.length > 0)
          void any.orWhereIn('a.id', accountsWithPhone(db, of.phoneHmacs))
      })
      .orderBy('a.id'),
  )

const accountsWithPhone = (db: Db, phoneHmacs: readonly Buffer[]) =>
  db('evidence')
    .select('account_id')
    .whereIn('kind', ['phone_claim', 'phone_button'])
    .whereIn('phone_hmac', phoneHmacs)
    .whereNull('revoked_at')
    .whereNotNull('account_id')

export const pageAccounts = async (db: Db, ids: readonly number[]): Promise<AccountRow[]> =>
  toAccounts(await accounts(db).whereIn('a.id', ids).orderBy('a.id'))

export type ContactRow = {
  externalUserId: string
  name: string | null
  type: number | null
  company: string | null
  unionId: string | null | undefined
}

/** `unionId` is undefined while no look-up has succeeded (D15). */
export async function findContact(db: Db, externalUserId: string): Promise<ContactRow | undefined> {
  const row = await db('contacts').where({ external_userid: externalUserId }).first<
    | {
        name: string | null
        type: number | null
        company: string | null
        unionid: string | null
        identity_checked_at: Date | null
      }
    | undefined
  >('name', 'type', 'company', 'unionid', 'identity_checked_at')
  if (!row) return undefined
  return {
    externalUserId,
    name: row.name,
    type: row.type,
    company: row.company,
    unionId: row.unionid ?? (row.identity_checked_at ? null : undefined),
  }
}

/** Phones that the accounts of a customer say are theirs (E6); the table is binding's. */
export const pageClaimedPhones = (db: Db, customerId: number, now: Date): Promise<string[]> =>
  db('temp_bindings as b')
    .join('customer_accounts as t', 't.account_id', 'b.account_id')
    .where('t.customer_id', customerId)
    .whereNull('t.ended_at')
    .where('b.status', 'waiting')
    .where('b.expires_at', '>', now)
    .pluck('b.phone_number')

/** `byAct`: tied by something that the customer did, not by equal unionids alone. */
export type TiedSibling = { unionId: string; tiedAt: Date; byAct: boolean }

/** The other accounts of which WeChat told who they are and that are tied to a contact, unless by an admin's word: that may stand against WeChat's. */
export const pageTiedSiblings = (
  db: Db,
  pair: { accountId: number; externalUserId: string },
): Promise<TiedSibling[]> =>
  db('customer_accounts as t')
    .join('customers as c', 'c.id', 't.customer_id')
    .join('accounts as a', 'a.id', 't.account_id')
    .join('evidence as e', 'e.id', 't.evidence_id')
    .where('c.wework_userid', pair.externalUserId)
    .whereNull('c.merged_into')
    .whereNull('t.ended_at')
    .whereNot('a.id', pair.accountId)
    .whereNotNull('a.unionid')
    .whereNot('e.kind', 'manual')
    .select<TiedSibling[]>(
      { unionId: 'a.unionid', tiedAt: 't.tied_at' },
      db.raw(`e.kind <> 'unionid' or e.reason is not distinct from 'asked_for' as "byAct"`),
    )

/** Accounts of the same WeChat user in other apps that are tied to nobody yet. */
export const pageUntiedSiblings = (db: Db, accountId: number): Promise<number[]> =>
  db('accounts as a')
    .join('accounts as s', (join) => join.on('s.unionid', 'a.unionid').andOn('s.id', '<>', 'a.id'))
    .where('a.id', accountId)
    .whereNotExists((tied) =>
      tied
        .select('t.id')
        .from('customer_accounts as t')
        .whereRaw('t.account_id = s.id')
        .whereNull('t.ended_at'),
    )
    .orderBy('s.id')
    .pluck('s.id')

/** Contacts that carry the unionid of an account, that another account with it is tied to, or whose proven phone it has (E6, E8). */
export async function pageContactsFor(
  db: Db,
  of: { accountId: number; unionId: string | null },
): Promise<string[]> {
  const { rows } = await db.raw<{ rows: { id: string }[] }>(
    `
    select external_userid as id from contacts where unionid = :unionId
    union
    select c.wework_userid from accounts a join customer_accounts t on t.account_id = a.id and t.ended_at is null join customers c on c.id = t.customer_id
    where a.unionid = :unionId and a.id <> :accountId and c.wework_userid is not null
    union
    select s.external_userid from evidence e join evidence s on s.kind = 'phone_search' and s.phone_hmac = e.phone_hmac and s.revoked_at is null
    where e.account_id = :accountId and e.kind in ('phone_claim', 'phone_button') and e.revoked_at is null
    order by id`,
    of,
  )
  return rows.map(({ id }) => id)
}

export type FollowRow = {
  userId: string
  addWay: number
  operUserId: string | null
  remarkMobiles: string[]
  firstMobiles: string[] | null
  mobilesSeenAt: Date | null
  followedAt: Date
  endedAt: Date | null
  transferredAt: Date | null
  eventId: number | null
}

/** Follows of a contact with the add event row of each (E5 needs both). */
export const pageFollows = (db: Db, externalUserId: string): Promise<FollowRow[]> =>
  db('contact_follows as f')
    .leftJoin('wework_customer_events as v', (join) =>
      join
        .on('v.external_userid', 'f.external_userid')
        .andOn('v.employee_userid', 'f.userid')
        .andOn('v.followed_at', 'f.followed_at')
        .andOnVal('v.event_type', 'add_external_contact'),
    )
    .where('f.external_userid', externalUserId)
    .orderBy('f.followed_at')
    .orderBy('f.userid')
    .select<FollowRow[]>({
      userId: 'f.userid',
      addWay: 'f.add_way',
      operUserId: 'f.oper_userid',
      remarkMobiles: 'f.remark_mobiles',
      firstMobiles: 'f.first_mobiles',
      mobilesSeenAt: 'f.mobiles_seen_at',
      followedAt: 'f.followed_at',
      endedAt: 'f.ended_at',
      transferredAt: 'f.transferred_at',
      eventId: 'v.id',
    })

/** Was an order loaded for one of these numbers before `goLiveAt`? */
export const wasLoadedBefore = async (
  db: Db,
  goLiveAt: Date,
  phoneHmacs: readonly Buffer[],
): Promise<boolean> =>
  (await db('project_parties')
    .whereIn('phone_hmac', phoneHmacs)
    .where('created_at', '<', goLiveAt)
    .first<{ id: number } | undefined>('id')) !== undefined

/** Contacts of whom a member was asked because their number was noted late. */
export const pageSeenLate = (db: Db): Promise<string[]> =>
  db('reviews')
    .where({ kind: 'phone_seen_late' })
    .whereNull('closed_at')
    .whereNotNull('external_userid')
    .distinct('external_userid')
    .orderBy('external_userid')
    .pluck('external_userid')

/** The accounts that are tied to a contact, in any app. */
export const pageAccountsTiedTo = (
  db: Db,
  externalUserId: string,
): Promise<{ id: number; app: string; unionId: string | null }[]> =>
  db('customer_accounts as t')
    .join('customers as c', 'c.id', 't.customer_id')
    .join('accounts as a', 'a.id', 't.account_id')
    .where('c.wework_userid', externalUserId)
    .whereNull('c.merged_into')
    .whereNull('t.ended_at')
    .orderBy('a.id')
    .select<{ id: number; app: string; unionId: string | null }[]>({
      id: 'a.id',
      app: 'a.app',
      unionId: 'a.unionid',
    })

/** Is another account of this app tied to the customer of this contact? */
export async function hasAccountOfApp(db: Db, customerId: number, app: string): Promise<boolean> {
  const row = await db('customer_accounts')
    .where({ customer_id: customerId, app })
    .whereNull('ended_at')
    .first<{ id: number } | undefined>('id')
  return row !== undefined
}

export type PairEnding = { at: Date; by: 'customer' | 'contact' | 'not_me' | 'admin' }

/** When, and by whom, somebody last ended this contact's tie with an account, or with another account of the same WeChat user. */
export function findPairEnding(
  db: Db,
  {
    accountId,
    unionId,
    externalUserId,
  }: { accountId: number; unionId: string | null; externalUserId: string },
): Promise<PairEnding | undefined> {
  return db('pair_endings as p')
    .join('accounts as a', 'a.id', 'p.account_id')
    .where('p.external_userid', externalUserId)
    .where((his) =>
      his
        .where('a.id', accountId)
        .modify((query) => void (unionId !== null && query.orWhere('a.unionid', unionId))),
    )
    .orderBy('p.ended_at', 'desc')
    .orderBy('p.id', 'desc')
    .first<PairEnding | undefined>({ at: 'p.ended_at', by: 'p.ended_by' })
}

export const insertPairEnding = (
  db: Db,
  row: { accountId: number; externalUserId: string; by: PairEnding['by']; now: Date },
) =>
  db('pair_endings').insert({
    account_id: row.accountId,
    external_userid: row.externalUserId,
    ended_at: row.now,
    ended_by: row.by,
  })

/** Whether a code or link of the account, used in the contact's chat, waits for its end: which is told there. The table is binding's. */
export const hasOpenAttempt = async (
  db: Db,
  { accountId, externalUserId }: { accountId: number; externalUserId: string },
): Promise<boolean> =>
  (await db('pending_bindings')
    .where({ account_id: accountId, external_userid: externalUserId, state: 'open' })
    .whereIn('via', ['kf_code', 'kf_link'])
    .first<{ id: string } | undefined>('id')) !== undefined

/** `bound_by` while no member has proven the phone. */
const NOBODY_YET = 'customer'

type NewTie = {
  customerId: number
  account: AccountRow
  externalUserId: string
  evidenceId: number
  boundBy: string | undefined
  tiedBy: string
  toldInChat: boolean
  now: Date
}

export async function insertTie(db: Db, tie: NewTie): Promise<number> {
  const [inserted] = await db('customer_accounts')
    .insert({
      customer_id: tie.customerId,
      account_id: tie.account.id,
      app: tie.account.app,
      external_userid: tie.externalUserId,
      evidence_id: tie.evidenceId,
      tied_at: tie.now,
      tied_by: tie.tiedBy,
      told_in_chat: tie.toldInChat,
    })
    .returning<{ id: number }[]>('id')
  await db('customers')
    .where({ id: tie.customerId })
    .update({
      bound_at: tie.now,
      bound_by: tie.boundBy ?? NOBODY_YET,
      wechat_openid: tie.account.openid,
      updated_at: tie.now,
    })
  return inserted!.id
}

/** Who proved the phone of a bound customer, when nobody had at the time of the binding (R0.31). */
export const setProver = (db: Db, customerId: number, userId: string) =>
  db('customers').where({ id: customerId, bound_by: NOBODY_YET }).update({ bound_by: userId })

/** Ends the live ties of a customer with these accounts; what the customer row says of them goes too, when nobody is left a suspension as well: who binds next is looked at anew. */
export async function endTies(
  db: Db,
  row: { customerId: number; accountIds: readonly number[]; by: string; now: Date },
): Promise<void> {
  await db('customer_accounts')
    .where({ customer_id: row.customerId })
    .whereIn('account_id', row.accountIds)
    .whereNull('ended_at')
    .update({ ended_at: row.now, ended_by: row.by })
  await db('customers')
    .where({ id: row.customerId })
    .whereNotExists((tied) =>
      tied
        .select('id')
        .from('customer_accounts')
        .where({ customer_id: row.customerId })
        .whereNull('ended_at'),
    )
    .update({
      bound_at: null,
      bound_by: null,
      wechat_openid: null,
      suspended_reason: null,
      updated_at: row.now,
    })
  await db.raw(
    `
    update customers c set wechat_openid = t.openid
    from (select a.openid from customer_accounts t join accounts a on a.id = t.account_id
      where t.customer_id = :customerId and t.ended_at is null order by t.tied_at desc, t.id desc limit 1) t
    where c.id = :customerId`,
    { customerId: row.customerId },
  )
}

/** Status follows the facts (R0.32): bound with an account and a contact, partial with one of them, else unbound. */
export const refreshStatus = (db: Db, customerId: number) =>
  db.raw(
    `
  update customers c set binding_status = case
      when c.wework_userid is not null and t.tied then 'bound'
      when c.wework_userid is not null or t.tied then 'partial'
      else 'unbound' end
  from (select exists (select 1 from customer_accounts where customer_id = :customerId and ended_at is null) as tied) t
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

export const findStanding = (db: Db, accountId: number) =>
  db('customer_accounts as t')
    .join('account_access as x', 'x.account_id', 't.account_id')
    .where('t.account_id', accountId)
    .whereNull('t.ended_at')
    .select({ tiedAt: 't.tied_at', mayQuery: 'x.may_query' })
    .first<{ tiedAt: Date; mayQuery: boolean } | undefined>()

/** Whether the last thing that was decided about a pair is this refusal. */
export const wasLastRefused = async (
  db: Db,
  pair: { accountId: number; externalUserId: string },
  decision: string,
): Promise<boolean> => {
  const last = await db('binding_history')
    .where({ account_id: pair.accountId, external_userid: pair.externalUserId })
    .orderBy('id', 'desc')
    .first<{ decision: string; outcome: string } | undefined>('decision', 'outcome')
  return last?.decision === decision && last.outcome === 'refuse'
}

export const insertHistory = (
  db: Db,
  row: {
    now: Date
    decision: string
    outcome: string
    actor: string
    accountId?: number | null
    externalUserId?: string | null
    customerId?: number | null
    phoneMasked?: string | null
    detail?: object
  },
) =>
  db('binding_history').insert({
    at: row.now,
    decision: row.decision,
    outcome: row.outcome,
    actor: row.actor,
    account_id: row.accountId ?? null,
    external_userid: row.externalUserId ?? null,
    customer_id: row.customerId ?? null,
    phone_masked: row.phoneMasked ?? null,
    detail: row.detail ?? {},
  })

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

export const insertReviewOfCustomer = (
  db: Db,
  row: { kind: string; customerId: number; detail: object; now: Date },
) =>
  db.raw(
    'insert into reviews (kind, customer_id, detail, opened_at) values (?, ?, ?, ?) on conflict do nothing',
    [row.kind, row.customerId, JSON.stringify(row.detail), row.now.toISOString()],
  )

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
