import { BindingStatusAnswer, TicketAnswer, TicketBody } from '../../../shared/api/binding.ts'
import { UnboundAnswer } from '../../../shared/api/claims.ts'
import { HttpError } from '../../http/errors.ts'
import { route, type Route } from '../../http/route.ts'
import type { Binding } from './binding.ts'

const ticketInvalid = () =>
  new HttpError(404, 'binding.ticket_invalid', '这个确认已失效，请回小程序获取新的验证码')

/** How a binding stands, its tickets, and its end. */
export function createBindingRoutes(
  binding: Pick<Binding, 'statusOf' | 'openTicket' | 'describeTicket' | 'unbind'>,
): Route[] {
  return [
    route(
      {
        method: 'get',
        path: '/api/binding/status',
        who: 'customer',
        summary: 'How the binding stands; for polling',
        data: BindingStatusAnswer,
      },
      async ({ caller }) => ({ data: await binding.statusOf(caller.accountId) }),
    ),
    ...createTicketRoutes(binding),
    route(
      {
        method: 'delete',
        path: '/api/binding',
        who: 'customer',
        summary: 'End my binding; all my sessions end with it (D10)',
        data: UnboundAnswer,
      },
      async ({ caller, requestId }) => {
        if (!(await binding.unbind(caller.accountId, requestId)))
          throw new HttpError(409, 'binding.not_bound', '您还没有绑定')
        return { data: { unbound: true }, message: '已解除绑定' }
      },
    ),
  ]
}

function createTicketRoutes(
  binding: Pick<Binding, 'statusOf' | 'openTicket' | 'describeTicket'>,
): Route[] {
  return [
    route(
      {
        method: 'post',
        path: '/api/binding/ticket',
        who: 'customer',
        summary: 'Open a one-time ticket from the chat (D3)',
        body: TicketBody,
        data: BindingStatusAnswer,
      },
      async ({ caller, body }) => {
        if (!(await binding.openTicket(caller.accountId, body.ticket))) {
          throw ticketInvalid()
        }
        return { data: await binding.statusOf(caller.accountId) }
      },
    ),
    route(
      {
        method: 'post',
        path: '/api/binding/ticket/look',
        who: 'customer',
        summary:
          'What a ticket is for, before it is used; a POST, because a ticket belongs in no URL',
        body: TicketBody,
        data: TicketAnswer,
      },
      async ({ body }) => {
        const described = await binding.describeTicket(body.ticket)
        if (described === null) throw ticketInvalid()
        return { data: described }
      },
    ),
  ]
}
