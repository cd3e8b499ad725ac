import type { Schedule } from '../../lib/cron.ts'
import type { Jobs } from '../../lib/jobs.ts'
import type { Callbacks } from './callbacks.ts'

/** The drain of each minute finds nothing, unless the order that came with a callback was lost with a killed process. */
export const callbackSchedules: Schedule[] = [
  { name: 'callbacks.drain', every: 'minute', job: { name: 'callbacks.drain', payload: {} } },
  { name: 'callbacks.tidy', every: 'day', job: { name: 'callbacks.tidy', payload: {} } },
]

export function handleCallbackJobs(
  jobs: Pick<Jobs, 'handle'>,
  callbacks: Pick<Callbacks, 'drain' | 'tidy'>,
): void {
  jobs.handle('callbacks.drain', () => callbacks.drain())
  jobs.handle('callbacks.tidy', async () => {
    await callbacks.tidy()
  })
}
