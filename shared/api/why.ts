import * as v from 'valibot'

/** Why a customer may or may not see projects: what stands in the way first. */
export const WhyCode = v.picklist([
  'may_query',
  'no_order',
  'order_held',
  'suspended',
  'not_added',
  'added_otherwise',
  'customer_searched',
  'phone_missing',
  'phone_in_question',
  'no_phone_stated',
  'not_bound',
  'ended',
])
export type WhyCode = v.InferOutput<typeof WhyCode>
export const Why = v.object({ code: WhyCode, text: v.string(), nextStep: v.string() })
export type Why = v.InferOutput<typeof Why>
