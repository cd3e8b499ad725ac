import { handle } from '../../lib/job-kinds.ts'
import type { Room } from '../room.ts'
import { officialJobs } from './official-account.jobs.ts'
import type { OfficialAccount } from './official-account.ts'

export const officialRoom = (official: Omit<OfficialAccount, 'receive'>): Room => ({
  listeners: {
    'customer.bound': [
      ({ externalUserId }) => officialJobs.tellBound.of({ externalUserId }),
      ({ tieId, externalUserId }) => officialJobs.tellTied.of({ tieId, externalUserId }),
    ],
    'customer.phone-proven': [
      ({ externalUserId }) => officialJobs.tellBound.of({ externalUserId }),
    ],
    'customer.unbound': [({ externalUserId }) => officialJobs.tellUnbound.of({ externalUserId })],
  },
  handlers: handle(officialJobs, {
    identify: ({ openid }) => official.identify(openid),
    answer: (push, { lastAttempt }) => official.answerLate(push, lastAttempt),
    tellBound: ({ externalUserId }) => official.tellBound(externalUserId),
    tellUnbound: ({ externalUserId }) => official.tellUnbound(externalUserId),
    tellTied: ({ tieId }) => official.tellTied(tieId),
    tidy: () => official.tidy(),
  }),
  schedules: [{ every: 'day', job: officialJobs.tidy.of() }],
})
