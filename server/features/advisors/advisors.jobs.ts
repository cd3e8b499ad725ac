import * as v from 'valibot'
import { defineJob } from '../../lib/job-kinds.ts'

export const advisorJobs = {
  retire: defineJob({ name: 'advisors.retire', payload: v.object({ userId: v.string() }) }),
}
