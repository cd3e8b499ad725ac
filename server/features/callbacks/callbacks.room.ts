import { handle } from '../../lib/job-kinds.ts'
import type { Room } from '../room.ts'
import { callbackJobs } from './callbacks.jobs.ts'
import type { Callbacks } from './callbacks.ts'

export const callbacksRoom = (callbacks: Pick<Callbacks, 'drain' | 'tidy'>): Room => ({
  handlers: handle(callbackJobs, {
    drain: () => callbacks.drain(),
    tidy: () => callbacks.tidy(),
  }),
  schedules: [
    // It finds nothing, unless the job that came with a callback was lost with a killed process.
    { every: 'minute', job: callbackJobs.drain.of() },
    { every: 'day', job: callbackJobs.tidy.of() },
  ],
})
