import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { Change, ProjectBody } from '../../../shared/api/projects.ts'
import type { Settings as SettingValues } from '../../../shared/api/settings.ts'
import { maskPhone } from '../../../shared/phone.ts'
import { findMove } from '../../../shared/stages.ts'
import { inTransaction } from '../../lib/db.ts'
import { maskDeep } from '../../lib/log.ts'
import type { Party } from '../ownership/ownership.ts'
import { findChanges } from './changes.rules.ts'
import {
  findRemoved,
  mergeContent,
  patchContent,
  type Content,
  type Patch,
} from './content.rules.ts'
import type { ProjectsDeps, Tx } from './projects.deps.ts'
import { findCurrentStage, findNextAt, toStanding } from './projects.rules.ts'
import { pageNameless } from './members.store.ts'
import { findPartyChanges, findRemovedViewers, toWanted, writeParties } from './projects.parties.ts'
import * as store from './projects.store.ts'
import * as standings from './standings.store.ts'

export type Operator = { name: string; requestId: string }
export type Load = {
  orderNo: string
  body: ProjectBody
  /** Of what a load could only replace whole, one thing. */
  patch?: Patch
  operator: Operator
  /** Came in with many others: when it was loaded says nothing about its age. */
  imported?: boolean
}
/** `state`: of the owner's party, after the load. */
export type Saved = {
  id: string
  created: boolean
  changed: boolean
  hidden: boolean
  state: Party['state']
  changes: Change[]
  removed: string[]
  conflicts: string[]
}

/** Loads an order; what the load leaves out stays, what it erases is named, and the same again changes nothing. */
export async function save(tx: Tx, load: Load): Promise<Saved> {
  const contentHash = hashOf(load)
  const settings = await tx.settings.hold(tx.db)
  const stored = await store.lockOrder(tx.db, load.orderNo)
  if (!stored) return create(tx, { ...load, contentHash, settings })
  const same = {
    id: stored.id,
    created: false,
    changed: false,
    hidden: stored.hidden,
    state: await findState(tx, stored.id),
    changes: [],
    removed: [],
    conflicts: [],
  }
  return stored.contentHash.equals(contentHash)
    ? same
    : ((await update(tx, { ...load, contentHash, settings, stored })) ?? same)
}

/** Loads an order unless there is one of this number, which stays as it is: null then. */
export async function saveNew(tx: Tx, load: Load): Promise<Saved | null> {
  const settings = await tx.settings.hold(tx.db)
  const stored = await store.lockOrder(tx.db, load.orderNo)
  return stored ? null : create(tx, { ...load, contentHash: hashOf(load), settings })
}

const hashOf = ({ body, patch }: Load): Buffer =>
  createHash('sha256')
    .update(JSON.stringify(patch ? [body, patch] : body))
    .digest()

type Work = Load & { contentHash: Buffer; settings: SettingValues }

async function create(tx: Tx, work: Work): Promise<Saved> {
  const now = tx.clock()
  const content = contentAfter(null, work)
  const wanted = toWanted(tx, work.body, [])
  const id = await write(tx, { ...work, before: null, content, now })
  await askNames(tx, content)
  await writeParties(tx, { projectId: id, known: [], wanted, now })
  await record(tx, { ...work, before: null, removed: [], now })
  return {
    id,
    created: true,
    changed: true,
    hidden: false,
    state: await findState(tx, id),
    changes: await listChanges(tx, { before: null, content, known: [], wanted }),
    removed: [],
    conflicts: [],
  }
}

/** Undefined when everything was so already. */
async function update(
  tx: Tx,
  work: Work & { stored: store.StoredProject },
): Promise<Saved | undefined> {
  const now = tx.clock()
  const { stored, body } = work
  const before = await readContent(tx, stored)
  const content = contentAfter(before, work)
  const known = await tx.ownership.pageOfProject(tx.db, stored.id)
  const wanted = toWanted(tx, body, known)
  if (isDeepStrictEqual(before, content) && !tx.ownership.isNews(known, wanted)) return undefined
  const removed = [
    ...findRemoved(before, content),
    ...(await findRemovedViewers(tx, known, wanted)),
  ]
  await write(tx, { ...work, before, content, now })
  await askNames(tx, content)
  await writeParties(tx, { projectId: stored.id, known, wanted, now })
  await record(tx, {
    ...work,
    before: { ...before, status: stored.status, stage: stored.stage },
    removed,
    now,
  })
  await tellStage(tx, { stored, before, content })
  return {
    id: stored.id,
    created: false,
    changed: true,
    hidden: stored.hidden,
    state: await findState(tx, stored.id),
    changes: await listChanges(tx, { before, content, known, wanted }),
    removed,
    conflicts: [],
  }
}

type Moving = { stored: store.StoredProject; before: Content; content: Content }

/** Of an order that nobody sees nothing is told. */
async function tellStage({ db, facts }: Tx, { stored, before, content }: Moving): Promise<void> {
  const stage = stored.hidden ? undefined : findMove(before.stages, content.stages)
  if (stage !== undefined)
    await facts.publish(db, [{ fact: 'project.stage-changed', projectId: stored.id, stage }])
}

const contentAfter = (before: Content | null, { body, patch = {} }: Load): Content =>
  patchContent(mergeContent(before, body), patch)

/** WeCom knows a member who has neither signed in nor added anybody. */
async function askNames(tx: Tx, { designerUserid, projectManagerUserid }: Content): Promise<void> {
  const named = [designerUserid, projectManagerUserid].filter((userId) => userId !== null)
  const userIds = named.length === 0 ? [] : await pageNameless(tx.db, named)
  await tx.facts.publish(
    tx.db,
    userIds.map((userId) => ({ fact: 'project.staffed' as const, userId })),
  )
}

type Changing = { before: Content | null; content: Content } & Parameters<
  typeof findPartyChanges
>[1]

const listChanges = async (
  tx: Tx,
  { before, content, known, wanted }: Changing,
): Promise<Change[]> =>
  maskDeep([
    ...findChanges(before, content),
    ...(await findPartyChanges(tx, { known, wanted })),
  ]) as Change[]

const toText = (at: Date | null): string | null => at?.toISOString() ?? null

async function readContent({ db }: Tx, stored: store.StoredProject): Promise<Content> {
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
  { db, timeZone }: Tx,
  {
    orderNo,
    imported = false,
    contentHash,
    settings,
    before,
    content,
    now,
  }: Work & { before: Content | null; content: Content; now: Date },
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
    imported,
    contentHash,
    stages,
    now,
    statusStated: status !== null,
    stage: findCurrentStage(stages) ?? null,
    nextAt: findNextAt(stages),
  })
  if (!isDeepStrictEqual(before?.stages ?? [], stages)) await store.replaceStages(db, id, stages)
  if (!isDeepStrictEqual(before?.equipment ?? [], equipment))
    await store.replaceEquipment(db, id, equipment)
  return id
}

function record(
  tx: Tx,
  {
    orderNo,
    body,
    patch,
    operator,
    before,
    removed,
    now,
  }: Work & { before: object | null; removed: string[]; now: Date },
) {
  const viewers = body.viewers?.map((viewer) => ({ ...viewer, phone: maskPhone(viewer.phone) }))
  return tx.audit.record(tx.db, {
    operator: operator.name,
    requestId: operator.requestId,
    operation: before ? 'project.updated' : 'project.created',
    target: { type: 'project', id: orderNo },
    now,
    before,
    after: {
      ...body,
      ...patch,
      customerPhone: maskPhone(body.customerPhone),
      ...(viewers && { viewers }),
      ...(removed.length > 0 && { removed }),
    },
  })
}

const findState = async (tx: Tx, projectId: string): Promise<Party['state']> =>
  (await tx.ownership.pageOfProject(tx.db, projectId)).find((party) => party.role === 'owner')
    ?.state ?? 'waiting'

const BATCH = 500

/** Batch by batch, so that loads wait for a moment only. */
export async function applySettings(deps: ProjectsDeps): Promise<void> {
  for (let after: string | null = null, ids: string[] = []; ; after = ids.at(-1) ?? null) {
    ids = await applyToBatch(deps, after)
    if (ids.length < BATCH) return
  }
}

const applyToBatch = (deps: ProjectsDeps, after: string | null): Promise<string[]> =>
  inTransaction(deps, async ({ db, settings, timeZone }) => {
    const values = await settings.hold(db)
    const ids = await standings.lockProjects(db, { after, limit: BATCH })
    const rows = await standings.pageStandings(db, ids)
    await standings.updateStandings(
      db,
      rows.map((row) => ({ id: row.id, ...toStanding(row, { settings: values, timeZone }) })),
    )
    return ids
  })
