import type { ProjectItem } from '../../../shared/api/projects.ts'
import { formatMoment } from '../../lib/format.ts'

export type ProjectCardView = {
  id: string
  title: string
  orderNo: string
  badge: string
  finished: boolean
  stage: string
  progress: string
  percent: number
  updated: string
}

export const toProjectCard = (item: ProjectItem, now: number): ProjectCardView => ({
  id: item.id,
  title: item.title,
  orderNo: item.orderNo,
  badge: toBadge(item),
  finished: item.finished,
  stage: item.stage ?? '',
  ...toProgress(item),
  updated: formatMoment(item.updatedAt, now),
})

/** How far it is. A finished project is full, whatever its stages say. */
export function toProgress({
  stagesDone,
  stagesTotal,
  finished,
}: Pick<ProjectItem, 'stagesDone' | 'stagesTotal' | 'finished'>): {
  progress: string
  percent: number
} {
  if (finished) return { progress: '全部完成', percent: 100 }
  if (stagesTotal === 0) return { progress: '', percent: 0 }
  return {
    progress: `已完成 ${stagesDone} / ${stagesTotal} 步`,
    percent: Math.round((stagesDone / stagesTotal) * 100),
  }
}

/** A status from the order system may be an English word; customers read Chinese. */
export function toBadge({ status, finished }: Pick<ProjectItem, 'status' | 'finished'>): string {
  if (/[\u4e00-\u9fff]/.test(status)) return status
  return finished ? '已完成' : '进行中'
}
