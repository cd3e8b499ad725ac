import type { Schedule } from '../../lib/cron.ts'
import type { Ears } from '../../lib/facts.ts'
import type { Job, Jobs } from '../../lib/jobs.ts'
import type { Fact } from '../facts.ts'
import type { PhoneClaims } from '../phone-claims/phone-claims.ts'
import type { Binding } from './binding.ts'

const settleClaims = (customerId: number): Job => ({
  name: 'binding.settle-claims',
  payload: { customerId },
  key: `binding.settle-claims:${String(customerId)}`,
})

export const bindingEars = {
  'binding.claimed': [
    ({ pendingId, externalUserId }) => ({
      name: 'binding.settle',
      payload: { pendingId },
      key: `binding.settle:${pendingId}`,
      queue: `contact:${externalUserId}`,
    }),
  ],
  'customer.bound': [
    ({ customerId }) => settleClaims(customerId),
    ({ accountId, externalUserId }) => ({
      name: 'binding.end-attempts',
      payload: { accountId, externalUserId },
      key: `binding.end-attempts:${String(accountId)}`,
      queue: `contact:${externalUserId}`,
    }),
  ],
  'customer.phone-proven': [({ customerId }) => settleClaims(customerId)],
} satisfies Ears<Fact>

export const bindingSchedules: Schedule[] = [
  { name: 'binding.tidy', every: 'minute', job: { name: 'binding.tidy', payload: {} } },
  { name: 'binding.forget', every: 'day', job: { name: 'binding.forget', payload: {} } },
  {
    name: 'binding.expire-claims',
    every: 'day',
    job: { name: 'binding.expire-claims', payload: {} },
  },
]

export function handleBindingJobs(
  jobs: Pick<Jobs, 'handle'>,
  {
    binding,
    claims,
  }: {
    binding: Pick<Binding, 'settle' | 'tidy' | 'forget' | 'endAttempts'>
    claims: Pick<PhoneClaims, 'settle' | 'expire'>
  },
): void {
  jobs.handle('binding.tidy', () => binding.tidy())
  jobs.handle('binding.forget', () => binding.forget())
  jobs.handle('binding.expire-claims', async () => {
    await claims.expire()
  })
  jobs.handle('binding.settle-claims', async ({ customerId }) => {
    await claims.settle(Number(customerId))
  })
  jobs.handle('binding.end-attempts', async ({ accountId, externalUserId }) => {
    await binding.endAttempts({
      accountId: Number(accountId),
      externalUserId: String(externalUserId),
    })
  })
  jobs.handle('binding.settle', ({ pendingId }) => binding.settle(String(pendingId)))
}
