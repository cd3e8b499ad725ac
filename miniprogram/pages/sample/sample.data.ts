import type { ProjectDetail } from '../../../shared/api/projects.ts'

/** The public sample (D18): invented from end to end. */
export const SAMPLE: ProjectDetail = {
  id: 'sample',
  orderNo: 'SL-0001',
  title: '示例：李女士家 · 全屋净水',
  status: '进行中',
  finished: false,
  stage: '上门安装',
  stagesDone: 3,
  stagesTotal: 5,
  updatedAt: '2026-05-18T06:30:00.000Z',
  address: '示例市示例区幸福路 8 号 3 栋 1201',
  stages: [
    { name: '签订合同', status: 'done', doneAt: '2026-04-02T02:00:00.000Z' },
    {
      name: '上门测量与设计',
      status: 'done',
      doneAt: '2026-04-11T02:00:00.000Z',
      note: '已确认厨房与阳台两个点位。',
    },
    { name: '备货发货', status: 'done', doneAt: '2026-05-12T02:00:00.000Z' },
    {
      name: '上门安装',
      status: 'active',
      plannedAt: '2026-05-22T02:00:00.000Z',
      note: '师傅会在上门前一天给您打电话。',
    },
    { name: '调试验收', status: 'pending', plannedAt: '2026-05-28T02:00:00.000Z' },
  ],
  equipment: [
    {
      name: '中央净水机',
      model: 'JS-2000',
      serialNo: 'SAMPLE-0001',
      installedAt: '2026-05-16T02:00:00.000Z',
      warrantyUntil: '2031-05-16T02:00:00.000Z',
    },
    {
      name: '厨下直饮机',
      model: 'ZY-600G',
      serialNo: 'SAMPLE-0002',
      warrantyUntil: '2029-05-22T02:00:00.000Z',
    },
  ],
  order: { amount: 18800, signedAt: '2026-04-02T02:00:00.000Z' },
  orderFields: [
    { key: 'amount', label: '合同金额', kind: 'money' },
    { key: 'signedAt', label: '签约日期', kind: 'date' },
  ],
}
