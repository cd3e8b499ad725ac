import * as v from 'valibot'
import { defineJob } from '../../lib/job-kinds.ts'

export const memberJobs = {
  learn: defineJob({
    name: 'members.learn',
    payload: v.object({ userId: v.string() }),
    once: ({ userId }) => userId,
  }),
  learnName: defineJob({
    name: 'members.learn-name',
    payload: v.object({ userId: v.string() }),
    once: ({ userId }) => userId,
    maxAttempts: 5,
  }),
  refreshDue: defineJob({ name: 'members.refresh-due' }),
}
