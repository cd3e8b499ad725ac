import { BindingStatusAnswer, TicketAnswer, TicketBody } from '../../../shared/api/binding.ts'
import { UnboundAnswer } from '../../../shared/api/claims.ts'
import type { Refusals } from '../../http/errors.ts'
import { route, type Route } from '../../http/route.ts'
import type { Binding } from './binding.ts'

const TICKET_REFUSED = {
  invalid: [404, 'binding.ticket_invalid', '这个确认已失效，请重新打开客服聊天'],
} satisfies Refusals

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
        refusals: { not_bound: [409, 'binding.not_bound', '您还没有绑定'] },
      },
      async ({ caller, requestId }) => {
        if (!(await binding.unbind(caller.accountId, requestId))) return { refused: 'not_bound' }
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
        refusals: TICKET_REFUSED,
      },
      async ({ caller, body }) => {
        if (!(await binding.openTicket(caller.accountId, body.ticket)))
          return { refused: 'invalid' }
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
        refusals: TICKET_REFUSED,
      },
      async ({ body }) => {
        const described = await binding.describeTicket(body.ticket)
        if (described === null) return { refused: 'invalid' }
        return { data: described }
      },
    ),
  ]
}
