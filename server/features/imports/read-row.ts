import * as v from 'valibot'
import { OrderNo, ProjectBody } from '../../../shared/api/projects.ts'
import { toStartOfDay } from '../../../shared/days.ts'
import { HEADINGS, type Column, type Header } from './columns.rules.ts'

/** An order as a row states it; `patch`: of a list or of the order's own fields one thing, the others stay. */
export type OrderRow = {
  orderNo: string
  body: ProjectBody
  patch: { stage?: string; signedAt?: string }
}
export type ReadRow = { kind: 'order'; order: OrderRow } | { kind: 'rejected'; reason: string }
/** A cell as it is kept: days as text. */
export type Kept = string | number | boolean | null
/** Whom the company calls by a name: none, one, or several. */
export type FindMember = (name: string) => readonly string[]

class Rejected extends Error {}
const reject = (reason: string): never => {
  throw new Rejected(reason)
}

const attempt = (read: () => OrderRow): ReadRow => {
  try {
    return { kind: 'order', order: read() }
  } catch (error) {
    if (error instanceof Rejected) return { kind: 'rejected', reason: error.message }
    throw error
  }
}

/** Reads a row of a sheet. An empty cell says nothing: what is stored stays. */
export const readSheetRow = (
  { columns }: Pick<Header, 'columns'>,
  cells: readonly Kept[],
  { findMember, timeZone }: { findMember: FindMember; timeZone: string },
): ReadRow =>
  attempt(() => {
    const said = new Map<Column, Kept>()
    columns.forEach((column, at) => {
      const cell = cells[at] ?? null
      if (column !== null && cell !== null && cell !== '') said.set(column, cell)
    })
    const text = (column: Column): string | undefined => toText(column, said.get(column))
    const member = (column: Column): string | undefined =>
      toMember(column, text(column), findMember)
    const stage = text('stage')
    const signedAt = toDay(text('signedAt'), timeZone)
    const body = {
      title: text('title'),
      customerPhone: text('customerPhone'),
      customerName: text('customerName'),
      status: text('status'),
      designerUserid: member('designer'),
      projectManagerUserid: member('projectManager'),
      address: text('address'),
    }
    return {
      orderNo: check(OrderNo, text('orderNo'), () => HEADINGS.orderNo),
      body: check(ProjectBody, withoutUndefined(body), (field) => HEADING_OF[field] ?? field),
      patch: {
        ...(stage !== undefined && { stage: check(StageName, stage, () => HEADINGS.stage) }),
        ...(signedAt !== undefined && { signedAt }),
      },
    }
  })

/** Names of members in a row. */
export const findNames = ({ columns }: Pick<Header, 'columns'>, cells: readonly Kept[]): string[] =>
  columns.flatMap((column, at) => {
    const name = column === 'designer' || column === 'projectManager' ? cells[at] : null
    return typeof name === 'string' && name.trim() !== '' ? [name.trim()] : []
  })

const StageName = v.pipe(v.string(), v.maxLength(60, '最多 60 个字'))

const HEADING_OF: Readonly<Record<string, string>> = {
  ...HEADINGS,
  designerUserid: HEADINGS.designer,
  projectManagerUserid: HEADINGS.projectManager,
}

/** Reads an item of a list: the body of a load with its `orderNo` beside it. */
export const readItem = (item: unknown): ReadRow =>
  attempt(() => {
    if (typeof item !== 'object' || item === null || Array.isArray(item))
      return reject('这一项不是订单对象')
    const { orderNo, ...body } = item as Record<string, unknown>
    return {
      orderNo: check(OrderNo, orderNo, () => 'orderNo'),
      body: check(ProjectBody, body, (field) => field),
      patch: {},
    }
  })

const CHINESE = /[\u4e00-\u9fff]/

function check<Schema extends v.GenericSchema>(
  schema: Schema,
  value: unknown,
  nameOf: (field: string) => string,
): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, value)
  if (parsed.success) return parsed.output
  const [issue] = parsed.issues
  const field = nameOf(v.getDotPath(issue) ?? '')
  if (issue.type === 'strict_object' && issue.expected === 'never')
    return reject(`不认识的字段：${field}`)
  if (issue.received === 'undefined') return reject(`缺少${field}`)
  return reject(`${field}：${CHINESE.test(issue.message) ? issue.message : '格式不正确'}`)
}

/** What a file of rejected rows puts before a cell that a spreadsheet would take for a formula. */
const GUARDED = /^'(?=[=+\-@])/
/** Excel shows long numbers so, and writes what it shows. */
const SCIENTIFIC = /^\d(?:\.\d+)?[eE]\+\d+$/
const EXACT = Number.MAX_SAFE_INTEGER

function toText(column: Column, cell: Kept | undefined): string | undefined {
  if (cell === undefined || cell === null) return undefined
  const text = String(cell).trim().replace(GUARDED, '')
  const isSpoilt = typeof cell === 'number' ? Math.abs(cell) > EXACT : SCIENTIFIC.test(text)
  if (isSpoilt && (column === 'orderNo' || column === 'customerPhone'))
    return reject(`${HEADINGS[column]}被 Excel 改成了科学计数法，请把这一列设为文本格式后重新填写`)
  return text === '' ? undefined : text
}

const USERID = /^[\w.@-]{1,64}$/

function toMember(
  column: Column,
  name: string | undefined,
  findMember: FindMember,
): string | undefined {
  if (name === undefined) return undefined
  const [found, ...more] = findMember(name)
  if (more.length > 0) return reject(`${HEADINGS[column]}：有几位成员都叫${name}，请填企业微信帐号`)
  if (found !== undefined) return found
  return USERID.test(name)
    ? name
    : reject(`${HEADINGS[column]}：没有找到叫${name}的成员，请填企业微信帐号`)
}

const DAY =
  /^(?:(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?|(\d{4})(\d{2})(\d{2}))(?:[T ]\d{1,2}:\d{2}(?::\d{2})?)?$/

function toDay(text: string | undefined, timeZone: string): string | undefined {
  if (text === undefined) return undefined
  const parts = DAY.exec(text)
    ?.slice(1)
    .filter((part) => part !== undefined)
  const [year = 0, month = 0, day = 0] = (parts ?? []).map(Number)
  const start = toStartOfDay({ year, month, day }, timeZone)
  return start === null
    ? reject(`${HEADINGS.signedAt}：看不懂“${text.slice(0, 20)}”，请写成 2026-05-01`)
    : start.toISOString()
}

const withoutUndefined = (fields: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
