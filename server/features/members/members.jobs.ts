import * as v from 'valibot'
import { defineJob } from '../../lib/job-kinds.ts'

export const memberJobs = {
  learn: defineJob({
    name: 'members.learn',
    payload: v.object({ userId: v.string() }),
    once: ({ userId }) => userId,
  }),
  refreshDue: defineJob({ name: 'members.refresh-due' }),
}
