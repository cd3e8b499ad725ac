import * as v from 'valibot'
import { defineJob } from '../../lib/job-kinds.ts'

export const leadJobs = {
  /** `openid`: an erasure finds by it what waits about him. */
  claimPhone: defineJob({
    name: 'leads.claim-phone',
    payload: v.object({ leadId: v.string(), openid: v.string() }),
    once: ({ leadId }) => leadId,
  }),
}
