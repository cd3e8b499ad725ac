import type { ProjectItem } from '../../../shared/api/projects.ts'
import type { ItemRow } from './projects.store.ts'

export const toItem = (row: ItemRow): ProjectItem => ({
  id: row.id,
  orderNo: row.orderNo,
  title: row.title,
  status: row.status,
  finished: row.finished,
  ...(row.stage !== null && { stage: row.stage }),
  stagesDone: row.stagesDone,
  stagesTotal: row.stagesTotal,
  updatedAt: row.updatedAt.toISOString(),
})
