import {
  AskAdvisorAnswer,
  ClaimOrderAnswer,
  ClaimOrderBody,
} from '../../../shared/api/claim-order.ts'
import {
  AnswerBody,
  AnsweredQuestion,
  QuestionPage,
  QuestionPath,
  QuestionQuery,
  StaffAnswerBody,
  TakenBack,
} from '../../../shared/api/questions.ts'
import {
  ClosedAnswer,
  ReasonBody,
  ReviewPath,
  Reviews,
  ReviewsQuery,
} from '../../../shared/api/remedies.ts'
import type { Refusals } from '../../http/errors.ts'
import { readMark, route, type Member, type Officer, type Route } from '../../http/route.ts'
import { createConfirmRoutes } from './confirm.routes.ts'
import type { OrderClaims } from './order-claims.ts'
import type { By } from './questions.deps.ts'
import type { Answered, Questions } from './questions.ts'
import { NOT_TAKEN_BACK, toTakenBack } from './take-back.routes.ts'

type Deps = { questions: Questions; claims: Pick<OrderClaims, 'claim' | 'askAdvisor'> }

const DEFAULT_LIMIT = 50
const MOST_OPEN = 200
const SAID_ON_THE_PAGE = '顾问在员工页面回答'

const byAdmin = (caller: Officer, requestId: string, userid: string | undefined): By => ({
  name: userid ?? caller.name,
  detail: `key ${caller.name}`,
  requestId,
})
const byMember = ({ userId }: Member, requestId: string): By => ({ name: userId, requestId })

const NOT_ANSWERED = {
  unknown: [404, 'questions.unknown', '没有这个问题，或已处理，请刷新列表'],
  taken: [409, 'questions.answered', '{by} 已经回答了这个问题'],
  for_admins: [409, 'questions.for_admins', '这个问题已转给管理员处理'],
  other_kind: [409, 'questions.other_kind', '这一条不是号码归属问题，请按说明处理后关闭'],
  unknown_orders: [400, 'questions.unknown_orders', '这些订单不在问题里：{orderNos}'],
  in_future: [400, 'questions.in_future', '换人的日期（since）不能晚于现在'],
} satisfies Refusals

function toAnswer(answered: Answered, message: string) {
  switch (answered.kind) {
    case 'answered':
      return { data: { effectiveAt: answered.effectiveAt.toISOString() }, message }
    case 'taken':
      return { refused: answered.kind, words: { by: answered.by } }
    case 'unknown_orders':
      return { refused: answered.kind, words: { orderNos: answered.orderNos.join('、') } }
    default:
      return { refused: answered.kind }
  }
}

export function createQuestionRoutes(deps: Deps): Route[] {
  return [
    ...createListRoutes(deps),
    ...createAnswerRoutes(deps),
    ...createReviewRoutes(deps),
    ...createStaffRoutes(deps),
    ...createConfirmRoutes(deps.questions),
    ...createCustomerRoutes(deps),
  ]
}

function createListRoutes({ questions }: Deps): Route[] {
  return [
    route(
      {
        method: 'get',
        path: '/api/admin/questions',
        who: 'viewer',
        summary: 'What people are asked: whose a number is, and reviews',
        query: QuestionQuery,
        data: QuestionPage,
      },
      async ({ query }) => ({
        data: await questions.list({
          state: query.state,
          cursor: readMark(query.cursor),
          limit: query.limit ?? DEFAULT_LIMIT,
        }),
      }),
    ),
  ]
}

function createAnswerRoutes({ questions }: Deps): Route[] {
  return [
    route(
      {
        method: 'post',
        path: '/api/admin/questions/:id/answer',
        who: 'operator',
        summary: 'Say whose a number is; counts after ten seconds',
        params: QuestionPath,
        body: AnswerBody,
        data: AnsweredQuestion,
        refusals: NOT_ANSWERED,
      },
      async ({ caller, params, body: { operatorUserid, ...answer }, requestId }) => {
        const by = byAdmin(caller, requestId, operatorUserid)
        const answered = await questions.answer({ id: params.id }, answer, by)
        return toAnswer(answered, '已回答，10 秒后生效，期间可以撤回')
      },
    ),
    route(
      {
        method: 'post',
        path: '/api/admin/questions/:id/take-back',
        who: 'operator',
        summary: 'Take an answer back before it counts',
        params: QuestionPath,
        data: TakenBack,
        refusals: NOT_TAKEN_BACK,
      },
      async ({ caller, params, requestId }) => {
        const by = byAdmin(caller, requestId, undefined)
        return toTakenBack(await questions.takeBack({ id: params.id }, by))
      },
    ),
  ]
}

/** The paths from before questions about numbers were in the same list. */
function createReviewRoutes({ questions }: Deps): Route[] {
  return [
    route(
      {
        method: 'get',
        path: '/api/admin/reviews',
        who: 'viewer',
        summary: 'What is open of /api/admin/questions',
        query: ReviewsQuery,
        data: Reviews,
      },
      async ({ query: { cursor, limit = MOST_OPEN } }) => ({
        data: await questions.list({ state: 'open', cursor: readMark(cursor), limit }),
      }),
    ),
    route(
      {
        method: 'post',
        path: '/api/admin/reviews/:id/close',
        who: 'operator',
        summary: 'Somebody has looked; opens no permission',
        params: ReviewPath,
        body: ReasonBody,
        data: ClosedAnswer,
        refusals: { unknown: [404, 'remedies.unknown_review', '没有这条待核实事项，或已处理'] },
      },
      async ({ caller, params, body: { reason, operatorUserid }, requestId }) => {
        const by = byAdmin(caller, requestId, operatorUserid)
        if (!(await questions.close(params.id, reason, by))) return { refused: 'unknown' }
        return { data: { closed: true }, message: '已关闭。这不会开通查询权限；需要时请手动绑定' }
      },
    ),
  ]
}

function createStaffRoutes({ questions }: Deps): Route[] {
  return [
    route(
      {
        method: 'get',
        path: '/api/staff/questions',
        who: 'staff',
        summary: 'Staff: numbers of which I am asked whose they are',
        data: QuestionPage,
      },
      async ({ caller }) => ({ data: { items: await questions.listFor(caller.userId) } }),
    ),
    route(
      {
        method: 'post',
        path: '/api/staff/questions/:id/answer',
        who: 'staff',
        summary: 'Staff: say whose a number is; counts after ten seconds, logged',
        params: QuestionPath,
        body: StaffAnswerBody,
        data: AnsweredQuestion,
        refusals: NOT_ANSWERED,
      },
      async ({ caller, params, body, requestId }) => {
        const answered = await questions.answer(
          { id: params.id, userId: caller.userId },
          { ...body, reason: body.reason ?? SAID_ON_THE_PAGE },
          byMember(caller, requestId),
        )
        return toAnswer(answered, '已回答，10 秒内可以撤回')
      },
    ),
    route(
      {
        method: 'post',
        path: '/api/staff/questions/:id/take-back',
        who: 'staff',
        summary: 'Staff: take my answer back before it counts',
        params: QuestionPath,
        data: TakenBack,
        refusals: NOT_TAKEN_BACK,
      },
      async ({ caller, params, requestId }) => {
        const asked = { id: params.id, userId: caller.userId }
        return toTakenBack(await questions.takeBack(asked, byMember(caller, requestId)))
      },
    ),
  ]
}

const NOT_ALLOWED = {
  not_allowed: [
    403,
    'projects.not_allowed',
    '您还没有查询权限，请联系销售人员通过手机号搜索添加您',
  ],
} satisfies Refusals
/** Unknown and not his are told in the same words: which of the two it is, is told to nobody. */
const NOT_FOUND = {
  not_found: [
    404,
    'projects.claim_unknown',
    '没有查到您名下的这个订单。请核对订单号，或点「找顾问」请他核实',
  ],
  ...NOT_ALLOWED,
  too_often: [429, 'projects.claim_too_often', '今天查询的次数太多了，请明天再试，或点「找顾问」'],
} satisfies Refusals

function createCustomerRoutes({ claims }: Deps): Route[] {
  return [
    route(
      {
        method: 'post',
        path: '/api/projects/claim',
        who: 'customer',
        summary: 'An order of mine that I do not see, by its number; three tries a day',
        body: ClaimOrderBody,
        data: ClaimOrderAnswer,
        refusals: NOT_FOUND,
      },
      async ({ caller, body }) => {
        const claimed = await claims.claim(caller.accountId, body.orderNo)
        if (claimed.kind === 'found')
          return { data: { found: true as const }, message: '已找到您的订单' }
        if (claimed.kind !== 'too_often') return { refused: claimed.kind }
        return { refused: claimed.kind, retryAfterSeconds: Math.ceil(claimed.waitMs / 1000) }
      },
    ),
    route(
      {
        method: 'post',
        path: '/api/projects/ask-advisor',
        who: 'customer',
        summary: 'Ask staff about orders of mine that I do not see',
        data: AskAdvisorAnswer,
        refusals: NOT_ALLOWED,
      },
      async ({ caller }) => {
        if (!(await claims.askAdvisor(caller.accountId))) return { refused: 'not_allowed' }
        return { data: { asked: true as const }, message: '已请顾问核实，核实后会显示在这里' }
      },
    ),
  ]
}
