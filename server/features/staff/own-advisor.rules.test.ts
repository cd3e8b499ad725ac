import { expect, test } from '@jest/globals'
import type { AdvisorBooking } from '../../../shared/api/leads.ts'
import { toShown, toVisit } from './own-advisor.rules.ts'

type Kept = Pick<AdvisorBooking, 'id' | 'date' | 'part'> & { isOver?: boolean; changed?: number }
const booking = ({ isOver = false, changed = 0, ...kept }: Kept) =>
  ({
    ...kept,
    next: isOver ? [] : ['已取消'],
    changedAt: `2026-03-0${String(changed)}T00:00:00.000Z`,
  }) as AdvisorBooking
const shown = (...kept: Kept[]): string[] => toShown(kept.map(booking)).map(({ id }) => id)

test('the next visit comes first, of one day in the order of the day', () => {
  expect(
    shown(
      { id: 'later', date: '2026-03-06', part: 'morning' },
      { id: 'evening', date: '2026-03-05', part: 'evening' },
      { id: 'afternoon', date: '2026-03-05', part: 'afternoon' },
      { id: 'morning', date: '2026-03-05', part: 'morning' },
      { id: 'missed', date: '2026-02-28', part: 'evening' },
    ),
  ).toEqual(['missed', 'morning', 'afternoon', 'evening', 'later'])
})

test('what is over stands behind, the last five of it, the latest first', () => {
  const over = [3, 1, 2, 6, 5, 4].map((changed) => ({
    id: `over-${String(changed)}`,
    date: '2026-03-01',
    part: 'morning' as const,
    isOver: true,
    changed,
  }))
  expect(shown(...over, { id: 'open', date: '2026-03-09', part: 'morning' })).toEqual([
    'open',
    ...[6, 5, 4, 3, 2].map((changed) => `over-${String(changed)}`),
  ])
})

test.each([
  ['2026-03-05', 'morning', '3月5日 周四 上午'],
  ['2026-11-01', 'afternoon', '11月1日 周日 下午'],
  ['2026-12-31', 'evening', '12月31日 周四 晚上'],
] as const)('%s %s is %s', (date, part, visit) => expect(toVisit({ date, part })).toBe(visit))
