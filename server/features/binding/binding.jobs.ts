import type { Ears } from '../../lib/facts.ts'
import type { Jobs } from '../../lib/jobs.ts'
import type { Fact } from '../facts.ts'
import type { Binding } from './binding.ts'

export const bindingEars = {
  'binding.claimed': [({ pendingId, externalUserId }) =>
    ({ name: 'binding.settle', payload: { pendingId }, key: `binding.settle:${pendingId}`, queue: `contact:${externalUserId}` })],
} satisfies Ears<Fact>

export function handleBindingJobs(jobs: Pick<Jobs, 'handle'>, binding: Pick<Binding, 'settle'>): void {
  jobs.handle('binding.settle', ({ pendingId }) => binding.settle(String(pendingId)))
}
