import { ActionBody, ActionTaken, BookingIn } from '../../../shared/api/leads.ts'
import { toWait } from '../../../shared/wait.ts'
import type { Refusals } from '../../http/errors.ts'
import { readPart, route, type Customer, type Route } from '../../http/route.ts'
import type { Doing, Done } from './actions.ts'
import { toMessage } from './leads.rules.ts'
import type { Leads } from './leads.ts'

const REFUSED = {
  elsewhere: [403, 'action.elsewhere', '请在小程序里操作'],
  unknown_advisor: [404, 'advisor.unknown', '没有找到这位顾问'],
  own: [409, 'action.own', '这是您自己的名片，不用记录'],
  day: [400, 'booking.day', '预约日期须在今天起的 90 天以内'],
  service: [400, 'booking.service', '这位顾问没有这项服务，请重新选择'],
  too_often: [429, 'action.too_often', '操作太频繁了，请 {wait}后再试'],
} satisfies Refusals

/** What a customer does about an advisor. */
export const createActionRoutes = (leads: Pick<Leads, 'act'>): Route[] => [
  route(
    {
      method: 'post',
      path: '/api/customer/action',
      who: 'customer',
      summary:
        'What I do about an advisor (R2.5); a phone with it makes a lead, a book_service a booking',
      body: ActionBody,
      data: ActionTaken,
      refusals: REFUSED,
    },
    async ({ caller, body }) => {
      if (caller.app !== 'miniprogram') return { refused: 'elsewhere' }
      const doing = toDoing(caller, body)
      const acted = await leads.act(doing)
      if (acted.kind === 'refused') return { refused: acted.reason }
      if (acted.kind === 'too_often') {
        const { text, seconds } = toWait(acted.waitMs)
        return { refused: 'too_often', words: { wait: text }, retryAfterSeconds: seconds }
      }
      return { data: toTaken(doing, acted), message: toMessage(acted.createdLead) }
    },
  ),
]

/** `customerId` of the body counts for nothing: the session says who it is. */
const toDoing = ({ accountId, openid }: Customer, body: ActionBody): Doing => ({
  account: { id: accountId, openid },
  advisorId: body.advisorId,
  actionType: body.actionType,
  name: body.customerName || null,
  phone: body.customerPhone ?? null,
  booking:
    body.actionType === 'book_service'
      ? readPart(BookingIn, { name: 'actionData', value: body.actionData })
      : null,
})

/** R2.6, R2.7: of the customer it says no more than the caller has just said himself. */
const toTaken = (
  { account, advisorId, actionType, name }: Doing,
  { actionId, createdLead, lead, bookingId }: Done,
): ActionTaken => ({
  actionId,
  customerCreated: createdLead,
  customerId: lead?.id ?? null,
  action: {
    _id: actionId,
    customerId: account.openid,
    advisorId,
    actionType,
    customerRecordId: lead?.id ?? null,
    notified: false,
  },
  customer: lead && {
    _id: lead.id,
    name,
    phone: lead.phone,
    leadSource: lead.source,
    customerId: lead.customerNo,
  },
  ...(bookingId !== null && { bookingId }),
})
