import type * as v from 'valibot'
import { Order, OrderPage, OrderPath, OrderQuery } from '../../../shared/api/orders.ts'
import { HttpError } from '../../http/errors.ts'
import { route, type Route } from '../../http/route.ts'
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
    },
    async ({ query: { limit = DEFAULT_LIMIT, ...look } }) => {
      const data = await orders.list({ ...look, limit })
      if (data === null) throw new HttpError(400, 'request.invalid', '翻页标记无效，请从头刷新')
      return { data }
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
    },
    async ({ params }: { params: v.InferOutput<typeof OrderPath> }) => {
      const data = await orders.read(params.orderNo)
      if (data === null) throw new HttpError(404, 'projects.unknown', '没有这个订单')
      return { data }
    },
  ),
]
