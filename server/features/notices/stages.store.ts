import type { Db } from '../../lib/db.ts'

/** Who may see this project now, owner or viewer: the mini-program's accounts, and the official account's where he has no other. */
export async function pageAudience(db: Db, projectId: string): Promise<number[]> {
  const { rows } = await db.raw<{ rows: { accountId: number }[] }>(
    `
    select distinct x.account_id as "accountId" from shown_orders s
    join account_access x on x.customer_id = s.customer_id and x.may_query
    join accounts a on a.id = x.account_id
    where s.project_id = :projectId and (a.app = 'miniprogram' or not exists (
      select 1 from live_ties t where t.customer_id = x.customer_id and t.app = 'miniprogram'))`,
    { projectId },
  )
  return rows.map(({ accountId }) => accountId)
}

/** To whom an account is tied now. */
export const findTied = (db: Db, accountId: number) =>
  db('account_access')
    .where({ account_id: accountId })
    .select({ customerId: 'customer_id', externalUserId: 'external_userid' })
    .first<{ customerId: number; externalUserId: string } | undefined>()

export type Unreached = {
  noticeId: number
  accountId: number
  /** null: he is tied to nobody any more. */
  customerId: number | null
  projectId: string
  stage: string
}

/** Takes the customers whom no message reached, for members to tell; whoever takes them tells. */
export async function claimUnreached(db: Db, now: Date): Promise<Unreached[]> {
  const { rows } = await db.raw<{ rows: Unreached[] }>(
    `
    with taken as (
      update notice_sendings set taken_at = :now, outcome = 'sent' where way = 'staff' and taken_at is null returning notice_id
    )
    select n.id as "noticeId", n.account_id as "accountId", x.customer_id as "customerId", n.project_id as "projectId", n.stage
    from taken t join notices n on n.id = t.notice_id left join account_access x on x.account_id = n.account_id
    where n.kind = 'stage' order by n.id`,
    { now: now.toISOString() },
  )
  return rows
}

/** The message certainly did not leave: it may be sent again. */
export const releaseUnreached = (db: Db, noticeIds: readonly number[]) =>
  db('notice_sendings')
    .where({ way: 'staff' })
    .whereIn('notice_id', noticeIds)
    .update({ taken_at: null, outcome: null })
