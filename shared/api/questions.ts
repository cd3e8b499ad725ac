import * as v from 'valibot'
import { InstantIn, InstantOut } from './envelope.ts'
import { OrderNo, PageQuery, PhoneIn } from './projects.ts'
import { ExternalUserId, Id, Member, Reason, ReviewItem } from './remedies.ts'

export const QuestionPath = v.object({ id: Id })
export const QuestionQuery = v.strictObject({
  ...PageQuery.entries,
  state: v.optional(v.picklist(['open', 'answered']), 'open'),
})

/** `same`: they are this customer's; `changed`: the number is somebody else's by now; `unknown`: an admin shall decide. */
const AnswerKind = v.picklist(['same', 'changed', 'unknown'])
type AnswerKind = v.InferOutput<typeof AnswerKind>

const answer = {
  answer: AnswerKind,
  /** Of the orders that were asked about, those that the answer is about; the others stay held. Left out: all of them, with `changed` those since then. */
  orders: v.optional(v.pipe(v.array(OrderNo), v.maxLength(200))),
  /** With `changed`: since when; left out, after the last order that is surely his. */
  since: v.optional(InstantIn),
  /** With `changed`: who has the number now, if that is known. */
  toExternalUserId: v.optional(ExternalUserId),
}
export const AnswerBody = v.strictObject({
  ...answer,
  reason: Reason,
  operatorUserid: v.optional(Member),
})
/** A member's word needs no essay: who said it, and when, is in the operation log. */
export const StaffAnswerBody = v.strictObject({ ...answer, reason: v.optional(Reason) })
export const AnsweredQuestion = v.object({ effectiveAt: InstantOut })
export const TakenBack = v.object({ takenBack: v.literal(true) })

const AskedOrder = v.object({
  orderNo: v.string(),
  title: v.string(),
  /** A person has hidden it from customers. */
  hidden: v.optional(v.literal(true)),
  name: v.optional(v.string()),
  signedAt: v.optional(InstantOut),
  loadedAt: InstantOut,
})
/** Whom the number belongs to as far as we know, for comparison with the orders. */
const AskedAbout = v.object({
  customerId: v.number(),
  names: v.array(v.string()),
  contactName: v.optional(v.string()),
  externalUserId: v.optional(v.string()),
  /** When, and by whom, he was added by this number. */
  addedAt: v.optional(InstantOut),
  addedBy: v.optional(v.string()),
  /** Nobody has proven the number: he typed the number of one of these orders and says that it is his. */
  isClaimant: v.optional(v.boolean()),
})

export const Question = v.object({
  ...ReviewItem.entries,
  /** kind `number`: whose orders these are. */
  phoneMasked: v.optional(v.string()),
  about: v.optional(AskedAbout),
  orders: v.optional(v.array(AskedOrder)),
  /** Members did not know, or a working day has passed. */
  escalated: v.optional(v.boolean()),
  answer: v.optional(
    v.object({
      answer: v.string(),
      by: v.string(),
      byName: v.optional(v.string()),
      answeredAt: InstantOut,
      effectiveAt: InstantOut,
      isEffective: v.boolean(),
    }),
  ),
})
export type Question = v.InferOutput<typeof Question>
export const QuestionPage = v.object({
  items: v.array(Question),
  nextCursor: v.optional(v.string()),
})

export const HandOverBody = v.strictObject({
  phone: PhoneIn,
  since: InstantIn,
  toExternalUserId: v.optional(ExternalUserId),
  orders: v.optional(v.pipe(v.array(OrderNo), v.maxLength(200)), []),
  reason: Reason,
  operatorUserid: v.optional(Member),
  dryRun: v.optional(v.boolean(), false),
})
export const HandedOver = v.object({
  moved: v.array(v.string()),
  stay: v.array(v.string()),
  held: v.array(v.string()),
  ended: v.array(v.number()),
})
