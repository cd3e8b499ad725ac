import type { Db } from '../../lib/db.ts'

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

export const pageAccounts = async (db: Db, ids: readonly number[]): Promise<AccountRow[]> =>
  toAccounts(await accounts(db).whereIn('a.id', ids).orderBy('a.id'))

export const pageUnionIds = (db: Db, accountIds: readonly number[]): Promise<string[]> =>
  db('accounts').whereIn('id', accountIds).whereNotNull('unionid').pluck('unionid')

/** Accounts that a contact is tied to, that carry its unionid, or that have one of its phones (E6, E8). */
export const pageAccountsOf = async (
  db: Db,
  of: { externalUserId: string; unionId: string | null; phoneHmacs: readonly Buffer[] },
): Promise<AccountRow[]> =>
  toAccounts(
    await accounts(db)
      .whereIn('a.id', (around) =>
        around
          .select('t.account_id')
          .from('live_ties as t')
          .join('customers as h', 'h.id', 't.customer_id')
          .where('h.wework_userid', of.externalUserId)
          .whereNull('h.merged_into')
          .union([withUnionId(db, of.unionId), withPhone(db, of.phoneHmacs)]),
      )
      .orderBy('a.id'),
  )

const withUnionId = (db: Db, unionId: string | null) =>
  db('accounts').select('id').whereRaw('unionid = ?', [unionId])

const withPhone = (db: Db, phoneHmacs: readonly Buffer[]) =>
  db('evidence')
    .select('account_id')
    .whereIn('kind', ['phone_claim', 'phone_button'])
    .whereRaw('phone_hmac = any(?::bytea[])', [[...phoneHmacs]])
    .whereNull('revoked_at')
    .whereNotNull('account_id')

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

type TiedAccount = { id: number; app: string; unionId: string | null; tiedAt: Date }

/** The accounts that are tied to a contact, in any app. */
export const pageAccountsTiedTo = (db: Db, externalUserId: string): Promise<TiedAccount[]> =>
  db('customer_accounts as t')
    .join('customers as c', 'c.id', 't.customer_id')
    .join('accounts as a', 'a.id', 't.account_id')
    .where('c.wework_userid', externalUserId)
    .whereNull('c.merged_into')
    .whereNull('t.ended_at')
    .orderBy('a.id')
    .select<TiedAccount[]>({
      id: 'a.id',
      app: 'a.app',
      unionId: 'a.unionid',
      tiedAt: 't.tied_at',
    })

/** Is another account of this app tied to the customer of this contact? */
export async function hasAccountOfApp(
  db: Db,
  { customerId, app }: { customerId: number; app: string },
): Promise<boolean> {
  const row = await db('customer_accounts')
    .where({ customer_id: customerId, app })
    .whereNull('ended_at')
    .first<{ id: number } | undefined>('id')
  return row !== undefined
}

export type Standing = {
  accountId: number
  customerId: number
  tiedAt: Date
  mayQuery: boolean
}

/** Of those of these accounts that are tied. */
export const pageStandings = (db: Db, accountIds: readonly number[]) =>
  db('live_ties as t')
    .join('account_access as x', 'x.account_id', 't.account_id')
    .whereRaw('t.account_id = any(?::bigint[])', [[...accountIds]])
    .select<Standing[]>({
      accountId: 't.account_id',
      customerId: 'x.customer_id',
      tiedAt: 't.tied_at',
      mayQuery: 'x.may_query',
    })
