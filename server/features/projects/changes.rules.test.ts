import { expect, test } from '@jest/globals'
import { findChanges } from './changes.rules.ts'
import type { Content } from './content.rules.ts'

const stage = (name: string, more: object = {}) => ({ name, status: 'pending' as const, plannedAt: null, doneAt: null, note: null, ...more })
const pump = (more: object = {}) => ({ name: '水泵', model: null, serialNo: null, installedAt: null, warrantyUntil: null, ...more })
const content = (more: Partial<Content> = {}): Content =>
  ({ title: '订单', status: null, address: null, designerUserid: null, projectManagerUserid: null, stages: [], equipment: [], order: {}, ...more })

test.each<[string, Partial<Content>, Partial<Content>, [string, unknown, unknown][]]>([
  ['nothing', { order: { a: { x: 1, y: 2 } } }, { order: { a: { y: 2, x: 1 } } }, []],
  ['a field', { address: '西湖区 1 号' }, { address: '西湖区 2 号', status: '施工中' }, [['status', null, '施工中'], ['address', '西湖区 1 号', '西湖区 2 号']]],
  ['fields of the order', { order: { amount: 1, a: 1 } }, { order: { amount: 2, b: null } }, [['order.amount', 1, 2], ['order.a', 1, null]]],
  ['a stage by its name', { stages: [stage('生产'), stage('安装')] }, { stages: [stage('生产', { status: 'done' }), stage('安装')] }, [['stages: 生产.status', 'pending', 'done']]],
  ['a stage that came and one that went', { stages: [stage('生产')] }, { stages: [stage('安装')] }, [['stages: 生产', stage('生产'), null], ['stages: 安装', null, stage('安装')]]],
  ['the order of stages', { stages: [stage('生产'), stage('安装')] }, { stages: [stage('安装'), stage('生产')] }, [['stages', ['生产', '安装'], ['安装', '生产']]]],
  ['one of two that are named alike', { equipment: [pump(), pump()] }, { equipment: [pump()] }, [['equipment: 水泵', pump(), null]]],
])('what a load changes: %s', (_, before, after, changes) =>
  expect(findChanges(content(before), content(after))).toEqual(changes.map(([field, was, is]) => ({ field, before: was, after: is }))))

test('of a new order all that it says', () => {
  const made = findChanges(null, content({ order: { amount: 5 }, stages: [stage('生产')] }))
  expect(made).toEqual([
    { field: 'title', before: null, after: '订单' }, { field: 'order.amount', before: null, after: 5 }, { field: 'stages: 生产', before: null, after: stage('生产') },
  ])
})
