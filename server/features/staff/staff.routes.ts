import {
  ClaimPath,
  ConfirmBody,
  ConfirmedPhone,
  JssdkSignature,
  PendingCustomers,
  PhonesMissing,
  RevealedPhone,
  ReviewPath,
  SignatureQuery,
  SignedOut,
  StaffMember,
} from '../../../shared/api/staff.ts'
import { maskPhone } from '../../../shared/phone.ts'
import type { Refusals } from '../../http/errors.ts'
import { route, type Route } from '../../http/route.ts'
import type { StaffSignIn } from './sign-in.ts'
import type { Staff } from './staff.ts'

type Deps = { staff: Staff; signIn: Pick<StaffSignIn, 'end'> }

const NOT_REVEALED = {
  not_waiting: [404, 'staff.not_waiting', '这位客户已经不在等待了，请刷新列表'],
  too_many: [
    429,
    'staff.too_many_reveals',
    '查看的手机号太多了，请一小时后再试',
    { 'Retry-After': '3600' },
  ],
} satisfies Refusals
const NOT_CONFIRMED = {
  unknown: [404, 'staff.unknown_review', '这一条已经处理过了，请刷新列表'],
  not_noted: [409, 'staff.not_noted', '备注里已经没有这个号码了，请刷新列表'],
  contact_has_other_phone: [
    409,
    'staff.contact_has_other_phone',
    '这位客户已登记另一个手机号，请联系管理员处理',
  ],
  phone_proven_for_other_contact: [
    409,
    'staff.phone_proven_for_other_contact',
    '这个手机号属于另一位联系人，请联系管理员处理',
  ],
  number_changed_hands: [
    409,
    'staff.number_changed_hands',
    '这个号码已登记为换了主人：请客户本人重新添加，或联系管理员处理',
  ],
  names_differ: [409, 'staff.names_differ', '这个号码的订单写的是另一个人的名字，请联系管理员处理'],
} satisfies Refusals

/** The API of the members' H5 pages. */
export function createStaffRoutes(deps: Deps): Route[] {
  return [...createListRoutes(deps), ...createDeedRoutes(deps)]
}

function createListRoutes({ staff }: Deps): Route[] {
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
        path: '/api/staff/pending-customers',
        who: 'staff',
        summary: 'Staff: customers who wait to be added',
        data: PendingCustomers,
      },
      async ({ caller }) => ({ data: { items: await staff.listWaiting(caller.userId) } }),
    ),
    route(
      {
        method: 'get',
        path: '/api/staff/phone-missing',
        who: 'staff',
        summary: 'Staff: my contacts whose phone is not noted or not clear',
        data: PhonesMissing,
      },
      async ({ caller }) => ({ data: { items: await staff.listPhonesMissing(caller.userId) } }),
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
        path: '/api/staff/reviews/:id/confirm',
        who: 'staff',
        summary: "Staff: this number of my remark is the customer's own (D6); logged",
        params: ReviewPath,
        body: ConfirmBody,
        data: ConfirmedPhone,
        refusals: NOT_CONFIRMED,
      },
      async ({ caller, params, body, requestId }) => {
        const settled = await staff.confirmPhone(
          { reviewId: params.id, choice: body.choice },
          { userId: caller.userId, requestId },
        )
        if (settled.kind === 'confirmed')
          return { data: { phoneMasked: maskPhone(settled.phone) }, message: '已确认' }
        return { refused: settled.kind === 'unknown' ? settled.kind : settled.reason }
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
