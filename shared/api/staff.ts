import * as v from 'valibot'
import { InstantOut } from './envelope.ts'
import { Why } from './why.ts'

/** What every row of the members' lists says: who it is, how he came and when, and what to do next. */
const ListedCustomer = {
  /** Names the row on the page: `/staff/?row=claim-12` leads to it. */
  row: v.string(),
  /** The office's name for him, else his nickname in WeCom. */
  name: v.optional(v.string()),
  /** The order that was touched last, of those that name his number. */
  order: v.optional(v.object({ orderNo: v.string(), title: v.string() })),
  since: InstantOut,
  /** How he came, in words. */
  came: v.string(),
  why: Why,
}

/** Who has looked at the whole number in the last 24 hours; `me`: the member who asks. */
export const Copied = v.object({ name: v.string(), at: InstantOut, me: v.boolean() })
export type Copied = v.InferOutput<typeof Copied>

/** A customer who left a phone and waits for a salesperson to add him; one entry per phone. */
export const WaitingCustomer = v.object({
  id: v.number(),
  ...ListedCustomer,
  phoneMasked: v.string(),
  expiresAt: InstantOut,
  /** More than one account states this phone: ask before you believe. */
  contested: v.boolean(),
  /** The member who asks is responsible: he designs or manages the project of this phone, or already has the customer. */
  mine: v.boolean(),
  /** Each once, who looked last first. */
  copied: v.array(Copied),
})
export type WaitingCustomer = v.InferOutput<typeof WaitingCustomer>
export const PendingCustomers = v.object({ items: v.array(WaitingCustomer) })

/** A customer who is bound, whom no member has added, and whose phone nobody knows. */
export const UnstatedCustomer = v.object({ id: v.number(), ...ListedCustomer })
export type UnstatedCustomer = v.InferOutput<typeof UnstatedCustomer>
export const UnstatedCustomers = v.object({ items: v.array(UnstatedCustomer) })

/**
 * A bound customer whom the signed-in member has added in a way that proves no phone. `submitted`: admins are asked to look
 * (`open`), or have looked and opened nothing (`looked`).
 */
export const OtherwiseAdded = v.object({
  id: v.number(),
  ...ListedCustomer,
  submitted: v.optional(
    v.object({
      state: v.picklist(['open', 'looked']),
      at: InstantOut,
      name: v.string(),
      me: v.boolean(),
    }),
  ),
})
export type OtherwiseAdded = v.InferOutput<typeof OtherwiseAdded>
export const OtherwiseAddedPage = v.object({ items: v.array(OtherwiseAdded) })
export const CustomerPath = v.object({
  id: v.pipe(v.string(), v.regex(/^\d{1,12}$/, '编号须为数字'), v.transform(Number)),
})
export const Submitted = v.object({ submittedAt: InstantOut })

export const ClaimPath = v.object({
  id: v.pipe(v.string(), v.regex(/^\d{1,12}$/, '编号须为数字'), v.transform(Number)),
})
export const RevealedPhone = v.object({ phoneNumber: v.string() })

/**
 * A contact of the signed-in member whose phone is not proven yet, and what to do about it. With `choices` the member may
 * say which number of his remark is the customer's own; with `answer` he has.
 */
export const PhoneMissing = v.object({
  kind: v.string(),
  ...ListedCustomer,
  /** The next step of `why`. */
  hint: v.string(),
  reviewId: v.optional(v.number()),
  choices: v.optional(v.array(v.object({ choice: v.string(), phoneMasked: v.string() }))),
  /** He has said which; it counts from then on, and can be taken back until then. */
  answer: v.optional(v.object({ phoneMasked: v.string(), effectiveAt: InstantOut })),
})
export type PhoneMissing = v.InferOutput<typeof PhoneMissing>
export const PhonesMissing = v.object({ items: v.array(PhoneMissing) })

export const ReviewPath = v.object({
  id: v.pipe(v.string(), v.regex(/^\d{1,12}$/, '编号须为数字'), v.transform(Number)),
})
export const ConfirmBody = v.strictObject({ choice: v.pipe(v.string(), v.maxLength(64)) })
/** Until `effectiveAt` it can be taken back; the number counts from then on. */
export const ConfirmedPhone = v.object({ phoneMasked: v.string(), effectiveAt: InstantOut })

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
