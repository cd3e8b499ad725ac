import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { ProjectBody } from '../../../shared/api/projects.ts'
import type { Settings as SettingValues } from '../../../shared/api/settings.ts'
import { maskPhone } from '../../../shared/phone.ts'
import type { Db } from '../../lib/db.ts'
import type { Audit } from '../audit/audit.ts'
import type { Customers } from '../customers/customers.ts'
import type { Settings } from '../settings/settings.ts'
import { findRemoved, mergeContent, type Content } from './content.rules.ts'
import { findCurrentStage, toStanding } from './projects.rules.ts'
import * as store from './projects.store.ts'

type Deps = {
  db: Db
  customers: Pick<Customers, 'resolvePhone' | 'hashPhone' | 'lockPhones'>
  settings: Pick<Settings, 'hold'>
  audit: Audit
  timeZone: string
  clock: () => Date
}
export type Operator = { name: string; requestId: string }
type Load = { orderNo: string; body: ProjectBody; operator: Operator }
type Saved = { id: string; created: boolean; changed: boolean; removed: string[]; conflicts: string[] }
type KnownParty = Awaited<ReturnType<typeof store.pageParties>>[number]

/** Loads an order; what the load leaves out stays, what it erases is named, and the same again changes nothing. */
export async function save(deps: Deps, load: Load): Promise<Saved> {
  const contentHash = createHash('sha256').update(JSON.stringify(load.body)).digest()
  return deps.db.transaction(async (db) => {
    const settings = await deps.settings.hold(db)
    const stored = await store.lockOrder(db, load.orderNo)
    if (!stored) return create(deps, db, { ...load, contentHash, settings })
    const same = { id: stored.id, created: false, changed: false, removed: [], conflicts: [] }
    return stored.contentHash.equals(contentHash) ? same : (await update(deps, db, { ...load, contentHash, settings, stored })) ?? same
  })
}

type Work = Load & { contentHash: Buffer; settings: SettingValues }

async function create(deps: Deps, db: Db, work: Work): Promise<Saved> {
  const now = deps.clock()
  const id = await write(deps, db, { ...work, content: mergeContent(null, work.body), now })
  await store.replaceParties(db, id, await resolveParties(deps, db, { body: work.body, known: [], now }), now)
  await record(deps, db, { ...work, before: null, removed: [], now })
  return { id, created: true, changed: true, removed: [], conflicts: [] }
}

/** Undefined when everything was so already. */
async function update(deps: Deps, db: Db, work: Work & { stored: store.StoredProject }): Promise<Saved | undefined> {
  const now = deps.clock()
  const { stored, body } = work
  const before = await readContent(db, stored)
  const content = mergeContent(before, body)
  const known = await store.pageParties(db, stored.id)
  const parties = await resolveParties(deps, db, { body, known, now })
  if (isDeepStrictEqual(before, content) && areSame(known, parties)) return undefined
  const removed = [...findRemoved(before, content), ...findRemovedViewers(deps, known, parties)]
  await write(deps, db, { ...work, content, now })
  await store.replaceParties(db, stored.id, parties, now)
  await record(deps, db, { ...work, before: { ...before, status: stored.status, stage: stored.stage }, removed, now })
  return { id: stored.id, created: false, changed: true, removed, conflicts: [] }
}

const toText = (at: Date | null): string | null => at?.toISOString() ?? null

async function readContent(db: Db, stored: store.StoredProject): Promise<Content> {
  const [stages, equipment] = [await store.pageStages(db, stored.id), await store.pageEquipment(db, stored.id)]
  return {
    title: stored.title, status: stored.statusStated ? stored.status : null, address: stored.address,
    designerUserid: stored.designerUserid, projectManagerUserid: stored.projectManagerUserid, order: stored.order,
    stages: stages.map((stage) => ({ ...stage, plannedAt: toText(stage.plannedAt), doneAt: toText(stage.doneAt) })),
    equipment: equipment.map((item) => ({ ...item, installedAt: toText(item.installedAt), warrantyUntil: toText(item.warrantyUntil) })),
  }
}

async function write({ timeZone }: Deps, db: Db, { orderNo, contentHash, settings, content, now }: Work & { content: Content; now: Date }): Promise<string> {
  const { stages, equipment, status, ...columns } = content
  const standing = toStanding({ orderNo, status, stages, signedAt: content.order['signedAt'] }, { settings, timeZone })
  const id = await store.upsertProject(db, {
    ...columns, ...standing, orderNo, contentHash, now, statusStated: status !== null, stage: findCurrentStage(stages) ?? null,
  })
  await store.replaceStages(db, id, stages)
  await store.replaceEquipment(db, id, equipment)
  return id
}

function record(deps: Deps, db: Db, { orderNo, body, operator, before, removed, now }: Work & { before: object | null; removed: string[]; now: Date }) {
  const viewers = body.viewers?.map((viewer) => ({ ...viewer, phone: maskPhone(viewer.phone) }))
  return deps.audit.record(db, {
    operator: operator.name, requestId: operator.requestId, operation: before ? 'project.updated' : 'project.created', target: { type: 'project', id: orderNo }, now,
    before, after: { ...body, customerPhone: maskPhone(body.customerPhone), ...(viewers && { viewers }), ...(removed.length > 0 && { removed }) },
  })
}

/** Owner first, then viewers; a phone that stands there already keeps its customer, whoever has the number now (D14). */
async function resolveParties(deps: Deps, db: Db, { body, known, now }: { body: ProjectBody; known: readonly KnownParty[]; now: Date }): Promise<store.Party[]> {
  const owner = { phone: body.customerPhone, role: 'owner', name: body.customerName ?? null }
  const viewers = (body.viewers ?? []).map(({ phone, role, name }) => ({ phone, role: role ?? 'viewer', name: name ?? null }))
  const wanted = [owner, ...viewers]
  await deps.customers.lockPhones(db, wanted.map(({ phone }) => phone))
  const parties = new Map<number, store.Party>()
  for (const { phone, role, name } of wanted) {
    const phoneHmac = deps.customers.hashPhone(phone)
    const customerId = known.find((party) => party.phoneHmac.equals(phoneHmac))?.customerId ?? (await deps.customers.resolvePhone(db, phone, now)).customerId
    if (!parties.has(customerId)) parties.set(customerId, { customerId, role, phoneHmac, name })
  }
  const stay = body.viewers === undefined ? known.filter(({ role, customerId }) => role !== 'owner' && !parties.has(customerId)) : []
  return [...parties.values(), ...stay]
}

const toKey = ({ customerId, role, phoneHmac }: store.Party): string => `${String(customerId)} ${role} ${phoneHmac.toString('hex')}`
const areSame = (before: readonly store.Party[], after: readonly store.Party[]): boolean =>
  isDeepStrictEqual(new Set(before.map(toKey)), new Set(after.map(toKey)))

/** A customer who has another phone by now is not told by that one. */
function findRemovedViewers({ customers }: Deps, before: readonly KnownParty[], after: readonly store.Party[]): string[] {
  const gone = before.filter(({ role, customerId }) => role !== 'owner' && !after.some((party) => party.customerId === customerId))
  return gone.map(({ phone, phoneHmac }) => `viewers: ${phone !== null && customers.hashPhone(phone).equals(phoneHmac) ? maskPhone(phone) : '***********'}`)
}

const BATCH = 500

/** Batch by batch, so that loads wait for a moment only. */
export async function applySettings(deps: Deps): Promise<void> {
  for (let after: string | null = null, ids: string[] = []; ; after = ids.at(-1) ?? null) {
    ids = await applyToBatch(deps, after)
    if (ids.length < BATCH) return
  }
}

const applyToBatch = ({ db: pool, settings, timeZone }: Deps, after: string | null): Promise<string[]> => pool.transaction(async (db) => {
  const values = await settings.hold(db)
  const ids = await store.lockProjects(db, { after, limit: BATCH })
  const rows = await store.pageStandings(db, ids)
  await store.updateStandings(db, rows.map((row) => ({ id: row.id, ...toStanding(row, { settings: values, timeZone }) })))
  return ids
})
