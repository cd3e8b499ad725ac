import {
  CanQueryAnswer,
  ClaimAnswer,
  ClaimBody,
  PhoneButtonAnswer,
  PhoneButtonBody,
  PhonePath,
  PhoneStatusAnswer,
} from '../../../shared/api/claims.ts'
import { toWait } from '../../../shared/wait.ts'
import type { Refusals } from '../../http/errors.ts'
import { route, type Customer, type Officer, type Route } from '../../http/route.ts'
import type { PhoneClaims } from './phone-claims.ts'

const CLAIM_REFUSED = {
  no_openid: [400, 'request.invalid', '缺少 wechatOpenid'],
  too_soon: [429, 'binding.claim_too_soon', '提交太频繁了，请 {wait}后再试'],
} satisfies Refusals
const BUTTON_REFUSED = {
  off: [404, 'binding.phone_button_off', '本公司没有开启手机号快捷验证，请打开客服聊天完成绑定'],
  code_invalid: [400, 'binding.phone_code_invalid', '手机号授权已失效，请再点一次按钮'],
  foreign_number: [400, 'binding.phone_foreign', '只支持 11 位大陆手机号，请打开客服聊天完成绑定'],
} satisfies Refusals
const PHONE_REFUSED = {
  unknown: [404, 'binding.phone_unknown', '没有找到您的这个手机号'],
} satisfies Refusals
const askerOf = (caller: Customer | Officer) =>
  caller.kind === 'customer' ? { accountId: caller.accountId } : 'admin'

/** Stating a phone, and asking what became of it. */
export function createPhoneClaimRoutes(claims: PhoneClaims): Route[] {
  return [...createStatingRoutes(claims), ...createAskingRoutes(claims)]
}

function createStatingRoutes(
  claims: Pick<PhoneClaims, 'claim' | 'claimFor' | 'takeButton'>,
): Route[] {
  return [
    route(
      {
        method: 'post',
        path: '/api/binding/temp',
        who: 'customerOrService',
        summary: 'State a phone (R0.48); a hint, never proof',
        body: ClaimBody,
        data: ClaimAnswer,
        refusals: CLAIM_REFUSED,
      },
      async ({ caller, body }) => {
        if (caller.kind === 'officer' && body.wechatOpenid === undefined)
          return { refused: 'no_openid' }
        const claimed =
          caller.kind === 'officer'
            ? await claims.claimFor(body.wechatOpenid!, body.phoneNumber)
            : await claims.claim({ id: caller.accountId, openid: caller.openid }, body.phoneNumber)
        if (claimed.kind === 'too_soon') {
          const { text, seconds } = toWait(claimed.waitMs)
          return { refused: 'too_soon', words: { wait: text }, retryAfterSeconds: seconds }
        }
        return {
          data: { tempBindingId: claimed.id, expiresAt: claimed.expiresAt.toISOString() },
          message: '已收到您的信息，请联系我们的销售人员',
        }
      },
    ),
    route(
      {
        method: 'post',
        path: '/api/binding/phone-button',
        who: 'customer',
        summary: 'The phone WeChat has for me (E8), when switched on',
        body: PhoneButtonBody,
        data: PhoneButtonAnswer,
        refusals: BUTTON_REFUSED,
      },
      async ({ caller, body }) => {
        const taken = await claims.takeButton(
          { id: caller.accountId, openid: caller.openid },
          body.code,
        )
        if (taken.kind === 'refused') return { refused: taken.reason }
        return { data: { taken: true }, message: '已收到您的手机号' }
      },
    ),
  ]
}

function createAskingRoutes(claims: Pick<PhoneClaims, 'statusOf' | 'mayQuery'>): Route[] {
  return [
    route(
      {
        method: 'get',
        path: '/api/customer/binding-status/:phone',
        who: 'customerOrViewer',
        summary: "R0.52; somebody else's phone is 404",
        params: PhonePath,
        data: PhoneStatusAnswer,
        refusals: PHONE_REFUSED,
      },
      async ({ caller, params }) => {
        const status = await claims.statusOf(askerOf(caller), params.phone)
        if (status === null) return { refused: 'unknown' }
        return { data: status, message: status.message }
      },
    ),
    route(
      {
        method: 'get',
        path: '/api/customer/can-query/:phone',
        who: 'customerOrViewer',
        summary: "R0.53; somebody else's phone is 404",
        params: PhonePath,
        data: CanQueryAnswer,
        refusals: PHONE_REFUSED,
      },
      async ({ caller, params }) => {
        const answer = await claims.mayQuery(askerOf(caller), params.phone)
        if (answer === null) return { refused: 'unknown' }
        return { data: answer, message: answer.message }
      },
    ),
  ]
}
