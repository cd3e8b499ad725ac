import { describe, expect, test } from '@jest/globals'
import { findRemoved, mergeContent, type Content } from './content.rules.ts'

const CALL = { title: '翠湖花园', customerPhone: '13800138000' }
const before: Content = {
  title: '翠湖花园', status: '施工中', address: '西湖区 1 号', designerUserid: 'zhangsan', projectManagerUserid: null,
  stages: [
    { name: '设计', status: 'done', plannedAt: '2026-01-01T00:00:00.000Z', doneAt: '2026-01-03T00:00:00.000Z', note: '已确认' },
    { name: '安装', status: 'active', plannedAt: null, doneAt: null, note: null },
  ],
  equipment: [
    { name: '空调', model: 'K1', serialNo: 'S1', installedAt: '2026-02-01T00:00:00.000Z', warrantyUntil: null },
    { name: '空调', model: 'K1', serialNo: null, installedAt: null, warrantyUntil: null },
  ],
  order: { amount: 5, cost: 3, remark: null },
}

describe('a load', () => {
  test('of nothing but title and phone changes nothing else', () => expect(mergeContent(before, CALL)).toEqual(before))

  test.each([
    ['status', { status: null }], ['address', { address: null }], ['designerUserid', { designerUserid: null }],
    ['stages: 设计', { stages: [{ name: '安装', status: 'active' as const }] }], ['stages: 安装', { stages: [{ name: '设计', status: 'done' as const }] }],
    ['equipment: 空调 S1', { equipment: [{ name: '空调', model: 'K1' }] }], ['equipment: 空调 K1', { equipment: [{ name: '空调', model: 'K1', serialNo: 'S1', installedAt: '2026-02-01T08:00:00+08:00' }] }],
    ['order.cost', { order: { amount: 5 } }], ['order.amount', { order: { amount: null, cost: 3 } }],
    ['stages: 设计.note', { stages: [{ name: '设计', status: 'done' as const, note: null }, { name: '安装', status: 'active' as const }] }],
    ['stages: 设计.doneAt', { stages: [{ name: '设计', status: 'active' as const }, { name: '安装', status: 'active' as const }] }],
    ['equipment: 空调 S1.installedAt', { equipment: [{ name: '空调', model: 'K1', serialNo: 'S1' }, { name: '空调', model: 'K1' }] }],
  ])('that erases %s names it, and nothing else', (name, more) => {
    expect(findRemoved(before, mergeContent(before, { ...CALL, ...more }))).toEqual([name])
  })

  test('with empty lists empties them, and names what was there', () => {
    const after = mergeContent(before, { ...CALL, stages: [], equipment: [], order: {} })
    expect(after).toMatchObject({ stages: [], equipment: [], order: {}, address: '西湖区 1 号' })
    expect(findRemoved(before, after)).toEqual(['order.amount', 'order.cost', 'stages: 设计', 'stages: 安装', 'equipment: 空调 S1', 'equipment: 空调 K1'])
  })

  test('of new values removes nothing', () => {
    const after = mergeContent(before, { ...CALL, title: '新名字', address: '新地址', stages: [{ name: '设计', status: 'done', note: '改' }, { name: '安装', status: 'done' }], order: { amount: 6, cost: 4, x: 1 } })
    expect(findRemoved(before, after)).toEqual([])
  })

  test('that names a stage leaves of it what it does not say', () => {
    const [stage] = mergeContent(before, { ...CALL, stages: [{ name: '设计', status: 'done', plannedAt: null }] }).stages
    expect(stage).toEqual({ name: '设计', status: 'done', plannedAt: null, doneAt: '2026-01-03T00:00:00.000Z', note: '已确认' })
  })
})

test('a first load says everything itself', () => {
  expect(mergeContent(null, CALL)).toEqual({
    title: '翠湖花园', status: null, address: null, designerUserid: null, projectManagerUserid: null, stages: [], equipment: [], order: {},
  })
})
