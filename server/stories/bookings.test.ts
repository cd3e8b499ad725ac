import { beforeEach, describe, expect, test } from '@jest/globals'
import { toIsoDay } from '../../shared/days.ts'
import { inventPhone, type Person } from '../../scripts/play/people.ts'
import { act as actIn, joinAdvisor, saveAdvisor } from '../test/advisors.ts'
import { ADMIN_KEY, useTown } from '../test/town.ts'

const town = useTown({ STAFF_QUIET_HOURS: 'off' })
const DAY = 24 * 3_600_000
const A = 'advisor-a'
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const UNKNOWN = '00000000-0000-4000-8000-000000000000'

const refusal = (status: number, code: string, words = /[\u4e00-\u9fff]/) => ({
  status,
  body: { error: { code }, message: expect.stringMatching(words) },
})
/** So many days from today, by the calendar of the company. */
const inDays = (days: number): string => {
  const today = toIsoDay(town().clock.now(), 'Asia/Shanghai')
  return new Date(Date.parse(`${today}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10)
}
const visit = (more: object = {}) => ({
  date: inDays(3),
  part: 'morning',
  service: '上门量尺',
  ...more,
})
const book = (person: Person, data: object | undefined = visit(), more: object = {}) =>
  actIn(town(), person, {
    advisorId: A,
    actionType: 'book_service',
    ...(data && { actionData: data }),
    ...more,
  })
const bookOne = async (person: Person, data = visit(), more: object = {}): Promise<string> =>
  (await book(person, data, more)).body.data.bookingId

async function arrive(): Promise<Person> {
  const person = await town().people.arrive()
  await person.signIn()
  return person
}
const get = (path: string, { token }: Person) => town().server.get(path, token)
const myBookings = async (person: Person): Promise<Record<string, any>[]> =>
  (await get('/api/bookings/my', person)).body.data.items
const hisBookings = async (query = ''): Promise<Record<string, any>[]> =>
  (await get(`/api/advisor/bookings${query}`, advisor)).body.data.items
const cancel = (person: Person, id: string) =>
  town().server.post(`/api/bookings/${id}/cancel`, undefined, person.token)
const move = (id: string, state: string, by = advisor) =>
  town().server.post(`/api/advisor/bookings/${id}`, { state }, by.token)
const moves = async (id: string): Promise<string[]> =>
  (await town().db('booking_moves').where({ booking_id: id }).orderBy('id')).map(
    ({ state, moved_by: by }) => `${String(state)} by ${String(by)}`,
  )

let advisor: Person
beforeEach(async () => {
  const { clock } = town()
  clock.advance(Date.now() - clock.now().getTime())
  advisor = await joinAdvisor(town(), A, { name: '张三' })
})

describe('a customer', () => {
  test('books a visit by an action, and both sides read it', async () => {
    const person = await arrive()
    const phone = inventPhone()
    const said = { customerName: '王女士', customerPhone: phone }
    const { data } = (await book(person, visit({ note: '下午也行' }), said)).body
    expect(data).toMatchObject({ bookingId: expect.stringMatching(UUID), customerCreated: true })
    const same = {
      id: data.bookingId,
      date: inDays(3),
      part: 'morning',
      service: '上门量尺',
      note: '下午也行',
      state: '新',
      bookedAt: expect.any(String),
      changedAt: expect.any(String),
    }
    expect(await myBookings(person)).toEqual([
      { ...same, advisorId: A, advisorName: '张三', mayCancel: true },
    ])
    expect(await hisBookings()).toEqual([
      {
        ...same,
        customerId: data.customerId,
        customerName: '王女士',
        phoneMasked: `${phone.slice(0, 3)}****${phone.slice(-4)}`,
        next: ['已联系', '已确认', '已取消'],
      },
    ])
    expect(await moves(data.bookingId)).toEqual(['new by customer'])
  })

  test('who gives a phone with it has stated it, as on the form for phones; too soon is no matter', async () => {
    const { settle, db, server } = town()
    const person = await arrive()
    await server.post('/api/binding/temp', { phoneNumber: inventPhone() }, person.token)
    const soon = inventPhone()
    expect((await book(person, visit(), { customerPhone: soon })).status).toBe(200)
    await settle()
    expect(await db('temp_bindings').where({ phone_number: soon })).toEqual([])
    town().clock.advance(60_000)
    const phone = inventPhone()
    await book(person, visit({ part: 'evening' }), { customerPhone: phone })
    await settle()
    const claims = await db('temp_bindings').where({ phone_number: phone })
    expect(claims).toMatchObject([{ status: 'waiting', wechat_openid: person.openid }])
    // Nor is a phone stated by anything else than a booking.
    const other = await arrive()
    const view = { advisorId: A, actionType: 'contact_advisor', customerPhone: inventPhone() }
    await actIn(town(), other, view)
    await settle()
    expect(await db('temp_bindings').where({ wechat_openid: other.openid })).toEqual([])
  })

  test('who taps twice, or twenty times at once, has booked once; another visit is another', async () => {
    const person = await arrive()
    const answers = await Promise.all(Array.from({ length: 20 }, () => book(person)))
    expect(new Set(answers.map(({ body }) => body.data.bookingId)).size).toBe(1)
    expect(new Set(answers.map(({ body }) => body.data.actionId)).size).toBe(1)
    expect(await myBookings(person)).toHaveLength(1)
    expect(await town().db('booking_moves')).toHaveLength(1)
    await book(person, visit({ part: 'afternoon' }))
    await book(person, visit({ date: inDays(4) }))
    await book(person, visit({ service: '看样板' }))
    await book(await arrive())
    expect(await town().db('bookings')).toHaveLength(5)
  })

  test('who books again what was cancelled has a new one', async () => {
    const person = await arrive()
    const first = await bookOne(person)
    await cancel(person, first)
    const second = await bookOne(person)
    expect(second).not.toBe(first)
    expect((await myBookings(person)).map(({ state }) => state)).toEqual(['新', '已取消'])
  })

  test('who says only the second time who he is, is known by it', async () => {
    const person = await arrive()
    const id = await bookOne(person)
    const phone = inventPhone()
    const said = { customerName: '王女士', customerPhone: phone }
    expect((await book(person, visit(), said)).body.data).toMatchObject({
      bookingId: id,
      customerCreated: true,
    })
    expect(await hisBookings()).toMatchObject([
      { id, customerName: '王女士', phoneMasked: expect.stringContaining('****') },
    ])
  })

  test('who books the same again with another note is read with the last one', async () => {
    const person = await arrive()
    const id = await bookOne(person, visit({ note: '上午也行' }))
    for (const note of ['请先打电话', undefined, '']) {
      expect(await bookOne(person, visit({ note }))).toBe(id)
      expect(await myBookings(person)).toMatchObject([{ id, note: '请先打电话' }])
    }
    expect(await hisBookings()).toMatchObject([{ id, note: '请先打电话' }])
  })

  test.each<[string, object | undefined, string, RegExp]>([
    ['nothing', undefined, 'request.invalid', /actionData/],
    ['no day', { date: undefined }, 'request.invalid', /actionData\.date/],
    ['a day of another spelling', { date: '1.3.2026' }, 'request.invalid', /actionData\.date/],
    ['a day that no calendar has', { date: '2026-02-30' }, 'request.invalid', /actionData\.date/],
    ['no such part of a day', { part: 'night' }, 'request.invalid', /actionData\.part/],
    ['no service', { service: ' ' }, 'request.invalid', /actionData\.service/],
    ['too long a note', { note: 'x'.repeat(201) }, 'request.invalid', /actionData\.note/],
    ['another service', { service: '家政' }, 'booking.service', /服务/],
    ['yesterday', { date: 'yesterday' }, 'booking.day', /日期/],
    ['a day in a year', { date: 'far' }, 'booking.day', /日期/],
  ])('cannot book with %s, and nothing is kept', async (_, wrong, code, words) => {
    await saveAdvisor(town(), A, { services: ['上门量尺', '看样板'] })
    const person = await arrive()
    const days: Record<string, string> = { yesterday: inDays(-1), far: inDays(91) }
    const { date, ...more } = (wrong ?? {}) as { date?: string }
    const data = wrong && visit({ ...more, ...('date' in wrong && { date: days[date!] ?? date }) })
    const said = { customerPhone: inventPhone(), ...(wrong ? {} : { actionData: undefined }) }
    expect(await book(person, data ?? undefined, said)).toMatchObject(refusal(400, code, words))
    for (const table of ['bookings', 'customeractions', 'leads'])
      expect(await town().db(table)).toEqual([])
  })

  test('books today and the last of ninety days', async () => {
    const person = await arrive()
    for (const days of [0, 90])
      expect((await book(person, visit({ date: inDays(days) }))).status).toBe(200)
  })

  test('books ten visits a day, and no more', async () => {
    const person = await arrive()
    for (let days = 1; days <= 10; days += 1) await bookOne(person, visit({ date: inDays(days) }))
    const more = await book(person, visit({ date: inDays(11) }))
    expect(more).toMatchObject(refusal(429, 'action.too_often'))
    expect(Number(more.headers.get('retry-after'))).toBeGreaterThan(80_000)
    expect((await book(person, visit({ date: inDays(10) }))).status).toBe(200)
  })

  test('reads his own page by page, the latest first, and nobody else does', async () => {
    const person = await arrive()
    for (let days = 1; days <= 5; days += 1) await bookOne(person, visit({ date: inDays(days) }))
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const query = cursor === undefined ? '' : `&cursor=${cursor}`
      const { data } = (await get(`/api/bookings/my?limit=2${query}`, person)).body
      seen.push(...data.items.map(({ date }: { date: string }) => date))
      cursor = data.nextCursor
    } while (cursor !== undefined)
    expect(seen).toEqual([5, 4, 3, 2, 1].map(inDays))
    expect(await myBookings(await arrive())).toEqual([])
    expect(await myBookings(advisor)).toEqual([])
  })

  test('cancels his own, once and again; of somebody else it is as if there were none', async () => {
    const [person, stranger] = [await arrive(), await arrive()]
    const id = await bookOne(person)
    for (const [who, which] of [
      [stranger, id],
      [advisor, id],
      [person, UNKNOWN],
    ] as const)
      expect(await cancel(who, which)).toMatchObject(refusal(404, 'booking.unknown'))
    const answers = await Promise.all([cancel(person, id), cancel(person, id)])
    answers.push(await cancel(person, id))
    for (const { status, body } of answers)
      expect({ status, data: body.data }).toMatchObject({
        status: 200,
        data: { id, state: '已取消', mayCancel: false },
      })
    expect(await moves(id)).toEqual(['new by customer', 'cancelled by customer'])
  })

  test('cannot cancel what is done, and is told so', async () => {
    const person = await arrive()
    const id = await bookOne(person)
    for (const state of ['confirmed', 'done']) await move(id, state)
    expect(await cancel(person, id)).toMatchObject(refusal(409, 'booking.impossible', /已完成/))
    expect(await myBookings(person)).toMatchObject([{ state: '已完成', mayCancel: false }])
  })
})

describe('an advisor', () => {
  test('moves a booking on, by either word, each step once and in the log', async () => {
    const id = await bookOne(await arrive())
    expect((await move(id, '已联系')).body.data).toMatchObject({
      state: '已联系',
      next: ['已确认', '已取消'],
    })
    expect((await move(id, 'contacted')).body.data.state).toBe('已联系')
    expect((await move(id, 'confirmed')).body.data.state).toBe('已确认')
    expect((await move(id, 'done')).body.data).toMatchObject({ state: '已完成', next: [] })
    expect(await moves(id)).toEqual([
      'new by customer',
      'contacted by advisor',
      'confirmed by advisor',
      'done by advisor',
    ])
    const path = `/api/admin/operations?targetType=booking&targetId=${id}`
    const log = (await town().server.get(path, ADMIN_KEY)).body.data.items
    expect(
      log.map(({ operator, operation, before, after }: any) => [
        operator,
        operation,
        before.state,
        after.state,
      ]),
    ).toEqual([
      [`advisor:${A}`, 'booking.moved', '已确认', '已完成'],
      [`advisor:${A}`, 'booking.moved', '已联系', '已确认'],
      [`advisor:${A}`, 'booking.moved', '新', '已联系'],
    ])
  })

  test('is told where it is when it cannot go there', async () => {
    const person = await arrive()
    const id = await bookOne(person)
    expect(await move(id, 'done')).toMatchObject(refusal(409, 'booking.impossible', /「新」/))
    await cancel(person, id)
    expect(await move(id, 'confirmed')).toMatchObject(
      refusal(409, 'booking.impossible', /「已取消」/),
    )
    expect(await move(id, 'new')).toMatchObject(refusal(409, 'booking.impossible'))
    expect((await move(id, '推迟')).status).toBe(400)
  })

  test('and his customer, who tap at once, make one end of it', async () => {
    const person = await arrive()
    const id = await bookOne(person)
    await move(id, 'confirmed')
    const [done, cancelled] = await Promise.all([move(id, 'done'), cancel(person, id)])
    expect([done.status, cancelled.status].toSorted((one, other) => one - other)).toEqual([
      200, 409,
    ])
    const end = done.status === 200 ? 'done by advisor' : 'cancelled by customer'
    expect(await moves(id)).toEqual(['new by customer', 'confirmed by advisor', end])
    const taps = await Promise.all(Array.from({ length: 10 }, () => bookOne(person)))
    await Promise.all(Array.from({ length: 10 }, () => move(taps[0]!, 'confirmed')))
    expect(await moves(taps[0]!)).toEqual(['new by customer', 'confirmed by advisor'])
  })

  test('sees and moves his own, and nobody else does', async () => {
    const id = await bookOne(await arrive())
    const other = await joinAdvisor(town(), 'advisor-b')
    expect(await move(id, 'confirmed', other)).toMatchObject(refusal(404, 'booking.unknown'))
    expect((await get('/api/advisor/bookings', other)).body.data.items).toEqual([])
    const customer = await arrive()
    expect(await move(id, 'confirmed', customer)).toMatchObject(refusal(403, 'advisor.not_one'))
    expect(await get('/api/advisor/bookings', customer)).toMatchObject(
      refusal(403, 'advisor.not_one'),
    )
  })

  test('reads them by day, page by page, also from a day on', async () => {
    const [one, two] = [await arrive(), await arrive()]
    for (const [who, days] of [
      [one, 5],
      [one, 1],
      [two, 5],
      [two, 3],
      [one, 3],
    ] as const)
      await bookOne(who, visit({ date: inDays(days) }))
    const readAll = async (query: string): Promise<string[]> => {
      const seen: string[] = []
      let cursor: string | undefined
      do {
        const mark = cursor === undefined ? '' : `&cursor=${cursor}`
        const { data } = (await get(`/api/advisor/bookings?limit=2${query}${mark}`, advisor)).body
        seen.push(...data.items.map(({ date }: { date: string }) => date))
        cursor = data.nextCursor
      } while (cursor !== undefined)
      return seen
    }
    expect(await readAll('')).toEqual([5, 5, 3, 3, 1].map(inDays))
    expect(await readAll(`&from=${inDays(3)}`)).toEqual([5, 5, 3, 3].map(inDays))
    expect(await readAll(`&from=${inDays(6)}`)).toEqual([])
    for (const from of ['2026-02-30', 'today'])
      expect((await get(`/api/advisor/bookings?from=${from}`, advisor)).status).toBe(400)
  })
})
