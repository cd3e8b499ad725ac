import type { Job } from '../../lib/jobs.ts'
import type { Added } from './welcome.ts'

/** Three tries of a call that fails fit into the 20 s. */
export const greetJob = ({ receivedAt, ...added }: Added, runAt?: Date): Job => ({
  name: 'welcome.greet',
  payload: { ...added, receivedAt: receivedAt.toISOString() },
  maxAttempts: 3,
  ...(runAt && { runAt }),
})
