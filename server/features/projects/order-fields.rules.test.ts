import { expect, test } from '@jest/globals'
import type { OrderField } from '../../../shared/api/settings.ts'
import { toCustomerOrder } from './order-fields.rules.ts'

test.each<[kind: OrderField['kind'], passes: unknown[], stays: unknown[]]>([
  ['text', ['分三期', 5, 'x'.repeat(200)], ['', '  ', 'x'.repeat(201), { a: 1 }, ['a'], null, true, Number.NaN]],
  ['money', [186000, 0, -5, '128000', '¥128,000.50', '12,800 元'], ['面议', '成本 5 万', '', '1'.repeat(40), {}, [1], null, true, Infinity]],
  ['number', [118, '118', '3.5'], ['118 13800138000', 'x', [], {}, null]],
  ['date', ['2026-03-01', '2026-03-01T00:00:00Z', '2026-03-01T00:00:00.123456+08:00'], ['soon', '2026', 20260301, '2026-13-01', '2026-03-01 备注', {}, null]],
])('%s: a value passes if it is one, and else stays inside', (kind, passes, stays) => {
  const shown = (value: unknown) => toCustomerOrder({ key: value }, [{ key: 'key', label: '字段', kind }])
  for (const value of passes) expect(shown(value)).toEqual({ order: { key: value }, orderFields: [{ key: 'key', label: '字段', kind }] })
  for (const value of stays) expect(shown(value)).toEqual({ order: {}, orderFields: [] })
})

test('only fields on the list pass, in the order of the list, and none that only the language knows', () => {
  const fields: OrderField[] = [
    { key: 'b', label: '乙', kind: 'number' }, { key: 'constructor', label: '丙', kind: 'text' }, { key: 'missing', label: '丁', kind: 'text' },
    { key: 'a', label: '甲', kind: 'number' },
  ]
  const { order, orderFields } = toCustomerOrder({ a: 1, b: 2, cost: 3, 备注: '内部' }, fields)
  expect(order).toEqual({ a: 1, b: 2 })
  expect(orderFields.map(({ key }) => key)).toEqual(['b', 'a'])
})
