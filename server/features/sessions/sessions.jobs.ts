import { defineJob } from '../../lib/job-kinds.ts'

export const sessionJobs = {
  tidy: defineJob({ name: 'sessions.tidy', formerly: 'accounts.tidy' }),
}
