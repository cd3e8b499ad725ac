import type { Jobs } from '../../lib/jobs.ts'
import type { OfficialAccount } from './official-account.ts'

export function handleOfficialJobs(jobs: Pick<Jobs, 'handle'>, officialAccount: Pick<OfficialAccount, 'identify'>): void {
  jobs.handle('official.identify', ({ openid }) => officialAccount.identify(String(openid)))
}
