import type { ProjectItem } from '../../../shared/api/projects.ts'
import { formatDate, formatMoment } from '../../lib/format.ts'

export type ProjectCardView = {
  id: string
  title: string
  orderNo: string
  badge: string
  finished: boolean
  stage: string
  progress: string
  percent: number
  /** The date that comes next; empty: none is planned. */
  next: string
  updated: string
}

export const toProjectCard = (item: ProjectItem, now: number): ProjectCardView => ({
  id: item.id,
  title: item.title,
  orderNo: item.orderNo,
  finished: item.finished,
  ...toStanding(item, now),
  updated: formatMoment(item.updatedAt, now),
})

/** Where a project stands, the same wherever it is shown. */
export const toStanding = (item: ProjectItem, now: number) => ({
  badge: toBadge(item),
  stage: item.finished ? '' : (item.stage ?? ''),
  ...toProgress(item),
  next: toNext(item, now),
})

/** How far it is. A finished project is full, whatever its stages say. */
function toProgress({
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

/** The day is the stage's, not the project's; one that is over is told as what was planned, not as what is to come. */
function toNext({ nextAt, stage = '', finished }: ProjectItem, now: number): string {
  if (nextAt === undefined || finished) return ''
  const isOver =
    Date.parse(nextAt) < now && formatDate(nextAt) !== formatDate(new Date(now).toISOString())
  return `${stage}${isOver ? '原计划' : '预计'} ${formatDate(nextAt)}完成`
}

/** A status from the order system may be an English word; customers read Chinese. */
function toBadge({ status, finished }: Pick<ProjectItem, 'status' | 'finished'>): string {
  if (/[\u4e00-\u9fff]/.test(status)) return status
  return finished ? '已完成' : '进行中'
}
