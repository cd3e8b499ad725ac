import type { AdvisorBooking, MyBooking } from '../../../shared/api/leads.ts'
import { BOOKING_STATES, findNextStates, isOpen } from '../../../shared/bookings.ts'
import { maskPhone } from '../../../shared/phone.ts'
import { maskText } from '../../lib/log.ts'
import type { BookingRow } from './bookings.store.ts'

const toBooking = ({ id, day, part, service, note, state, bookedAt, changedAt }: BookingRow) => ({
  id,
  date: day,
  part,
  service,
  note,
  state: BOOKING_STATES[state],
  bookedAt: bookedAt.toISOString(),
  changedAt: changedAt.toISOString(),
})

/** A booking as its customer sees it. */
export const toMyBooking = (row: BookingRow): MyBooking => ({
  ...toBooking(row),
  advisorId: row.advisorId,
  advisorName: row.advisorName,
  mayCancel: isOpen(row.state),
})

/** The same as the advisor sees it; a phone in what the customer wrote is told by no list. */
export const toAdvisorBooking = (row: BookingRow): AdvisorBooking => ({
  ...toBooking(row),
  customerId: row.leadId ?? row.actionId ?? row.id,
  customerName: row.customerName && maskText(row.customerName),
  service: maskText(row.service),
  note: row.note && maskText(row.note),
  phoneMasked: row.phone && maskPhone(row.phone),
  next: findNextStates(row.state).map((state) => BOOKING_STATES[state]),
})
