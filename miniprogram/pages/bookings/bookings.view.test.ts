import { describe, expect, test } from '@jest/globals'
import type { MyBooking } from '../../services/bookings.ts'
import { addBookings, toBookingsView } from './bookings.view.ts'

const NOW = Date.parse('2026-05-01T04:00:00Z')
const booking = (id: string, more: Partial<MyBooking> = {}): MyBooking => ({
  id,
  advisorId: 'a',
  advisorName: '张三',
  date: '2026-05-02',
  part: 'morning',
  service: '上门量房',
  note: null,
  state: '新',
  mayCancel: true,
  bookedAt: '2026-05-01T03:00:00Z',
  changedAt: '2026-05-01T03:00:00Z',
  ...more,
})
const viewOf = (items: MyBooking[], marked = '') => toBookingsView({ items }, { marked, now: NOW })

describe('my bookings', () => {
  test('stand by day, the next one first', () =>
    expect(
      viewOf([booking('1', { date: '2026-05-03' }), booking('2'), booking('3')]).days.map(
        ({ title, lines }) => [title, lines.map(({ id }) => id)],
      ),
    ).toEqual([
      ['明天 5月2日 周六', ['2', '3']],
      ['5月3日 周日', ['1']],
    ]))

  test('say what was booked with whom, and which one a message is about', () =>
    expect(viewOf([booking('1', { note: '三点后' })], '1').days[0]!.lines[0]).toEqual({
      id: '1',
      advisor: '张三',
      what: '上午 · 上门量房',
      note: '三点后',
      state: '等顾问确认',
      tone: 'soon',
      mayCancel: true,
      marked: true,
    }))

  test('wait for a result as long as one is open', () => {
    const over = booking('1', { state: '已取消', mayCancel: false })
    expect([viewOf([over]).waits, viewOf([over, booking('2')]).waits]).toEqual([false, true])
  })

  test.each<[MyBooking['state'], string, string]>([
    ['新', '等顾问确认', 'soon'],
    ['已联系', '顾问已联系您', 'soon'],
    ['已确认', '已确认', 'live'],
    ['已完成', '已完成', 'done'],
    ['已取消', '已取消', 'done'],
  ])('%s reads %s', (state, said, tone) =>
    expect(viewOf([booking('1', { state })]).days[0]!.lines[0]).toMatchObject({
      state: said,
      tone,
    }),
  )

  test('of another page are added, each once as it stood last', () =>
    expect(
      addBookings(
        { items: [booking('1'), booking('2')], nextCursor: 'x' },
        { items: [booking('2', { state: '已确认' }), booking('3')] },
      ),
    ).toEqual({ items: [booking('1'), booking('2', { state: '已确认' }), booking('3')] }))
})
