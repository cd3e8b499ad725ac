import {
  AccountTakenBody,
  AdvisorBody,
  AdvisorOfOffice,
  AdvisorPath,
  AdvisorsOfOffice,
  AdvisorsOfOfficeQuery,
  Invitation,
} from '../../../shared/api/advisors.ts'
import type { Refusals } from '../../http/errors.ts'
import { route, type Officer, type Route } from '../../http/route.ts'
import type { Advisors } from './advisors.ts'

const DEFAULT_LIMIT = 50
const PATH = '/api/admin/advisors'

const UNKNOWN = { unknown: [404, 'advisor.unknown', '没有这位顾问'] } satisfies Refusals
const NOT_SAVED = {
  member_taken: [409, 'advisor.member_taken', '这位企业微信成员已经是另一位顾问'],
  unknown_picture: [
    400,
    'advisor.unknown_picture',
    '有图片不存在、不是您上传的或已用在别处，请重新上传',
  ],
} satisfies Refusals
const NOT_INVITED = {
  ...UNKNOWN,
  inactive: [409, 'advisor.inactive', '这位顾问已停用，请先启用再邀请'],
} satisfies Refusals

const uploaderOf = ({ via, name }: Officer) =>
  via === 'member' ? { memberUserId: name } : { keyName: name }

/** Advisors as the office keeps them. */
export const createOfficeRoutes = (advisors: Advisors): Route[] => [
  ...createKeepingRoutes(advisors),
  ...createAccountRoutes(advisors),
]

const createKeepingRoutes = (advisors: Advisors): Route[] => [
  route(
    {
      method: 'get',
      path: PATH,
      who: 'viewer',
      summary: 'All advisors, by id',
      query: AdvisorsOfOfficeQuery,
      data: AdvisorsOfOffice,
    },
    async ({ query: { cursor: after = '', limit = DEFAULT_LIMIT } }) => {
      const { items, next } = await advisors.list({ after, limit })
      return { data: { items, ...(next !== undefined && { nextCursor: next }) } }
    },
  ),
  route(
    {
      method: 'get',
      path: `${PATH}/:advisorId`,
      who: 'viewer',
      summary: 'An advisor as the office keeps him',
      params: AdvisorPath,
      data: AdvisorOfOffice,
      refusals: UNKNOWN,
    },
    async ({ params }) => {
      const data = await advisors.read(params.advisorId)
      return data === null ? { refused: 'unknown' } : { data }
    },
  ),
  route(
    {
      method: 'put',
      path: `${PATH}/:advisorId`,
      who: 'operator',
      summary: 'An advisor, new or changed; what is left out stays',
      params: AdvisorPath,
      body: AdvisorBody,
      data: AdvisorOfOffice,
      refusals: NOT_SAVED,
    },
    async ({ caller, params: { advisorId }, body, requestId }) => {
      const by = { name: caller.name, requestId }
      const saved = await advisors.save({ advisorId, body, by, uploader: uploaderOf(caller) })
      if (saved.kind === 'refused') return { refused: saved.reason }
      return { data: saved.advisor, message: saved.changed ? '已保存' : '没有变化' }
    },
  ),
]

const createAccountRoutes = (advisors: Pick<Advisors, 'invite' | 'takeAccount'>): Route[] => [
  route(
    {
      method: 'post',
      path: `${PATH}/:advisorId/invite`,
      who: 'operator',
      summary: 'A one-time invitation for him to join with his own WeChat; ends the one before',
      params: AdvisorPath,
      data: Invitation,
      refusals: NOT_INVITED,
    },
    async ({ caller: { name }, params: { advisorId }, requestId }) => {
      const invited = await advisors.invite({ advisorId, by: { name, requestId } })
      if (invited.kind === 'refused') return { refused: invited.reason }
      const { invite, expiresAt } = invited
      return {
        data: {
          invite,
          miniprogramPath: `pages/customer/join?invite=${invite}`,
          expiresAt: expiresAt.toISOString(),
        },
        message: '邀请只显示这一次，7 天内有效，请只发给本人',
      }
    },
  ),
  route(
    {
      method: 'delete',
      path: `${PATH}/:advisorId/account`,
      who: 'operator',
      summary: 'Take his account away, with the invitations that lead there',
      params: AdvisorPath,
      body: AccountTakenBody,
      data: AdvisorOfOffice,
      refusals: UNKNOWN,
    },
    async ({ caller: { name }, params: { advisorId }, body: { reason }, requestId }) => {
      const taken = await advisors.takeAccount({ advisorId, by: { name, requestId, reason } })
      if (taken.kind === 'unknown') return { refused: 'unknown' }
      const message = taken.isChanged ? '已解除，他的微信不再是顾问' : '他本来就没有加入'
      return { data: taken.advisor, message }
    },
  ),
]
