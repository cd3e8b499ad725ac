import type { Schedule } from '../../lib/cron.ts'
import type { Ears } from '../../lib/facts.ts'
import type { Jobs } from '../../lib/jobs.ts'
import type { Fact } from '../facts.ts'
import type { OfficialAccount } from './official-account.ts'
import { tellJob, tellTiedJob } from './official-account.orders.ts'

export const officialEars = {
  'customer.bound': [
    ({ externalUserId }) => tellJob('official.tell-bound', externalUserId),
    tellTiedJob,
  ],
  'customer.phone-proven': [({ externalUserId }) => tellJob('official.tell-bound', externalUserId)],
  'customer.unbound': [({ externalUserId }) => tellJob('official.tell-unbound', externalUserId)],
} satisfies Ears<Fact>

export const officialSchedules: Schedule[] = [
  { name: 'official.tidy', every: 'day', job: { name: 'official.tidy', payload: {} } },
]

export function handleOfficialJobs(
  jobs: Pick<Jobs, 'handle'>,
  officialAccount: Omit<OfficialAccount, 'receive'>,
): void {
  jobs.handle('official.identify', ({ openid }) => officialAccount.identify(String(openid)))
  jobs.handle('official.answer', ({ openid, key }, { lastAttempt }) =>
    officialAccount.answerLate({ openid: String(openid), key: String(key) }, lastAttempt),
  )
  jobs.handle('official.tell-bound', ({ externalUserId }) =>
    officialAccount.tellBound(String(externalUserId)),
  )
  jobs.handle('official.tell-tied', ({ tieId }) => officialAccount.tellTied(Number(tieId)))
  jobs.handle('official.tell-unbound', ({ externalUserId }) =>
    officialAccount.tellUnbound(String(externalUserId)),
  )
  jobs.handle('official.tidy', async () => {
    await officialAccount.tidy()
  })
}
