import { handle } from '../../lib/job-kinds.ts'
import type { Room } from '../room.ts'
import { bindingJobs, claimJobs } from './binding.jobs.ts'
import { createBindingRoutes } from './binding.routes.ts'
import type { Binding } from './binding.ts'
import { createClaimRoutes } from './claims.routes.ts'
import type { Claims } from './claims.ts'

export const bindingRoom = (binding: Binding): Room => ({
  routes: createBindingRoutes(binding),
  listeners: { 'customer.bound': [(tied) => bindingJobs.endAttempts.of(tied)] },
  handlers: handle(bindingJobs, {
    settle: ({ pendingId }) => binding.settle(pendingId),
    endAttempts: (tied) => binding.endAttempts(tied),
    tidy: () => binding.tidy(),
    forget: () => binding.forget(),
  }),
  schedules: [
    { every: 'minute', job: bindingJobs.tidy.of() },
    { every: 'day', job: bindingJobs.forget.of() },
  ],
})

export const claimsRoom = (claims: Claims): Room => ({
  routes: createClaimRoutes(claims),
  listeners: {
    'customer.bound': [({ customerId }) => claimJobs.settle.of({ customerId })],
    'customer.phone-proven': [({ customerId }) => claimJobs.settle.of({ customerId })],
  },
  handlers: handle(claimJobs, {
    settle: ({ customerId }) => claims.settle(customerId),
    expire: () => claims.expire(),
  }),
  schedules: [{ every: 'day', job: claimJobs.expire.of() }],
})
