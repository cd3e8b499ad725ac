import { defineJob } from '../../lib/job-kinds.ts'
import { afterSettings } from '../queues.ts'

export const customerJobs = {
  reconsiderNumbers: defineJob({
    name: 'customers.reconsider-numbers',
    queue: afterSettings,
    once: true,
  }),
  reconsiderLate: defineJob({
    name: 'customers.reconsider-late',
    queue: afterSettings,
    once: true,
  }),
  /** Once after an update that brought the table. */
  carryOver: defineJob({ name: 'customers.carry-over', once: true }),
}
