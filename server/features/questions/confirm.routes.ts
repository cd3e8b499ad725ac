import { ConfirmBody, ConfirmedPhone, ReviewPath } from '../../../shared/api/staff.ts'
import { TakenBack } from '../../../shared/api/questions.ts'
import type { Refusals } from '../../http/errors.ts'
import { route, type Route } from '../../http/route.ts'
import type { Questions } from './questions.ts'
import { NOT_TAKEN_BACK, toTakenBack } from './take-back.routes.ts'

const NOT_CONFIRMED = {
  unknown: [404, 'staff.unknown_review', '这一条已经处理过了，请刷新列表'],
  chosen: [409, 'staff.number_chosen', '您刚才已经点选了一个号码：要改，请先撤回'],
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

/** What a member says of his own remark. */
export const createConfirmRoutes = (
  questions: Pick<Questions, 'confirm' | 'takeBack'>,
): Route[] => [
  route(
    {
      method: 'post',
      path: '/api/staff/reviews/:id/confirm',
      who: 'staff',
      summary:
        "Staff: this number of my remark is the customer's own (D6); counts after ten seconds, logged",
      params: ReviewPath,
      body: ConfirmBody,
      data: ConfirmedPhone,
      refusals: NOT_CONFIRMED,
    },
    async ({ caller: { userId }, params, body: { choice }, requestId }) => {
      const said = await questions.confirm({ reviewId: params.id, choice, userId, requestId })
      if (said.kind === 'refused') return { refused: said.reason }
      if (said.kind !== 'answered') return { refused: said.kind }
      const { phoneMasked, effectiveAt } = said
      return {
        data: { phoneMasked, effectiveAt: effectiveAt.toISOString() },
        message: '已回答，10 秒内可以撤回',
      }
    },
  ),
  route(
    {
      method: 'post',
      path: '/api/staff/reviews/:id/take-back',
      who: 'staff',
      summary: 'Staff: take back which number I chose, before it counts',
      params: ReviewPath,
      data: TakenBack,
      refusals: NOT_TAKEN_BACK,
    },
    async ({ caller: { userId }, params: { id }, requestId }) =>
      toTakenBack(await questions.takeBack({ id, userId }, { name: userId, requestId })),
  ),
]
