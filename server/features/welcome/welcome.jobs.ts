import * as v from 'valibot'
import { defineJob, instant } from '../../lib/job-kinds.ts'

export const welcomeJobs = {
  /** Three tries of a call that fails fit into the 20 s. */
  greet: defineJob({
    name: 'welcome.greet',
    payload: v.object({
      welcomeCode: v.string(),
      externalUserId: v.string(),
      userId: v.string(),
      receivedAt: instant,
    }),
    maxAttempts: 3,
  }),
}
