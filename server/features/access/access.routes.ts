import * as v from 'valibot'
import {
  Because,
  EndedKey,
  GivenRole,
  KeyBody,
  Keys,
  KeysQuery,
  MadeKey,
  MemberPath,
  Officer as OfficerAnswer,
  RoleBody,
  Roles,
  RolesQuery,
} from '../../../shared/api/access.ts'
import { Id } from '../../../shared/api/remedies.ts'
import type { Refusals } from '../../http/errors.ts'
import { readMark, route, toMark, type Officer, type Route } from '../../http/route.ts'
import { present } from '../../lib/present.ts'
import type { Access, By } from './access.ts'

const DEFAULT_LIMIT = 50

const LAST_ADMIN = {
  last_admin: [409, 'access.last_admin', '这是最后一个管理员，不能取消；请先给别人管理员权限'],
} satisfies Refusals
const KEY_REFUSED = {
  unknown: [404, 'keys.unknown', '没有这个密钥，或它已经失效'],
  ...LAST_ADMIN,
} satisfies Refusals
const ROLE_REFUSED = {
  not_here: [404, 'members.unknown', '企业微信里没有这位成员，或他已停用，请检查帐号'],
  not_vouched: [
    503,
    'members.not_vouched',
    '企业微信暂时无法确认这位成员，请稍后再试',
    { 'Retry-After': '10' },
  ],
  ...LAST_ADMIN,
} satisfies Refusals

const byOf = ({ name }: Officer, requestId: string, reason: string | undefined): By => ({
  name,
  requestId,
  ...(reason !== undefined && { reason }),
})

/** Keys, the roles of members, and who is calling. */
export const createAccessRoutes = (access: Access): Route[] => [
  route(
    {
      method: 'get',
      path: '/api/admin/me',
      who: 'viewerOrService',
      summary: 'Who is calling, and what he may do',
      data: OfficerAnswer,
    },
    ({ caller: { name, scope, via } }) => Promise.resolve({ data: { name, scope, via } }),
  ),
  ...createKeyRoutes(access),
  ...createRoleRoutes(access),
]

function createKeyRoutes(access: Access): Route[] {
  const path = '/api/admin/keys'
  return [
    route(
      {
        method: 'get',
        path,
        who: 'admin',
        summary: 'All keys, the newest first',
        query: KeysQuery,
        data: Keys,
      },
      async ({ query: { cursor, limit = DEFAULT_LIMIT } }) => {
        const { items, next } = await access.listAllKeys({ before: readMark(cursor), limit })
        return { data: { items: items.map(present), ...toMark(next) } }
      },
    ),
    route(
      {
        method: 'post',
        path,
        who: 'admin',
        summary: 'A new key, told this once',
        body: KeyBody,
        data: MadeKey,
      },
      async ({ caller, body: { days, reason, ...key }, requestId }) => ({
        data: await access.issueKey(
          { ...key, days: days ?? null },
          byOf(caller, requestId, reason),
        ),
        message: '密钥只显示这一次，请妥善保存',
      }),
    ),
    route(
      {
        method: 'delete',
        path: `${path}/:id`,
        who: 'admin',
        summary: 'End a key; it opens nothing from the next request on',
        params: v.object({ id: Id }),
        query: Because,
        data: EndedKey,
        refusals: KEY_REFUSED,
      },
      async ({ caller, params, query, requestId }) => {
        const ended = await access.revokeKey(params.id, byOf(caller, requestId, query.reason))
        if (ended !== 'revoked') return { refused: ended }
        return { data: { revoked: true as const }, message: '密钥已停用' }
      },
    ),
  ]
}

function createRoleRoutes(access: Access): Route[] {
  return [
    route(
      {
        method: 'get',
        path: '/api/admin/roles',
        who: 'admin',
        summary: "Members who may do an admin's work",
        query: RolesQuery,
        data: Roles,
      },
      async ({ query: { cursor: after = '', limit = DEFAULT_LIMIT } }) => {
        const { items, next } = await access.listRoles({ after, limit })
        return {
          data: {
            items: items.map(({ userId, ...role }) => ({ userid: userId, ...present(role) })),
            ...(next !== undefined && { nextCursor: next }),
          },
        }
      },
    ),
    route(
      {
        method: 'put',
        path: '/api/admin/roles/:userid',
        who: 'admin',
        summary: 'Give a member a role, or take it with null',
        params: MemberPath,
        body: RoleBody,
        data: GivenRole,
        refusals: ROLE_REFUSED,
      },
      async ({ caller, params: { userid }, body: { role, reason }, requestId }) => {
        const by = byOf(caller, requestId, reason)
        const changed = await access.changeRole({ userId: userid, role, by })
        if (changed.kind === 'refused') return { refused: changed.reason }
        return {
          data: { userid, role },
          message: changed.kind === 'same' ? '没有变化' : '已保存',
        }
      },
    ),
  ]
}
