import { handle } from '../../lib/job-kinds.ts'
import type { Room } from '../room.ts'
import type { Notices } from './notices.ts'
import { createOwnAdvisorRoutes } from './own-advisor.routes.ts'
import type { StaffSignIn } from './sign-in.ts'
import { staffJobs } from './staff.jobs.ts'
import { createStaffRoutes } from './staff.routes.ts'

type Desk = Parameters<typeof createStaffRoutes>[0] &
  Parameters<typeof createOwnAdvisorRoutes>[0] & {
    notices: Notices
    signIn: Pick<StaffSignIn, 'tidy' | 'endAllOf'>
  }

export const staffRoom = (desk: Desk): Room => ({
  tag: 'staff',
  routes: [...createStaffRoutes(desk), ...createOwnAdvisorRoutes(desk)],
  listeners: {
    'binding.phone-claimed': [() => staffJobs.tellWaiting.of()],
    'customer.bound': [
      () => staffJobs.tellTies.of(),
      ({ customerId }) => staffJobs.awaitPhone.of({ customerId }),
    ],
    'customer.unbound': [() => staffJobs.tellTies.of()],
    'number.asked': [() => staffJobs.gatherQuestions.of()],
    'customer.not-reached': [() => staffJobs.tellUnreached.of()],
    'advisor.not-reached': [() => staffJobs.tellAdvisors.of()],
    'member.left': [({ userId }) => staffJobs.endSessions.of({ userId })],
  },
  handlers: handle(staffJobs, {
    tellWaiting: () => desk.notices.tellWaiting(),
    tellTies: () => desk.notices.tellTies(),
    tellBound: () => desk.notices.tellBound(),
    awaitPhone: ({ customerId }) => desk.notices.awaitPhone(customerId),
    tellQuestions: () => desk.notices.tellQuestions(),
    gatherQuestions: () => desk.notices.gatherQuestions(),
    tellUnreached: () => desk.notices.tellUnreached(),
    tellAdvisors: () => desk.notices.tellAdvisors(),
    endSessions: ({ userId }) => desk.signIn.endAllOf(userId),
    tidy: () => desk.signIn.tidy(),
  }),
  schedules: [
    { every: 'day', job: staffJobs.tidy.of() },
    { every: 'hour', job: staffJobs.tellQuestions.of() },
    { every: 'hour', job: staffJobs.tellBound.of({}) },
  ],
})
