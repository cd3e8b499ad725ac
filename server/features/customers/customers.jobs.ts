import type { Schedule } from '../../lib/cron.ts'
import type { Ears } from '../../lib/facts.ts'
import type { Job, Jobs } from '../../lib/jobs.ts'
import type { Fact } from '../facts.ts'
import type { Customers } from './customers.ts'

const checkPlatforms: Job = {
  name: 'customers.check-platforms',
  payload: {},
  key: 'customers.check-platforms',
}

export const customerEars = {
  'account.phone-stated': [
    ({ accountId }) => ({
      name: 'customers.consider-account',
      payload: { accountId },
      key: `customers.consider-account:${String(accountId)}`,
    }),
  ],
  // In the queue behind what the change makes of the orders themselves.
  'settings.changed': [
    () => ({
      name: 'customers.reconsider-numbers',
      payload: {},
      key: 'customers.reconsider-numbers',
      queue: 'settings',
    }),
    () => ({
      name: 'customers.reconsider-late',
      payload: {},
      key: 'customers.reconsider-late',
      queue: 'settings',
    }),
  ],
  'customer.bound': [
    // Another account of the same WeChat user, in the official account say, is the same person.
    ({ accountId }) => ({
      name: 'customers.consider-siblings',
      payload: { accountId },
      key: `customers.consider-siblings:${String(accountId)}`,
    }),
    // An equal pair ends the alarm.
    () => checkPlatforms,
  ],
  'customer.unionids-differed': [() => checkPlatforms],
  'customer.phone-proven': [
    ({ externalUserId }) => ({
      name: 'customers.look-elsewhere',
      payload: { externalUserId },
      key: `customers.look-elsewhere:${externalUserId}`,
      queue: `contact:${externalUserId}`,
    }),
  ],
} satisfies Ears<Fact>

export const customerSchedules: Schedule[] = [
  { name: 'customers.check-platforms', every: 'day', job: checkPlatforms },
]

/** Once after an update that brought the table. */
export const carryOverJob: Job = {
  name: 'customers.carry-over',
  payload: {},
  key: 'customers.carry-over',
}

type Told = Pick<
  Customers,
  | 'reconsiderAccount'
  | 'reconsiderSiblings'
  | 'reconsiderNumbers'
  | 'reconsiderLate'
  | 'lookElsewhere'
  | 'checkPlatforms'
>

export function handleCustomerJobs(jobs: Pick<Jobs, 'handle'>, customers: Told): void {
  jobs.handle('customers.consider-account', ({ accountId }) =>
    customers.reconsiderAccount(Number(accountId)),
  )
  jobs.handle('customers.carry-over', () => customers.reconsiderNumbers(false))
  jobs.handle('customers.reconsider-numbers', () => customers.reconsiderNumbers(true))
  jobs.handle('customers.reconsider-late', () => customers.reconsiderLate())
  jobs.handle('customers.consider-siblings', ({ accountId }) =>
    customers.reconsiderSiblings(Number(accountId)),
  )
  jobs.handle('customers.look-elsewhere', ({ externalUserId }) =>
    customers.lookElsewhere(String(externalUserId)),
  )
  jobs.handle('customers.check-platforms', () => customers.checkPlatforms())
}
