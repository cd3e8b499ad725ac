import type { ProjectDetail, ProjectItem } from './api/projects.ts'
import type { OrderField } from './api/settings.ts'
import { cutText } from './cut-text.ts'
import { toIsoDay } from './days.ts'
import { formatMoney } from './money.ts'
import { tidyText } from './text.ts'

/** What customers ask about their projects in a chat: how far they are, what was ordered, what was installed. */
export type ProjectQuestion = 'progress' | 'order' | 'equipment'

/** What they write to ask it, the same in every chat. */
const QUESTIONS: Record<ProjectQuestion, ReadonlySet<string>> = {
  progress: new Set([
    '进度',
    '查进度',
    '看进度',
    '我的进度',
    '查询进度',
    '查看进度',
    '进度查询',
    '项目进度',
    '施工进度',
    '工程进度',
    '安装进度',
    '查询项目进度',
    '查项目进度',
    '查看项目进度',
    '项目进度查询',
    '进度怎么样',
    '进度怎么样了',
    '项目进度怎么样了',
    '现在什么进度',
    '到哪一步了',
    '查询',
    '项目',
    '我的项目',
    '查项目',
    '查询项目',
    '查看项目',
    '项目查询',
  ]),
  order: new Set([
    '订单',
    '我的订单',
    '查订单',
    '查询订单',
    '查看订单',
    '订单查询',
    '订单信息',
    '我的订单信息',
    '查询订单信息',
    '订单详情',
  ]),
  equipment: new Set([
    '设备',
    '我的设备',
    '查设备',
    '查询设备',
    '查看设备',
    '设备查询',
    '设备信息',
    '设备清单',
    '设备档案',
    '我的设备档案',
    '查询设备档案',
    '查看设备档案',
    '保修',
    '保修期',
    '查保修',
    '保修查询',
  ]),
}

/** A short message without the space and the quotes around it (people copy 「查询项目进度」 as it stands) and the mark at its end. */
export const toWord = (text: string): string =>
  tidyText(text).replace(/^[\s\p{Ps}\p{Pi}"']+|[\s\p{Pe}\p{Pf}"'。.!?]+$/gu, '')

/** What a message asks about his projects; null: nothing that could be answered from them. */
export function readProjectQuestion(text: string): ProjectQuestion | null {
  const word = toWord(text)
  const kinds = Object.keys(QUESTIONS) as ProjectQuestion[]
  return kinds.find((kind) => QUESTIONS[kind].has(word)) ?? null
}

/** What a chat tells at most: a message has 2048 bytes, and the way into the mini-program stands below. */
const MOST = { projects: 5, bytes: 1_700, fields: 8, equipment: 10 } as const
const NO_EQUIPMENT = '暂时没有设备档案，安装登记后会显示在小程序里。'

/** As many blocks as fit, whole; the first is cut rather than left out. */
function join(head: string, [first = '', ...blocks]: readonly string[]): string {
  const bytesOf = new TextEncoder()
  let text = cutText(`${head}\n${first}`, { bytes: MOST.bytes })
  for (const block of blocks.slice(0, MOST.projects - 1)) {
    const longer = `${text}\n${block}`
    if (bytesOf.encode(longer).length > MOST.bytes) return text
    text = longer
  }
  return text
}

const toTitle = (title: string): string => cutText(title, { characters: 30 })

type Progress = Pick<ProjectItem, 'title' | 'status' | 'stage' | 'stagesDone' | 'stagesTotal'>

/** A line each. */
export function toProgressText(items: readonly Progress[]): string {
  const line = ({ title, status, stage, stagesDone, stagesTotal }: Progress): string => {
    const named = `${toTitle(title)}：${cutText(status, { characters: 10 })}`
    const at = stage ? `，${cutText(stage, { characters: 20 })}` : ''
    return `· ${named}${at}${stagesTotal > 0 ? `（${String(stagesDone)}/${String(stagesTotal)}）` : ''}`
  }
  return join('您的项目进度：', items.map(line))
}

type Ordered = Pick<ProjectDetail, 'title' | 'orderNo' | 'address' | 'order' | 'orderFields'>

/** What customers see of an order, and nothing else of it (D25). */
export function toOrderText(projects: readonly Ordered[], timeZone: string): string {
  const block = ({ title, orderNo, address, order, orderFields }: Ordered): string =>
    [
      `· ${toTitle(title)}`,
      `  订单号：${orderNo}`,
      ...(address === undefined ? [] : [`  地址：${cutText(address, { characters: 40 })}`]),
      ...orderFields
        .slice(0, MOST.fields)
        .map((field) => `  ${toField(field, order[field.key]!, timeZone)}`),
    ].join('\n')
  return join('您的订单：', projects.map(block))
}

function toField({ label, kind }: OrderField, value: string | number, timeZone: string): string {
  return `${cutText(label, { characters: 20 })}：${cutText(toWords(kind, value, timeZone), { characters: 60 })}`
}

function toWords(kind: OrderField['kind'], value: string | number, timeZone: string): string {
  if (kind === 'money') return formatMoney(value)
  return kind === 'date' ? toIsoDay(new Date(value), timeZone) : String(value)
}

type Equipped = Pick<ProjectDetail, 'title' | 'equipment'>

/** What was installed, with how long it is under warranty. */
export function toEquipmentText(projects: readonly Equipped[], timeZone: string): string {
  const line = ({ name, model, warrantyUntil }: Equipped['equipment'][number]): string => {
    const of = model === undefined ? '' : `（${cutText(model, { characters: 20 })}）`
    const until =
      warrantyUntil === undefined ? '' : `，保修至 ${toIsoDay(new Date(warrantyUntil), timeZone)}`
    return `  ${cutText(name, { characters: 20 })}${of}${until}`
  }
  const block = ({ title, equipment }: Equipped): string =>
    [
      `· ${toTitle(title)}`,
      ...equipment.slice(0, MOST.equipment).map(line),
      ...(equipment.length > MOST.equipment ? [`  等 ${String(equipment.length)} 项`] : []),
    ].join('\n')
  const equipped = projects.filter(({ equipment }) => equipment.length > 0)
  return equipped.length === 0 ? NO_EQUIPMENT : join('您的设备档案：', equipped.map(block))
}
