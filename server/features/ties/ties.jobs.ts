import * as v from 'valibot'
import { defineJob } from '../../lib/job-kinds.ts'
import { perContact } from '../queues.ts'

const account = v.object({ accountId: v.number() })

export const tieJobs = {
  considerAccount: defineJob({
    name: 'ties.consider-account',
    formerly: 'customers.consider-account',
    payload: account,
    once: ({ accountId }) => accountId,
  }),
  considerSiblings: defineJob({
    name: 'ties.consider-siblings',
    formerly: 'customers.consider-siblings',
    payload: account,
    once: ({ accountId }) => accountId,
  }),
  lookElsewhere: defineJob({
    name: 'ties.look-elsewhere',
    formerly: 'customers.look-elsewhere',
    payload: v.object({ externalUserId: v.string() }),
    lane: perContact,
    once: ({ externalUserId }) => externalUserId,
  }),
  checkPlatforms: defineJob({
    name: 'ties.check-platforms',
    formerly: 'customers.check-platforms',
    once: true,
  }),
}
