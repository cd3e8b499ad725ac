import { OperationPage, OperationQuery, type Operation } from '../../../shared/api/operations.ts'
import { readMark, route, type Route } from '../../http/route.ts'
import type { Operations, StoredOperation } from './operations.ts'

const DEFAULT_LIMIT = 50

export const createOperationRoutes = (operations: Operations): Route[] => [
  route(
    {
      method: 'get',
      path: '/api/admin/operations',
      who: 'viewer',
      summary: 'Who changed what, from what to what, and why; the newest first',
      query: OperationQuery,
      data: OperationPage,
    },
    async ({ query: { cursor, limit = DEFAULT_LIMIT, ...filter } }) => {
      const { items, next } = await operations.list({
        ...filter,
        before: readMark(cursor),
        limit,
      })
      return {
        data: {
          items: items.map(present),
          ...(next !== undefined && { nextCursor: String(next) }),
        },
      }
    },
  ),
]

const present = ({
  at,
  targetType,
  targetId,
  reason,
  detail,
  requestId,
  ...entry
}: StoredOperation): Operation => ({
  ...entry,
  at: at.toISOString(),
  target: { type: targetType, id: targetId },
  ...(reason !== null && { reason }),
  ...(detail !== null && { detail }),
  ...(requestId !== null && { requestId }),
})
