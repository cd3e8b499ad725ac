import * as v from 'valibot'
import { OrderNo, ProjectBody } from '../../../shared/api/projects.ts'
import { toStartOfDay } from '../../../shared/days.ts'
import { tellIssue } from '../../lib/tell-issue.ts'
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

/** Notes why a row cannot be loaded: all of it at once, so that whoever corrects the file does it once. */
type Reject = (reason: string) => undefined

/** What `read` could not read is missing from its order, and was told. */
function attempt(read: (reject: Reject) => object): ReadRow {
  const reasons: string[] = []
  const order = read((reason) => void reasons.push(reason))
  return reasons.length > 0
    ? { kind: 'rejected', reason: reasons.join('；') }
    : { kind: 'order', order: order as OrderRow }
}

/** Reads a row of a sheet. An empty cell says nothing: what is stored stays. */
export const readSheetRow = (
  { columns }: Pick<Header, 'columns'>,
  cells: readonly Kept[],
  { findMember, timeZone }: { findMember: FindMember; timeZone: string },
): ReadRow =>
  attempt((reject) => {
    if (cells.length > columns.length)
      reject('这一行的格子比第一行多：内容里有逗号时，整格要加引号')
    const said = new Map<Column, Kept>()
    columns.forEach((column, at) => {
      const cell = cells[at] ?? null
      if (column !== null && cell !== null && cell !== '') said.set(column, cell)
    })
    const text = (column: Column): string | undefined => toText(column, said.get(column), reject)
    const member = (column: Column): string | undefined =>
      toMember({ column, name: text(column), findMember }, reject)
    const stage = text('stage')
    const signedAt = toDay(text('signedAt'), timeZone, reject)
    const body = {
      title: text('title'),
      customerPhone: text('customerPhone'),
      customerName: text('customerName'),
      status: text('status'),
      designerUserid: member('designer'),
      projectManagerUserid: member('projectManager'),
      address: text('address'),
    }
    const nameOf = (field: string): string => HEADING_OF[field] ?? field
    return {
      ...check(v.object({ orderNo: OrderNo }), { orderNo: text('orderNo') }, { nameOf, reject }),
      body: check(ProjectBody, body, { nameOf, reject }),
      patch: {
        ...(stage !== undefined && check(Stage, { stage }, { nameOf, reject })),
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

const Stage = v.object({ stage: v.pipe(v.string(), v.maxLength(60, '最多 60 个字')) })

const HEADING_OF: Readonly<Record<string, string>> = {
  ...HEADINGS,
  designerUserid: HEADINGS.designer,
  projectManagerUserid: HEADINGS.projectManager,
}

/** Reads an item of a list: the body of a load with its `orderNo` beside it. */
export const readItem = (item: unknown): ReadRow =>
  attempt((reject) => {
    const nameOf = (field: string): string => field
    const isOrder = typeof item === 'object' && item !== null && !Array.isArray(item)
    const read = isOrder ? check(Item, item, { nameOf, reject }) : reject('这一项不是订单对象')
    const { orderNo, ...body } = read ?? {}
    return { orderNo, body, patch: {} }
  })

const Item = v.strictObject({ orderNo: OrderNo, ...ProjectBody.entries })

type Telling = { nameOf: (field: string) => string; reject: Reject }

function check<Schema extends v.GenericSchema>(
  schema: Schema,
  value: unknown,
  { nameOf, reject }: Telling,
): v.InferOutput<Schema> | undefined {
  const parsed = v.safeParse(schema, value)
  if (parsed.success) return parsed.output
  for (const issue of parsed.issues) reject(explain(issue, nameOf))
  return undefined
}

function explain(issue: v.BaseIssue<unknown>, nameOf: Telling['nameOf']): string {
  const field = nameOf(v.getDotPath(issue) ?? '')
  if (issue.type === 'strict_object' && issue.expected === 'never') return `不认识的字段：${field}`
  return issue.received === 'undefined' ? `缺少${field}` : `${field}：${tellIssue(issue)}`
}

/** What a file of rejected rows puts before a cell that a spreadsheet would take for a formula. */
const GUARDED = /^'(?=[=+\-@])/
/** Excel shows long numbers so, and writes what it shows. */
const SCIENTIFIC = /^\d(?:\.\d+)?[eE]\+\d+$/
const EXACT = Number.MAX_SAFE_INTEGER
/** What a formula says that has no result, and what a column shows that is too narrow: neither is what the cell says. */
const NO_VALUE = /^#(?:N\/A|REF!|VALUE!|DIV\/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|#+)$/i

function toText(column: Column, cell: Kept | undefined, reject: Reject): string | undefined {
  if (cell === undefined || cell === null) return undefined
  const text = String(cell).trim().replace(GUARDED, '')
  if (NO_VALUE.test(text))
    return reject(`${HEADINGS[column]}：Excel 里这一格是 ${text.slice(0, 20)}，请改正后重新填写`)
  const isSpoilt = typeof cell === 'number' ? Math.abs(cell) > EXACT : SCIENTIFIC.test(text)
  if (isSpoilt && (column === 'orderNo' || column === 'customerPhone'))
    return reject(`${HEADINGS[column]}被 Excel 改成了科学计数法，请把这一列设为文本格式后重新填写`)
  return text === '' ? undefined : text
}

const USERID = /^[\w.@-]{1,64}$/

type Named = { column: Column; name: string | undefined; findMember: FindMember }

function toMember({ column, name, findMember }: Named, reject: Reject): string | undefined {
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

function toDay(text: string | undefined, timeZone: string, reject: Reject): string | undefined {
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
