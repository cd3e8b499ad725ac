import { handle } from '../../lib/job-kinds.ts'
import type { Room } from '../room.ts'
import { advisorJobs } from './advisors.jobs.ts'
import { createAdvisorRoutes } from './advisors.routes.ts'
import type { Advisors } from './advisors.ts'
import type { AdvisorDesk } from './desk.ts'
import { createOfficeRoutes } from './office.routes.ts'

type Given = { advisors: Advisors; advisorDesk: AdvisorDesk }

export const advisorsRoom = ({ advisors, advisorDesk }: Given): Room => ({
  tag: 'advisors',
  routes: [...createAdvisorRoutes(advisors, advisorDesk), ...createOfficeRoutes(advisors)],
  listeners: { 'member.left': [({ userId }) => advisorJobs.retire.of({ userId })] },
  handlers: handle(advisorJobs, { retire: ({ userId }) => advisors.retire(userId) }),
})
