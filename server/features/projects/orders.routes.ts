import {
  HiddenOrder,
  HideBody,
  Order,
  OrderPage,
  OrderPath,
  OrderQuery,
} from '../../../shared/api/orders.ts'
import type { Refusals } from '../../http/errors.ts'
import { BAD_CURSOR, route, type Route } from '../../http/route.ts'
import type { Orders } from './orders.ts'

const DEFAULT_LIMIT = 20
const UNKNOWN = { unknown: [404, 'projects.unknown', '没有这个订单'] } satisfies Refusals

/** For those who load orders: what is there, and whose it is. */
export const createOrderRoutes = (orders: Orders): Route[] => [
  ...createReadRoutes(orders),
  ...createHidingRoutes(orders),
]

const createReadRoutes = (orders: Orders): Route[] => [
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
      refusals: UNKNOWN,
    },
    async ({ params }) => {
      const data = await orders.read(params.orderNo)
      return data === null ? { refused: 'unknown' } : { data }
    },
  ),
]

const createHidingRoutes = (orders: Orders): Route[] => [
  route(
    {
      method: 'delete',
      path: '/api/admin/projects/:orderNo',
      who: 'operator',
      summary: 'Hide an order from all customers, with a reason; not lost, and no load shows it',
      params: OrderPath,
      body: HideBody,
      data: HiddenOrder,
      refusals: UNKNOWN,
    },
    async ({ caller, params: { orderNo }, body: { reason }, requestId }) => {
      const hidden = await orders.hide({ orderNo, by: { name: caller.name, requestId, reason } })
      if (hidden === null) return { refused: 'unknown' }
      return {
        data: { orderNo, ...hidden },
        message: hidden.changed ? '已隐藏，客户看不到这个订单了' : '这个订单本来就是隐藏的',
      }
    },
  ),
  route(
    {
      method: 'post',
      path: '/api/admin/projects/:orderNo/show',
      who: 'operator',
      summary: 'Show a hidden order again to whom it belongs, with a reason',
      params: OrderPath,
      body: HideBody,
      data: HiddenOrder,
      refusals: UNKNOWN,
    },
    async ({ caller, params: { orderNo }, body: { reason }, requestId }) => {
      const shown = await orders.show({ orderNo, by: { name: caller.name, requestId, reason } })
      if (shown === null) return { refused: 'unknown' }
      return {
        data: { orderNo, ...shown },
        message: shown.changed ? '已恢复显示' : '这个订单没有隐藏',
      }
    },
  ),
]
