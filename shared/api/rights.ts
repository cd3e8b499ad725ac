import * as v from 'valibot'
import { InstantOut } from './envelope.ts'
import { PageQuery } from './projects.ts'
import { Id, Reason } from './remedies.ts'

/** `export`: a copy of what is kept; `erase`: its end. */
export const RequestKind = v.picklist(['export', 'erase'], '须为 export 或 erase')
export const RequestBody = v.strictObject({ kind: RequestKind })

const RightsRequest = v.object({
  id: v.number(),
  kind: RequestKind,
  state: v.picklist(['open', 'done', 'declined']),
  requestedAt: InstantOut,
  closedAt: v.optional(InstantOut),
  /** Why it was declined. */
  reason: v.optional(v.string()),
})
export type RightsRequest = v.InferOutput<typeof RightsRequest>
export const RightsRequests = v.object({ items: v.array(RightsRequest) })
export type RightsRequests = v.InferOutput<typeof RightsRequests>

export const AskedQuery = v.strictObject({
  ...PageQuery.entries,
  state: v.optional(v.picklist(['open', 'done'], '须为 open 或 done'), 'open'),
})
export const AskedPage = v.object({
  items: v.array(
    v.object({
      ...RightsRequest.entries,
      closedBy: v.optional(v.string()),
      /** Absent once it is erased. */
      accountId: v.optional(v.number()),
      /** Whose account it is; absent: it is tied to nobody. */
      customerId: v.optional(v.number()),
      phoneMasked: v.optional(v.string()),
    }),
  ),
  nextCursor: v.optional(v.string()),
})

export const RightsPath = v.object({ id: Id })
export const DeclineBody = v.strictObject({ reason: Reason })
export const Declined = v.object({ declined: v.literal(true) })

export const ExportQuery = v.strictObject({
  format: v.optional(v.picklist(['json', 'html'], '须为 json 或 html'), 'json'),
})
/** Everything that is kept of one person; the one answer besides the staff's own that holds a full phone: his. */
export const PersonExport = v.object({
  customerNo: v.optional(v.string()),
  exportedAt: InstantOut,
  sections: v.array(
    v.object({
      /** The table it comes from. */
      name: v.string(),
      title: v.string(),
      rows: v.array(v.record(v.string(), v.unknown())),
    }),
  ),
})
export type PersonExport = v.InferOutput<typeof PersonExport>

export const EraseBody = v.strictObject({
  reason: Reason,
  /** Says what would go, and leaves everything as it is. */
  dryRun: v.optional(v.boolean(), false),
})
export const ErasedAnswer = v.object({
  erasedAt: InstantOut,
  /** He was erased before; nothing was left to do. */
  already: v.boolean(),
  /** Rows by table. */
  counts: v.record(v.string(), v.number()),
})
