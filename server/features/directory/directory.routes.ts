import {
  CustomerItems,
  CustomerQuery,
  CustomerStory,
  SearchBody,
} from '../../../shared/api/customers.ts'
import { CustomerPath } from '../../../shared/api/remedies.ts'
import { readMark, route, toMark, type Route } from '../../http/route.ts'
import type { Directory, Look } from './directory.ts'

const DEFAULT_LIMIT = 20

/** Finding a customer. What was typed stands in no log: addresses are logged without their query. */
export function createDirectoryRoutes(directory: Directory): Route[] {
  const search = async (look: Look) => {
    const { items, next } = await directory.search(look)
    return { data: { items, ...toMark(next) } }
  }
  return [
    route(
      {
        method: 'post',
        path: '/api/admin/customers/search',
        who: 'viewer',
        summary: 'Customers by name, phone, order number, openid or contact, and why each is stuck',
        body: SearchBody,
        data: CustomerItems,
      },
      ({ body: { cursor, limit = DEFAULT_LIMIT, ...look } }) =>
        search({ ...look, cursor: readMark(cursor), limit }),
    ),
    route(
      {
        method: 'get',
        path: '/api/admin/customers',
        who: 'viewer',
        summary: 'The same for programs; or the customer of a phone or of a contact',
        query: CustomerQuery,
        data: CustomerItems,
      },
      async ({ query: { phone, externalUserId, cursor, limit = DEFAULT_LIMIT, ...look } }) => {
        if (phone !== undefined) return { data: { items: await directory.find({ phone }) } }
        if (externalUserId !== undefined)
          return { data: { items: await directory.find({ externalUserId }) } }
        return search({ ...look, cursor: readMark(cursor), limit })
      },
    ),
    createStoryRoute(directory),
  ]
}

const createStoryRoute = (directory: Directory): Route =>
  route(
    {
      method: 'get',
      path: '/api/admin/customers/:id',
      who: 'viewer',
      summary: 'The whole story of a customer',
      params: CustomerPath,
      data: CustomerStory,
      refusals: { unknown: [404, 'remedies.unknown_customer', '没有这位客户'] },
    },
    async ({ params }) => {
      const story = await directory.story(params.id)
      return story === null ? { refused: 'unknown' } : { data: story }
    },
  )
