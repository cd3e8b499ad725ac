import type { Ears } from '../../lib/facts.ts'
import type { Db } from '../../lib/db.ts'
import type { Jobs } from '../../lib/jobs.ts'
import type { Fact } from '../facts.ts'
import type { Customers } from './customers.ts'

export const customerEars = {
  'account.phone-stated': [({ accountId }) => ({ name: 'customers.consider-account', payload: { accountId }, key: `customers.consider-account:${String(accountId)}` })],
} satisfies Ears<Fact>

export function handleCustomerJobs(jobs: Pick<Jobs, 'handle'>, { customers, db, clock }: { customers: Pick<Customers, 'considerAccount'>; db: Db; clock: () => Date }): void {
  jobs.handle('customers.consider-account', ({ accountId }) => db.transaction((transaction) => customers.considerAccount(transaction, Number(accountId), clock())))
}
