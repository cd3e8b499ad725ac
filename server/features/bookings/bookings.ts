import { randomUUID } from 'node:crypto'
import type { AdvisorBooking, MyBooking } from '../../../shared/api/leads.ts'
import type { BookingState } from '../../../shared/bookings.ts'
import type { Db } from '../../lib/db.ts'
import { maskText } from '../../lib/log.ts'
import { cutPage, type PageOf, type Place } from '../../lib/pages.ts'
import type { BookingsDeps, Operator } from './bookings.deps.ts'
import { handOver, move, toMoved, type Moved } from './bookings.moves.ts'
import { toAdvisorBooking, toMyBooking } from './bookings.present.ts'
import { isBookable } from './bookings.rules.ts'
import * as store from './bookings.store.ts'

export type Move = {
  bookingId: string
  moveId: number
  advisorId: string
  accountId: number
  /** To which state this move led, and where the booking is now. */
  state: BookingState
  current: BookingState
  by: store.Mover
  day: string
  part: store.BookingRow['part']
  service: string
  customerName: string | null
  /** Of the page of the customer: the lead, if it is this advisor's, else the action. */
  leadId: string | null
  actionId: string | null
}
/** A visit as it stands now. */
export type Booked = Pick<store.BookingRow, 'advisorId' | 'state' | 'day' | 'part' | 'service'>
type Page<Item> = { items: Item[]; next: Place | undefined }
/** `booking`: the one that he has already, with the action by which he asked for it. */
type Looked =
  | { kind: 'may_book'; booking: { id: string; actionId: string | null } | undefined }
  | { kind: 'refused'; reason: 'day' | 'service' }

/**
 * Visits that customers ask an advisor for: keeps `bookings` and `booking_moves`. Woken by customers, who book by an action
 * (`leads`) and may cancel, and by the advisor. Tells `booking.moved` of each step but the first, of which the action tells.
 */
export function createBookings(deps: BookingsDeps) {
  return {
    /** The advisor as whom an account may act: himself, while he is active. */
    findActing: async (accountId: number) => {
      const own = await deps.advisors.findOf(accountId)
      return own?.active === true ? toActing(own) : undefined
    },
    /** What a wish for a visit meets, in the transaction of who then books it. */
    look: (db: Db, wish: store.Wish) => look(deps, db, wish),
    /** Keeps a booking, or adds to the one that there is already; the caller holds what serialises this account. */
    book: (db: Db, booking: Booking) => book(db, { ...booking, now: deps.clock() }),
    /** My bookings, the latest first. */
    listMy: (accountId: number, page: PageOf) => listMy(deps, { accountId, ...page }),
    /** The customer cancels his own. A second time is the same. */
    cancel: async (accountId: number, id: string): Promise<Moved<MyBooking>> =>
      toMoved(await move(deps, { id, owner: { accountId }, to: 'cancelled' }), toMyBooking),
    /** Bookings of an advisor, the latest day first. */
    listFor: (advisorId: string, page: PageOf & { from: string | null }) =>
      listFor(deps, { advisorId, ...page }),
    /** Moves a booking of an advisor, by his own tap or a member's; in the operation log. Where it is already, nothing changes. */
    move: async (
      advisorId: string,
      { operator, ...moving }: { id: string; to: BookingState; operator: Operator },
    ): Promise<Moved<AdvisorBooking>> =>
      toMoved(await move(deps, { ...moving, owner: { advisorId }, operator }), toAdvisorBooking),
    /** Of one customer with one advisor, the latest first. */
    listOfCustomer: async (customer: store.Customer): Promise<AdvisorBooking[]> =>
      (await store.pageOfCustomer(deps.db, { ...customer, limit: MOST })).map(toAdvisorBooking),
    /** A step of a booking, for who tells of it. */
    findMove: (moveId: number) => findMove(deps, moveId),
    /** The visit that was booked by an action, for who tells of it; undefined: that action only repeated a wish. */
    findOfAction: (actionId: string) => findOfAction(deps, actionId),
    /**
     * What is open with one advisor becomes another's. What the customer has booked with both is cancelled, and he is told;
     * answers how many of each. In the transaction of who hands over, before the leads, and writes that down.
     */
    handOver: (db: Db, hand: store.Hand & { dryRun: boolean }) => handOver(deps, db, hand),
  }
}
export type Bookings = ReturnType<typeof createBookings>
export type { Operator } from './bookings.deps.ts'
export type { Moved } from './bookings.moves.ts'

/** `operator`: how the operation log calls him. */
const toActing = ({ advisorId }: { advisorId: string }) => ({
  advisorId,
  operator: `advisor:${advisorId}`,
})

/** More nobody reads on one page. */
const MOST = 50

async function look({ clock, timeZone }: BookingsDeps, db: Db, wish: store.Wish): Promise<Looked> {
  if (!isBookable(wish.day, { now: clock(), timeZone })) return { kind: 'refused', reason: 'day' }
  const services = await store.findServices(db, wish.advisorId)
  if (services.length > 0 && !services.includes(wish.service))
    return { kind: 'refused', reason: 'service' }
  return { kind: 'may_book', booking: await store.findOpen(db, wish) }
}

/** `id`: of the one that there is already. */
export type Booking = store.Wish &
  Pick<store.NewBooking, 'actionId' | 'leadId' | 'customerName' | 'note'> & {
    id: string | undefined
  }

async function book(db: Db, { id: known, ...booking }: Booking & { now: Date }): Promise<string> {
  if (known !== undefined) {
    await store.addCustomer(db, { ...booking, id: known })
    return known
  }
  const id = randomUUID()
  await store.insertBooking(db, { ...booking, id })
  await store.insertMove(db, { bookingId: id, state: 'new', by: 'customer', now: booking.now })
  return id
}

async function listMy(
  { db }: BookingsDeps,
  { limit, ...page }: PageOf & { accountId: number },
): Promise<Page<MyBooking>> {
  const rows = await store.pageOfAccount(db, { ...page, limit: limit + 1 })
  const { shown, last } = cutPage(rows, limit)
  return { items: shown.map(toMyBooking), next: last && { at: last.bookedAt, id: last.id } }
}

async function listFor(
  { db }: BookingsDeps,
  { limit, ...page }: PageOf & { advisorId: string; from: string | null },
): Promise<Page<AdvisorBooking>> {
  const rows = await store.pageOfAdvisor(db, { ...page, limit: limit + 1 })
  const { shown, last } = cutPage(rows, limit)
  const next = last && { at: new Date(`${last.day}T00:00:00Z`), id: last.id }
  return { items: shown.map(toAdvisorBooking), next }
}

async function findMove({ db }: BookingsDeps, moveId: number): Promise<Move | undefined> {
  const row = await store.findMove(db, moveId)
  if (!row) return undefined
  const { id: bookingId, advisorId, accountId, moved: state, state: current, by } = row
  const { day, part, leadId, actionId } = row
  const service = maskText(row.service)
  const customerName = row.customerName && maskText(row.customerName)
  const about = { bookingId, moveId, advisorId, accountId, state, current, by }
  return { ...about, day, part, service, customerName, leadId, actionId }
}

const findOfAction = ({ db }: BookingsDeps, actionId: string): Promise<Booked | undefined> =>
  store.findOfAction(db, actionId)
