import { BOOKING_STATES } from '../../../shared/bookings.ts'
import type { Move } from '../bookings/bookings.ts'
import { toAdvisor } from './advisors.ts'
import type { Looked, Kind } from './kind.ts'
import type { NewNotice, NoticeOf } from './ledger.store.ts'
import type { NoticesDeps } from './notices.deps.ts'
import {
  CANCELLED_BY,
  OPEN_BOOKINGS,
  toAdvisorLine,
  toBookingNote,
  toBookingText,
  toName,
  toVisit,
} from './notices.texts.ts'
import { order } from './ordering.ts'
import { toMessage } from './subscribe-message.ts'
import { findTied } from './ties.store.ts'

/** A booking has moved: each side hears what the other, or the office, did. That a visit is over, both know. */
export async function tellMove(deps: NoticesDeps, { moveId }: { moveId: number }): Promise<void> {
  const move = await deps.bookings.findMove(moveId)
  if (!move) return
  if (isForAdvisor(move)) await orderForAdvisor(deps, move)
  if (isForCustomer(move)) {
    const { accountId } = move
    await orderOne(deps, { kind: 'booking_state', subject: `booking:${moveId}`, accountId, moveId })
  }
}

const isForAdvisor = ({ state, by }: Move): boolean => state === 'cancelled' && by !== 'advisor'
const isForCustomer = ({ state, by }: Move): boolean =>
  by !== 'customer' && ['contacted', 'confirmed', 'cancelled'].includes(state)

async function orderForAdvisor(deps: NoticesDeps, move: Move): Promise<void> {
  const { advisorId, moveId } = move
  const advisor = await deps.advisors.find(advisorId)
  if (!advisor?.active) return
  const { accountId } = advisor
  await orderOne(deps, { kind: 'advisor_booking', subject: String(moveId), accountId, moveId })
}

const orderOne = (deps: NoticesDeps, notice: NewNotice): Promise<void> =>
  order(deps, notice.kind === 'booking_state' ? 'customer' : 'advisor', () =>
    Promise.resolve([notice]),
  )

/** The move, while nothing has followed it. */
async function findStill(
  { bookings }: NoticesDeps,
  moveId: number,
): Promise<Move | { dropped: string }> {
  const move = await bookings.findMove(moveId)
  if (!move) return { dropped: 'no booking any more' }
  return move.state === move.current ? move : { dropped: 'another state by now' }
}

export const advisorBooking: Kind<NoticeOf<'advisor_booking'>> = {
  for: 'advisor',
  look: async (deps, notice) => {
    const move = await findStill(deps, notice.moveId)
    if ('dropped' in move) return move
    const action = CANCELLED_BY[move.by]
    const customer = toName(move.customerName)
    const note = toVisit(move)
    return toAdvisor(deps, notice, {
      advisorId: move.advisorId,
      template: 'booking',
      customerId: move.leadId ?? move.actionId,
      values: { action, at: notice.orderedAt, customer, note, day: move, service: move.service },
      line: toAdvisorLine({ action, customer, note }),
    })
  },
}

export const bookingState: Kind<NoticeOf<'booking_state'>> = {
  for: 'customer',
  look: async (deps, notice) => {
    const move = await findStill(deps, notice.moveId)
    return 'dropped' in move ? move : toCustomer(deps, notice, move)
  },
}

const PAGE = 'pages/bookings/bookings'

async function toCustomer(
  deps: NoticesDeps,
  notice: NoticeOf<'booking_state'>,
  move: Move,
): Promise<Looked> {
  const advisor = await deps.advisors.find(move.advisorId)
  const tied = await findTied(deps.db, notice.accountId)
  const userId = advisor?.memberUserId ?? null
  const { bookingId: id, service } = move
  const [at, state] = [notice.orderedAt, BOOKING_STATES[move.state]]
  const told = { advisor: toName(advisor?.name ?? null), state, service, note: toBookingNote(move) }
  return {
    message: await toMessage(deps, {
      template: 'bookingState',
      to: notice,
      id,
      at,
      values: { ...told, day: move, at },
    }),
    chat: tied
      ? {
          externalUserId: tied.externalUserId,
          text: toBookingText({ ...move, ...told }),
          page: { page: `${PAGE}?id=${id}`, text: OPEN_BOOKINGS },
        }
      : null,
    member: tied || userId !== null ? toMember(notice, move, { tied, userId }) : null,
  }
}

type Near = { tied: { customerId: number } | undefined; userId: string | null }

/** Who is bound to nobody, the advisor can still call. */
const toMember = ({ subject }: NoticeOf<'booking_state'>, move: Move, { tied, userId }: Near) => ({
  target: subject,
  fact: 'customer.not-reached' as const,
  unreached: {
    customerId: tied?.customerId ?? null,
    name: toName(move.customerName),
    projectId: null,
    title: toVisit(move),
    stage: `预约${BOOKING_STATES[move.state]}`,
    userId,
  },
})
