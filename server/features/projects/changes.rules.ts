import type { Change } from '../../../shared/api/projects.ts'
import { toEquipmentName, type Content } from './content.rules.ts'

const NOTHING: Partial<Content> & Pick<Content, 'stages' | 'equipment' | 'order'> = {
  stages: [],
  equipment: [],
  order: {},
}

/** What a load makes of an order, field by field, as people name it; `before` null: there was none. */
export function findChanges(before: Content | null, after: Content): Change[] {
  const { stages, equipment, order, ...scalars } = after
  const was = before ?? NOTHING
  return [
    ...compareFields(was, scalars, Object.keys(scalars)),
    ...compareFields(was.order, order).map((change) => ({
      ...change,
      field: `order.${change.field}`,
    })),
    ...compareRows('stages', { before: was.stages, after: stages, toName: ({ name }) => name }),
    ...compareRows('equipment', {
      before: was.equipment,
      after: equipment,
      toName: toEquipmentName,
    }),
  ]
}

/** Of two rows the fields in which they differ; what is absent is null. */
export function compareFields(
  before: object,
  after: object,
  fields = [...new Set([...Object.keys(before), ...Object.keys(after)])],
): Change[] {
  const [was, is] = [new Map(Object.entries(before)), new Map(Object.entries(after))]
  return fields
    .map((field) => ({ field, before: toValue(was.get(field)), after: toValue(is.get(field)) }))
    .filter((change) => toText(change.before) !== toText(change.after))
}

type Rows<Row> = { before: readonly Row[]; after: readonly Row[]; toName: (row: Row) => string }

/** Rows are known by their names, of those that are named alike each by its turn; one that came or went is told whole. */
function compareRows<Row extends object>(list: string, { before, after, toName }: Rows<Row>) {
  const left = [...after]
  const changes = before.flatMap((row): Change[] => {
    const field = `${list}: ${toName(row)}`
    const at = left.findIndex((one) => toName(one) === toName(row))
    if (at < 0) return [{ field, before: row, after: null }]
    const [same] = left.splice(at, 1)
    return compareFields(row, same!).map((one) => ({ ...one, field: `${field}.${one.field}` }))
  })
  const came = left.map((row) => ({ field: `${list}: ${toName(row)}`, before: null, after: row }))
  const all = [...changes, ...came]
  const [was, is] = [before.map(toName), after.map(toName)]
  const isMoved = all.length === 0 && was.join('\n') !== is.join('\n')
  return isMoved ? [{ field: list, before: was, after: is }] : all
}

const toValue = (value: unknown): unknown => value ?? null

/** The same for what is the same, in whatever order the database gives its keys. */
const toText = (value: unknown): string =>
  JSON.stringify(value, (_, one: unknown) =>
    typeof one === 'object' && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  )
