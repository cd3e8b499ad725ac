import type { Db } from '../../lib/db.ts'

export type MembersOrder = { id: string; orderNo: string; asDesigner: boolean; asManager: boolean }

/** The orders of a member, locked until the transaction ends. */
export const lockOrdersOf = async (db: Db, userId: string): Promise<MembersOrder[]> => {
  const { rows } = await db.raw<{ rows: MembersOrder[] }>(
    `
    select p.id, p.order_no as "orderNo", p.designer_userid is not distinct from :userId as "asDesigner", p.project_manager_userid is not distinct from :userId as "asManager"
    from projects p
    where p.id = any(array(
      select id from projects where designer_userid = :userId union select id from projects where project_manager_userid = :userId))
    order by p.id for update of p`,
    { userId },
  )
  return rows
}

/** Nothing of it is news to the customer: it stays where it is in his list. */
export const giveOrders = (
  db: Db,
  { ids, from, to }: { ids: readonly string[]; from: string; to: string },
) =>
  db.raw(
    `
    update projects set
      designer_userid = case when designer_userid = :from then :to else designer_userid end,
      project_manager_userid = case when project_manager_userid = :from then :to else project_manager_userid end
    where id = any(:ids::uuid[])`,
    { ids, from, to },
  )

/** Those of these members whose names nobody has told. */
export async function pageNameless(db: Db, userIds: readonly string[]): Promise<string[]> {
  const { rows } = await db.raw<{ rows: { userId: string }[] }>(
    `
    select distinct u.userid as "userId" from unnest(:userIds::text[]) as u (userid)
    where not exists (select 1 from members m where m.userid = u.userid and m.name is not null)`,
    { userIds: [...userIds] },
  )
  return rows.map(({ userId }) => userId)
}
