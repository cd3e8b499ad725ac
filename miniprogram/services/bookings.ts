import type { MyBooking } from '../../shared/api/leads.ts'
import { api } from '../lib/api.ts'

export type { MyBooking }
export type BookingPage = { items: MyBooking[]; nextCursor?: string }

export const fetchBookings = (cursor?: string): Promise<BookingPage> =>
  api.get('/api/bookings/my', { cursor })

export const cancelBooking = (id: string): Promise<unknown> =>
  api.post(`/api/bookings/${encodeURIComponent(id)}/cancel`)
