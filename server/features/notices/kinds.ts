import { advisorAction } from './advisor-actions.ts'
import { advisorBooking, bookingState } from './bookings.ts'
import type { Kind, Looked } from './kind.ts'
import type { Notice, NoticeOf } from './ledger.store.ts'
import type { NoticesDeps } from './notices.deps.ts'
import { stage } from './stages.ts'

/** What there is to tell; `message` is what programs of the company send, by the one way that they ask for. */
const KINDS: { [Name in Exclude<Notice['kind'], 'message'>]: Kind<NoticeOf<Name>> } = {
  stage,
  advisor_action: advisorAction,
  advisor_booking: advisorBooking,
  booking_state: bookingState,
}
export type Told = NoticeOf<keyof typeof KINDS>

export const audienceOf = ({ kind }: Told): Kind['for'] => KINDS[kind].for

export const look = (deps: NoticesDeps, notice: Told): Promise<Looked> =>
  (KINDS[notice.kind] as Kind).look(deps, notice)
