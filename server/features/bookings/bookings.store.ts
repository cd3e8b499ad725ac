import type { BookingPart, BookingState } from '../../../shared/bookings.ts'
import { lockKeys, type Db } from '../../lib/db.ts'
import type { Place } from '../../lib/pages.ts'

/** In the text of a statement, so that the index of open ones serves it. */
const OPEN = `state in ('new', 'contacted', 'confirmed')`

export type BookingRow = {
  id: string
  accountId: number
  advisorId: string
  advisorName: string
  actionId: string | null
  /** Of the lead, if it is the same advisor's. */
  leadId: string | null
  customerName: string | null
  phone: string | null
  day: string
  part: BookingPart
  service: string
  note: string | null
  state: BookingState
  bookedAt: Date
  changedAt: Date
}

/** What a customer stated with a booking may be the lead of another advisor: its page is not this one's. */
const told = (db: Db) =>
  db('bookings as b')
    .join('advisors as a', 'a.id', 'b.advisor_id')
    .leftJoin('leads as l', 'l.id', 'b.lead_id')
    .select({
      id: 'b.id',
      accountId: 'b.account_id',
      advisorId: 'b.advisor_id',
      advisorName: 'a.name',
      actionId: 'b.action_id',
      leadId: db.raw('case when l.advisor_id = b.advisor_id then l.id end'),
      customerName: db.raw('coalesce(b.customer_name, l.name)'),
      phone: 'l.phone',
      day: db.raw('b.day::text'),
      part: 'b.part',
      service: 'b.service',
      note: 'b.note',
      state: 'b.state',
      bookedAt: 'b.booked_at',
      changedAt: 'b.changed_at',
    })

/** Whose booking it must be. */
export type Owner = { accountId: number } | { advisorId: string }
const columnOf = (owner: Owner): Record<string, string | number> =>
  'accountId' in owner ? { account_id: owner.accountId } : { advisor_id: owner.advisorId }

export const getBooking = async (db: Db, id: string): Promise<BookingRow> =>
  (await told(db).where('b.id', id).first<BookingRow | undefined>())!

export const findOfAction = async (db: Db, actionId: string): Promise<BookingRow | undefined> =>
  told(db).where('b.action_id', actionId).first<BookingRow | undefined>()

/** Undefined: there is none, or it is somebody else's. */
export const lockBooking = (db: Db, { id, owner }: { id: string; owner: Owner }) =>
  db('bookings')
    .where({ id, ...columnOf(owner) })
    .forUpdate()
    .first<{ state: BookingState } | undefined>('state')

export const setState = (
  db: Db,
  { id, state, now }: { id: string; state: BookingState; now: Date },
): Promise<number> => db('bookings').where({ id }).update({ state, changed_at: now })

export type Mover = 'customer' | 'advisor' | 'office'
type NewMove = { bookingId: string; state: BookingState; by: Mover; now: Date }

export async function insertMove(db: Db, { bookingId, state, by, now }: NewMove): Promise<number> {
  const [move] = await db('booking_moves')
    .insert({ booking_id: bookingId, state, moved_by: by, moved_at: now })
    .returning<{ id: number }[]>('id')
  return move!.id
}

export type MoveRow = BookingRow & { moved: BookingState; by: Mover }

export const findMove = (db: Db, moveId: number) =>
  told(db)
    .join('booking_moves as m', 'm.booking_id', 'b.id')
    .where('m.id', moveId)
    .select({ moved: 'm.state', by: 'm.moved_by' })
    .first<MoveRow | undefined>()

/** What makes a booking the same as another. */
export type Wish = {
  accountId: number
  advisorId: string
  day: string
  part: BookingPart
  service: string
}

export const findOpen = (db: Db, { accountId, advisorId, ...wish }: Wish) =>
  db('bookings')
    .where({ account_id: accountId, advisor_id: advisorId, ...wish })
    .whereRaw(OPEN)
    .select({ id: 'id', actionId: 'action_id' })
    .first<{ id: string; actionId: string | null } | undefined>()

export type NewBooking = Wish & {
  id: string
  actionId: string
  leadId: string | null
  customerName: string | null
  note: string | null
  now: Date
}

export const insertBooking = (
  db: Db,
  { accountId, advisorId, actionId, leadId, customerName, now, ...row }: NewBooking,
) =>
  db('bookings').insert({
    ...row,
    account_id: accountId,
    advisor_id: advisorId,
    action_id: actionId,
    lead_id: leadId,
    customer_name: customerName,
    booked_at: now,
    changed_at: now,
  })

type Addition = Pick<NewBooking, 'id' | 'leadId' | 'customerName' | 'note'>

/** What he says of himself when he asks for the same again counts, unless he has said it before; of what he wishes, the last. */
export const addCustomer = (
  db: Db,
  { id, leadId, customerName, note }: Addition,
): Promise<number> =>
  db('bookings')
    .where({ id })
    .update({
      lead_id: db.raw('coalesce(lead_id, ?::uuid)', [leadId]),
      customer_name: db.raw('coalesce(customer_name, ?::text)', [customerName]),
      note: db.raw('coalesce(?::text, note)', [note]),
    })

export const findServices = async (db: Db, advisorId: string): Promise<string[]> =>
  (
    await db('advisors')
      .where({ id: advisorId })
      .first<{ services: string[] } | undefined>('services')
  )?.services ?? []

type Asked = { limit: number; after: Place | null }

/** The latest that he has booked first. */
export const pageOfAccount = (
  db: Db,
  { accountId, limit, after }: Asked & { accountId: number },
): Promise<BookingRow[]> => {
  const page = told(db)
    .where('b.account_id', accountId)
    .orderBy([{ column: 'b.booked_at', order: 'desc' }, 'b.id'])
    .limit(limit)
  return after === null
    ? page
    : page
        .where('b.booked_at', '<=', after.at)
        .whereRaw('(b.booked_at < ?::timestamptz or b.id > ?::uuid)', [after.at, after.id])
}

const toDay = (at: Date): string => at.toISOString().slice(0, 10)

/** The latest day first. */
export const pageOfAdvisor = (
  db: Db,
  { advisorId, from, limit, after }: Asked & { advisorId: string; from: string | null },
): Promise<BookingRow[]> => {
  const page = told(db)
    .where('b.advisor_id', advisorId)
    .orderBy([{ column: 'b.day', order: 'desc' }, 'b.id'])
    .limit(limit)
  if (from !== null) page.where('b.day', '>=', from)
  if (after !== null) {
    const day = toDay(after.at)
    page.where('b.day', '<=', day).whereRaw('(b.day < ?::date or b.id > ?::uuid)', [day, after.id])
  }
  return page
}

/** With whom it was when he had the lead: what the same customer books with a colleague who is there is that one's. */
const CAME_ALONG = 'l.id = ?::uuid and (a.id = l.created_by or not a.active)'

/** Of one customer with one advisor, also what came to him with the lead; the latest first. */
export const pageOfCustomer = (
  db: Db,
  { accountId, advisorId, leadId, limit }: Customer & { limit: number },
): Promise<BookingRow[]> =>
  told(db)
    .where('b.account_id', accountId)
    .whereRaw(`(b.advisor_id = ? or (${CAME_ALONG}))`, [advisorId, leadId])
    .orderBy([{ column: 'b.booked_at', order: 'desc' }, 'b.id'])
    .limit(limit)
export type Customer = { accountId: number; advisorId: string; leadId: string | null }

export type Hand = { from: string; to: string }

/** As who acts is locked (leads): who has something open with an advisor books nothing until the transaction ends. */
export async function lockCustomersOf(db: Db, advisorId: string): Promise<void> {
  const accountIds = await db('bookings')
    .where({ advisor_id: advisorId })
    .whereRaw(OPEN)
    .distinct()
    .pluck<number[]>('account_id')
  await lockKeys(
    db,
    accountIds.map((id) => `actions:${String(id)}`),
  )
}

/** Open ones of his, locked; `clashes`: the customer has the same one with who shall have it. */
export const lockOpenOf = (db: Db, { from, to }: Hand) =>
  db('bookings as b')
    .where('b.advisor_id', from)
    .whereRaw(`b.${OPEN}`)
    .orderBy('b.id')
    .forUpdate()
    .select<{ id: string; clashes: boolean }[]>(
      'b.id',
      db.raw(
        `exists (select 1 from bookings o where o.account_id = b.account_id and o.advisor_id = ? and o.day = b.day
          and o.part = b.part and o.service = b.service and o.${OPEN}) as clashes`,
        [to],
      ),
    )

export const giveBookings = (
  db: Db,
  { ids, to }: { ids: readonly string[]; to: string },
): Promise<number> =>
  db('bookings')
    .whereRaw('id = any(?::uuid[])', [[...ids]])
    .update({ advisor_id: to })
