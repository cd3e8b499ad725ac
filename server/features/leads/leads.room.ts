import { handle } from '../../lib/job-kinds.ts'
import type { Room } from '../room.ts'
import { createActionRoutes } from './actions.routes.ts'
import { leadJobs } from './leads.jobs.ts'
import { createLeadRoutes } from './leads.routes.ts'
import type { Leads } from './leads.ts'

export const leadsRoom = (leads: Leads): Room => ({
  tag: 'leads',
  routes: [...createActionRoutes(leads), ...createLeadRoutes(leads)],
  handlers: handle(leadJobs, { claimPhone: (about) => leads.claimPhone(about) }),
})
