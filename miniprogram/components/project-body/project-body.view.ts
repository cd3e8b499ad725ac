import type { ProjectDetail } from '../../../shared/api/projects.ts'
import type { OrderField } from '../../../shared/api/settings.ts'
import { formatMoney } from '../../../shared/money.ts'
import { formatDate, formatMoment, toWarranty } from '../../lib/format.ts'
import { toStanding } from '../project-card/project-card.view.ts'
import { toStages, type StageView } from '../stage-timeline/stage-timeline.view.ts'

type Line = { label: string; value: string }
type EquipmentView = {
  key: number
  name: string
  lines: Line[]
  warranty: string
  tone: 'ok' | 'soon' | 'over'
}

export type ProjectView = {
  title: string
  badge: string
  finished: boolean
  stage: string
  progress: string
  percent: number
  next: string
  updated: string
  /** Who is responsible, by name. */
  people: Line[]
  stages: StageView[]
  order: Line[]
  equipment: EquipmentView[]
}

export function toProjectView(detail: ProjectDetail, now: number): ProjectView {
  return {
    title: detail.title,
    finished: detail.finished,
    ...toStanding(detail, now),
    updated: formatMoment(detail.updatedAt, now),
    people: present([
      ['设计师', detail.designerName],
      ['项目经理', detail.projectManagerName],
    ]),
    stages: toStages(detail.stages),
    order: toOrder(detail),
    equipment: detail.equipment.map((item, index) => toEquipment(item, index, now)),
  }
}

const FORMATS: Record<OrderField['kind'], (value: string | number) => string> = {
  text: String,
  number: String,
  money: formatMoney,
  date: (value) => formatDate(String(value)),
}

/** The fields that the company shows, by its labels and in its order (D25). */
function toOrder({ orderNo, address, order, orderFields }: ProjectDetail): Line[] {
  const fields = orderFields.map(({ key, label, kind }): [string, unknown] => {
    const value = order[key]
    return [label, value === undefined ? undefined : FORMATS[kind](value)]
  })
  return present([['订单编号', orderNo], ['项目地址', address], ...fields])
}

function toEquipment(
  item: ProjectDetail['equipment'][number],
  index: number,
  now: number,
): EquipmentView {
  const warranty = toWarranty(item.warrantyUntil, now)
  return {
    key: index,
    name: item.name,
    warranty: warranty?.text ?? '',
    tone: warranty?.tone ?? 'ok',
    lines: present([
      ['型号', item.model],
      ['序列号', item.serialNo],
      ['安装日期', item.installedAt === undefined ? undefined : formatDate(item.installedAt)],
    ]),
  }
}

const present = (lines: readonly (readonly [string, unknown])[]): Line[] =>
  lines
    .filter(([, value]) => (typeof value === 'string' && value !== '') || typeof value === 'number')
    .map(([label, value]) => ({ label, value: String(value) }))
