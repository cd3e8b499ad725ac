import { handle } from '../../lib/job-kinds.ts'
import type { Room } from '../room.ts'
import { phoneClaimJobs } from './phone-claims.jobs.ts'
import { createPhoneClaimRoutes } from './phone-claims.routes.ts'
import type { PhoneClaims } from './phone-claims.ts'

export const phoneClaimsRoom = (claims: PhoneClaims): Room => ({
  tag: 'phones',
  routes: createPhoneClaimRoutes(claims),
  listeners: {
    'customer.bound': [({ customerId }) => phoneClaimJobs.settle.of({ customerId })],
    'customer.phone-proven': [({ customerId }) => phoneClaimJobs.settle.of({ customerId })],
  },
  handlers: handle(phoneClaimJobs, {
    settle: ({ customerId }) => claims.settle(customerId),
    expire: () => claims.expire(),
  }),
  schedules: [{ every: 'day', job: phoneClaimJobs.expire.of() }],
})
