import { handle } from '../../lib/job-kinds.ts'
import type { Room } from '../room.ts'
import { customerJobs } from './customers.jobs.ts'
import type { Customers } from './customers.ts'

export const customersRoom = (customers: Customers): Room => ({
  listeners: {
    // In the queue behind what the change makes of the orders themselves.
    'settings.changed': [
      () => customerJobs.reconsiderNumbers.of(),
      () => customerJobs.reconsiderLate.of(),
    ],
  },
  handlers: handle(customerJobs, {
    reconsiderNumbers: () => customers.reconsiderNumbers(true),
    reconsiderLate: () => customers.reconsiderLate(),
    carryOver: () => customers.reconsiderNumbers(false),
  }),
})
