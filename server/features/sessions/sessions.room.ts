import { handle } from '../../lib/job-kinds.ts'
import type { Room } from '../room.ts'
import { sessionJobs } from './sessions.jobs.ts'
import type { Sessions } from './sessions.ts'

export const sessionsRoom = (sessions: Pick<Sessions, 'tidy'>): Room => ({
  handlers: handle(sessionJobs, { tidy: () => sessions.tidy() }),
  schedules: [{ every: 'hour', job: sessionJobs.tidy.of() }],
})
