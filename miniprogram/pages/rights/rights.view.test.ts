import { expect, test } from '@jest/globals'
import type { RightsRequest } from '../../services/rights.ts'
import { toRightsView } from './rights.view.ts'

const NOW = Date.parse('2026-05-02T03:00:00Z')
const asked = (more: Partial<RightsRequest>): RightsRequest => ({
  id: 1,
  kind: 'export',
  state: 'open',
  requestedAt: '2026-05-02T02:00:00Z',
  ...more,
})

test('who asked for nothing may ask for both', () => {
  const view = toRightsView([], NOW)
  expect([view.export, view.erase]).toMatchObject([
    { text: '', mayAsk: true },
    { text: '', mayAsk: true },
  ])
})

test('what is open is not asked for again; the other is', () => {
  const view = toRightsView([asked({})], NOW)
  expect(view.export).toMatchObject({ text: '已申请（今天 10:00）', mayAsk: false, tone: 'wait' })
  expect(view.export.note).toContain('15 个工作日')
  expect(view.erase.mayAsk).toBe(true)
})

test('a refusal says why, and one may ask again; the latest counts', () => {
  const view = toRightsView(
    [
      asked({
        kind: 'erase',
        state: 'declined',
        closedAt: '2026-05-01T02:00:00Z',
        reason: '质保期内',
      }),
      asked({ kind: 'erase', state: 'done' }),
    ],
    NOW,
  )
  expect(view.erase).toEqual({
    text: '没有通过（昨天 10:00）',
    note: '原因：质保期内',
    tone: 'no',
    mayAsk: true,
  })
})

test('what is done says how the copy comes', () => {
  const { export: standing } = toRightsView(
    [asked({ state: 'done', closedAt: '2026-05-02T02:30:00Z' })],
    NOW,
  )
  expect(standing).toMatchObject({ text: '已处理（今天 10:30）', mayAsk: true, tone: 'done' })
  expect(standing.note).toContain('客服')
})
