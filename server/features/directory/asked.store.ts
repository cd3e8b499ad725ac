import type { ActionType } from '../../../shared/advisors.ts'
import type { BookingPart, BookingState } from '../../../shared/bookings.ts'
import type { Db } from '../../lib/db.ts'

/** A story is read by people. */
const MOST = 200

/** Accounts that are his now: what they did before he was known is his too. */
const OWN = 'account_id = any(array(select t.account_id from live_ties t where t.customer_id = ?))'

export type Action = {
  at: Date
  actionType: ActionType
  advisorId: string
  advisorName: string
  times: number
  createdLead: boolean
}

export const pageActions = (db: Db, customerId: number) =>
  db('customeractions as c')
    .join('advisors as a', 'a.id', 'c.advisor_id')
    .whereRaw(`c.${OWN}`, [customerId])
    .orderBy([{ column: 'c.last_at', order: 'desc' }, 'c.id'])
    .limit(MOST)
    .select<Action[]>({
      at: 'c.last_at',
      actionType: 'c.action_type',
      advisorId: 'c.advisor_id',
      advisorName: 'a.name',
      times: 'c.times',
      createdLead: 'c.created_lead',
    })

export type Booking = {
  at: Date
  advisorId: string
  advisorName: string
  date: string
  part: BookingPart
  service: string
  state: BookingState
}

export const pageBookings = (db: Db, customerId: number): Promise<Booking[]> =>
  db('bookings as b')
    .join('advisors as a', 'a.id', 'b.advisor_id')
    .whereRaw(`b.${OWN}`, [customerId])
    .orderBy([{ column: 'b.booked_at', order: 'desc' }, 'b.id'])
    .limit(MOST)
    .select({
      at: 'b.booked_at',
      advisorId: 'b.advisor_id',
      advisorName: 'a.name',
      date: db.raw('b.day::text'),
      part: 'b.part',
      service: 'b.service',
      state: 'b.state',
    })
