import type { Room } from '../room.ts'
import type { Bookings } from './bookings.ts'

export const bookingsRoom = (_bookings: Bookings): Room => ({ tag: 'leads', routes: [] })
