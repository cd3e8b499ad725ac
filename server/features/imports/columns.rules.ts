import type { Cell } from './order-file.ts'

/** What a column of a sheet says of an order. */
export type Column =
  | 'orderNo'
  | 'title'
  | 'customerPhone'
  | 'customerName'
  | 'status'
  | 'stage'
  | 'designer'
  | 'projectManager'
  | 'signedAt'
  | 'address'

export const HEADINGS: Readonly<Record<Column, string>> = {
  orderNo: '订单号',
  title: '标题',
  customerPhone: '客户手机',
  customerName: '客户姓名',
  status: '状态',
  stage: '阶段',
  designer: '设计师',
  projectManager: '项目经理',
  signedAt: '签约日期',
  address: '地址',
}
/** Stand before the row in a file of rejected ones, which is corrected and sent again. */
export const LINE = '行号'
export const REASON = '原因'
const REQUIRED: readonly Column[] = ['orderNo', 'title', 'customerPhone']
/** Each row is kept with all its columns until it is loaded. */
const MOST_COLUMNS = 500

/** The headings as they stand, and which column of an order each is; null: none, and to be left out. */
export type Header = { headings: string[]; columns: (Column | null)[] }
type ReadHeader = { kind: 'header'; header: Header } | { kind: 'refused'; reason: string }

const toHeading = (cell: Cell): string =>
  cell === null
    ? ''
    : String(cell)
        .normalize('NFKC')
        .replace(/[\s*＊\p{Cf}]/gu, '')

const findColumn = (heading: string): Column | null =>
  (Object.keys(HEADINGS) as Column[]).find((column) => HEADINGS[column] === heading) ?? null

/** Understands the first row. A heading that means nothing to us may be misspelt: it is refused unless others are to be left out. */
export function readHeader(cells: readonly Cell[], others: 'refuse' | 'ignore'): ReadHeader {
  const headings = cells.map(toHeading)
  while (headings.at(-1) === '') headings.pop()
  const columns = headings.map(findColumn)
  const refuse = (reason: string): ReadHeader => ({ kind: 'refused', reason })
  if (headings.length > MOST_COLUMNS)
    return refuse(`第一行有 ${String(headings.length)} 列，最多 ${String(MOST_COLUMNS)} 列`)
  const missing = REQUIRED.filter((column) => !columns.includes(column))
  if (missing.length > 0)
    return refuse(`第一行缺少这些列：${missing.map((one) => HEADINGS[one]).join('、')}`)
  const twice = columns.find((column, at) => column !== null && columns.indexOf(column) !== at)
  if (twice) return refuse(`这一列出现了两次：${HEADINGS[twice]}`)
  const unknown = headings.filter(
    (heading, at) => !['', LINE, REASON].includes(heading) && columns[at] === null,
  )
  if (others === 'refuse' && unknown.length > 0)
    return refuse(
      `不认识这些列：${unknown.slice(0, 10).join('、')}。认识的列：${Object.values(HEADINGS).join('、')}；要忽略其他列请加 others=ignore`,
    )
  return { kind: 'header', header: { headings, columns } }
}

export const isBlank = (cells: readonly Cell[]): boolean =>
  cells.every((cell) => cell === null || cell === '')
