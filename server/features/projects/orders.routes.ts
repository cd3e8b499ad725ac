import { Order, OrderPage, OrderPath, OrderQuery } from '../../../shared/api/orders.ts'
import { BAD_CURSOR, route, type Route } from '../../http/route.ts'
import type { Orders } from './orders.ts'

const DEFAULT_LIMIT = 20

/** For those who load orders: what is there, and whose it is. */
export const createOrderRoutes = (orders: Orders): Route[] => [
  route(
    {
      method: 'get',
      path: '/api/admin/projects',
      who: 'viewerOrService',
      summary: 'Orders, the newest change first; by number, title or phone with q',
      query: OrderQuery,
      data: OrderPage,
      refusals: { bad_cursor: BAD_CURSOR },
    },
    async ({ query: { limit = DEFAULT_LIMIT, ...look } }) => {
      const data = await orders.list({ ...look, limit })
      return data === null ? { refused: 'bad_cursor' } : { data }
    },
  ),
  route(
    {
      method: 'get',
      path: '/api/admin/projects/:orderNo',
      who: 'viewerOrService',
      summary: 'An order as it was loaded, with whose it is',
      params: OrderPath,
      data: Order,
      refusals: { unknown: [404, 'projects.unknown', '没有这个订单'] },
    },
    async ({ params }) => {
      const data = await orders.read(params.orderNo)
      return data === null ? { refused: 'unknown' } : { data }
    },
  ),
]
