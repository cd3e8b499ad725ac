import { defineJob } from '../../lib/job-kinds.ts'

export const callbackJobs = {
  drain: defineJob({ name: 'callbacks.drain' }),
  tidy: defineJob({ name: 'callbacks.tidy' }),
}
