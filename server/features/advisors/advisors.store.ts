import type { Db } from '../../lib/db.ts'

export type AdvisorRow = {
  advisorId: string
  name: string
  active: boolean
  /** The account of the mini-program that took the invitation. */
  accountId: number | null
  memberUserId: string | null
}

const ROW: Record<keyof AdvisorRow, string> = {
  advisorId: 'id',
  name: 'name',
  active: 'active',
  accountId: 'account_id',
  memberUserId: 'member_userid',
}

export const findAdvisor = (db: Db, advisorId: string) =>
  db('advisors').where({ id: advisorId }).select(ROW).first<AdvisorRow | undefined>()

export const findOfAccount = (db: Db, accountId: number) =>
  db('advisors').where({ account_id: accountId }).select(ROW).first<AdvisorRow | undefined>()

export const findOfMember = (db: Db, userId: string) =>
  db('advisors')
    .whereRaw('lower(member_userid) = lower(?)', [userId])
    .select(ROW)
    .first<AdvisorRow | undefined>()
