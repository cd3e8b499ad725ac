import * as v from 'valibot'
import { defineJob } from '../../lib/job-kinds.ts'

export const phoneClaimJobs = {
  settle: defineJob({
    name: 'phone-claims.settle',
    formerly: 'binding.settle-claims',
    payload: v.object({ customerId: v.number() }),
    once: ({ customerId }) => customerId,
  }),
  expire: defineJob({ name: 'phone-claims.expire', formerly: 'binding.expire-claims' }),
}
