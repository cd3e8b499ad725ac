import { BindCodeAnswer, BindingStatusAnswer, TicketBody } from '../../../shared/api/binding.ts'
import { HttpError } from '../../http/errors.ts'
import { route, type Route } from '../../http/route.ts'
import type { Binding } from './binding.ts'

function tooSoon(waitMs: number): HttpError {
  const seconds = Math.ceil(waitMs / 1000)
  const wait = seconds < 90 ? `${String(seconds)} 秒` : `${String(Math.ceil(seconds / 60))} 分钟`
  return new HttpError(429, 'binding.code_too_soon', `获取太频繁了，请 ${wait}后再获取新的验证码`, { 'Retry-After': String(seconds) })
}

export function createBindingRoutes(binding: Pick<Binding, 'issueCode' | 'statusOf' | 'openTicket'>): Route[] {
  return [
    route({ method: 'post', path: '/api/binding/code', who: 'customer', summary: 'A bind code and a bind link', data: BindCodeAnswer },
      async ({ caller }) => {
        const issued = await binding.issueCode(caller.accountId)
        if (issued.kind === 'too_soon') throw tooSoon(issued.waitMs)
        return { data: issued.answer, message: '验证码 5 分钟内有效' }
      }),
    route({ method: 'get', path: '/api/binding/status', who: 'customer', summary: 'How the binding stands; for polling', data: BindingStatusAnswer },
      async ({ caller }) => ({ data: await binding.statusOf(caller.accountId) })),
    route({ method: 'post', path: '/api/binding/ticket', who: 'customer', summary: 'Open a one-time ticket from the chat (D3)', body: TicketBody, data: BindingStatusAnswer },
      async ({ caller, body }) => {
        if (!(await binding.openTicket(caller.accountId, body.ticket))) {
          throw new HttpError(404, 'binding.ticket_invalid', '这个确认已失效，请回小程序获取新的验证码')
        }
        return { data: await binding.statusOf(caller.accountId) }
      }),
  ]
}
