import { handle } from '../../lib/job-kinds.ts'
import type { Room } from '../room.ts'
import { leadJobs } from './leads.jobs.ts'
import type { Leads } from './leads.ts'

export const leadsRoom = (leads: Leads): Room => ({
  tag: 'leads',
  routes: [],
  handlers: handle(leadJobs, { claimPhone: (about) => leads.claimPhone(about) }),
})
