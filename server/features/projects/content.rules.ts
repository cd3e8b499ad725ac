import type { ProjectBody, StageStatus } from '../../../shared/api/projects.ts'

export type StageContent = {
  name: string
  status: StageStatus
  plannedAt: string | null
  doneAt: string | null
  note: string | null
}
export type EquipmentContent = {
  name: string
  model: string | null
  serialNo: string | null
  installedAt: string | null
  warrantyUntil: string | null
}

/** What a load can say about an order itself, whole; instants as ISO 8601 in UTC. */
export type Content = {
  title: string
  /** null: the source states none. */
  status: string | null
  address: string | null
  designerUserid: string | null
  projectManagerUserid: string | null
  stages: StageContent[]
  equipment: EquipmentContent[]
  order: Record<string, unknown>
}
type Given<T> = T | null | undefined

/** A field left out stays, null empties. */
const orStays = <T>(given: Given<T>, before: Given<T>): T | null =>
  given === undefined ? (before ?? null) : given
const toInstant = (at: Given<string>): Given<string> =>
  at == null ? at : new Date(at).toISOString()

/** The content of an order after a load. Stages are known by their names; a list or an order that is given replaces the old one. */
export function mergeContent(before: Content | null, body: ProjectBody): Content {
  return {
    title: body.title,
    status: orStays(body.status, before?.status),
    address: orStays(body.address, before?.address),
    designerUserid: orStays(body.designerUserid, before?.designerUserid),
    projectManagerUserid: orStays(body.projectManagerUserid, before?.projectManagerUserid),
    stages:
      body.stages?.map((stage) =>
        mergeStage(
          before?.stages.find(({ name }) => name === stage.name),
          stage,
        ),
      ) ??
      before?.stages ??
      [],
    equipment: body.equipment?.map(toEquipment) ?? before?.equipment ?? [],
    order: body.order === undefined ? (before?.order ?? {}) : toJson(body.order),
  }
}

export type Patch = { stage?: string; signedAt?: string }

/** The content with one thing said of its stages, or of the order's own fields. */
export const patchContent = (content: Content, { stage, signedAt }: Patch): Content => ({
  ...content,
  stages: stage === undefined ? content.stages : reachStage(content.stages, stage),
  order: signedAt === undefined ? content.order : { ...content.order, signedAt },
})

/** The order is at this stage: those before it are done. A stage that is done stays so, and one that is not known is a new one. */
function reachStage(stages: readonly StageContent[], name: string): StageContent[] {
  const known = stages.findIndex((stage) => stage.name === name)
  const at = known < 0 ? stages.length : known
  if (stages[at]?.status === 'done') return [...stages]
  const before = stages.slice(0, at).map((stage) => ({ ...stage, status: 'done' as const }))
  const reached = stages[at] ?? { name, plannedAt: null, doneAt: null, note: null }
  return [...before, { ...reached, status: 'active' }, ...stages.slice(at + 1)]
}

/** A stage that is done no more keeps no day on which it was. */
function mergeStage(
  before: StageContent | undefined,
  stage: NonNullable<ProjectBody['stages']>[number],
): StageContent {
  return {
    name: stage.name,
    status: stage.status,
    plannedAt: orStays(toInstant(stage.plannedAt), before?.plannedAt),
    doneAt: orStays(toInstant(stage.doneAt), stage.status === 'done' ? before?.doneAt : null),
    note: orStays(stage.note, before?.note),
  }
}

const toEquipment = (item: NonNullable<ProjectBody['equipment']>[number]): EquipmentContent => ({
  name: item.name,
  model: item.model ?? null,
  serialNo: item.serialNo ?? null,
  installedAt: toInstant(item.installedAt) ?? null,
  warrantyUntil: toInstant(item.warrantyUntil) ?? null,
})

/** As the database will give it back: a number that JSON has not becomes null. */
const toJson = (order: object): Record<string, unknown> =>
  JSON.parse(JSON.stringify(order)) as Record<string, unknown>

/** What was there and is not any more, as people name it. */
export function findRemoved(before: Content, after: Content): string[] {
  const { stages, equipment, order, ...scalars } = before
  return [
    ...findErased(scalars, after),
    ...findErased(order, after.order).map((key) => `order.${key}`),
    ...findGone(stages, after.stages, ({ name }) => name).map((name) => `stages: ${name}`),
    ...findGone(equipment, after.equipment, toEquipmentName).map((name) => `equipment: ${name}`),
  ]
}

export const toEquipmentName = ({ name, model, serialNo }: EquipmentContent): string =>
  [name, serialNo ?? model].filter(Boolean).join(' ')

const isEmpty = (value: unknown): boolean => value === null || value === undefined || value === ''

/** Keys that had a value and have none. */
function findErased(before: object, after: object): string[] {
  const now = new Map<string, unknown>(Object.entries(after))
  return Object.entries(before)
    .filter(([key, value]) => !isEmpty(value) && isEmpty(now.get(key)))
    .map(([key]) => key)
}

/** Whole rows that went, and `row.field` where only a field did; of rows that are named alike, as many as are fewer. */
function findGone<T extends object>(
  before: readonly T[],
  after: readonly T[],
  toName: (row: T) => string,
): string[] {
  const left = [...after]
  return before.flatMap((row) => {
    const name = toName(row)
    const at = left.findIndex((one) => toName(one) === name)
    if (at < 0) return [name]
    const [same] = left.splice(at, 1)
    return findErased(row, same!).map((field) => `${name}.${field}`)
  })
}
