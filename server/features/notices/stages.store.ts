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
