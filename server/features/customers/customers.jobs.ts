import * as v from 'valibot'
import { defineJob } from '../../lib/job-kinds.ts'
import { afterSettings, perContact } from '../queues.ts'

const account = v.object({ accountId: v.number() })

export const customerJobs = {
  considerAccount: defineJob({
    name: 'customers.consider-account',
    payload: account,
    once: ({ accountId }) => accountId,
  }),
  considerSiblings: defineJob({
    name: 'customers.consider-siblings',
    payload: account,
    once: ({ accountId }) => accountId,
  }),
  lookElsewhere: defineJob({
    name: 'customers.look-elsewhere',
    payload: v.object({ externalUserId: v.string() }),
    queue: perContact,
    once: ({ externalUserId }) => externalUserId,
  }),
  reconsiderNumbers: defineJob({
    name: 'customers.reconsider-numbers',
    queue: afterSettings,
    once: true,
  }),
  reconsiderLate: defineJob({
    name: 'customers.reconsider-late',
    queue: afterSettings,
    once: true,
  }),
  /** Once after an update that brought the table. */
  carryOver: defineJob({ name: 'customers.carry-over', once: true }),
  checkPlatforms: defineJob({ name: 'customers.check-platforms', once: true }),
}
