import {
  ClosedAnswer, ContactPath, CustomerCard, CustomerCards, CustomerPath, CustomerQuery, LiftedAnswer, ManualBindBody, PhoneChangeBody, ReasonBody, ReviewPath, Reviews,
} from '../../../shared/api/remedies.ts'
import { HttpError } from '../../http/errors.ts'
import { route, type KeyHolder, type Route } from '../../http/route.ts'
import type { Conflict } from '../customers/customers.ts'
import type { Lifted, Mended, Refusal, Remedies } from './remedies.ts'

const CONFLICTS: Record<Conflict, string> = {
  account_taken: '这个小程序帐号已绑定另一位联系人',
  contact_taken: '这位联系人已绑定另一个小程序帐号',
  phone_taken: '这个手机号属于另一位联系人',
  contact_has_other_phone: '这位联系人已登记另一个手机号',
}
const REFUSALS: Record<Refusal, string> = {
  not_bound: '这位客户没有绑定',
  not_suspended: '这位客户没有被暂停',
  same_phone: '手机号没有变化',
  phone_taken: '这个手机号属于另一位客户',
}
const LIFTED: Record<Exclude<Lifted, 'unknown'>, string> = { lifted: '已解除暂停', tries_forgotten: '这位联系人没有被暂停，已清除输错的次数', nothing: '这位联系人没有被暂停' }
const operatorOf = (caller: KeyHolder, requestId: string, userid?: string) => ({ key: caller.name, userid, requestId })

function cardOf(mended: Mended) {
  if (mended.kind === 'unknown') throw new HttpError(404, 'remedies.unknown_customer', '没有这位客户')
  if (mended.kind === 'refused') throw new HttpError(409, `remedies.${mended.reason}`, REFUSALS[mended.reason])
  return mended.card
}

export function createRemedyRoutes(remedies: Remedies): Route[] {
  return [...createBindRoutes(remedies), ...createCustomerRoutes(remedies), ...createReviewRoutes(remedies)]
}

function createBindRoutes(remedies: Remedies): Route[] {
  return [
    route({ method: 'post', path: '/api/wework/manual-bind', who: 'admin', summary: 'Bind by an admin\'s word (E7); operatorUserid is required as R0.54 writes it, other remedies may leave it out', body: ManualBindBody, data: CustomerCard },
      async ({ caller, body, requestId }) => {
        const outcome = await remedies.bindManually(body, operatorOf(caller, requestId))
        if (outcome.kind === 'unknown') {
          throw new HttpError(404, `remedies.unknown_${outcome.what}`, outcome.what === 'account' ? '没有这个 openid，请让客户先打开小程序' : '企业微信里没有这位联系人')
        }
        if (outcome.kind === 'conflict') {
          throw new HttpError(409, `remedies.${outcome.conflicts[0] ?? 'conflict'}`, `${outcome.conflicts.map((one) => CONFLICTS[one]).join('；')}。确认无误后可带 override: true 重试`)
        }
        return { data: outcome.card, message: '已手动绑定' }
      }),
    route({ method: 'post', path: '/api/admin/contacts/:externalUserId/lift-code-stop', who: 'admin', summary: 'Let a paused contact try codes again', params: ContactPath, body: ReasonBody, data: LiftedAnswer },
      async ({ caller, params, body, requestId }) => {
        const lifted = await remedies.liftStop(params.externalUserId, { reason: body.reason, operator: operatorOf(caller, requestId, body.operatorUserid) })
        if (lifted === 'unknown') throw new HttpError(404, 'remedies.unknown_contact', '没有这位联系人')
        return { data: { lifted: lifted === 'lifted' }, message: LIFTED[lifted] }
      }),
  ]
}

function createCustomerRoutes(remedies: Remedies): Route[] {
  return [
    route({ method: 'get', path: '/api/admin/customers', who: 'admin', summary: 'The customer of a phone or of a contact: exactly one of the two', query: CustomerQuery, data: CustomerCards },
      async ({ query }) => ({ data: { items: await remedies.find(query) } })),
    route({ method: 'post', path: '/api/admin/customers/:id/unbind', who: 'admin', summary: 'End a binding', params: CustomerPath, body: ReasonBody, data: CustomerCard },
      async ({ caller, params, body, requestId }) => {
        const card = cardOf(await remedies.unbind(params.id, { reason: body.reason, operator: operatorOf(caller, requestId, body.operatorUserid) }))
        return { data: card, message: '已解除绑定' }
      }),
    route({ method: 'post', path: '/api/admin/customers/:id/phone', who: 'admin', summary: 'Another phone for a customer (D9)', params: CustomerPath, body: PhoneChangeBody, data: CustomerCard },
      async ({ caller, params, body, requestId }) => {
        const card = cardOf(await remedies.changePhone(params.id, body, { reason: body.reason, operator: operatorOf(caller, requestId, body.operatorUserid) }))
        return { data: card, message: body.proven ? '手机号已更换' : '手机号已更换，请顾问用新手机号重新添加客户' }
      }),
    route({ method: 'post', path: '/api/admin/customers/:id/resume', who: 'admin', summary: 'Let a permission that rests count again (D15)', params: CustomerPath, body: ReasonBody, data: CustomerCard },
      async ({ caller, params, body, requestId }) => {
        const card = cardOf(await remedies.resume(params.id, { reason: body.reason, operator: operatorOf(caller, requestId, body.operatorUserid) }))
        return { data: card, message: '已恢复' }
      }),
  ]
}

function createReviewRoutes(remedies: Remedies): Route[] {
  return [
    route({ method: 'get', path: '/api/admin/reviews', who: 'admin', summary: 'What a person must look at, with what is known and what to do', data: Reviews },
      async () => ({ data: { items: (await remedies.listReviews()).map(presentReview) } })),
    route({ method: 'post', path: '/api/admin/reviews/:id/close', who: 'admin', summary: 'Somebody has looked; opens no permission', params: ReviewPath, body: ReasonBody, data: ClosedAnswer },
      async ({ caller, params, body, requestId }) => {
        if (!(await remedies.closeReview(params.id, { reason: body.reason, operator: operatorOf(caller, requestId, body.operatorUserid) }))) {
          throw new HttpError(404, 'remedies.unknown_review', '没有这条待核实事项，或已处理')
        }
        return { data: { closed: true }, message: '已关闭。这不会开通查询权限；需要时请手动绑定' }
      }),
  ]
}

type Listed = Awaited<ReturnType<Remedies['listReviews']>>[number]

const presentReview = ({ id, kind, advice, openedAt, canQuery, ...of }: Listed) => ({
  id, kind, advice, openedAt: openedAt.toISOString(), canQuery,
  ...(of.externalUserId !== null && { externalUserId: of.externalUserId }), ...(of.contactName !== null && { contactName: of.contactName }),
  ...(of.memberUserid !== null && { memberUserid: of.memberUserid }), ...(of.memberName !== null && { memberName: of.memberName }),
  ...(of.customerId !== null && { customerId: of.customerId }), ...(of.customerPhoneMasked !== null && { customerPhoneMasked: of.customerPhoneMasked }),
  ...(of.notedPhonesMasked !== null && { notedPhonesMasked: of.notedPhonesMasked }),
})
