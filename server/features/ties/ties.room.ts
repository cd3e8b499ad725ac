import { handle } from '../../lib/job-kinds.ts'
import type { Room } from '../room.ts'
import { tieJobs } from './ties.jobs.ts'
import type { Ties } from './ties.ts'

export const tiesRoom = (ties: Ties): Room => ({
  listeners: {
    'account.phone-stated': [(account) => tieJobs.considerAccount.of(account)],
    'customer.bound': [
      // Another account of the same WeChat user, in the official account say, is the same person.
      ({ accountId }) => tieJobs.considerSiblings.of({ accountId }),
      // An equal pair ends the alarm.
      () => tieJobs.checkPlatforms.of(),
    ],
    'customer.unionids-differed': [() => tieJobs.checkPlatforms.of()],
    'customer.phone-proven': [({ externalUserId }) => tieJobs.lookElsewhere.of({ externalUserId })],
  },
  handlers: handle(tieJobs, {
    considerAccount: ({ accountId }) => ties.reconsiderAccount(accountId),
    considerSiblings: ({ accountId }) => ties.reconsiderSiblings(accountId),
    lookElsewhere: ({ externalUserId }) => ties.lookElsewhere(externalUserId),
    checkPlatforms: () => ties.checkPlatforms(),
  }),
  schedules: [{ every: 'day', job: tieJobs.checkPlatforms.of() }],
})
