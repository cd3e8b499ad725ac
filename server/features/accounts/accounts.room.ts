import { handle } from '../../lib/job-kinds.ts'
import type { Room } from '../room.ts'
import { accountJobs } from './accounts.jobs.ts'
import { createAccountRoutes } from './accounts.routes.ts'
import type { Accounts } from './accounts.ts'
import type { Sessions } from './sessions.ts'

export const accountsRoom = (accounts: Accounts, sessions: Pick<Sessions, 'tidy'>): Room => ({
  routes: createAccountRoutes(accounts),
  handlers: handle(accountJobs, { tidy: () => sessions.tidy() }),
  schedules: [{ every: 'hour', job: accountJobs.tidy.of() }],
})
