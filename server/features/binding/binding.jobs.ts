import * as v from 'valibot'
import { defineJob } from '../../lib/job-kinds.ts'
import { perContact } from '../queues.ts'

export const bindingJobs = {
  /** Looks who the contact of an attempt is, and decides. */
  settle: defineJob({
    name: 'binding.settle',
    // A job of the last version does not name the contact.
    payload: v.object({ pendingId: v.string(), externalUserId: v.fallback(v.string(), '') }),
    lane: perContact,
    once: ({ pendingId }) => pendingId,
  }),
  endAttempts: defineJob({
    name: 'binding.end-attempts',
    payload: v.object({ accountId: v.number(), externalUserId: v.string() }),
    lane: perContact,
    once: ({ accountId }) => accountId,
  }),
  tidy: defineJob({ name: 'binding.tidy' }),
  forget: defineJob({ name: 'binding.forget' }),
}
