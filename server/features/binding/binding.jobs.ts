import type { Ears } from '../../lib/facts.ts'
import type { Job, Jobs } from '../../lib/jobs.ts'
import type { Fact } from '../facts.ts'
import type { Binding } from './binding.ts'
import type { Claims } from './claims.ts'

const settleClaims = (customerId: number): Job => ({ name: 'binding.settle-claims', payload: { customerId }, key: `binding.settle-claims:${String(customerId)}` })

export const bindingEars = {
  'binding.claimed': [({ pendingId, externalUserId }) =>
    ({ name: 'binding.settle', payload: { pendingId }, key: `binding.settle:${pendingId}`, queue: `contact:${externalUserId}` })],
  'customer.bound': [({ customerId }) => settleClaims(customerId)],
  'customer.phone-proven': [({ customerId }) => settleClaims(customerId)],
} satisfies Ears<Fact>

export function handleBindingJobs(jobs: Pick<Jobs, 'handle'>, { binding, claims }: { binding: Pick<Binding, 'settle'>; claims: Pick<Claims, 'settle'> }): void {
  jobs.handle('binding.settle-claims', async ({ customerId }) => { await claims.settle(Number(customerId)) })
  jobs.handle('binding.settle', ({ pendingId }) => binding.settle(String(pendingId)))
}
