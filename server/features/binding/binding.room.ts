import { handle } from '../../lib/job-kinds.ts'
import type { Room } from '../room.ts'
import { bindingJobs } from './binding.jobs.ts'
import { createBindingRoutes } from './binding.routes.ts'
import type { Binding } from './binding.ts'

export const bindingRoom = (binding: Binding): Room => ({
  tag: 'binding',
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
