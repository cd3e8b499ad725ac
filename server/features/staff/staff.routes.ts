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
import { HttpError } from '../../http/errors.ts'
import { route, type Route } from '../../http/route.ts'
import type { StaffSignIn } from './sign-in.ts'
import type { Revealed, Settled, Staff } from './staff.ts'

type Deps = { staff: Staff; signIn: Pick<StaffSignIn, 'end'> }

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
      },
      async ({ query }) => {
        const signed = await staff.signPage(query.url)
        if (!signed) throw new HttpError(403, 'staff.foreign_page', '只能为本系统的页面签名')
        return { data: signed }
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
        summary: 'Staff: the full phone of one of them; logged',
        params: ClaimPath,
        data: RevealedPhone,
      },
      async ({ caller, params, requestId }) => ({
        data: {
          phoneNumber: toPhone(await staff.reveal(params.id, { userId: caller.userId, requestId })),
        },
      }),
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
      },
      async ({ caller, params, body, requestId }) => {
        const phone = toConfirmed(
          await staff.confirmPhone(
            { reviewId: params.id, choice: body.choice },
            { userId: caller.userId, requestId },
          ),
        )
        return { data: { phoneMasked: maskPhone(phone) }, message: '已确认' }
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

function toPhone(revealed: Revealed): string {
  switch (revealed.kind) {
    case 'revealed':
      return revealed.phone
    case 'not_waiting':
      throw new HttpError(404, 'staff.not_waiting', '这位客户已经不在等待了，请刷新列表')
    case 'too_many':
      throw new HttpError(429, 'staff.too_many_reveals', '查看的手机号太多了，请一小时后再试', {
        'Retry-After': '3600',
      })
  }
}

const CONFLICTS = {
  not_noted: '备注里已经没有这个号码了，请刷新列表',
  contact_has_other_phone: '这位客户已登记另一个手机号，请联系管理员处理',
  phone_proven_for_other_contact: '这个手机号属于另一位联系人，请联系管理员处理',
  number_changed_hands: '这个号码已登记为换了主人：请客户本人重新添加，或联系管理员处理',
  names_differ: '这个号码的订单写的是另一个人的名字，请联系管理员处理',
}

function toConfirmed(settled: Settled): string {
  switch (settled.kind) {
    case 'confirmed':
      return settled.phone
    case 'unknown':
      throw new HttpError(404, 'staff.unknown_review', '这一条已经处理过了，请刷新列表')
    case 'refused':
      throw new HttpError(409, `staff.${settled.reason}`, CONFLICTS[settled.reason])
  }
}
