import type { Schedule } from '../../lib/cron.ts'
import type { Jobs } from '../../lib/jobs.ts'
import type { Sessions } from '../sessions/sessions.ts'

export const accountSchedules: Schedule[] = [
  { name: 'accounts.tidy', every: 'hour', job: { name: 'accounts.tidy', payload: {} } },
]

export function handleAccountJobs(
  jobs: Pick<Jobs, 'handle'>,
  sessions: Pick<Sessions, 'tidy'>,
): void {
  jobs.handle('accounts.tidy', async () => {
    await sessions.tidy()
  })
}
