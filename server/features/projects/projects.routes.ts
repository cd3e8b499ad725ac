import * as v from 'valibot'
import {
  LoadQuery,
  OrderNo,
  PageQuery,
  ProjectBody,
  ProjectDetail,
  ProjectPage,
  SavedProject,
} from '../../../shared/api/projects.ts'
import { tellCustomer } from '../../../shared/why-customer.ts'
import type { Refusals } from '../../http/errors.ts'
import { BAD_CURSOR, route, type Customer, type Route } from '../../http/route.ts'
import type { Projects } from './projects.ts'

const DEFAULT_LIMIT = 20

const Id = v.object({ id: v.pipe(v.string(), v.maxLength(64)) })
const isUuid = (id: string): boolean => /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)
const NOT_ALLOWED = {
  not_allowed: [
    403,
    'projects.not_allowed',
    '您还没有查询权限，请联系销售人员通过手机号搜索添加您',
  ],
} satisfies Refusals
const LIST_REFUSED = { ...NOT_ALLOWED, bad_cursor: BAD_CURSOR } satisfies Refusals
const DETAIL_REFUSED = {
  ...NOT_ALLOWED,
  unknown: [404, 'projects.unknown', '没有找到这个项目'],
} satisfies Refusals

export const createProjectRoutes = (projects: Projects): Route[] => [
  ...createListRoutes(projects),
  createDetailRoute(projects),
  createLoadRoute(projects),
]

function createListRoutes(projects: Projects): Route[] {
  const listed = {
    who: 'customer',
    method: 'get',
    query: PageQuery,
    data: ProjectPage,
    refusals: LIST_REFUSED,
  } as const
  const list = ({ caller, query }: { caller: Customer; query: v.InferOutput<typeof PageQuery> }) =>
    listFor(projects, caller, query)
  return [
    route(
      { ...listed, path: '/api/projects/my', summary: 'My projects, newest change first' },
      list,
    ),
    route({ ...listed, path: '/api/projects', summary: 'The same as /api/projects/my' }, list),
  ]
}

async function listFor(
  projects: Projects,
  { accountId }: Customer,
  { limit = DEFAULT_LIMIT, cursor }: v.InferOutput<typeof PageQuery>,
) {
  const page = await projects.listFor(accountId, {
    limit,
    ...(cursor !== undefined && { cursor }),
  })
  if (page.kind !== 'page') return { refused: page.kind }
  const { items, nextCursor } = page
  const isEmpty = items.length === 0 && cursor === undefined
  return {
    data: {
      items,
      ...(nextCursor !== undefined && { nextCursor }),
      ...(isEmpty && { why: tellCustomer('no_order').why }),
    },
  }
}

const createDetailRoute = (projects: Projects): Route =>
  route(
    {
      method: 'get',
      path: '/api/projects/:id',
      who: 'customer',
      summary: 'One of my projects',
      params: Id,
      data: ProjectDetail,
      refusals: DETAIL_REFUSED,
    },
    async ({ caller, params }) => {
      const found = isUuid(params.id)
        ? await projects.findFor(caller.accountId, params.id)
        : 'unknown'
      return typeof found === 'string' ? { refused: found } : { data: found }
    },
  )

function toSavedText({ changed, hidden }: { changed: boolean; hidden: boolean }, dryRun: boolean) {
  if (dryRun) return '试算完成，什么都没有改变'
  const said = changed ? '项目已保存' : '内容没有变化'
  return hidden ? `${said}；这个订单已对客户隐藏` : said
}

const createLoadRoute = (projects: Projects): Route =>
  route(
    {
      method: 'put',
      path: '/api/admin/projects/:orderNo',
      who: 'operatorOrService',
      summary:
        'Load an order; idempotent, a field left out stays; with dryRun only what would change',
      params: v.object({ orderNo: OrderNo }),
      query: LoadQuery,
      body: ProjectBody,
      data: SavedProject,
    },
    async ({ caller, params, query: { dryRun = false }, body, requestId }) => {
      const operator = { name: caller.name, requestId }
      const { id, ...saved } = await projects.save(params.orderNo, body, { operator, dryRun })
      return {
        data: { ...saved, orderNo: params.orderNo, ...(!(dryRun && saved.created) && { id }) },
        message: toSavedText(saved, dryRun),
      }
    },
  )
