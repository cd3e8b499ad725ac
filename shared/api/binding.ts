import * as v from 'valibot'
import { InstantOut } from './envelope.ts'
import { Why } from './why.ts'

/**
 * `kfName`: what WeChat lists that chat as, when WeCom has told. `servedByPeople`: people answer in that chat, so digits sent there get no answer; the link does
 * the whole job.
 */
export const BindCodeAnswer = v.object({
  bindCode: v.string(),
  expiresAt: InstantOut,
  kfUrl: v.string(),
  corpId: v.string(),
  kfName: v.optional(v.string()),
  servedByPeople: v.optional(v.boolean()),
})
export type BindCodeAnswer = v.InferOutput<typeof BindCodeAnswer>

const BindingState = v.picklist([
  'none',
  'code_live',
  'awaiting_confirmation',
  'bound',
  'refused',
  'expired',
])

/** Why the state is what it is; the page has one sentence for each. */
const BindingReason = v.picklist([
  'checking',
  'card_opened',
  'awaiting_tap',
  'say_anything',
  'human_serving',
  'unionid_mismatch',
  'account_taken',
  'contact_taken',
  'not_me',
  'withdrawn',
  'opened_by_other',
  'code_expired',
  'superseded',
  'code_too_short',
  'not_added_yet',
])
type BindingReason = v.InferOutput<typeof BindingReason>

export const BindingStatusAnswer = v.object({
  state: BindingState,
  expiresAt: v.optional(InstantOut),
  reason: v.optional(BindingReason),
  text: v.optional(v.string()),
  /** Bound, and still no projects: what is missing. */
  why: v.optional(Why),
})
export type BindingStatusAnswer = v.InferOutput<typeof BindingStatusAnswer>

/**
 * `welcome`: the card of an advisor's welcome, which the page asks about first; `kf`: the item of the chat. `advisorName`: whose
 * card it is, when the name is known.
 */
export const TicketAnswer = v.object({
  kind: v.picklist(['kf', 'welcome']),
  advisorName: v.optional(v.string()),
})
export type TicketAnswer = v.InferOutput<typeof TicketAnswer>

export const TicketBody = v.object({
  ticket: v.pipe(v.string(), v.nonEmpty('缺少确认凭证'), v.maxLength(64)),
})
