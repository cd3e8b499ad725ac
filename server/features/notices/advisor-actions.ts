import { ACTIONS, type ActionType } from '../../../shared/advisors.ts'
import type { Kind } from './kind.ts'
import { toAdvisor } from './advisors.ts'
import type { NoticeOf } from './ledger.store.ts'
import type { NoticesDeps } from './notices.deps.ts'
import { CUSTOMER_NOTE, toAdvisorLine, toName } from './notices.texts.ts'
import { order } from './ordering.ts'

/** A customer did something about an advisor, who is told of it; of a booking he hears by itself (bookings.ts). */
export async function tellAction(
  deps: NoticesDeps,
  { actionId }: { actionId: string },
): Promise<void> {
  const action = await deps.leads.findAction(actionId)
  const advisor = action && (await deps.advisors.find(action.advisorId))
  if (!advisor?.active || action?.actionType === 'book_service') return
  const { accountId } = advisor
  await order(deps, 'advisor', () =>
    Promise.resolve([{ kind: 'advisor_action', subject: actionId, accountId, actionId }]),
  )
}

/** What must not get lost where the advisor has not subscribed. */
const MUST_REACH: ReadonlySet<ActionType> = new Set(['contact_advisor', 'book_service'])

export const advisorAction: Kind<NoticeOf<'advisor_action'>> = {
  for: 'advisor',
  look: async (deps, notice) => {
    const found = await deps.leads.findAction(notice.actionId)
    if (!found) return { dropped: 'no customer any more' }
    const { actionId, advisorId, actionType, isNew, customerName, leadId, lastAt } = found
    const { ofNew, ofKnown } = ACTIONS[actionType]
    const action = isNew ? ofNew : ofKnown
    const customer = toName(customerName)
    return toAdvisor(deps, notice, {
      advisorId,
      template: 'newCustomer',
      customerId: leadId ?? actionId,
      values: { action, at: lastAt, customer, note: CUSTOMER_NOTE },
      line: MUST_REACH.has(actionType) ? toAdvisorLine({ action, customer }) : null,
    })
  },
}
