import type { ActionType } from '../../../shared/advisors.ts'
import { lockKey, type Db } from '../../lib/db.ts'
import type { PageOf } from '../../lib/pages.ts'
import type { Recent } from './leads.rules.ts'

/** What one account does is decided one after the other: what it did before, and what it has stated, is counted. */
export const lockAccount = (db: Db, accountId: number) =>
  lockKey(db, `actions:${String(accountId)}`)

export const pageRecent = (
  db: Db,
  { accountId, since }: { accountId: number; since: Date },
): Promise<Recent[]> =>
  db('customeractions').where({ account_id: accountId }).where('last_at', '>', since).select({
    actionId: 'id',
    advisorId: 'advisor_id',
    actionType: 'action_type',
    createdLead: 'created_lead',
    firstAt: 'first_at',
    lastAt: 'last_at',
  })

type Stated = { leadId: string | null; customerName: string | null; now: Date }
export type NewAction = Stated & {
  id: string
  accountId: number
  advisorId: string
  actionType: ActionType
  createdLead: boolean
}

export const insertAction = (db: Db, row: NewAction) =>
  db('customeractions').insert({
    id: row.id,
    account_id: row.accountId,
    advisor_id: row.advisorId,
    action_type: row.actionType,
    lead_id: row.leadId,
    created_lead: row.createdLead,
    customer_name: row.customerName,
    first_at: row.now,
    last_at: row.now,
  })

/** The same once more; what he says of himself only now is added. */
export const countAction = (
  db: Db,
  { id, leadId, customerName, now }: Stated & { id: string },
): Promise<number> =>
  db('customeractions')
    .where({ id })
    .update({
      times: db.raw('times + 1'),
      last_at: now,
      lead_id: db.raw('coalesce(lead_id, ?::uuid)', [leadId]),
      customer_name: db.raw('coalesce(?::text, customer_name)', [customerName]),
    })

export type ActionRow = {
  id: string
  advisorId: string
  accountId: number
  actionType: ActionType
  createdLead: boolean
  /** Of the lead, if it is the same advisor's. */
  leadId: string | null
  customerName: string | null
  phone: string | null
  times: number
  lastAt: Date
}

/** What a customer stated to one advisor may be the lead of another: its page is not this one's. */
const told = (db: Db) =>
  db('customeractions as c')
    .leftJoin('leads as l', 'l.id', 'c.lead_id')
    .select({
      id: 'c.id',
      advisorId: 'c.advisor_id',
      accountId: 'c.account_id',
      actionType: 'c.action_type',
      createdLead: 'c.created_lead',
      leadId: db.raw('case when l.advisor_id = c.advisor_id then l.id end'),
      customerName: db.raw('coalesce(c.customer_name, l.name)'),
      phone: 'l.phone',
      times: 'c.times',
      lastAt: 'c.last_at',
    })

export const findAction = (db: Db, id: string) =>
  told(db).where('c.id', id).first<ActionRow | undefined>()

/** The latest first. */
export const pageOfAdvisor = (
  db: Db,
  { advisorId, limit, after }: PageOf & { advisorId: string },
): Promise<ActionRow[]> => {
  const page = told(db)
    .where('c.advisor_id', advisorId)
    .orderBy([{ column: 'c.last_at', order: 'desc' }, 'c.id'])
    .limit(limit)
  if (after !== null)
    page
      .where('c.last_at', '<=', after.at)
      .whereRaw('(c.last_at < ?::timestamptz or c.id > ?::uuid)', [after.at, after.id])
  return page
}

export type Customer = { accountId: number; advisorId: string; leadId: string | null }

/** With whom it was when he had the lead: what the same customer does with a colleague who is there is that one's. */
const CAME_ALONG =
  'l.id = ?::uuid and exists (select 1 from advisors a where a.id = c.advisor_id and (a.id = l.created_by or not a.active))'

/** Of one customer with one advisor, also what came to him with the lead; the latest first. */
export const pageOfCustomer = (
  db: Db,
  { accountId, advisorId, leadId, limit }: Customer & { limit: number },
): Promise<ActionRow[]> =>
  told(db)
    .where('c.account_id', accountId)
    .whereRaw(`(c.advisor_id = ? or (${CAME_ALONG}))`, [advisorId, leadId])
    .orderBy([{ column: 'c.last_at', order: 'desc' }, 'c.id'])
    .limit(limit)
