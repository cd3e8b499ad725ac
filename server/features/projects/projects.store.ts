import { lockKey, type Db } from '../../lib/db.ts'
import type { EquipmentContent, StageContent } from './content.rules.ts'
import type { Position, StatusKind } from './projects.rules.ts'

export type ItemRow = {
  id: string
  orderNo: string
  title: string
  status: string
  stage: string | null
  finished: boolean
  updatedAt: Date
  stagesDone: number
  stagesTotal: number
  /** When the stage it is at is planned to be done; of one that is finished, null. */
  nextAt: Date | null
}

/** Who asks: the customer of an account, and his right, looked up once (`offset 0`) however often it is used. */
const ASKER = `left join lateral (
    select a.customer_id, a.may_query from account_access a where a.account_id = q.account_id offset 0
  ) asker on true`

/** Projects that he may see, as owner or viewer. */
const VISIBLE = `
  from projects p
  where asker.may_query and p.id in (
    select s.project_id from shown_orders s where s.customer_id = asker.customer_id)`

/** What a list tells of a project `p`. */
export const ITEM = `p.id, p.order_no as "orderNo", p.title, p.status, p.stage, p.status_kind = 'finished' as finished, p.updated_at as "updatedAt",
  p.stages_done as "stagesDone", p.stages_total as "stagesTotal", case when p.status_kind <> 'finished' then p.next_at end as "nextAt"`

export type ListQuery = { accountId: number; limit: number }
type Asked = { n: number; mayQuery: boolean }

/** Pages of projects, newest first, in one statement that also proves the rights: `null` where there is none. */
export async function pageVisible(
  db: Db,
  queries: readonly ListQuery[],
  after: Position | null = null,
): Promise<(ItemRow[] | null)[]> {
  const { rows } = await db.raw<{ rows: (ItemRow & Asked)[] }>(
    `
    select q.n::int, coalesce(asker.may_query, false) as "mayQuery", item.*
    from unnest(:accountIds::bigint[], :limits::int[]) with ordinality as q (account_id, most, n)
    ${ASKER}
    left join lateral (
      select ${ITEM} ${VISIBLE}
        and (:afterAt::timestamptz is null or (p.updated_at, p.id) < (:afterAt::timestamptz, :afterId::uuid))
      order by p.updated_at desc, p.id desc limit q.most
    ) item on true
    order by item."updatedAt" desc, item.id desc`,
    {
      accountIds: queries.map(({ accountId }) => accountId),
      limits: queries.map(({ limit }) => limit),
      afterAt: after?.updatedAt.toISOString() ?? null,
      afterId: after?.id ?? null,
    },
  )
  const pages = queries.map((): ItemRow[] | null => null)
  for (const { n, mayQuery, ...item } of rows) {
    if (!mayQuery) continue
    const page = (pages[n - 1] ??= [])
    if (item.id !== null) page.push(item)
  }
  return pages
}

export const findAccountOfContact = async (
  db: Db,
  externalUserId: string,
): Promise<number | undefined> =>
  (
    await db('account_access')
      .where({ external_userid: externalUserId, may_query: true })
      .first<{ account_id: number } | undefined>('account_id')
  )?.account_id

export type DetailQuery = { accountId: number; id: string }
export type DetailRow = ItemRow & {
  address: string | null
  order: Record<string, unknown>
  designer: string | null
  designerName: string | null
  projectManager: string | null
  projectManagerName: string | null
  stages: StageRow[]
  equipment: EquipmentRow[]
}

const STAGES = `coalesce((
  select json_agg(json_build_object('name', s.name, 'status', s.status, 'plannedAt', s.planned_at, 'doneAt', s.done_at, 'note', s.note) order by s.position)
  from project_stages s where s.project_id = p.id), '[]')`
const EQUIPMENT = `coalesce((
  select json_agg(json_build_object('name', e.name, 'model', e.model, 'serialNo', e.serial_no, 'installedAt', e.installed_at, 'warrantyUntil', e.warranty_until) order by e.position)
  from project_equipment e where e.project_id = p.id), '[]')`

/** A member's name, as WeCom has told it; who has left is not named to customers. */
const nameOf = (column: string): string =>
  `(select m.name from members m where m.userid = p.${column} and (m.standing in ('gone', 'disabled')) is not true)`

/** Single projects in one statement that also proves the rights: `null` where there is none, undefined where it is not his. */
export async function findVisible(
  db: Db,
  queries: readonly DetailQuery[],
): Promise<(DetailRow | undefined | null)[]> {
  const { rows } = await db.raw<{ rows: (DetailRow & Asked)[] }>(
    `
    select q.n::int, coalesce(asker.may_query, false) as "mayQuery", found.*
    from unnest(:accountIds::bigint[], :ids::uuid[]) with ordinality as q (account_id, project_id, n)
    ${ASKER}
    left join lateral (
      select ${ITEM}, p.address, p.order_info as "order",
        p.designer_userid as designer, ${nameOf('designer_userid')} as "designerName",
        p.project_manager_userid as "projectManager", ${nameOf('project_manager_userid')} as "projectManagerName",
        ${STAGES} as stages, ${EQUIPMENT} as equipment
      ${VISIBLE} and p.id = q.project_id
    ) found on true
    order by q.n`,
    { accountIds: queries.map(({ accountId }) => accountId), ids: queries.map(({ id }) => id) },
  )
  return rows.map(({ n: _, mayQuery, ...found }) => {
    if (!mayQuery) return null
    return found.id === null ? undefined : toDetail(found)
  })
}

/** JSON knows no instants. */
const toDetail = (row: DetailRow): DetailRow => ({
  ...row,
  stages: row.stages.map((stage) => ({
    ...stage,
    plannedAt: toInstant(stage.plannedAt),
    doneAt: toInstant(stage.doneAt),
  })),
  equipment: row.equipment.map((item) => ({
    ...item,
    installedAt: toInstant(item.installedAt),
    warrantyUntil: toInstant(item.warrantyUntil),
  })),
})
const toInstant = (text: Date | null): Date | null => (text === null ? null : new Date(text))

export type StageRow = {
  name: string
  status: 'pending' | 'active' | 'done'
  plannedAt: Date | null
  doneAt: Date | null
  note: string | null
}
export type EquipmentRow = {
  name: string
  model: string | null
  serialNo: string | null
  installedAt: Date | null
  warrantyUntil: Date | null
}

export const pageStages = (db: Db, projectId: string) =>
  db('project_stages').where({ project_id: projectId }).orderBy('position').select<StageRow[]>({
    name: 'name',
    status: 'status',
    plannedAt: 'planned_at',
    doneAt: 'done_at',
    note: 'note',
  })

export const pageEquipment = (db: Db, projectId: string) =>
  db('project_equipment')
    .where({ project_id: projectId })
    .orderBy('position')
    .select<EquipmentRow[]>({
      name: 'name',
      model: 'model',
      serialNo: 'serial_no',
      installedAt: 'installed_at',
      warrantyUntil: 'warranty_until',
    })

export type StoredProject = {
  id: string
  contentHash: Buffer
  title: string
  status: string
  statusStated: boolean
  stage: string | null
  address: string | null
  designerUserid: string | null
  projectManagerUserid: string | null
  order: Record<string, unknown>
  hidden: boolean
}

/** Locks the order number, so that two loads of one order follow each other. */
export async function lockOrder(db: Db, orderNo: string): Promise<StoredProject | undefined> {
  await lockKey(db, `order:${orderNo}`)
  return db('projects')
    .where({ order_no: orderNo })
    .select({
      id: 'id',
      contentHash: 'content_hash',
      title: 'title',
      status: 'status',
      statusStated: 'status_stated',
      stage: 'stage',
      address: 'address',
      designerUserid: 'designer_userid',
      projectManagerUserid: 'project_manager_userid',
      order: 'order_info',
      hidden: db.raw('hidden_at is not null'),
    })
    .first<StoredProject | undefined>()
}

export type ProjectRow = Omit<StoredProject, 'id' | 'hidden'> & {
  orderNo: string
  /** Said when it is stored first. */
  imported: boolean
  statusKind: StatusKind
  signedAt: Date | null
  finishedAt: Date | null
  nextAt: Date | null
  /** Those that `replaceStages` writes beside it. */
  stages: readonly StageContent[]
  now: Date
}

export async function upsertProject(db: Db, row: ProjectRow): Promise<string> {
  const columns = {
    title: row.title,
    status: row.status,
    status_stated: row.statusStated,
    status_kind: row.statusKind,
    stage: row.stage,
    address: row.address,
    designer_userid: row.designerUserid,
    project_manager_userid: row.projectManagerUserid,
    order_info: row.order,
    signed_at: row.signedAt,
    finished_at: row.finishedAt,
    stages_done: row.stages.filter(({ status }) => status === 'done').length,
    stages_total: row.stages.length,
    next_at: row.nextAt,
    content_hash: row.contentHash,
    updated_at: row.now,
  }
  const [saved] = await db('projects')
    .insert({ order_no: row.orderNo, imported: row.imported, created_at: row.now, ...columns })
    .onConflict('order_no')
    .merge(columns)
    .returning<{ id: string }[]>('id')
  return saved!.id
}

export async function replaceStages(
  db: Db,
  projectId: string,
  stages: readonly StageContent[],
): Promise<void> {
  await db('project_stages').where({ project_id: projectId }).delete()
  if (stages.length === 0) return
  await db('project_stages').insert(
    stages.map((stage, position) => ({
      project_id: projectId,
      position,
      name: stage.name,
      status: stage.status,
      planned_at: stage.plannedAt,
      done_at: stage.doneAt,
      note: stage.note,
    })),
  )
}

export async function replaceEquipment(
  db: Db,
  projectId: string,
  equipment: readonly EquipmentContent[],
): Promise<void> {
  await db('project_equipment').where({ project_id: projectId }).delete()
  if (equipment.length === 0) return
  await db('project_equipment').insert(
    equipment.map((item, position) => ({
      project_id: projectId,
      position,
      name: item.name,
      model: item.model,
      serial_no: item.serialNo,
      installed_at: item.installedAt,
      warranty_until: item.warrantyUntil,
    })),
  )
}
