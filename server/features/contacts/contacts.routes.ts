import { Reconciliations } from '../../../shared/api/remedies.ts'
import { route, type Route } from '../../http/route.ts'
import type { Contacts } from './contacts.ts'

export function createContactRoutes(
  contacts: Pick<Contacts, 'orderReconciliation' | 'listReconciliations'>,
): Route[] {
  const list = async () => ({
    items: (await contacts.listReconciliations()).map(({ startedAt, finishedAt, ...rest }) => ({
      ...rest,
      startedAt: startedAt.toISOString(),
      ...(finishedAt && { finishedAt: finishedAt.toISOString() }),
    })),
  })
  return [
    route(
      {
        method: 'get',
        path: '/api/admin/reconciliations',
        who: 'viewer',
        summary: 'What the last pulls of all contacts found',
        data: Reconciliations,
      },
      async () => ({ data: await list() }),
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
        return { data: await list(), message: '已开始核对，稍后可查看结果' }
      },
    ),
  ]
}
