import type { Ears } from '../../lib/facts.ts'
import type { Job, Jobs } from '../../lib/jobs.ts'
import type { Fact } from '../facts.ts'
import type { Customers } from './customers.ts'

export const customerEars = {
  'account.phone-stated': [({ accountId }) => ({ name: 'customers.consider-account', payload: { accountId }, key: `customers.consider-account:${String(accountId)}` })],
  // Another account of the same WeChat user, in the official account say, is the same person.
  // In the queue behind what the change makes of the orders themselves.
  'settings.changed': [
    () => ({ name: 'customers.reconsider-numbers', payload: {}, key: 'customers.reconsider-numbers', queue: 'settings' }),
    () => ({ name: 'customers.reconsider-late', payload: {}, key: 'customers.reconsider-late', queue: 'settings' }),
  ],
  'customer.bound': [({ accountId }) => ({ name: 'customers.consider-siblings', payload: { accountId }, key: `customers.consider-siblings:${String(accountId)}` })],
} satisfies Ears<Fact>

/** Once after an update that brought the table, and whenever the company changes what it goes by. */
export const carryOverJob: Job = { name: 'customers.carry-over', payload: {}, key: 'customers.carry-over' }


export function handleCustomerJobs(jobs: Pick<Jobs, 'handle'>, customers: Pick<Customers, 'reconsiderAccount' | 'reconsiderSiblings' | 'reconsiderNumbers' | 'reconsiderLate'>): void {
  jobs.handle('customers.consider-account', ({ accountId }) => customers.reconsiderAccount(Number(accountId)))
  jobs.handle('customers.carry-over', () => customers.reconsiderNumbers(false))
  jobs.handle('customers.reconsider-numbers', () => customers.reconsiderNumbers(true))
  jobs.handle('customers.reconsider-late', () => customers.reconsiderLate())
  jobs.handle('customers.consider-siblings', ({ accountId }) => customers.reconsiderSiblings(Number(accountId)))
}
