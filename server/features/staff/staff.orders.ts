import type { Job } from '../../lib/jobs.ts'

/** The orders of this room, so that they are spelled in one place. One waiting order is enough: it tells of all claims. */
export const tellWaitingJob = (runAt?: Date): Job =>
  ({ name: 'staff.tell-waiting', payload: {}, key: 'staff.tell-waiting', maxAttempts: 8, ...(runAt && { runAt }) })
