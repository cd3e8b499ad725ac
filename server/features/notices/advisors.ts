import type { Looked } from './kind.ts'
import type { NoticeOf } from './ledger.store.ts'
import type { NoticesDeps } from './notices.deps.ts'
import { toMessage } from './subscribe-message.ts'
import type { Values } from './fields.rules.ts'

export type AdvisorNotice = NoticeOf<'advisor_action' | 'advisor_booking'>
export type ToAdvisor = {
  advisorId: string
  template: 'newCustomer' | 'booking'
  /** Of his customer, whose page it opens. */
  customerId: string | null
  values: Values
  /** What he reads in WeCom, where no subscribe message reaches him; null: that is not worth it. */
  line: string | null
}

const DESK = 'pages/customer/desk'

/** How an advisor is told. Who is none any more is told nothing, and the account that he has left neither. */
export async function toAdvisor(
  deps: NoticesDeps,
  notice: AdvisorNotice,
  { advisorId, template, customerId: id, values, line }: ToAdvisor,
): Promise<Looked> {
  const advisor = await deps.advisors.find(advisorId)
  if (!advisor?.active) return { dropped: 'no advisor any more' }
  const userId = advisor.memberUserId
  const target = `${advisorId}:${notice.subject}`
  const member =
    line === null || userId === null
      ? null
      : { target, fact: 'advisor.not-reached' as const, line: { userId, text: line } }
  const isLeft = notice.accountId !== null && notice.accountId !== advisor.accountId
  if (isLeft && !member) return { dropped: 'another account by now' }
  const at = notice.orderedAt
  const message =
    isLeft || notice.accountId === null
      ? null
      : await toMessage(deps, { template, to: notice, id, list: DESK, at, values })
  return { message, chat: null, member }
}
