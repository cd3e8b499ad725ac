import {
  ContactPath,
  CustomerCard,
  CustomerPath,
  LiftedAnswer,
  ManualBindBody,
  PhoneChangeBody,
  ReasonBody,
} from '../../../shared/api/remedies.ts'
import { HandedOver, HandOverBody } from '../../../shared/api/questions.ts'
import type { Refusals } from '../../http/errors.ts'
import { route, type Officer, type Route } from '../../http/route.ts'
import type { Conflict } from '../customers/customers.ts'
import type { Lifted, Mended, Remedies } from './remedies.ts'

const CONFLICTS: Record<Conflict, string> = {
  account_taken: '这个小程序帐号已绑定另一位联系人',
  contact_taken: '这位联系人已绑定另一个小程序帐号',
  phone_taken: '这个手机号属于另一位联系人',
  contact_has_other_phone: '这位联系人已登记另一个手机号',
}
const OVERRIDABLE = '{conflicts}。确认无误后可带 override: true 重试'
const NOT_BOUND = {
  unknown_account: [404, 'remedies.unknown_account', '没有这个 openid，请让客户先打开小程序'],
  unknown_contact: [404, 'remedies.unknown_contact', '企业微信里没有这位联系人'],
  account_taken: [409, 'remedies.account_taken', OVERRIDABLE],
  contact_taken: [409, 'remedies.contact_taken', OVERRIDABLE],
  phone_taken: [409, 'remedies.phone_taken', OVERRIDABLE],
  contact_has_other_phone: [409, 'remedies.contact_has_other_phone', OVERRIDABLE],
} satisfies Refusals
const NOT_MENDED = {
  unknown: [404, 'remedies.unknown_customer', '没有这位客户'],
  not_bound: [409, 'remedies.not_bound', '这位客户没有绑定'],
  not_suspended: [409, 'remedies.not_suspended', '这位客户没有被暂停'],
  same_phone: [409, 'remedies.same_phone', '手机号没有变化'],
  phone_taken: [409, 'remedies.phone_taken', '这个手机号属于另一位客户'],
} satisfies Refusals
const LIFTED: Record<Exclude<Lifted, 'unknown'>, string> = {
  lifted: '已解除暂停',
  tries_forgotten: '这位联系人没有被暂停，已清除输错的次数',
  nothing: '这位联系人没有被暂停',
}
const operatorOf = (caller: Officer, requestId: string, userid?: string) => ({
  key: caller.name,
  userid,
  requestId,
})

function toAnswer(mended: Mended, message: string) {
  if (mended.kind === 'mended') return { data: mended.card, message }
  return { refused: mended.kind === 'unknown' ? mended.kind : mended.reason }
}

export function createRemedyRoutes(remedies: Remedies): Route[] {
  return [
    ...createBindRoutes(remedies),
    ...createCustomerRoutes(remedies),
    ...createPermissionRoutes(remedies),
    ...createNumberRoutes(remedies),
  ]
}

function createBindRoutes(remedies: Remedies): Route[] {
  return [
    route(
      {
        method: 'post',
        path: '/api/wework/manual-bind',
        who: 'admin',
        summary:
          "Bind by an admin's word (E7); operatorUserid is required as R0.54 writes it, other remedies may leave it out",
        body: ManualBindBody,
        data: CustomerCard,
        refusals: NOT_BOUND,
      },
      async ({ caller, body, requestId }) => {
        const outcome = await remedies.bindManually(body, operatorOf(caller, requestId))
        switch (outcome.kind) {
          case 'bound':
            return { data: outcome.card, message: '已手动绑定' }
          case 'unknown':
            return { refused: `unknown_${outcome.what}` as const }
          case 'conflict':
            return {
              refused: outcome.conflicts[0],
              words: { conflicts: outcome.conflicts.map((one) => CONFLICTS[one]).join('；') },
            }
        }
      },
    ),
    route(
      {
        method: 'post',
        path: '/api/admin/contacts/:externalUserId/lift-code-stop',
        who: 'operator',
        summary: 'Let a paused contact try codes again',
        params: ContactPath,
        body: ReasonBody,
        data: LiftedAnswer,
        refusals: { unknown: [404, 'remedies.unknown_contact', '没有这位联系人'] },
      },
      async ({ caller, params, body, requestId }) => {
        const lifted = await remedies.liftStop(params.externalUserId, {
          reason: body.reason,
          operator: operatorOf(caller, requestId, body.operatorUserid),
        })
        if (lifted === 'unknown') return { refused: 'unknown' }
        return { data: { lifted: lifted === 'lifted' }, message: LIFTED[lifted] }
      },
    ),
  ]
}

function createCustomerRoutes(remedies: Remedies): Route[] {
  return [
    route(
      {
        method: 'post',
        path: '/api/admin/customers/:id/unbind',
        who: 'operator',
        summary: 'End a binding',
        params: CustomerPath,
        body: ReasonBody,
        data: CustomerCard,
        refusals: NOT_MENDED,
      },
      async ({ caller, params, body: { reason, operatorUserid }, requestId }) => {
        const operator = operatorOf(caller, requestId, operatorUserid)
        return toAnswer(await remedies.unbind(params.id, { reason, operator }), '已解除绑定')
      },
    ),
  ]
}

/** What a customer may query by: his phone, and that nothing is in doubt. */
function createPermissionRoutes(remedies: Remedies): Route[] {
  return [
    route(
      {
        method: 'post',
        path: '/api/admin/customers/:id/phone',
        who: 'admin',
        summary: 'Another phone for a customer (D9)',
        params: CustomerPath,
        body: PhoneChangeBody,
        data: CustomerCard,
        refusals: NOT_MENDED,
      },
      async ({ caller, params, body, requestId }) => {
        const { phone, proven, since, seenBy } = body
        const reason = seenBy === undefined ? body.reason : `${body.reason}（${seenBy} 当面核对）`
        const changed = await remedies.changePhone(
          params.id,
          { phone, proven, since: since === undefined ? null : new Date(since) },
          { reason, operator: operatorOf(caller, requestId, body.operatorUserid) },
        )
        return toAnswer(
          changed,
          proven ? '手机号已更换' : '手机号已更换，请顾问用新手机号重新添加客户',
        )
      },
    ),
    route(
      {
        method: 'post',
        path: '/api/admin/customers/:id/resume',
        who: 'operator',
        summary: 'Let a permission that rests count again (D15)',
        params: CustomerPath,
        body: ReasonBody,
        data: CustomerCard,
        refusals: NOT_MENDED,
      },
      async ({ caller, params, body: { reason, operatorUserid }, requestId }) => {
        const operator = operatorOf(caller, requestId, operatorUserid)
        return toAnswer(await remedies.resume(params.id, { reason, operator }), '已恢复')
      },
    ),
  ]
}

const NOT_HANDED = {
  unknown_number: [404, 'remedies.unknown_number', '没有客户登记这个手机号'],
  unknown_contact: [404, 'remedies.unknown_contact', '企业微信里没有这位联系人'],
  unknown_orders: [404, 'remedies.unknown_orders', 'orders 里有订单不属于这个手机号'],
  in_future: [400, 'remedies.in_future', 'since 不能晚于现在'],
} satisfies Refusals

function createNumberRoutes(remedies: Remedies): Route[] {
  return [
    route(
      {
        method: 'post',
        path: '/api/admin/phones/hand-over',
        who: 'admin',
        summary: 'A number changed hands (D20); with dryRun only what would happen',
        body: HandOverBody,
        data: HandedOver,
        refusals: NOT_HANDED,
      },
      async ({ caller, body, requestId }) => {
        const { reason, operatorUserid, since, ...hand } = body
        const handed = await remedies.handOver(
          { ...hand, since: new Date(since) },
          { reason, operator: operatorOf(caller, requestId, operatorUserid) },
        )
        if (handed.kind === 'refused') return { refused: handed.reason }
        const { moved, stay, held, ended } = handed
        return {
          data: { moved, stay, held, ended },
          message: hand.dryRun ? '试算完成，什么都没有改变' : '号码已转手',
        }
      },
    ),
  ]
}
