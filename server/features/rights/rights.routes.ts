import {
  AskedPage,
  AskedQuery,
  Declined,
  DeclineBody,
  EraseBody,
  ErasedAnswer,
  ExportQuery,
  PersonExport,
  RightsPath,
} from '../../../shared/api/rights.ts'
import { CustomerPath } from '../../../shared/api/remedies.ts'
import { maskPhone } from '../../../shared/phone.ts'
import type { Refusal } from '../../http/errors.ts'
import { readMark, route, toMark, type Officer, type Route } from '../../http/route.ts'
import { present } from '../../lib/present.ts'
import { toRequest } from './requests.routes.ts'
import type { AskedRow, Rights, Subject } from './rights.ts'

const DEFAULT_LIMIT = 50
const operatorOf = (caller: Officer, requestId: string) => ({ name: caller.name, requestId })

/** What is kept of a person, told or ended: by customer, or for who asked without being one. */
export const createRightsRoutes = (rights: Rights): Route[] => [
  ...createPersonRoutes(rights, {
    path: '/api/admin/customers/:id',
    params: CustomerPath,
    toSubject: (customerId) => ({ customerId }),
    unknown: [404, 'remedies.unknown_customer', '没有这位客户'],
  }),
  ...createRequestRoutes(rights),
  ...createPersonRoutes(rights, {
    path: '/api/admin/rights/:id',
    params: RightsPath,
    toSubject: (requestId) => ({ requestId }),
    unknown: [404, 'rights.unknown', '没有这个申请，或这个人的信息已经删除'],
  }),
]

type Of = {
  path: string
  params: typeof CustomerPath
  toSubject: (id: number) => Subject
  unknown: Refusal
}

function createPersonRoutes(rights: Rights, { path, params, toSubject, unknown }: Of): Route[] {
  return [
    route(
      {
        method: 'get',
        path: `${path}/export`,
        who: 'admin',
        reveals: true,
        summary: 'Everything that is kept of a person, with his full phone; each time in the log',
        params,
        query: ExportQuery,
        data: PersonExport,
        gives: 'text/html',
        refusals: { unknown },
      },
      async ({ caller, params: { id }, query: { format }, requestId }) => {
        const data = await rights.exportPerson({
          subject: toSubject(id),
          operator: operatorOf(caller, requestId),
        })
        if (!data) return { refused: 'unknown' }
        if (format === 'json') return { data }
        const name = `personal-data-${data.customerNo ?? String(id)}.html`
        return { data, file: { name, content: rights.toPage(data) } }
      },
    ),
    route(
      {
        method: 'post',
        path: `${path}/erase`,
        who: 'admin',
        summary: 'End what is kept of a person; a dry run says what would go',
        params,
        body: EraseBody,
        data: ErasedAnswer,
        refusals: { unknown },
      },
      async ({ caller, params: { id }, body: { reason, dryRun }, requestId }) => {
        const erased = await rights.erase({
          subject: toSubject(id),
          reason,
          dryRun,
          operator: operatorOf(caller, requestId),
        })
        if (!erased) return { refused: 'unknown' }
        const data = { ...erased, erasedAt: erased.erasedAt.toISOString() }
        return { data, message: dryRun ? '仅试算，没有删除' : '已删除' }
      },
    ),
  ]
}

function createRequestRoutes(rights: Rights): Route[] {
  return [
    route(
      {
        method: 'get',
        path: '/api/admin/rights',
        who: 'viewer',
        summary: 'Who asks for what is kept of him, or for its end; the newest first',
        query: AskedQuery,
        data: AskedPage,
      },
      async ({ query: { state, cursor, limit = DEFAULT_LIMIT } }) => {
        const { items, next } = await rights.list({ state, before: readMark(cursor), limit })
        return { data: { items: items.map(toAsked), ...toMark(next) } }
      },
    ),
    route(
      {
        method: 'post',
        path: '/api/admin/rights/:id/decline',
        who: 'admin',
        summary: 'Close a request without doing what it asks for',
        params: RightsPath,
        body: DeclineBody,
        data: Declined,
        refusals: {
          unknown: [404, 'rights.unknown', '没有这个申请'],
          closed: [409, 'rights.closed', '这个申请已经处理过了'],
        },
      },
      async ({ caller, params: { id }, body: { reason }, requestId }) => {
        const outcome = await rights.decline({
          id,
          reason,
          operator: operatorOf(caller, requestId),
        })
        if (outcome === 'unknown' || outcome === 'closed') return { refused: outcome }
        return { data: { declined: true as const }, message: '已拒绝' }
      },
    ),
  ]
}

const toAsked = ({ accountId, customerId, phone, closedBy, ...request }: AskedRow) => ({
  ...toRequest(request),
  ...present({ accountId, customerId, closedBy }),
  ...(phone !== null && { phoneMasked: maskPhone(phone) }),
})
