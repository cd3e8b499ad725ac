import { lockKey, type Db } from '../../lib/db.ts'
import type { Content } from './advisors.rules.ts'

export type AdvisorRow = {
  advisorId: string
  name: string
  active: boolean
  /** The account of the mini-program that took the invitation. */
  accountId: number | null
  memberUserId: string | null
}
export type Advisor = AdvisorRow & Content & { joinedAt: Date | null; updatedAt: Date }

const ROW: Record<keyof AdvisorRow, string> = {
  advisorId: 'id',
  name: 'name',
  active: 'active',
  accountId: 'account_id',
  memberUserId: 'member_userid',
}
const WHOLE: Record<keyof Advisor, string> = {
  ...ROW,
  title: 'title',
  summary: 'summary',
  photo: 'photo_id',
  resume: 'resume',
  services: 'services',
  joinedAt: 'joined_at',
  updatedAt: 'updated_at',
}

/** Advisors are changed one after the other: an account and a member are one of them at most. */
export const lockAdvisors = (db: Db) => lockKey(db, 'advisors')

export const findAdvisor = (db: Db, advisorId: string) =>
  db('advisors').where({ id: advisorId }).select(ROW).first<AdvisorRow | undefined>()

export const findOfAccount = (db: Db, accountId: number) =>
  db('advisors').where({ account_id: accountId }).select(ROW).first<AdvisorRow | undefined>()

export const findOfMember = (db: Db, userId: string) =>
  db('advisors')
    .whereRaw('lower(member_userid) = lower(?)', [userId])
    .select(ROW)
    .first<AdvisorRow | undefined>()

export const findWhole = (db: Db, advisorId: string) =>
  db('advisors').where({ id: advisorId }).select(WHOLE).first<Advisor | undefined>()

/** By their ids, behind `after`. */
export const pageAdvisors = (db: Db, { after, limit }: { after: string; limit: number }) =>
  db('advisors').where('id', '>', after).orderBy('id').limit(limit).select<Advisor[]>(WHOLE)

/** The same of those who are shown to customers. */
export const pageActive = (db: Db, { after, limit }: { after: string; limit: number }) =>
  db('advisors')
    .where('id', '>', after)
    .where({ active: true })
    .orderBy('id')
    .limit(limit)
    .select<Advisor[]>(WHOLE)

type Written = { advisorId: string; content: Content; now: Date }

export const writeAdvisor = (db: Db, { advisorId, content, now }: Written) => {
  const { name, title, summary, photo, resume, services, memberUserId, active } = content
  const columns = {
    name,
    title,
    summary,
    photo_id: photo,
    resume: JSON.stringify(resume),
    services,
    member_userid: memberUserId,
    active,
    updated_at: now,
  }
  return db('advisors')
    .insert({ id: advisorId, ...columns, created_at: now })
    .onConflict('id')
    .merge(columns)
}

export const setActive = (
  db: Db,
  { advisorId, active, now }: { advisorId: string; active: boolean; now: Date },
) => db('advisors').where({ id: advisorId }).update({ active, updated_at: now })

export const setAccount = (
  db: Db,
  { advisorId, accountId, now }: { advisorId: string; accountId: number | null; now: Date },
) =>
  db('advisors')
    .where({ id: advisorId })
    .update({
      account_id: accountId,
      joined_at: accountId === null ? null : now,
      updated_at: now,
    })
