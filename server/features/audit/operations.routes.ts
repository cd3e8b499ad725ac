import { OperationPage, OperationQuery, type Operation } from '../../../shared/api/operations.ts'
import { readMark, route, toMark, type Route } from '../../http/route.ts'
import { present } from '../../lib/present.ts'
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
          items: items.map(toOperation),
          ...toMark(next),
        },
      }
    },
  ),
]

/** What there was before, and is after, may be nothing: that is said. */
const toOperation = ({
  targetType,
  targetId,
  before,
  after,
  ...entry
}: StoredOperation): Operation => ({
  ...present(entry),
  target: { type: targetType, id: targetId },
  before,
  after,
})
