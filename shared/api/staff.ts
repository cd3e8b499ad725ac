import * as v from 'valibot'
import { InstantOut } from './envelope.ts'

/** A customer who left a phone and waits for a salesperson to add him; one entry per phone. */
export const WaitingCustomer = v.object({
  id: v.number(),
  phoneMasked: v.string(),
  name: v.optional(v.string()),
  since: InstantOut,
  expiresAt: InstantOut,
  /** More than one account states this phone: ask before you believe. */
  contested: v.boolean(),
})
export type WaitingCustomer = v.InferOutput<typeof WaitingCustomer>
export const PendingCustomers = v.object({ items: v.array(WaitingCustomer) })

export const ClaimPath = v.object({ id: v.pipe(v.string(), v.regex(/^\d{1,12}$/, '编号须为数字'), v.transform(Number)) })
export const RevealedPhone = v.object({ phoneNumber: v.string() })

/** A contact of the signed-in member whose phone is not proven yet, and what to do about it. */
export const PhoneMissing = v.object({ kind: v.string(), name: v.optional(v.string()), since: InstantOut, hint: v.string() })
export type PhoneMissing = v.InferOutput<typeof PhoneMissing>
export const PhonesMissing = v.object({ items: v.array(PhoneMissing) })

export const StaffMember = v.object({ userid: v.string(), expiresAt: InstantOut })
export const SignedOut = v.object({ signedOut: v.boolean() })

const Signature = { corpId: v.string(), nonceStr: v.string(), timestamp: v.number(), signature: v.string() }
export const SignatureQuery = v.object({ url: v.pipe(v.string(), v.url('须为完整网址'), v.maxLength(2048)) })
export const JssdkSignature = v.object({ config: v.object(Signature), agentConfig: v.object({ ...Signature, agentId: v.number() }) })
export type JssdkSignature = v.InferOutput<typeof JssdkSignature>
