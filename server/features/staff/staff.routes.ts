import {
  ClaimPath,
  CustomerPath,
  JssdkSignature,
  OtherwiseAddedPage,
  PendingCustomers,
  PhonesMissing,
  RevealedPhone,
  SignatureQuery,
  SignedOut,
  StaffMember,
  Submitted,
  UnstatedCustomers,
} from '../../../shared/api/staff.ts'
import type { Refusals } from '../../http/errors.ts'
import { route, type Route } from '../../http/route.ts'
import type { StaffSignIn } from './sign-in.ts'
import type { Lists } from './lists.ts'
import type { Staff } from './staff.ts'

type Deps = { staff: Staff; lists: Lists; signIn: Pick<StaffSignIn, 'end'> }

const NOT_REVEALED = {
  not_waiting: [404, 'staff.not_waiting', '这位客户已经不在等待了，请刷新列表'],
  too_many: [
    429,
    'staff.too_many_reveals',
    '查看的手机号太多了，请一小时后再试',
    { 'Retry-After': '3600' },
  ],
} satisfies Refusals
const NOT_SUBMITTED = {
  unknown: [404, 'staff.unknown_customer', '这位客户已经处理好了，请刷新列表'],
  looked: [409, 'staff.looked_already', '管理员已经核实过：请删除后用手机号搜索重新添加'],
} satisfies Refusals

/** The API of the members' H5 pages. */
export function createStaffRoutes(deps: Deps): Route[] {
  return [...createPageRoutes(deps), ...createListRoutes(deps), ...createDeedRoutes(deps)]
}

function createPageRoutes({ staff }: Deps): Route[] {
  return [
    route(
      {
        method: 'get',
        path: '/api/staff/me',
        who: 'staff',
        summary: 'Staff: who I am',
        data: StaffMember,
      },
      async ({ caller: { userId, expiresAt } }) => ({
        data: {
          userid: userId,
          name: await staff.nameOf(userId),
          expiresAt: expiresAt.toISOString(),
        },
      }),
    ),
    route(
      {
        method: 'get',
        path: '/api/wecom/jssdk-signature',
        who: 'staff',
        summary: 'Staff: JS-SDK signatures for a page of ours',
        query: SignatureQuery,
        data: JssdkSignature,
        refusals: { foreign_page: [403, 'staff.foreign_page', '只能为本系统的页面签名'] },
      },
      async ({ query }) => {
        const signed = await staff.signPage(query.url)
        return signed ? { data: signed } : { refused: 'foreign_page' }
      },
    ),
  ]
}

function createListRoutes({ lists }: Deps): Route[] {
  return [
    route(
      {
        method: 'get',
        path: '/api/staff/pending-customers',
        who: 'staff',
        summary: 'Staff: customers who wait to be added',
        data: PendingCustomers,
      },
      async ({ caller }) => ({ data: { items: await lists.listWaiting(caller.userId) } }),
    ),
    route(
      {
        method: 'get',
        path: '/api/staff/unstated-customers',
        who: 'staff',
        summary: 'Staff: bound customers whom nobody can add, for want of a phone',
        data: UnstatedCustomers,
      },
      async ({ caller }) => ({ data: { items: await lists.listUnstated(caller.userId) } }),
    ),
    route(
      {
        method: 'get',
        path: '/api/staff/added-otherwise',
        who: 'staff',
        summary: 'Staff: my bound customers whom I added in a way that proves no phone',
        data: OtherwiseAddedPage,
      },
      async ({ caller }) => ({ data: { items: await lists.listOtherwise(caller.userId) } }),
    ),
    route(
      {
        method: 'get',
        path: '/api/staff/phone-missing',
        who: 'staff',
        summary: 'Staff: my contacts whose phone is not noted or not clear',
        data: PhonesMissing,
      },
      async ({ caller }) => ({ data: { items: await lists.listPhonesMissing(caller.userId) } }),
    ),
  ]
}

function createDeedRoutes({ staff, signIn }: Deps): Route[] {
  return [
    route(
      {
        method: 'post',
        path: '/api/staff/pending-customers/:id/reveal',
        who: 'staff',
        reveals: true,
        summary: 'Staff: the full phone of one of them; logged',
        params: ClaimPath,
        data: RevealedPhone,
        refusals: NOT_REVEALED,
      },
      async ({ caller, params, requestId }) => {
        const revealed = await staff.reveal(params.id, { userId: caller.userId, requestId })
        if (revealed.kind !== 'revealed') return { refused: revealed.kind }
        return { data: { phoneNumber: revealed.phone } }
      },
    ),
    route(
      {
        method: 'post',
        path: '/api/staff/added-otherwise/:id/submit',
        who: 'staff',
        summary:
          'Staff: ask admins to vouch for a customer whom I added in a way that proves nothing; logged',
        params: CustomerPath,
        data: Submitted,
        refusals: NOT_SUBMITTED,
      },
      async ({ caller, params, requestId }) => {
        const submitted = await staff.submit(params.id, { userId: caller.userId, requestId })
        if (submitted.kind !== 'submitted') return { refused: submitted.kind }
        return { data: { submittedAt: submitted.at.toISOString() }, message: '已提交管理员核实' }
      },
    ),
    route(
      {
        method: 'post',
        path: '/api/staff/sign-out',
        who: 'staff',
        harmless: true,
        summary: 'Staff: end my session',
        data: SignedOut,
      },
      async ({ caller }) => {
        await signIn.end(caller.sessionId)
        return { data: { signedOut: true }, message: '已退出' }
      },
    ),
  ]
}
