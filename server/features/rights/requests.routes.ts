import { RequestBody, RightsRequests, type RightsRequest } from '../../../shared/api/rights.ts'
import { route, type Route } from '../../http/route.ts'
import { present } from '../../lib/present.ts'
import type { RequestRow, Rights } from './rights.ts'

/** A customer asks for what is kept of him, or for its end. */
export const createRequestRoutes = (rights: Pick<Rights, 'ask' | 'listOf'>): Route[] => [
  route(
    {
      method: 'get',
      path: '/api/rights/requests',
      who: 'customer',
      summary: 'What I asked for, and what became of it',
      data: RightsRequests,
    },
    async ({ caller }) => ({
      data: { items: (await rights.listOf(caller.accountId)).map(toRequest) },
    }),
  ),
  route(
    {
      method: 'post',
      path: '/api/rights/requests',
      who: 'customer',
      summary: 'Ask for what is kept of me, or for its end',
      body: RequestBody,
      data: RightsRequests,
      refusals: {
        open: [409, 'rights.open', '您已经申请过了，工作人员会在 15 个工作日内处理'],
        too_often: [
          429,
          'rights.too_often',
          '今天申请的次数太多了，请明天再试',
          { 'Retry-After': '86400' },
        ],
      },
    },
    async ({ caller, body: { kind } }) => {
      const asked = await rights.ask({ accountId: caller.accountId, kind })
      if (asked.kind === 'asked')
        return {
          data: { items: asked.requests.map(toRequest) },
          message: '已申请，工作人员会在 15 个工作日内处理',
        }
      return { refused: asked.reason }
    },
  ),
]

/** A request as its owner sees it. */
export const toRequest = ({
  id,
  kind,
  outcome,
  reason,
  requestedAt,
  closedAt,
}: Omit<RequestRow, 'closedBy'>): RightsRequest => ({
  id,
  kind,
  state: outcome ?? 'open',
  ...present({ requestedAt, closedAt, reason }),
})
