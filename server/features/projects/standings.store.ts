import type { Db } from '../../lib/db.ts'
import type { StatusKind } from './projects.rules.ts'
import type { StageRow } from './projects.store.ts'

/** The next projects by id, locked: what is read of them now, no load changes before the transaction ends. */
export const lockProjects = (db: Db, { after, limit }: { after: string | null; limit: number }) =>
  db('projects')
    .modify((query) => void (after !== null && query.where('id', '>', after)))
    .orderBy('id')
    .limit(limit)
    .forUpdate()
    .pluck<string[]>('id')

export type StandingRow = {
  id: string
  orderNo: string
  status: string | null
  signedAt: unknown
  stages: { name: string; status: StageRow['status']; doneAt: string | null }[]
}

export async function pageStandings(db: Db, ids: readonly string[]): Promise<StandingRow[]> {
  const { rows } = await db.raw<{ rows: StandingRow[] }>(
    `
    select p.id, p.order_no as "orderNo", case when p.status_stated then p.status end as status, p.order_info -> 'signedAt' as "signedAt",
      coalesce((select json_agg(json_build_object('name', s.name, 'status', s.status, 'doneAt', s.done_at))
        from project_stages s where s.project_id = p.id), '[]') as stages
    from projects p where p.id = any(:ids)`,
    { ids },
  )
  return rows
}

export type Standing = {
  id: string
  status: string
  statusKind: StatusKind
  signedAt: Date | null
  finishedAt: Date | null
}

/** What the settings say about orders that nobody loaded: not a change that a customer would see as one. */
export const updateStandings = (db: Db, rows: readonly Standing[]) =>
  db.raw(
    `
  update projects p set status = n.status, status_kind = n."statusKind", signed_at = n."signedAt", finished_at = n."finishedAt"
  from jsonb_to_recordset(:rows::jsonb) as n (id uuid, status text, "statusKind" text, "signedAt" timestamptz, "finishedAt" timestamptz)
  where p.id = n.id and (p.status, p.status_kind, p.signed_at, p.finished_at) is distinct from (n.status, n."statusKind", n."signedAt", n."finishedAt")`,
    { rows: JSON.stringify(rows) },
  )
