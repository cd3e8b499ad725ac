import { createHash } from 'node:crypto'
import type { ProjectBody, ProjectDetail, ProjectItem } from '../../../shared/api/projects.ts'
import { maskPhone } from '../../../shared/phone.ts'
import type { Db } from '../../lib/db.ts'
import type { Audit } from '../audit/audit.ts'
import type { Customers } from '../customers/customers.ts'
import type { Ownership } from '../ownership/ownership.ts'
import { DEFAULT_STATUS, findCurrentStage, findFinishedAt, FINISHED_STATUS, isFinished, readCursor, toCursor } from './projects.rules.ts'
import * as store from './projects.store.ts'

type Deps = { db: Db; customers: Pick<Customers, 'resolvePhone' | 'hashPhone' | 'lockNumbers' | 'considerNumbers'>; ownership: Ownership; audit: Audit; clock: () => Date }
type Page = { kind: 'page'; items: ProjectItem[]; nextCursor?: string } | { kind: 'not_allowed' } | { kind: 'bad_cursor' }
type Operator = { name: string; requestId: string }

/** Projects and how far they are. Customers see their own; who that is, the one query proves (story 3 of house.md). */
export function createProjects(deps: Deps) {
  return {
    /** A page of the customer's projects, newest change first, finished ones too. */
    listFor: (accountId: number, page: { cursor?: string; limit: number }) => listFor(deps, accountId, page),
    /** The newest projects of a contact's customer, or null when nobody may see them there. */
    listForContact: async (externalUserId: string): Promise<ProjectItem[] | null> => {
      const accountId = await store.findAccountOfContact(deps.db, externalUserId)
      const rows = accountId === undefined ? null : await store.pageVisible(deps.db, { accountId, after: null, limit: 5 })
      return rows && rows.map(toItem)
    },
    /** One project, with stages, equipment and order; somebody else's does not exist. */
    findFor: (accountId: number, id: string) => findFor(deps, accountId, id),
    /** Loads an order; the same content again changes nothing. */
    save: (orderNo: string, body: ProjectBody, operator: Operator) => save(deps, orderNo, body, operator),
  }
}
export type Projects = ReturnType<typeof createProjects>

async function listFor(deps: Deps, accountId: number, page: { cursor?: string; limit: number }): Promise<Page> {
  const after = page.cursor === undefined ? null : readCursor(page.cursor)
  if (page.cursor !== undefined && after === null) return { kind: 'bad_cursor' }
  const rows = await store.pageVisible(deps.db, { accountId, after, limit: page.limit + 1 })
  if (rows === null) return { kind: 'not_allowed' }
  const shown = rows.slice(0, page.limit)
  const last = shown.at(-1)
  return { kind: 'page', items: shown.map(toItem), ...(rows.length > page.limit && last && { nextCursor: toCursor(last) }) }
}

async function findFor(deps: Deps, accountId: number, id: string): Promise<ProjectDetail | 'not_allowed' | 'unknown'> {
  const row = await store.findVisible(deps.db, { accountId, id })
  if (!row) return (await store.mayQuery(deps.db, accountId)) ? 'unknown' : 'not_allowed'
  const [stages, equipment] = await Promise.all([store.pageStages(deps.db, id), store.pageEquipment(deps.db, id)])
  return {
    ...toItem(row),
    ...(row.address !== null && { address: row.address }),
    ...(row.designer !== null && { designerUserid: row.designer }),
    ...(row.projectManager !== null && { projectManagerUserid: row.projectManager }),
    stages: stages.map((stage) => present(stage)),
    equipment: equipment.map((item) => present(item)),
    order: row.order,
  }
}

type Presented<T> = { [Key in keyof T as null extends T[Key] ? never : Key]: T[Key] } & { [Key in keyof T as null extends T[Key] ? Key : never]?: Exclude<T[Key], null | Date> | (Date extends T[Key] ? string : never) }

/** Absent instead of null, instants as text. */
const present = <T extends object>(row: T): Presented<T> => Object.fromEntries(Object.entries(row)
  .filter(([, value]) => value !== null).map(([key, value]) => [key, value instanceof Date ? value.toISOString() : value])) as Presented<T>

const toItem = (row: store.ItemRow): ProjectItem => ({
  id: row.id, orderNo: row.orderNo, title: row.title, status: row.status, finished: row.finishedAt !== null,
  ...(row.stage !== null && { stage: row.stage }), stagesDone: row.stagesDone, stagesTotal: row.stagesTotal, updatedAt: row.updatedAt.toISOString(),
})

async function save(deps: Deps, orderNo: string, body: ProjectBody, operator: Operator): Promise<{ id: string; created: boolean; changed: boolean }> {
  const contentHash = createHash('sha256').update(JSON.stringify(body)).digest()
  return deps.db.transaction(async (db) => {
    const stored = await store.lockOrder(db, orderNo)
    if (stored?.contentHash.equals(contentHash)) return { id: stored.id, created: false, changed: false }
    const now = deps.clock()
    const id = await store.upsertProject(db, { ...toRow(body, stored?.finishedAt ?? null, now), orderNo, contentHash, now })
    await store.replaceStages(db, id, (body.stages ?? []).map((stage) => ({ name: stage.name, status: stage.status, plannedAt: stage.plannedAt ?? null, doneAt: stage.doneAt ?? null, note: stage.note ?? null })))
    await store.replaceEquipment(db, id, (body.equipment ?? []).map((item) => ({ name: item.name, model: item.model ?? null, serialNo: item.serialNo ?? null, installedAt: item.installedAt ?? null, warrantyUntil: item.warrantyUntil ?? null })))
    await saveParties(deps, db, id, body, now)
    await deps.audit.record(db, {
      operator: operator.name, requestId: operator.requestId, operation: stored ? 'project.updated' : 'project.created', target: { type: 'project', id: orderNo }, now,
      before: stored ? { title: stored.title, status: stored.status, stage: stored.stage } : null,
      after: { ...body, customerPhone: maskPhone(body.customerPhone), viewers: body.viewers?.map((viewer) => ({ ...viewer, phone: maskPhone(viewer.phone) })) },
    })
    return { id, created: !stored, changed: true }
  })
}

function toRow(body: ProjectBody, finishedBefore: Date | null, now: Date): Omit<store.ProjectRow, 'orderNo' | 'contentHash' | 'now'> {
  const stages = body.stages ?? []
  const finished = isFinished(body.status, stages)
  return {
    title: body.title, status: body.status ?? (finished ? FINISHED_STATUS : DEFAULT_STATUS), stage: findCurrentStage(stages) ?? null,
    address: body.address ?? null, designer: body.designerUserid ?? null, projectManager: body.projectManagerUserid ?? null,
    order: body.order ?? {}, finishedAt: findFinishedAt({ status: body.status, stages, signedAt: body.order?.signedAt, finishedBefore, now }),
  }
}

type Named = { phone: string; role: string; name: string | null }

/** Owner first, then viewers; a phone that stands there twice counts as what it is first. */
function toNamed(body: ProjectBody): Named[] {
  const owner = { phone: body.customerPhone, role: 'owner', name: body.customerName ?? null }
  const viewers = (body.viewers ?? []).map(({ phone, role, name }) => ({ phone, role: role ?? 'viewer', name: name ?? null }))
  const each = new Map<string, Named>()
  for (const one of [owner, ...viewers]) if (!each.has(one.phone)) each.set(one.phone, one)
  return [...each.values()]
}

/** Whose the order is, is decided for every number that it names or named before (table A); progress alone decides nothing. */
async function saveParties(deps: Deps, db: Db, projectId: string, body: ProjectBody, now: Date): Promise<void> {
  const named = toNamed(body).map((one) => ({ ...one, phoneHmac: deps.customers.hashPhone(one.phone) }))
  const before = await deps.ownership.pageOfProject(db, projectId)
  const phoneHmacs = [...named.map((one) => one.phoneHmac), ...before.map((party) => party.phoneHmac)]
  await deps.customers.lockNumbers(db, phoneHmacs)
  for (const { phone } of named) await deps.customers.resolvePhone(db, phone, now)
  if (deps.ownership.isNews(before, named)) {
    await deps.ownership.replaceParties(db, projectId, named, now)
    await deps.customers.considerNumbers(db, { phoneHmacs, now })
  }
  await deps.ownership.refreshShown(db, projectId, now)
}
