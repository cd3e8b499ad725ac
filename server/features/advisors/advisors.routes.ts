import {
  Advisor,
  AdvisorMe,
  AdvisorPath,
  Advisors as AdvisorsAnswer,
  AdvisorsQuery,
  JoinBody,
  JoinLook,
  SubscribeBody,
  Subscribed,
  NO_ADVISOR,
} from '../../../shared/api/advisors.ts'
import { toWait } from '../../../shared/wait.ts'
import type { Refusals } from '../../http/errors.ts'
import { route, type Route } from '../../http/route.ts'
import type { Advisors } from './advisors.ts'
import type { AdvisorDesk } from './desk.ts'

const DEFAULT_LIMIT = 20

const UNKNOWN = { unknown: [404, 'advisor.unknown', '没有这位顾问'] } satisfies Refusals
const NOT_JOINED = {
  invalid: [404, 'advisor.invite_invalid', '邀请无效、已经用过或已过期，请向公司重新索取'],
  other_advisor: [
    409,
    'advisor.other_advisor',
    '这个微信已经是另一位顾问，请公司先解除后再接受邀请',
  ],
  too_often: [429, 'advisor.too_often', '尝试太多次了，请 {wait}后再试'],
} satisfies Refusals
const NOT_NOTED = {
  ...NO_ADVISOR,
  other_openid: [403, 'advisor.other_openid', 'openid 与登录的微信不一致'],
  other_advisor: [403, 'advisor.not_own', '只能为自己保存订阅状态'],
  unknown_template: [404, 'advisor.unknown_template', '没有这个顾问消息模板'],
} satisfies Refusals

export const createAdvisorRoutes = (advisors: Advisors, desk: AdvisorDesk): Route[] => [
  ...createLookRoutes(advisors),
  ...createOwnRoutes(advisors, desk),
]

const createLookRoutes = (advisors: Pick<Advisors, 'listShown' | 'show'>): Route[] => [
  route(
    {
      method: 'get',
      path: '/api/advisors',
      who: 'customer',
      summary: 'Advisors whom one may ask and book',
      query: AdvisorsQuery,
      data: AdvisorsAnswer,
    },
    async ({ query: { cursor: after = '', limit = DEFAULT_LIMIT } }) => {
      const { items, next } = await advisors.listShown({ after, limit })
      return { data: { items, ...(next !== undefined && { nextCursor: next }) } }
    },
  ),
  route(
    {
      method: 'get',
      path: '/api/advisors/:advisorId',
      who: 'customer',
      summary: 'An advisor with his 简历',
      params: AdvisorPath,
      data: Advisor,
      refusals: UNKNOWN,
    },
    async ({ params }) => {
      const data = await advisors.show(params.advisorId)
      return data === null ? { refused: 'unknown' } : { data }
    },
  ),
]

type Joining = Pick<Advisors, 'join' | 'lookAtInvitation'>

/** Before it is taken: whoever was sent an invitation sees whom it makes him. */
const createJoinLookRoute = (advisors: Pick<Advisors, 'lookAtInvitation'>): Route =>
  route(
    {
      method: 'post',
      path: '/api/advisor/join/look',
      who: 'customer',
      summary: 'Whose invitation it is; takes nothing',
      body: JoinBody,
      data: JoinLook,
      refusals: NOT_JOINED,
    },
    async ({ caller: { accountId }, body: { invite } }) => {
      const looked = await advisors.lookAtInvitation({ invite, accountId })
      if (looked.kind === 'refused') return { refused: looked.reason }
      if (looked.kind === 'looked') return { data: { name: looked.name } }
      const { text, seconds } = toWait(looked.waitMs)
      return { refused: 'too_often', words: { wait: text }, retryAfterSeconds: seconds }
    },
  )

const createOwnRoutes = (advisors: Joining, desk: AdvisorDesk): Route[] => [
  createJoinLookRoute(advisors),
  route(
    {
      method: 'post',
      path: '/api/advisor/join',
      who: 'customer',
      summary: 'Take an invitation, once: this account is the advisor from now on',
      body: JoinBody,
      data: AdvisorMe,
      refusals: { ...NOT_JOINED, ...NO_ADVISOR },
    },
    async ({ caller: { accountId }, body: { invite }, requestId }) => {
      const joined = await advisors.join({ invite, accountId, requestId })
      if (joined.kind === 'refused') return { refused: joined.reason }
      if (joined.kind === 'too_often') {
        const { text, seconds } = toWait(joined.waitMs)
        return { refused: 'too_often', words: { wait: text }, retryAfterSeconds: seconds }
      }
      const data = await desk.me(accountId)
      return data === null ? { refused: 'not_one' } : { data, message: '您已成为顾问' }
    },
  ),
  route(
    {
      method: 'get',
      path: '/api/advisor/me',
      who: 'customer',
      summary: 'Which advisor I am, and how many messages are left of each template',
      data: AdvisorMe,
      refusals: NO_ADVISOR,
    },
    async ({ caller }) => {
      const data = await desk.me(caller.accountId)
      return data === null ? { refused: 'not_one' } : { data }
    },
  ),
  createSubscribeRoute(desk),
]

const createSubscribeRoute = (desk: Pick<AdvisorDesk, 'noteAnswer'>): Route =>
  route(
    {
      method: 'post',
      path: '/api/advisor/subscribe',
      who: 'customer',
      summary:
        'What an advisor answered to wx.requestSubscribeMessage (R2.3); a hint, if WeChat itself tells nothing',
      body: SubscribeBody,
      data: Subscribed,
      refusals: NOT_NOTED,
    },
    async ({ caller: { accountId, openid }, body }) => {
      const { advisorId, templateId, subscribed, subscribeData } = body
      const status = subscribeData?.['subscriptionStatus']
      const yes = typeof status === 'string' ? status : 'accept'
      const noted = await desk.noteAnswer({
        accountId,
        openid,
        advisorId,
        saidOpenid: body.openid,
        templateId,
        word: subscribed ? yes : 'reject',
      })
      if (noted.kind === 'refused') return { refused: noted.reason }
      const { id, at } = noted
      const subscribeTime = at.toISOString()
      return {
        data: { _id: id, advisorId, openid, templateId, subscribed, subscribeTime },
        message: '保存订阅状态成功',
      }
    },
  )
