import * as v from 'valibot'
import { InstantIn, InstantOut } from './envelope.ts'
import { PageQuery, PhoneIn } from './projects.ts'
import { BindingStatus } from './sign-in.ts'

export const Reason = v.pipe(
  v.string('请写明原因'),
  v.trim(),
  v.minLength(2, '请写明原因'),
  v.maxLength(500, '原因最多 500 个字'),
)
export const Member = v.pipe(v.string(), v.regex(/^[\w.@-]{1,64}$/, '企业微信成员帐号格式不正确'))
export const ExternalUserId = v.pipe(
  v.string(),
  v.regex(/^w[mo][\w-]{4,62}$/, '外部联系人 ID 格式不正确'),
)
export const Id = v.pipe(v.string(), v.regex(/^\d{1,12}$/, '编号须为数字'), v.transform(Number))

export const ManualBindBody = v.strictObject({
  customerPhone: PhoneIn,
  wechatOpenid: v.pipe(v.string(), v.regex(/^[\w-]{6,64}$/, 'openid 格式不正确')),
  weworkUserid: ExternalUserId,
  /** Whose decision it is; kept beside the key that sent it. */
  operatorUserid: Member,
  reason: Reason,
  /** Ends ties of others that are in the way; without it a conflict is 409. */
  override: v.optional(v.boolean(), false),
})
export type ManualBindBody = v.InferOutput<typeof ManualBindBody>

export const CustomerPath = v.object({ id: Id })
export const ReasonBody = v.strictObject({ reason: Reason, operatorUserid: v.optional(Member) })
/**
 * `proven`: the admin vouches for the number (E7), which gives its orders to this customer: so he writes it twice, or names
 * the member who saw it. `since`: when the customer gave up the number he had.
 */
export const PhoneChangeBody = v.pipe(
  v.strictObject({
    phone: PhoneIn,
    reason: Reason,
    operatorUserid: v.optional(Member),
    since: v.optional(InstantIn),
    proven: v.optional(v.boolean(), false),
    phoneAgain: v.optional(PhoneIn),
    seenBy: v.optional(Member),
  }),
  v.forward(
    v.check(
      ({ proven, phoneAgain, seenBy }) =>
        !proven || phoneAgain !== undefined || seenBy !== undefined,
      '直接确认新号码时，请再输入一遍（phoneAgain），或写明是哪位同事当面核对的（seenBy）',
    ),
    ['phoneAgain'],
  ),
  v.forward(
    v.check(
      ({ phone, phoneAgain }) => phoneAgain === undefined || phoneAgain === phone,
      '两次输入的手机号不一致',
    ),
    ['phoneAgain'],
  ),
)
export const ContactPath = v.object({ externalUserId: ExternalUserId })
export const ReviewPath = v.object({ id: Id })
export const CustomerCard = v.object({
  id: v.number(),
  customerNo: v.string(),
  /** The office's, from his orders. */
  name: v.optional(v.string()),
  /** What he calls himself in WeChat. */
  contactName: v.optional(v.string()),
  phoneMasked: v.optional(v.string()),
  externalUserId: v.optional(v.string()),
  openids: v.array(v.string()),
  bindingStatus: BindingStatus,
  canQuery: v.boolean(),
  suspendedReason: v.optional(v.string()),
})
export type CustomerCard = v.InferOutput<typeof CustomerCard>
export const LiftedAnswer = v.object({ lifted: v.boolean() })

export const ReviewItem = v.object({
  id: v.number(),
  kind: v.string(),
  /** What to do about it. */
  advice: v.string(),
  openedAt: InstantOut,
  externalUserId: v.optional(v.string()),
  contactName: v.optional(v.string()),
  memberUserid: v.optional(v.string()),
  memberName: v.optional(v.string()),
  /** Also when only the contact is known. */
  customerId: v.optional(v.number()),
  customerPhoneMasked: v.optional(v.string()),
  /** What the member's remark says now; empty when he noted nothing or has the contact no more. */
  notedPhonesMasked: v.optional(v.array(v.string())),
  canQuery: v.boolean(),
})
export const ReviewsQuery = v.strictObject(PageQuery.entries)
export const Reviews = v.object({
  items: v.array(ReviewItem),
  nextCursor: v.optional(v.string()),
})
export const ClosedAnswer = v.object({ closed: v.boolean() })

export const ReconciliationsQuery = v.strictObject(PageQuery.entries)
export const Reconciliations = v.object({
  nextCursor: v.optional(v.string()),
  items: v.array(
    v.object({
      startedAt: InstantOut,
      finishedAt: v.optional(InstantOut),
      /** false: of some members nothing could be learned. */
      complete: v.boolean(),
      report: v.record(v.string(), v.number()),
      /** What could not be taken over; everything else was. At most 100 of `report.failed`. */
      failures: v.array(
        v.object({
          externalUserId: v.optional(v.string()),
          userid: v.optional(v.string()),
          reason: v.string(),
        }),
      ),
    }),
  ),
})
