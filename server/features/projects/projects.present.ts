import type { ProjectItem } from '../../../shared/api/projects.ts'
import { present } from '../../lib/present.ts'
import type { DetailRow, ItemRow } from './projects.store.ts'

export const toItem = (row: ItemRow): ProjectItem => ({
  id: row.id,
  orderNo: row.orderNo,
  title: row.title,
  status: row.status,
  finished: row.finished,
  ...(row.stage !== null && { stage: row.stage }),
  stagesDone: row.stagesDone,
  stagesTotal: row.stagesTotal,
  ...(row.nextAt !== null && { nextAt: row.nextAt.toISOString() }),
  updatedAt: row.updatedAt.toISOString(),
})

/** Where it is built, and who is responsible. */
export const toPlace = (row: Pick<DetailRow, 'address' | 'designer' | 'projectManager'>) =>
  present({
    address: row.address,
    designerUserid: row.designer,
    projectManagerUserid: row.projectManager,
  })

/** Who that is, for those who know no accounts. */
export const toNames = (row: Pick<DetailRow, 'designerName' | 'projectManagerName'>) =>
  present({ designerName: row.designerName, projectManagerName: row.projectManagerName })
