import { defineJob } from '../../lib/job-kinds.ts'

export const callbackJobs = {
  /** One drain at a time, whatever process rings for it. */
  drain: defineJob({ name: 'callbacks.drain', lane: () => 'callbacks', once: true }),
  tidy: defineJob({ name: 'callbacks.tidy' }),
}
