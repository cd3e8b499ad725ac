import type { LeadState } from '../../../shared/advisors.ts'
import { lockKey, type Db } from '../../lib/db.ts'
import type { PageOf } from '../../lib/pages.ts'

export type LeadRow = {
  id: string
  accountId: number
  phone: string
  customerNo: string
  name: string | null
  source: string
  state: LeadState
  advisorId: string
  remark: string
  note: string | null
  createdAt: Date
  updatedAt: Date
}
const LEAD: Record<keyof LeadRow, string> = {
  id: 'id',
  accountId: 'account_id',
  phone: 'phone',
  customerNo: 'customer_no',
  name: 'name',
  source: 'source',
  state: 'state',
  advisorId: 'advisor_id',
  remark: 'remark',
  note: 'note',
  createdAt: 'created_at',
  updatedAt: 'updated_at',
}

type OfAccount = { accountId: number; phone: string }

/** What this account has stated; what others have stated is nobody's business (D16). */
export const findStated = (db: Db, { accountId, phone }: OfAccount) =>
  db('leads').where({ account_id: accountId, phone }).select(LEAD).first<LeadRow | undefined>()

export type NewLead = OfAccount & {
  id: string
  customerNo: string
  name: string | null
  advisorId: string
  remark: string
  now: Date
}

/** Undefined: another lead has this number. */
export async function insertLead(db: Db, row: NewLead): Promise<LeadRow | undefined> {
  const [made] = await db('leads')
    .insert({
      id: row.id,
      account_id: row.accountId,
      phone: row.phone,
      customer_no: row.customerNo,
      name: row.name,
      created_by: row.advisorId,
      advisor_id: row.advisorId,
      remark: row.remark,
      created_at: row.now,
      updated_at: row.now,
    })
    .onConflict('customer_no')
    .ignore()
    .returning<LeadRow[]>(Object.entries(LEAD).map(([name, column]) => db.ref(column).as(name)))
  return made
}

/** As he calls himself now. */
export const setName = (
  db: Db,
  { id, name, now }: { id: string; name: string; now: Date },
): Promise<number> => db('leads').where({ id }).update({ name, updated_at: now })

export const findLead = (db: Db, id: string) =>
  db('leads').where({ id }).select(LEAD).first<LeadRow | undefined>()

type OfAdvisor = { id: string; advisorId: string }

/** Undefined: there is none, or it is another advisor's. */
export const findOfAdvisor = (db: Db, { id, advisorId }: OfAdvisor) =>
  db('leads').where({ id, advisor_id: advisorId }).select(LEAD).first<LeadRow | undefined>()

export const lockOfAdvisor = (db: Db, { id, advisorId }: OfAdvisor) =>
  db('leads')
    .where({ id, advisor_id: advisorId })
    .forUpdate()
    .select(LEAD)
    .first<LeadRow | undefined>()

/** The latest of what an account has stated, of what is this advisor's. */
export const findLatest = (
  db: Db,
  { accountId, advisorId }: { accountId: number; advisorId: string },
) =>
  db('leads')
    .where({ account_id: accountId, advisor_id: advisorId })
    .orderBy('created_at', 'desc')
    .select(LEAD)
    .first<LeadRow | undefined>()

/** The latest first. */
export const pageOfAdvisor = (
  db: Db,
  { advisorId, limit, after }: PageOf & { advisorId: string },
): Promise<LeadRow[]> => {
  const page = db('leads')
    .where({ advisor_id: advisorId })
    .orderBy([{ column: 'created_at', order: 'desc' }, 'id'])
    .limit(limit)
    .select<LeadRow[]>(LEAD)
  if (after !== null)
    page
      .where('created_at', '<=', after.at)
      .whereRaw('(created_at < ?::timestamptz or id > ?::uuid)', [after.at, after.id])
  return page
}

export const setLead = (
  db: Db,
  { id, state, note, now }: Pick<LeadRow, 'id' | 'state' | 'note'> & { now: Date },
): Promise<number> => db('leads').where({ id }).update({ state, note, updated_at: now })

export const lockReveals = (db: Db, operator: string) => lockKey(db, `lead-reveals:${operator}`)

/** How many other leads' phones somebody has looked at since; the log of them is audit's. */
export async function countOtherReveals(
  db: Db,
  { operator, leadId, since }: { operator: string; leadId: string; since: Date },
): Promise<number> {
  const [row] = await db('operation_log')
    .where({ operator_userid: operator, operation: 'lead.phone_revealed' })
    .where('at', '>', since)
    .whereNot('target_id', leadId)
    .countDistinct<{ count: string }[]>({ count: 'target_id' })
  return Number(row!.count)
}

export const countOfAdvisor = async (db: Db, advisorId: string): Promise<number> =>
  Number(
    (
      await db('leads').where({ advisor_id: advisorId }).count<{ count: string }[]>('* as count')
    )[0]!.count,
  )

export const giveLeads = (db: Db, { from, to }: { from: string; to: string }): Promise<number> =>
  db('leads').where({ advisor_id: from }).update({ advisor_id: to })
