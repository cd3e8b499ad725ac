import { describe, expect, test } from '@jest/globals'
import type { ProjectDetail } from '../../../shared/api/projects.ts'
import { toProjectView } from './project-body.view.ts'

const NOW = Date.parse('2026-05-10T04:00:00Z')
const detail: ProjectDetail = {
  id: 'p',
  orderNo: 'SO-1',
  title: '全屋净水',
  status: '进行中',
  finished: false,
  stage: '安装',
  stagesDone: 1,
  stagesTotal: 3,
  updatedAt: '2026-05-10T01:00:00Z',
  stages: [
    { name: '签约', status: 'done', doneAt: '2026-04-01T02:00:00Z' },
    { name: '安装', status: 'active', plannedAt: '2026-05-12T02:00:00Z', note: '请留人在家' },
    { name: '验收', status: 'pending' },
  ],
  equipment: [{ name: '净水机', serialNo: 'SN1', warrantyUntil: '2026-05-01T00:00:00Z' }],
  order: { amount: '128000', signedAt: '2026-04-01T02:00:00Z', payment: '分三期', area: 118 },
  orderFields: [
    { key: 'signedAt', label: '签约日期', kind: 'date' },
    { key: 'amount', label: '合同金额', kind: 'money' },
    { key: 'payment', label: '付款方式', kind: 'text' },
    { key: 'area', label: '面积（㎡）', kind: 'number' },
  ],
  designerUserid: 'zhangsan',
}

describe('a project', () => {
  test('tells each stage and its day', () => {
    expect(
      toProjectView(detail, NOW).stages.map(({ name, label, when, note, last }) => [
        name,
        label,
        when,
        note,
        last,
      ]),
    ).toEqual([
      ['签约', '已完成', '2026年4月1日完成', '', false],
      ['安装', '进行中', '预计 2026年5月12日完成', '请留人在家', false],
      ['验收', '未开始', '', '', true],
    ])
  })

  test('shows the fields of the order that it was given, by their labels, in that order', () => {
    expect(toProjectView(detail, NOW).order).toEqual([
      { label: '订单编号', value: 'SO-1' },
      { label: '签约日期', value: '2026年4月1日' },
      { label: '合同金额', value: '¥128,000' },
      { label: '付款方式', value: '分三期' },
      { label: '面积（㎡）', value: '118' },
    ])
  })

  test('shows nothing of an order that has no label, and no label that has no value', () => {
    const shown = toProjectView(
      { ...detail, order: { amount: 1, cost: 2 }, orderFields: detail.orderFields },
      NOW,
    )
    expect(shown.order).toEqual([
      { label: '订单编号', value: 'SO-1' },
      { label: '合同金额', value: '¥1' },
    ])
    expect(JSON.stringify(toProjectView(detail, NOW))).not.toMatch(/zhangsan/)
  })

  test('names who is responsible, where there are names', () => {
    expect(toProjectView(detail, NOW).people).toEqual([])
    const named = { ...detail, designerName: '张珊', projectManagerName: '李强' }
    expect(toProjectView(named, NOW).people).toEqual([
      { label: '设计师', value: '张珊' },
      { label: '项目经理', value: '李强' },
    ])
  })

  test('knows when a warranty is over', () => {
    expect(toProjectView(detail, NOW).equipment).toMatchObject([
      { name: '净水机', tone: 'over', lines: [{ label: '序列号', value: 'SN1' }] },
    ])
  })
})
