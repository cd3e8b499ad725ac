import type { Room } from '../room.ts'
import { createBookingRoutes } from './bookings.routes.ts'
import type { Bookings } from './bookings.ts'

export const bookingsRoom = (bookings: Bookings): Room => ({
  tag: 'leads',
  routes: createBookingRoutes(bookings),
})
