import { ACTIONS } from '../../../shared/advisors.ts'
import type { Action } from '../leads/leads.ts'
import { toAdvisor, type ToAdvisor } from './advisors.ts'
import type { Kind } from './kind.ts'
import type { NoticeOf } from './ledger.store.ts'
import type { NoticesDeps } from './notices.deps.ts'
import { CUSTOMER_NOTE, toAdvisorLine, toName, toVisit } from './notices.texts.ts'
import { order } from './ordering.ts'

/** A customer did something about an advisor, who is told of it once. */
export async function tellAction(
  deps: NoticesDeps,
  { actionId }: { actionId: string },
): Promise<void> {
  const action = await deps.leads.findAction(actionId)
  const advisor = action && (await deps.advisors.find(action.advisorId))
  if (!advisor?.active) return
  const { accountId } = advisor
  await order(deps, 'advisor', () =>
    Promise.resolve([{ kind: 'advisor_action', subject: actionId, accountId, actionId }]),
  )
}

export const advisorAction: Kind<NoticeOf<'advisor_action'>> = {
  for: 'advisor',
  look: async (deps, notice) => {
    const action = await deps.leads.findAction(notice.actionId)
    if (!action) return { dropped: 'no customer any more' }
    if (action.actionType !== 'book_service') return toAdvisor(deps, notice, toSeen(action))
    const booked = await deps.bookings.findOfAction(action.actionId)
    if (!booked) return toAdvisor(deps, notice, toSeen(action))
    if (booked.state !== 'new') return { dropped: 'another state by now' }
    return toAdvisor(deps, notice, toBooked(action, booked))
  },
}

/** R2.15, R2.16, by whether the customer is new (R2.17). */
const toTexts = ({ actionType, isNew, customerName, lastAt }: Action) => ({
  action: ACTIONS[actionType][isNew ? 'ofNew' : 'ofKnown'],
  customer: toName(customerName),
  at: lastAt,
})

/**
 * Who only looked may be missed where the advisor has not subscribed (R2.20); who wants to talk may not, nor who leaves his
 * phone for a visit that he has booked already: of its day the advisor knows.
 */
function toSeen(found: Action): ToAdvisor {
  const { advisorId, actionType, leadId, actionId } = found
  const texts = toTexts(found)
  return {
    advisorId,
    template: 'newCustomer',
    customerId: leadId ?? actionId,
    values: { ...texts, note: CUSTOMER_NOTE },
    line: actionType === 'view_resume' ? null : toAdvisorLine(texts),
  }
}

type Booked = NonNullable<Awaited<ReturnType<NoticesDeps['bookings']['findOfAction']>>>

function toBooked(found: Action, booked: Booked): ToAdvisor {
  const { leadId, actionId } = found
  const texts = toTexts(found)
  const note = toVisit(booked)
  return {
    advisorId: booked.advisorId,
    template: 'booking',
    customerId: leadId ?? actionId,
    values: { ...texts, note, day: booked, service: booked.service },
    line: toAdvisorLine({ ...texts, note }),
  }
}
