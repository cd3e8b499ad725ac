import * as v from 'valibot'
import { InstantOut } from './envelope.ts'
import { Why } from './why.ts'

/** A customer who left a phone and waits for a salesperson to add him; one entry per phone. */
export const WaitingCustomer = v.object({
  id: v.number(),
  phoneMasked: v.string(),
  name: v.optional(v.string()),
  since: InstantOut,
  expiresAt: InstantOut,
  /** More than one account states this phone: ask before you believe. */
  contested: v.boolean(),
  /** The member who asks is responsible: he designs or manages the project of this phone, or already has the customer. */
  mine: v.boolean(),
})
export type WaitingCustomer = v.InferOutput<typeof WaitingCustomer>
export const PendingCustomers = v.object({ items: v.array(WaitingCustomer) })

export const ClaimPath = v.object({
  id: v.pipe(v.string(), v.regex(/^\d{1,12}$/, '编号须为数字'), v.transform(Number)),
})
export const RevealedPhone = v.object({ phoneNumber: v.string() })

/**
 * A contact of the signed-in member whose phone is not proven yet, and what to do about it. With `choices` the member may
 * say which number of his remark is the customer's own.
 */
export const PhoneMissing = v.object({
  kind: v.string(),
  name: v.optional(v.string()),
  since: InstantOut,
  /** The next step of `why`. */
  hint: v.string(),
  why: Why,
  reviewId: v.optional(v.number()),
  choices: v.optional(v.array(v.object({ choice: v.string(), phoneMasked: v.string() }))),
})
export type PhoneMissing = v.InferOutput<typeof PhoneMissing>
export const PhonesMissing = v.object({ items: v.array(PhoneMissing) })

export const ReviewPath = v.object({
  id: v.pipe(v.string(), v.regex(/^\d{1,12}$/, '编号须为数字'), v.transform(Number)),
})
export const ConfirmBody = v.strictObject({ choice: v.pipe(v.string(), v.maxLength(64)) })
export const ConfirmedPhone = v.object({ phoneMasked: v.string() })

export const StaffMember = v.object({ userid: v.string(), name: v.string(), expiresAt: InstantOut })
export const SignedOut = v.object({ signedOut: v.boolean() })

const Signature = {
  corpId: v.string(),
  nonceStr: v.string(),
  timestamp: v.number(),
  signature: v.string(),
}
export const SignatureQuery = v.strictObject({
  url: v.pipe(v.string(), v.url('须为完整网址'), v.maxLength(2048)),
})
export const JssdkSignature = v.object({
  config: v.object(Signature),
  agentConfig: v.object({ ...Signature, agentId: v.number() }),
})
export type JssdkSignature = v.InferOutput<typeof JssdkSignature>
