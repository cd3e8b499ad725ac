import { defineJob } from '../../lib/job-kinds.ts'

/** The name is from when sessions were kept by the accounts: its slots and waiting jobs have it. */
export const sessionJobs = {
  tidy: defineJob({ name: 'sessions.tidy', formerly: 'accounts.tidy' }),
}
