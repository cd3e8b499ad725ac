import type { CustomerCard } from '../../../shared/api/remedies.ts'
import { maskPhone } from '../../../shared/phone.ts'
import { lockKeys, type Db } from '../../lib/db.ts'

/** Read models only: this room owns no table. */
export const findAccountId = async (db: Db, openid: string): Promise<number | undefined> =>
  (await db('accounts').where({ openid }).first<{ id: number } | undefined>('id'))?.id

export const isKnownContact = async (db: Db, externalUserId: string): Promise<boolean> =>
  (await db('contacts')
    .where({ external_userid: externalUserId })
    .first<{ type: number } | undefined>('type')) !== undefined

type Tie = { accountId: number; externalUserId: string }

export const pageOwners = (db: Db, phone: string): Promise<string[]> =>
  db('customers')
    .where({ phone })
    .whereNull('merged_into')
    .whereNotNull('wework_userid')
    .pluck('wework_userid')

/** Everybody whose ties or phone a decision about an account, a contact and a phone may end: on all three sides. */
export async function findAround(
  db: Db,
  { accountId, externalUserId, phone }: Tie & { phone: string },
): Promise<{ accountIds: number[]; externalUserIds: string[] }> {
  const owners = await pageOwners(db, phone)
  const ties = await db('live_ties')
    .whereIn('external_userid', (around) =>
      around
        .select('external_userid')
        .from('live_ties')
        .where({ account_id: accountId })
        .unionAll(db.raw('select unnest(?::text[])', [[externalUserId, ...owners]])),
    )
    .select<Tie[]>({ accountId: 'account_id', externalUserId: 'external_userid' })
  return {
    accountIds: [accountId, ...ties.map((tie) => tie.accountId)],
    externalUserIds: [externalUserId, ...owners, ...ties.map((tie) => tie.externalUserId)],
  }
}

/** Whom a decision about a customer is about: his accounts and his contact. */
export async function findTies(
  db: Db,
  customerId: number,
): Promise<{ accountIds: number[]; externalUserIds: string[] }> {
  const rows = await db('customers as c')
    .leftJoin('live_ties as t', 't.customer_id', 'c.id')
    .where('c.id', customerId)
    .select<{ accountId: number | null; externalUserId: string | null }[]>({
      accountId: 't.account_id',
      externalUserId: 'c.wework_userid',
    })
  return {
    accountIds: rows.flatMap(({ accountId }) => accountId ?? []),
    externalUserIds: rows.flatMap(({ externalUserId }) => externalUserId ?? []),
  }
}

/** What a remedy is decided on, as it stays until the remedy is done. Take the locks of the people before. */
export const lockCustomer = (db: Db, id: number) =>
  db('customers')
    .where({ id })
    .whereNull('merged_into')
    .forNoKeyUpdate()
    .first<{ phone: string | null; suspendedReason: string | null } | undefined>({
      phone: 'phone',
      suspendedReason: 'suspended_reason',
    })

type Row = {
  id: number
  customerNo: string
  name: string | null
  contactName: string | null
  phone: string | null
  contact: string | null
  status: CustomerCard['bindingStatus']
  suspended: string | null
  openids: string[]
  canQuery: boolean
}
type Wanted =
  | { id: number }
  | { phone: string }
  | { around: { accountId: number; externalUserId: string; phone: string } }

const customersAround = (
  db: Db,
  { accountId, externalUserId, phone }: Extract<Wanted, { around: object }>['around'],
) => {
  const customers = () => db('customers').select('id').whereNull('merged_into')
  return db('live_ties')
    .select('customer_id')
    .where({ account_id: accountId })
    .union([customers().where({ phone }), customers().where({ wework_userid: externalUserId })])
}

/** What an admin sees of customers; phones masked. */
export async function pageCards(db: Db, wanted: Wanted): Promise<CustomerCard[]> {
  const rows: Row[] = await db('customers as c')
    .whereNull('c.merged_into')
    .modify((query) => {
      if ('id' in wanted) void query.where('c.id', wanted.id)
      else if ('phone' in wanted) void query.where('c.phone', wanted.phone)
      else void query.whereIn('c.id', customersAround(db, wanted.around))
    })
    .orderBy('c.id')
    .select({
      id: 'c.id',
      customerNo: 'c.customer_no',
      name: 'c.name',
      contactName: db.raw(
        '(select k.name from contacts k where k.external_userid = c.wework_userid)',
      ),
      phone: 'c.phone',
      contact: 'c.wework_userid',
      status: 'c.binding_status',
      suspended: 'c.suspended_reason',
      openids: db.raw(
        `array(select a.openid from live_ties t join accounts a on a.id = t.account_id where t.customer_id = c.id order by a.id)`,
      ),
      canQuery: db.raw(
        'exists (select 1 from account_access x where x.customer_id = c.id and x.may_query)',
      ),
    })
  return rows.map((row) => ({
    id: row.id,
    customerNo: row.customerNo,
    openids: row.openids,
    bindingStatus: row.status,
    canQuery: row.canQuery,
    ...(row.name !== null && { name: row.name }),
    ...(row.contactName !== null && { contactName: row.contactName }),
    ...(row.phone !== null && { phoneMasked: maskPhone(row.phone) }),
    ...(row.contact !== null && { externalUserId: row.contact }),
    ...(row.suspended !== null && { suspendedReason: row.suspended }),
  }))
}

export const findCard = async (db: Db, id: number): Promise<CustomerCard | null> =>
  (await pageCards(db, { id }))[0] ?? null

/** Numbers of the orders that were loaded for a phone. */
export const pageOrdersOf = (db: Db, phoneHmac: Buffer): Promise<string[]> =>
  db('project_parties as y')
    .join('projects as p', 'p.id', 'y.project_id')
    .where('y.phone_hmac', phoneHmac)
    .orderBy('p.order_no')
    .pluck('p.order_no')

/** Nobody loads these before the transaction ends. In our order, which everybody takes: the database's depends on its language. */
export const lockOrders = (db: Db, orderNos: readonly string[]): Promise<void> =>
  lockKeys(
    db,
    orderNos.map((orderNo) => `order:${orderNo}`),
  )
