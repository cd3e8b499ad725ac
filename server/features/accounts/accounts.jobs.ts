import { defineJob } from '../../lib/job-kinds.ts'

export const accountJobs = { tidy: defineJob({ name: 'accounts.tidy' }) }
