import { lockKey, type Db } from '../../lib/db.ts'
import type { Position } from './projects.rules.ts'

export type ItemRow = {
  id: string
  orderNo: string
  title: string
  status: string
  stage: string | null
  finishedAt: Date | null
  updatedAt: Date
  stagesDone: number
  stagesTotal: number
}

/** Projects that the customer of an account may see, in one place: what is his (table A) and shown (table B), as owner or viewer. */
const VISIBLE = `
  from account_access a
  join project_parties pp on pp.customer_id = a.customer_id and pp.state = 'attached' and pp.shown
  join projects p on p.id = pp.project_id
  where a.account_id = :accountId and a.may_query`

const ITEM = `p.id, p.order_no as "orderNo", p.title, p.status, p.stage, p.finished_at as "finishedAt", p.updated_at as "updatedAt",
  (select count(*)::int from project_stages s where s.project_id = p.id and s.status = 'done') as "stagesDone",
  (select count(*)::int from project_stages s where s.project_id = p.id) as "stagesTotal"`

/** A page of projects, newest first, in one statement that also proves the right: `null` when there is none. */
export async function pageVisible(db: Db, query: { accountId: number; after: Position | null; limit: number }): Promise<ItemRow[] | null> {
  const { rows } = await db.raw<{ rows: (ItemRow & { mayQuery: boolean })[] }>(`
    select m."mayQuery", item.*
    from (select coalesce((select may_query from account_access where account_id = :accountId), false) as "mayQuery") m
    left join lateral (
      select distinct ${ITEM} ${VISIBLE}
        and (:afterAt::timestamptz is null or (p.updated_at, p.id) < (:afterAt::timestamptz, :afterId::uuid))
      order by p.updated_at desc, p.id desc limit :limit
    ) item on m."mayQuery"`,
    { accountId: query.accountId, afterAt: query.after?.updatedAt.toISOString() ?? null, afterId: query.after?.id ?? null, limit: query.limit })
  return rows[0]?.mayQuery ? rows.filter((row) => row.id !== null) : null
}

export const findAccountOfContact = async (db: Db, externalUserId: string): Promise<number | undefined> =>
  (await db('account_access').where({ external_userid: externalUserId, may_query: true }).first<{ account_id: number } | undefined>('account_id'))?.account_id

export const mayQuery = async (db: Db, accountId: number): Promise<boolean> =>
  (await db('account_access').where({ account_id: accountId, may_query: true }).first('account_id')) !== undefined

export type DetailRow = ItemRow & { address: string | null; order: Record<string, unknown>; designer: string | null; projectManager: string | null }

export async function findVisible(db: Db, query: { accountId: number; id: string }): Promise<DetailRow | undefined> {
  const { rows } = await db.raw<{ rows: DetailRow[] }>(`
    select ${ITEM}, p.address, p.order_info as "order", p.designer_userid as designer, p.project_manager_userid as "projectManager"
    ${VISIBLE} and p.id = :id limit 1`, query)
  return rows[0]
}

export type StageRow = { name: string; status: 'pending' | 'active' | 'done'; plannedAt: Date | null; doneAt: Date | null; note: string | null }
export type EquipmentRow = { name: string; model: string | null; serialNo: string | null; installedAt: Date | null; warrantyUntil: Date | null }

export const pageStages = (db: Db, projectId: string) => db('project_stages').where({ project_id: projectId }).orderBy('position')
  .select<StageRow[]>({ name: 'name', status: 'status', plannedAt: 'planned_at', doneAt: 'done_at', note: 'note' })

export const pageEquipment = (db: Db, projectId: string) => db('project_equipment').where({ project_id: projectId }).orderBy('position')
  .select<EquipmentRow[]>({ name: 'name', model: 'model', serialNo: 'serial_no', installedAt: 'installed_at', warrantyUntil: 'warranty_until' })

export type StoredProject = { id: string; contentHash: Buffer; title: string; status: string; stage: string | null; finishedAt: Date | null }

/** Locks the order number, so that two loads of one order follow each other. */
export async function lockOrder(db: Db, orderNo: string): Promise<StoredProject | undefined> {
  await lockKey(db, `order:${orderNo}`)
  return db('projects').where({ order_no: orderNo })
    .select({ id: 'id', contentHash: 'content_hash', title: 'title', status: 'status', stage: 'stage', finishedAt: 'finished_at' }).first<StoredProject | undefined>()
}

export type ProjectRow = {
  orderNo: string; title: string; status: string; stage: string | null; address: string | null; designer: string | null; projectManager: string | null
  order: object; finishedAt: Date | null; contentHash: Buffer; now: Date
}

export async function upsertProject(db: Db, row: ProjectRow): Promise<string> {
  const columns = {
    title: row.title, status: row.status, stage: row.stage, address: row.address, designer_userid: row.designer, project_manager_userid: row.projectManager,
    order_info: row.order, finished_at: row.finishedAt, content_hash: row.contentHash, updated_at: row.now,
  }
  const [saved] = await db('projects').insert({ order_no: row.orderNo, created_at: row.now, ...columns }).onConflict('order_no').merge(columns).returning<{ id: string }[]>('id')
  return saved!.id
}

export async function replaceStages(db: Db, projectId: string, stages: readonly (Omit<StageRow, 'plannedAt' | 'doneAt'> & { plannedAt: string | null; doneAt: string | null })[]): Promise<void> {
  await db('project_stages').where({ project_id: projectId }).delete()
  if (stages.length === 0) return
  await db('project_stages').insert(stages.map((stage, position) => ({
    project_id: projectId, position, name: stage.name, status: stage.status, planned_at: stage.plannedAt, done_at: stage.doneAt, note: stage.note,
  })))
}

export async function replaceEquipment(db: Db, projectId: string, equipment: readonly (Omit<EquipmentRow, 'installedAt' | 'warrantyUntil'> & { installedAt: string | null; warrantyUntil: string | null })[]): Promise<void> {
  await db('project_equipment').where({ project_id: projectId }).delete()
  if (equipment.length === 0) return
  await db('project_equipment').insert(equipment.map((item, position) => ({
    project_id: projectId, position, name: item.name, model: item.model, serial_no: item.serialNo, installed_at: item.installedAt, warranty_until: item.warrantyUntil,
  })))
}
