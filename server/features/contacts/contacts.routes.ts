import { Reconciliations, ReconciliationsQuery } from '../../../shared/api/remedies.ts'
import { readMark, route, toMark, type Route } from '../../http/route.ts'
import type { Contacts } from './contacts.ts'

const DEFAULT_LIMIT = 30

export function createContactRoutes(
  contacts: Pick<Contacts, 'orderReconciliation' | 'listReconciliations'>,
): Route[] {
  const list = async (page: { before: number | null; limit: number }) => {
    const { items, next } = await contacts.listReconciliations(page)
    return {
      items: items.map(({ id: _, startedAt, finishedAt, ...rest }) => ({
        ...rest,
        startedAt: startedAt.toISOString(),
        ...(finishedAt && { finishedAt: finishedAt.toISOString() }),
      })),
      ...toMark(next),
    }
  }
  return [
    route(
      {
        method: 'get',
        path: '/api/admin/reconciliations',
        who: 'viewer',
        summary: 'What the last pulls of all contacts found',
        query: ReconciliationsQuery,
        data: Reconciliations,
      },
      async ({ query: { cursor, limit = DEFAULT_LIMIT } }) => ({
        data: await list({ before: readMark(cursor), limit }),
      }),
    ),
    route(
      {
        method: 'post',
        path: '/api/admin/reconciliations',
        who: 'operator',
        summary: 'Pull all contacts now',
        data: Reconciliations,
      },
      async () => {
        await contacts.orderReconciliation()
        return {
          data: await list({ before: null, limit: DEFAULT_LIMIT }),
          message: '已开始核对，稍后可查看结果',
        }
      },
    ),
  ]
}
