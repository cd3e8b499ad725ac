import { handle } from '../../lib/job-kinds.ts'
import type { Room } from '../room.ts'
import { memberJobs } from './members.jobs.ts'
import type { Members } from './members.ts'

export const membersRoom = (
  members: Pick<Members, 'learn' | 'learnName' | 'refreshDue'>,
): Room => ({
  // Who gets a customer is somebody whose name that customer will see.
  onPlatformEvent: (event) =>
    event.kind === 'contact-changed' && event.change === 'added'
      ? [memberJobs.learn.of({ userId: event.userId })]
      : [],
  listeners: {
    'project.staffed': [({ userId }) => memberJobs.learnName.of({ userId })],
  },
  handlers: handle(memberJobs, {
    learn: ({ userId }) => members.learn(userId),
    learnName: ({ userId }) => members.learnName(userId),
    refreshDue: () => members.refreshDue(),
  }),
  schedules: [{ every: 'hour', job: memberJobs.refreshDue.of() }],
})
