import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { ProjectBody } from '../../../shared/api/projects.ts'
import type { Settings as SettingValues } from '../../../shared/api/settings.ts'
import { maskPhone } from '../../../shared/phone.ts'
import type { Db } from '../../lib/db.ts'
import type { Audit } from '../audit/audit.ts'
import type { Customers } from '../customers/customers.ts'
import type { Ownership, Party } from '../ownership/ownership.ts'
import type { Settings } from '../settings/settings.ts'
import { findRemoved, mergeContent, type Content } from './content.rules.ts'
import { findCurrentStage, toStanding } from './projects.rules.ts'
import * as store from './projects.store.ts'

type Deps = {
  db: Db
  customers: Pick<
    Customers,
    'resolvePhone' | 'hashPhone' | 'lockNumbers' | 'considerNumbers' | 'maskNumber'
  >
  ownership: Pick<Ownership, 'isNews' | 'pageOfProject' | 'refreshShown' | 'replaceParties'>
  settings: Pick<Settings, 'hold'>
  audit: Audit
  timeZone: string
  clock: () => Date
}
export type Operator = { name: string; requestId: string }
type Load = { orderNo: string; body: ProjectBody; operator: Operator }
/** `state`: of the owner's party, after the load. */
type Saved = {
  id: string
  created: boolean
  changed: boolean
  state: Party['state']
  removed: string[]
  conflicts: string[]
}

/** Loads an order; what the load leaves out stays, what it erases is named, and the same again changes nothing. */
export async function save(deps: Deps, load: Load): Promise<Saved> {
  const contentHash = createHash('sha256').update(JSON.stringify(load.body)).digest()
  return deps.db.transaction(async (db) => {
    const settings = await deps.settings.hold(db)
    const stored = await store.lockOrder(db, load.orderNo)
    if (!stored) return create(deps, db, { ...load, contentHash, settings })
    const same = {
      id: stored.id,
      created: false,
      changed: false,
      state: await findState(deps, db, stored.id),
      removed: [],
      conflicts: [],
    }
    return stored.contentHash.equals(contentHash)
      ? same
      : ((await update(deps, db, { ...load, contentHash, settings, stored })) ?? same)
  })
}

type Work = Load & { contentHash: Buffer; settings: SettingValues }

async function create(deps: Deps, db: Db, work: Work): Promise<Saved> {
  const now = deps.clock()
  const id = await write(deps, db, { ...work, content: mergeContent(null, work.body), now })
  await writeParties(deps, db, id, { known: [], wanted: toWanted(deps, work.body, []), now })
  await record(deps, db, { ...work, before: null, removed: [], now })
  return {
    id,
    created: true,
    changed: true,
    state: await findState(deps, db, id),
    removed: [],
    conflicts: [],
  }
}

/** Undefined when everything was so already. */
async function update(
  deps: Deps,
  db: Db,
  work: Work & { stored: store.StoredProject },
): Promise<Saved | undefined> {
  const now = deps.clock()
  const { stored, body } = work
  const before = await readContent(db, stored)
  const content = mergeContent(before, body)
  const known = await deps.ownership.pageOfProject(db, stored.id)
  const wanted = toWanted(deps, body, known)
  if (isDeepStrictEqual(before, content) && !deps.ownership.isNews(known, wanted)) return undefined
  const removed = [
    ...findRemoved(before, content),
    ...(await findRemovedViewers(deps, db, known, wanted)),
  ]
  await write(deps, db, { ...work, content, now })
  await writeParties(deps, db, stored.id, { known, wanted, now })
  await record(deps, db, {
    ...work,
    before: { ...before, status: stored.status, stage: stored.stage },
    removed,
    now,
  })
  return {
    id: stored.id,
    created: false,
    changed: true,
    state: await findState(deps, db, stored.id),
    removed,
    conflicts: [],
  }
}

const toText = (at: Date | null): string | null => at?.toISOString() ?? null

async function readContent(db: Db, stored: store.StoredProject): Promise<Content> {
  const [stages, equipment] = [
    await store.pageStages(db, stored.id),
    await store.pageEquipment(db, stored.id),
  ]
  return {
    title: stored.title,
    status: stored.statusStated ? stored.status : null,
    address: stored.address,
    designerUserid: stored.designerUserid,
    projectManagerUserid: stored.projectManagerUserid,
    order: stored.order,
    stages: stages.map((stage) => ({
      ...stage,
      plannedAt: toText(stage.plannedAt),
      doneAt: toText(stage.doneAt),
    })),
    equipment: equipment.map((item) => ({
      ...item,
      installedAt: toText(item.installedAt),
      warrantyUntil: toText(item.warrantyUntil),
    })),
  }
}

async function write(
  { timeZone }: Deps,
  db: Db,
  { orderNo, contentHash, settings, content, now }: Work & { content: Content; now: Date },
): Promise<string> {
  const { stages, equipment, status, ...columns } = content
  const standing = toStanding(
    { orderNo, status, stages, signedAt: content.order['signedAt'] },
    { settings, timeZone },
  )
  const id = await store.upsertProject(db, {
    ...columns,
    ...standing,
    orderNo,
    contentHash,
    now,
    statusStated: status !== null,
    stage: findCurrentStage(stages) ?? null,
  })
  await store.replaceStages(db, id, stages)
  await store.replaceEquipment(db, id, equipment)
  return id
}

function record(
  deps: Deps,
  db: Db,
  {
    orderNo,
    body,
    operator,
    before,
    removed,
    now,
  }: Work & { before: object | null; removed: string[]; now: Date },
) {
  const viewers = body.viewers?.map((viewer) => ({ ...viewer, phone: maskPhone(viewer.phone) }))
  return deps.audit.record(db, {
    operator: operator.name,
    requestId: operator.requestId,
    operation: before ? 'project.updated' : 'project.created',
    target: { type: 'project', id: orderNo },
    now,
    before,
    after: {
      ...body,
      customerPhone: maskPhone(body.customerPhone),
      ...(viewers && { viewers }),
      ...(removed.length > 0 && { removed }),
    },
  })
}

const findState = async ({ ownership }: Deps, db: Db, projectId: string): Promise<Party['state']> =>
  (await ownership.pageOfProject(db, projectId)).find((party) => party.role === 'owner')?.state ??
  'waiting'

/** A party as a load names it; `phone` null: a viewer of before, whom the load leaves as he is. */
type Wanted = { phone: string | null; phoneHmac: Buffer; role: string; name: string | null }

/** Owner first, then viewers; a phone that stands there twice counts as what it is first. Names and viewers that are left out stay. */
function toWanted({ customers }: Deps, body: ProjectBody, known: readonly Party[]): Wanted[] {
  const viewers = body.viewers?.map(({ phone, role, name }) => ({
    phone,
    role: role ?? 'viewer',
    name,
  }))
  const named = [
    { phone: body.customerPhone, role: 'owner', name: body.customerName },
    ...(viewers ?? []),
  ].map(({ phone, role, name }) => {
    const phoneHmac = customers.hashPhone(phone)
    const before =
      known.find((party) => party.phoneHmac.equals(phoneHmac)) ??
      (role === 'owner' ? known.find((party) => party.role === 'owner') : undefined)
    return { phone, phoneHmac, role, name: name === undefined ? (before?.name ?? null) : name }
  })
  const stay =
    viewers === undefined
      ? known
          .filter(({ role }) => role !== 'owner')
          .map(({ phoneHmac, role, name }) => ({ phone: null, phoneHmac, role, name }))
      : []
  const each = new Map<string, Wanted>()
  for (const one of [...named, ...stay])
    if (!each.has(one.phoneHmac.toString('hex'))) each.set(one.phoneHmac.toString('hex'), one)
  return [...each.values()]
}

type Parties = { known: readonly Party[]; wanted: readonly Wanted[]; now: Date }

/** Whose the order is, is decided for every number that it names or named before (table A); progress alone decides nothing. */
async function writeParties(
  { customers, ownership }: Deps,
  db: Db,
  projectId: string,
  { known, wanted, now }: Parties,
): Promise<void> {
  const phoneHmacs = [...wanted, ...known].map((one) => one.phoneHmac)
  await customers.lockNumbers(db, phoneHmacs)
  for (const { phone } of wanted) if (phone !== null) await customers.resolvePhone(db, phone, now)
  if (ownership.isNews(known, wanted)) {
    await ownership.replaceParties(db, projectId, wanted, now)
    await customers.considerNumbers(db, { phoneHmacs, now })
  }
  await ownership.refreshShown(db, projectId, now)
}

async function findRemovedViewers(
  { customers }: Deps,
  db: Db,
  known: readonly Party[],
  wanted: readonly Wanted[],
): Promise<string[]> {
  const gone = known.filter(
    (party) =>
      party.role !== 'owner' && !wanted.some((one) => one.phoneHmac.equals(party.phoneHmac)),
  )
  return Promise.all(
    gone.map(async ({ phoneHmac }) => `viewers: ${await customers.maskNumber(db, phoneHmac)}`),
  )
}

const BATCH = 500

/** Batch by batch, so that loads wait for a moment only. */
export async function applySettings(deps: Deps): Promise<void> {
  for (let after: string | null = null, ids: string[] = []; ; after = ids.at(-1) ?? null) {
    ids = await applyToBatch(deps, after)
    if (ids.length < BATCH) return
  }
}

const applyToBatch = (
  { db: pool, settings, timeZone }: Deps,
  after: string | null,
): Promise<string[]> =>
  pool.transaction(async (db) => {
    const values = await settings.hold(db)
    const ids = await store.lockProjects(db, { after, limit: BATCH })
    const rows = await store.pageStandings(db, ids)
    await store.updateStandings(
      db,
      rows.map((row) => ({ id: row.id, ...toStanding(row, { settings: values, timeZone }) })),
    )
    return ids
  })
