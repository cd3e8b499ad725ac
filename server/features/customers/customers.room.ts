import { handle } from '../../lib/job-kinds.ts'
import type { Room } from '../room.ts'
import { customerJobs } from './customers.jobs.ts'
import type { Customers } from './customers.ts'

export const customersRoom = (customers: Customers): Room => ({
  listeners: {
    'account.phone-stated': [(account) => customerJobs.considerAccount.of(account)],
    // In the queue behind what the change makes of the orders themselves.
    'settings.changed': [
      () => customerJobs.reconsiderNumbers.of(),
      () => customerJobs.reconsiderLate.of(),
    ],
    'customer.bound': [
      // Another account of the same WeChat user, in the official account say, is the same person.
      ({ accountId }) => customerJobs.considerSiblings.of({ accountId }),
      // An equal pair ends the alarm.
      () => customerJobs.checkPlatforms.of(),
    ],
    'customer.unionids-differed': [() => customerJobs.checkPlatforms.of()],
    'customer.phone-proven': [
      ({ externalUserId }) => customerJobs.lookElsewhere.of({ externalUserId }),
    ],
  },
  handlers: handle(customerJobs, {
    considerAccount: ({ accountId }) => customers.reconsiderAccount(accountId),
    considerSiblings: ({ accountId }) => customers.reconsiderSiblings(accountId),
    lookElsewhere: ({ externalUserId }) => customers.lookElsewhere(externalUserId),
    reconsiderNumbers: () => customers.reconsiderNumbers(true),
    reconsiderLate: () => customers.reconsiderLate(),
    carryOver: () => customers.reconsiderNumbers(false),
    checkPlatforms: () => customers.checkPlatforms(),
  }),
  schedules: [{ every: 'day', job: customerJobs.checkPlatforms.of() }],
})
