import type { ProjectDetail } from '../../../shared/api/projects.ts'
import { formatDate } from '../../lib/format.ts'

type Stage = ProjectDetail['stages'][number]
export type StageView = {
  key: number
  name: string
  state: Stage['status']
  label: string
  when: string
  note: string
  last: boolean
}

const LABELS: Record<Stage['status'], string> = {
  done: '已完成',
  active: '进行中',
  pending: '未开始',
}

export const toStages = (stages: readonly Stage[]): StageView[] =>
  stages.map((stage, index) => ({
    key: index,
    name: stage.name,
    state: stage.status,
    label: LABELS[stage.status],
    when: toWhen(stage),
    note: stage.note ?? '',
    last: index === stages.length - 1,
  }))

function toWhen({ status, doneAt, plannedAt }: Stage): string {
  if (status === 'done') return doneAt === undefined ? '' : `${formatDate(doneAt)}完成`
  if (plannedAt === undefined) return ''
  return status === 'active' ? `预计 ${formatDate(plannedAt)}完成` : `计划 ${formatDate(plannedAt)}`
}
