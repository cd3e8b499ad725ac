import type { Jobs } from '../../lib/jobs.ts'
import type { Callbacks } from './callbacks.ts'

export function handleCallbackJobs(jobs: Pick<Jobs, 'handle'>, callbacks: Pick<Callbacks, 'drain'>): void {
  jobs.handle('callbacks.drain', () => callbacks.drain())
}
