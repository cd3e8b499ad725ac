import type { Db } from '../../lib/db.ts'

export type CustomerRow = {
  id: number
  customerNo: string
  name: string | null
  phone: string | null
  phoneHmac: Buffer | null
  contact: string | null
  merged: boolean
}

/** A customer and the rows that became part of him; a number that somebody else has by now is not his. */
export async function pageCustomers(db: Db, id: number): Promise<CustomerRow[]> {
  const { rows } = await db.raw<{ rows: CustomerRow[] }>(
    `
    select c.id, c.customer_no as "customerNo", c.name, k.phone, k.phone_hmac as "phoneHmac", c.wework_userid as contact,
      c.merged_into is not null as merged
    from customers c
    left join lateral (
      select c.phone, c.phone_hmac where not exists (
        select 1 from customers o where o.phone = c.phone and o.merged_into is null and o.id <> :id)
    ) k on true
    where c.id = :id or c.merged_into = :id
    order by c.id`,
    { id },
  )
  return rows
}

export type AccountRow = { id: number; openid: string; unionId: string | null }
const ACCOUNT = { id: 'id', openid: 'openid', unionId: 'unionid' }

/** Accounts whose latest tie is, or was, to one of these customers. */
export const pageTiedAccounts = (db: Db, customerIds: readonly number[]): Promise<AccountRow[]> =>
  db('accounts')
    .whereRaw(
      `id = any(array(
        select t.account_id from customer_accounts t where t.customer_id = any(?::bigint[])
          and not exists (select 1 from customer_accounts n where n.account_id = t.account_id and n.id > t.id)))`,
      [[...customerIds]],
    )
    .select<AccountRow[]>(ACCOUNT)

export const pageAccounts = (db: Db, ids: readonly number[]): Promise<AccountRow[]> =>
  db('accounts')
    .whereRaw('id = any(?::bigint[])', [[...ids]])
    .select<AccountRow[]>(ACCOUNT)

/** Accounts of the same WeChat user that never were anybody else's. */
export const pageSiblings = (
  db: Db,
  { unionIds, customerIds }: { unionIds: readonly string[]; customerIds: readonly number[] },
): Promise<AccountRow[]> =>
  db('accounts as a')
    .whereRaw('a.unionid = any(?::text[])', [[...unionIds]])
    .whereRaw(
      `not exists (select 1 from customer_accounts t where t.account_id = a.id and t.customer_id <> all(?::bigint[]))`,
      [[...customerIds]],
    )
    .select<AccountRow[]>({ id: 'a.id', openid: 'a.openid', unionId: 'a.unionid' })

export type ContactRow = { externalUserId: string; name: string | null; unionId: string | null }

/** These contacts, and those of the same WeChat user that are no other customer's. */
export const pageContacts = (
  db: Db,
  { contacts, unionIds }: { contacts: readonly string[]; unionIds: readonly string[] },
): Promise<ContactRow[]> =>
  db('contacts as k')
    .whereIn('k.external_userid', (his) =>
      his
        .select('external_userid')
        .from('contacts')
        .whereRaw('external_userid = any(?::text[])', [[...contacts]])
        .union([
          db('contacts as o')
            .select('o.external_userid')
            .whereRaw('o.unionid = any(?::text[])', [[...unionIds]])
            .whereRaw(
              'not exists (select 1 from customers c where c.wework_userid = o.external_userid and c.merged_into is null)',
            ),
        ]),
    )
    .orderBy('k.external_userid')
    .select<ContactRow[]>({
      externalUserId: 'k.external_userid',
      name: 'k.name',
      unionId: 'k.unionid',
    })

export type Noted = { remark: string | null; mobiles: string[]; first: string[] | null }

/** What members noted at these contacts. */
export const pageNoted = (db: Db, contacts: readonly string[]): Promise<Noted[]> =>
  db('contact_follows')
    .whereRaw('external_userid = any(?::text[])', [[...contacts]])
    .select<Noted[]>({ remark: 'remark', mobiles: 'remark_mobiles', first: 'first_mobiles' })

export const pageStatedPhones = (db: Db, accountIds: readonly number[]): Promise<string[]> =>
  db('temp_bindings')
    .whereRaw('account_id = any(?::bigint[])', [[...accountIds]])
    .pluck('phone_number')

/** How he called himself to advisors, and which phones he left them. */
export const pageLeft = (db: Db, accountIds: readonly number[]) =>
  db('leads')
    .whereRaw('account_id = any(?::bigint[])', [[...accountIds]])
    .select<{ name: string | null; phone: string }[]>('name', 'phone')

export type PartyRow = {
  projectId: string
  orderNo: string
  owner: boolean
  name: string | null
  nameThen: string | null
  address: string | null
}

/** Orders that are his, or that were loaded for his number and are nobody's yet. */
export const pageParties = (
  db: Db,
  { customerIds, phoneHmacs }: { customerIds: readonly number[]; phoneHmacs: readonly Buffer[] },
): Promise<PartyRow[]> =>
  db('project_parties as y')
    .join('projects as p', 'p.id', 'y.project_id')
    .whereIn('y.id', (his) =>
      his
        .select('id')
        .from('project_parties')
        .whereRaw('customer_id = any(?::bigint[])', [[...customerIds]])
        .union([
          db('project_parties')
            .select('id')
            .whereRaw('phone_hmac = any(?::bytea[]) and customer_id is null', [[...phoneHmacs]]),
        ]),
    )
    .orderBy('p.order_no')
    .select({
      projectId: 'p.id',
      orderNo: 'p.order_no',
      owner: db.raw(`y.role = 'owner'`),
      name: 'y.name',
      nameThen: 'y.name_then',
      address: 'p.address',
    })

/** Whom else these orders name. */
export const pageOtherNames = (
  db: Db,
  {
    orders,
    customerIds,
    phoneHmacs,
  }: {
    orders: readonly string[]
    customerIds: readonly number[]
    phoneHmacs: readonly Buffer[]
  },
): Promise<string[]> =>
  db('project_parties')
    .whereRaw('project_id = any(?::uuid[])', [[...orders]])
    .whereRaw(
      'not (coalesce(customer_id, 0) = any(?::bigint[]) or (phone_hmac = any(?::bytea[]) and customer_id is null))',
      [[...customerIds], [...phoneHmacs]],
    )
    .whereNotNull('name')
    .pluck('name')

/** Whose account it is, or was last. */
export const findCustomerOf = async (db: Db, accountId: number): Promise<number | undefined> =>
  (
    await db('customer_accounts as t')
      .join('customers as c', 'c.id', 't.customer_id')
      .where('t.account_id', accountId)
      .whereNull('c.merged_into')
      .orderBy('t.id', 'desc')
      .select({ id: 'c.id' })
      .first<{ id: number } | undefined>()
  )?.id
