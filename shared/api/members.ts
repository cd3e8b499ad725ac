import * as v from 'valibot'
import { Member, Reason } from './remedies.ts'

export const MemberPath = v.object({ userid: Member })
export const MemberHandOverBody = v.strictObject({
  to: Member,
  reason: Reason,
  /** Says what would happen, and leaves everything as it is. */
  dryRun: v.optional(v.boolean(), false),
})
export const MemberHandedOver = v.object({
  /** His orders, by number. */
  orders: v.array(
    v.object({ orderNo: v.string(), asDesigner: v.boolean(), asManager: v.boolean() }),
  ),
  /**
   * Of who is an advisor: how many of his leads and open bookings go to `to`, the advisor who the other member is; null: he is
   * none, and nothing of these goes anywhere. `cancelled`: bookings that end, because the customer has the same with both.
   */
  advisor: v.optional(
    v.object({
      to: v.nullable(v.string()),
      leads: v.number(),
      bookings: v.number(),
      cancelled: v.number(),
    }),
  ),
})
export type MemberHandedOver = v.InferOutput<typeof MemberHandedOver>
