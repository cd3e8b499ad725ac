import * as v from 'valibot'
import { defineJob } from '../../lib/job-kinds.ts'

export const phoneClaimJobs = {
  settle: defineJob({
    name: 'binding.settle-claims',
    payload: v.object({ customerId: v.number() }),
    once: ({ customerId }) => customerId,
  }),
  expire: defineJob({ name: 'binding.expire-claims' }),
}
