import * as v from 'valibot'
import { InstantOut } from './envelope.ts'
import { Why } from './why.ts'

export const SignInBody = v.object({
  code: v.pipe(v.string(), v.nonEmpty('缺少登录凭证'), v.maxLength(128)),
})
export const SignInAnswer = v.object({
  openid: v.string(),
  sessionToken: v.string(),
  expiresAt: InstantOut,
})
export type SignInAnswer = v.InferOutput<typeof SignInAnswer>

export const BindingStatus = v.picklist(['unbound', 'partial', 'bound'])
export type BindingStatus = v.InferOutput<typeof BindingStatus>

/**
 * What the customer should do next; the home page shows one card for each. `state_phone`: bound, and nobody knows whom to
 * look for; `ask_advisor`: waiting alone ends nothing, a member has to do something that the customer can ask for.
 */
export const NextStep = v.picklist([
  'get_code',
  'confirm',
  'state_phone',
  'wait_for_advisor',
  'ask_advisor',
  'view_projects',
  'contact_support',
])
export type NextStep = v.InferOutput<typeof NextStep>

/** A phone that the account has stated and nobody has proven yet; the wait ends at `expiresAt`. */
const StatedPhone = v.object({
  phoneMasked: v.string(),
  since: InstantOut,
  expiresAt: InstantOut,
})
export type StatedPhone = v.InferOutput<typeof StatedPhone>

/** What happened to the binding without the customer's doing here: he is told, with the way to end it. */
export const BindingNotice = v.object({
  kind: v.picklist(['bound', 'bound_beside', 'unbound', 'attempt', 'phone_changed']),
  title: v.string(),
  text: v.string(),
  at: InstantOut,
})
export type BindingNotice = v.InferOutput<typeof BindingNotice>

export const MeAnswer = v.object({
  openid: v.string(),
  bindingStatus: BindingStatus,
  canQuery: v.boolean(),
  phoneMasked: v.optional(v.string()),
  claim: v.optional(StatedPhone),
  nextStep: NextStep,
  nextStepText: v.string(),
  /** Why he may or may not see projects, as far as he may know it. */
  why: Why,
  /** The customer-service chat, for a button that needs no code; absent while WeCom cannot be asked for the link. */
  support: v.optional(v.object({ kfUrl: v.string(), corpId: v.string() })),
  /** `advisorId`: under which customers find him at /api/advisors, with his 简历. */
  advisor: v.optional(
    v.object({
      userid: v.string(),
      name: v.optional(v.string()),
      advisorId: v.optional(v.string()),
    }),
  ),
  notice: v.optional(BindingNotice),
})
export type MeAnswer = v.InferOutput<typeof MeAnswer>
