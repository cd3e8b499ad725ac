import * as v from 'valibot'
import { Member, Reason } from './remedies.ts'

export const MemberPath = v.object({ userid: Member })
export const MemberHandOverBody = v.strictObject({
  to: Member,
  reason: Reason,
  /** Says what would happen, and leaves everything as it is. */
  dryRun: v.optional(v.boolean(), false),
})
/** His orders, by number. */
export const MemberHandedOver = v.object({
  orders: v.array(
    v.object({ orderNo: v.string(), asDesigner: v.boolean(), asManager: v.boolean() }),
  ),
})
