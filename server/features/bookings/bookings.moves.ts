import { BOOKING_STATES, type BookingState } from '../../../shared/bookings.ts'
import { inTransaction, type Db } from '../../lib/db.ts'
import type { BookingsDeps, Operator, Tx } from './bookings.deps.ts'
import { decideMove } from './bookings.rules.ts'
import * as store from './bookings.store.ts'

type NotMoved = { kind: 'unknown' } | { kind: 'impossible'; state: string }
export type Moved<Item> = { kind: 'moved'; booking: Item } | NotMoved

type Moving = { id: string; owner: store.Owner; to: BookingState; operator?: Operator }
type Row = { kind: 'moved'; row: store.BookingRow } | NotMoved

export const toMoved = <Item>(moved: Row, present: (row: store.BookingRow) => Item): Moved<Item> =>
  moved.kind === 'moved' ? { kind: 'moved', booking: present(moved.row) } : moved

/** One move of a booking at a time. */
export const move = (deps: BookingsDeps, moving: Moving): Promise<Row> =>
  inTransaction(deps, async (tx): Promise<Row> => {
    const found = await store.lockBooking(tx.db, moving)
    if (!found) return { kind: 'unknown' }
    const decided = decideMove(found.state, moving.to)
    if (decided === 'impossible') return { kind: 'impossible', state: BOOKING_STATES[found.state] }
    if (decided === 'moves') await carryOut(tx, { ...moving, from: found.state })
    return { kind: 'moved', row: await store.getBooking(tx.db, moving.id) }
  })

async function carryOut(
  tx: Tx,
  { id, from, to, operator }: Moving & { from: BookingState },
): Promise<void> {
  const now = tx.clock()
  const by = operator === undefined ? 'customer' : 'advisor'
  await step(tx, { bookingId: id, state: to, by, now })
  if (operator === undefined) return
  await tx.audit.record(tx.db, {
    operator: operator.name,
    operation: 'booking.moved',
    target: { type: 'booking', id },
    before: { state: BOOKING_STATES[from] },
    after: { state: BOOKING_STATES[to] },
    requestId: operator.requestId,
    now,
  })
}

type Step = { bookingId: string; state: BookingState; by: store.Mover; now: Date }

async function step({ db, facts }: Pick<Tx, 'db' | 'facts'>, made: Step): Promise<void> {
  const { bookingId, state, now } = made
  await store.setState(db, { id: bookingId, state, now })
  const moveId = await store.insertMove(db, made)
  await facts.publish(db, [{ fact: 'booking.moved', bookingId, moveId }])
}

/** How many open ones become another's, and how many end because the customer has the same with both. */
export type Given = { bookings: number; cancelled: number }

export async function handOver(
  { facts, clock }: BookingsDeps,
  db: Db,
  { from, to, dryRun }: store.Hand & { dryRun: boolean },
): Promise<Given> {
  await store.lockCustomersOf(db, from)
  const open = await store.lockOpenOf(db, { from, to })
  const [given, ended] = [false, true].map((clashing) =>
    open.flatMap(({ id, clashes }) => (clashes === clashing ? id : [])),
  ) as [string[], string[]]
  const counts = { bookings: given.length, cancelled: ended.length }
  if (dryRun) return counts
  const now = clock()
  for (const id of ended)
    await step({ db, facts }, { bookingId: id, state: 'cancelled', by: 'office', now })
  await store.giveBookings(db, { ids: given, to })
  return counts
}
