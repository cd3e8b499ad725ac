import { NO_ADVISOR } from '../../../shared/api/advisors.ts'
import {
  AdvisorBooking,
  AdvisorBookings,
  AdvisorBookingsQuery,
  BookingMove,
  MyBooking,
  MyBookings,
  PathId,
} from '../../../shared/api/leads.ts'
import { PageQuery } from '../../../shared/api/projects.ts'
import type { Refusals } from '../../http/errors.ts'
import { readPlace, toPlaceMark } from '../../http/places.ts'
import { BAD_CURSOR, route, type Route } from '../../http/route.ts'
import type { Bookings } from './bookings.ts'

const DEFAULT_LIMIT = 20
const NOT_MOVED = {
  unknown: [404, 'booking.unknown', '没有找到这个预约'],
  impossible: [409, 'booking.impossible', '这个预约现在是「{state}」，不能这样改'],
} satisfies Refusals

/** Bookings, as customers and advisors see and move them; a customer books by an action. */
export const createBookingRoutes = (bookings: Bookings): Route[] => [
  ...createMyRoutes(bookings),
  ...createAdvisorRoutes(bookings),
]

function createMyRoutes(bookings: Pick<Bookings, 'listMy' | 'cancel'>): Route[] {
  return [
    route(
      {
        method: 'get',
        path: '/api/bookings/my',
        who: 'customer',
        summary: 'My bookings, the latest first',
        query: PageQuery,
        data: MyBookings,
        refusals: { bad_cursor: BAD_CURSOR },
      },
      async ({ caller, query: { limit = DEFAULT_LIMIT, cursor } }) => {
        const page = await bookings.listMy(caller.accountId, { limit, after: readPlace(cursor) })
        return { data: { items: page.items, ...toPlaceMark(page.next) } }
      },
    ),
    route(
      {
        method: 'post',
        path: '/api/bookings/:id/cancel',
        who: 'customer',
        summary: 'Cancel a booking of mine',
        params: PathId,
        data: MyBooking,
        refusals: NOT_MOVED,
      },
      async ({ caller, params }) => {
        const moved = await bookings.cancel(caller.accountId, params.id)
        if (moved.kind === 'moved') return { data: moved.booking, message: '已取消预约' }
        const { kind, ...words } = moved
        return { refused: kind, words }
      },
    ),
  ]
}

function createAdvisorRoutes(bookings: Pick<Bookings, 'findActing' | 'listFor' | 'move'>): Route[] {
  return [
    route(
      {
        method: 'get',
        path: '/api/advisor/bookings',
        who: 'customer',
        summary: 'Advisor: my bookings, the latest day first; with from none before that day',
        query: AdvisorBookingsQuery,
        data: AdvisorBookings,
        refusals: { ...NO_ADVISOR, bad_cursor: BAD_CURSOR },
      },
      async ({ caller, query: { limit = DEFAULT_LIMIT, cursor, from = null } }) => {
        const asked = { limit, after: readPlace(cursor), from }
        const me = await bookings.findActing(caller.accountId)
        if (!me) return { refused: 'not_one' }
        const page = await bookings.listFor(me.advisorId, asked)
        return { data: { items: page.items, ...toPlaceMark(page.next) } }
      },
    ),
    route(
      {
        method: 'post',
        path: '/api/advisor/bookings/:id',
        who: 'customer',
        summary: 'Advisor: move a booking of mine; logged, and the customer is told',
        params: PathId,
        body: BookingMove,
        data: AdvisorBooking,
        refusals: { ...NO_ADVISOR, ...NOT_MOVED },
      },
      async ({ caller, params: { id }, body: { state }, requestId }) => {
        const me = await bookings.findActing(caller.accountId)
        if (!me) return { refused: 'not_one' }
        const operator = { name: me.operator, requestId }
        const moved = await bookings.move(me.advisorId, { id, to: state, operator })
        if (moved.kind === 'moved') return { data: moved.booking, message: '已更新预约' }
        const { kind, ...words } = moved
        return { refused: kind, words }
      },
    ),
  ]
}
