import type { CustomerCard } from '../../../shared/api/remedies.ts'
import { maskPhone } from '../../../shared/phone.ts'
import type { Db } from '../../lib/db.ts'

/** Read models only: this room owns no table. */
export const findAccountId = async (db: Db, openid: string): Promise<number | undefined> =>
  (await db('accounts').where({ openid }).first<{ id: number } | undefined>('id'))?.id

export const isKnownContact = async (db: Db, externalUserId: string): Promise<boolean> =>
  (await db('contacts').where({ external_userid: externalUserId }).first<{ type: number } | undefined>('type')) !== undefined

/** Accounts whose tie a decision about this contact may end. */
export const pageAccountsAround = (db: Db, externalUserId: string): Promise<number[]> =>
  db('customer_accounts').where({ external_userid: externalUserId }).whereNull('ended_at').orderBy('account_id').pluck('account_id')

type Row = { id: number; customerNo: string; name: string | null; phone: string | null; contact: string | null; status: CustomerCard['bindingStatus']; suspended: string | null; openids: string[]; canQuery: boolean }
type Wanted = { id: number } | { phone: string } | { around: { accountId: number; externalUserId: string; phone: string } }

/** What an admin sees of customers; phones masked. */
export async function pageCards(db: Db, wanted: Wanted): Promise<CustomerCard[]> {
  const rows: Row[] = await db('customers as c').whereNull('c.merged_into').modify((query) => {
    if ('id' in wanted) void query.where('c.id', wanted.id)
    else if ('phone' in wanted) void query.where('c.phone', wanted.phone)
    else void query.where((any) => any.where('c.phone', wanted.around.phone).orWhere('c.wework_userid', wanted.around.externalUserId)
      .orWhereIn('c.id', (tied) => tied.select('customer_id').from('customer_accounts').where({ account_id: wanted.around.accountId }).whereNull('ended_at')))
  }).orderBy('c.id').select({
    id: 'c.id', customerNo: 'c.customer_no', name: 'c.name', phone: 'c.phone', contact: 'c.wework_userid', status: 'c.binding_status', suspended: 'c.suspended_reason',
    openids: db.raw(`array(select a.openid from customer_accounts t join accounts a on a.id = t.account_id where t.customer_id = c.id and t.ended_at is null order by a.id)`),
    canQuery: db.raw('exists (select 1 from account_access x where x.customer_id = c.id and x.may_query)'),
  })
  return rows.map((row) => ({
    id: row.id, customerNo: row.customerNo, openids: row.openids, bindingStatus: row.status, canQuery: row.canQuery,
    ...(row.name !== null && { name: row.name }), ...(row.phone !== null && { phoneMasked: maskPhone(row.phone) }),
    ...(row.contact !== null && { externalUserId: row.contact }), ...(row.suspended !== null && { suspendedReason: row.suspended }),
  }))
}

export type ReviewRow = { id: number; kind: string; openedAt: Date; externalUserId: string | null; customerId: number | null; memberUserid: string | null }

export const pageReviews = (db: Db): Promise<ReviewRow[]> =>
  db('reviews').whereNull('closed_at').orderBy('id').limit(200)
    .select<ReviewRow[]>({ id: 'id', kind: 'kind', openedAt: 'opened_at', externalUserId: 'external_userid', customerId: 'customer_id', memberUserid: 'member_userid' })
