import { MemberHandedOver, MemberHandOverBody, MemberPath } from '../../../shared/api/members.ts'
import type { Refusals } from '../../http/errors.ts'
import { route, type Route } from '../../http/route.ts'
import type { MembersOrders } from './members.ts'

const REFUSED = {
  not_here: [404, 'members.unknown', '企业微信里没有接手的成员，或他已停用，请检查帐号'],
  not_vouched: [
    503,
    'members.not_vouched',
    '企业微信暂时无法确认这位成员，请稍后再试',
    { 'Retry-After': '10' },
  ],
  same: [400, 'members.same', '接手的成员就是他本人，请填另一位成员的帐号'],
} satisfies Refusals

export const createMemberRoutes = (membersOrders: MembersOrders): Route[] => [
  route(
    {
      method: 'post',
      path: '/api/admin/members/:userid/hand-over',
      who: 'operator',
      summary:
        "A member leaves: his orders are another's, and what he had as an advisor; with dryRun only what that is",
      params: MemberPath,
      body: MemberHandOverBody,
      data: MemberHandedOver,
      refusals: REFUSED,
    },
    async ({ caller, params, body: { to, dryRun, reason }, requestId }) => {
      const by = { name: caller.name, requestId, reason }
      const handed = await membersOrders.handOver({ from: params.userid, to, dryRun, by })
      if (handed.kind === 'refused') return { refused: handed.reason }
      const orders = handed.orders.map(({ id: _, ...order }) => order)
      const { advisor } = handed
      const data = { orders, ...(advisor && { advisor }) }
      return { data, message: `${dryRun ? '将移交' : '已移交'} ${tellHanded(data)}` }
    },
  ),
]

function tellHanded({ orders, advisor }: MemberHandedOver): string {
  const ofOrders = `${String(orders.length)} 个订单`
  if (!advisor) return ofOrders
  const { to, leads, bookings, cancelled } = advisor
  if (to === null) return `${ofOrders}；接手的成员不是顾问，线索和预约没有移交`
  const twice = `；另有 ${String(cancelled)} 个与接手顾问处的重复，予以取消并通知客户`
  return `${ofOrders}、${String(leads)} 条线索、${String(bookings)} 个预约${cancelled > 0 ? twice : ''}`
}
