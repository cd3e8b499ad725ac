import { describe, expect, jest, test } from '@jest/globals'
import { RequestError } from '../../lib/request.ts'
import type { Wish } from '../../services/advisors.ts'
import { createBooking } from './booking-form.asking.ts'
import {
  newDraft,
  readDraft,
  toBooked,
  toFormView,
  type Draft,
  type FormView,
} from './booking-form.view.ts'

const NOON = Date.parse('2026-05-01T04:30:00Z')
const DRAFT: Draft = {
  date: '2026-05-02',
  part: 'morning',
  service: '上门量房',
  note: '',
  name: '',
  phone: '',
}
const viewOf = (draft: Draft, services = ['上门量房', '方案讲解']): FormView =>
  toFormView({ draft, services, busy: false, hint: '' }, NOON)

describe('what can be chosen', () => {
  test('days from today to ninety days on, tomorrow to begin with', () =>
    expect(viewOf(newDraft([], NOON))).toMatchObject({
      first: '2026-05-01',
      last: '2026-07-30',
      date: '2026-05-02',
      day: '明天 5月2日 周六',
    }))

  test('of today what is still to come, of other days everything', () => {
    const offOf = (date: string): boolean[] =>
      viewOf({ ...DRAFT, date }).parts.map(({ off }) => off)
    expect(offOf('2026-05-01')).toEqual([true, false, false])
    expect(offOf('2026-05-02')).toEqual([false, false, false])
  })

  test('a part that is over by now is not chosen any more', () =>
    expect(viewOf({ ...DRAFT, date: '2026-05-01' }).parts.some(({ chosen }) => chosen)).toBe(false))

  test('the only service is chosen already', () => {
    expect(newDraft(['上门量房'], NOON).service).toBe('上门量房')
    expect(newDraft(['上门量房', '方案讲解'], NOON).service).toBe('')
  })
})

test.each<[Partial<Draft>, string]>([
  [{ service: ' ' }, '请选择要预约的服务'],
  [{ part: '' }, '请选择时段'],
  [{ date: '2026-05-01' }, '已经过了'],
  [{ date: '2026-04-30', part: 'evening' }, '已经过了'],
  [{ phone: '138' }, '这个号码不对'],
])('%j is answered with: %s', (wrong, hint) =>
  expect(readDraft({ ...DRAFT, ...wrong }, NOON)).toEqual({
    ok: false,
    hint: expect.stringContaining(hint),
  }),
)

test('what was left empty is not sent, a phone is sent as eleven digits', () => {
  expect(readDraft(DRAFT, NOON)).toEqual({
    ok: true,
    wish: { date: '2026-05-02', part: 'morning', service: '上门量房' },
  })
  expect(
    readDraft({ ...DRAFT, note: ' 三点后 ', name: ' 王 ', phone: '+86 138-0013-8000' }, NOON),
  ).toMatchObject({ wish: { note: '三点后', name: '王', phone: '13800138000' } })
})

test('a booking is told by day, part and service', () =>
  expect(toBooked({ date: '2026-05-02', part: 'evening', service: '上门量房' }, NOON)).toBe(
    '明天 5月2日 周六 晚上 · 上门量房',
  ))

describe('sending it', () => {
  const fill = (book: (wish: Wish) => Promise<void>) => {
    const shown: FormView[] = []
    const onBooked = jest.fn<(wish: Wish) => void>()
    const show = (view: FormView): void => void shown.push(view)
    const booking = createBooking({ book, show, onBooked, now: () => NOON })
    booking.offer(['上门量房'])
    booking.fill({ part: 'evening' })
    return { booking, onBooked, last: () => shown.at(-1)! }
  }

  test('two taps make one booking, and nothing is changed under way', async () => {
    let done = (): void => {}
    const book = jest.fn(() => new Promise<void>((resolve) => (done = resolve)))
    const { booking, onBooked, last } = fill(book)
    const sent = [booking.submit(), booking.submit()]
    booking.fill({ date: '2026-05-09' })
    expect(last()).toMatchObject({ busy: true, date: '2026-05-02' })
    done()
    await Promise.all(sent)
    expect(book).toHaveBeenCalledTimes(1)
    expect(onBooked.mock.calls).toEqual([
      [{ date: '2026-05-02', part: 'evening', service: '上门量房' }],
    ])
    expect(last()).toMatchObject({ busy: false, hint: '' })
  })

  test.each([
    [new RequestError(409, { code: 'x', message: '这个时段约满了' }), '这个时段约满了'],
    [new RequestError(0, { code: 'network.timeout', message: '网络有点慢' }), '同样的预约不会重复'],
    [new TypeError('x'), '没有成功'],
  ])('%s is told, and what was filled in stays', async (error, hint) => {
    const { booking, onBooked, last } = fill(() => Promise.reject(error))
    await booking.submit()
    expect(last()).toMatchObject({ busy: false, hint: expect.stringContaining(hint) })
    expect(last().parts.find(({ chosen }) => chosen)?.key).toBe('evening')
    expect(onBooked).not.toHaveBeenCalled()
  })

  test('an answer that comes after he has left is told to nobody', async () => {
    let done = (): void => {}
    const { booking, onBooked } = fill(() => new Promise((resolve) => (done = resolve)))
    const sent = booking.submit()
    booking.leave()
    done()
    await sent
    expect(onBooked).not.toHaveBeenCalled()
  })
})
