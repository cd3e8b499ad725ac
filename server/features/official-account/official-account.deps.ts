import type { Db } from '../../lib/db.ts'
import type { Jobs } from '../../lib/jobs.ts'
import type { Log } from '../../lib/log.ts'
import type { Official } from '../../outside/weixin/official.ts'
import type { Accounts } from '../accounts/accounts.ts'
import type { Callbacks } from '../callbacks/callbacks.ts'
import type { PhoneClaims } from '../phone-claims/phone-claims.ts'
import type { Projects } from '../projects/projects.ts'
import type { Reasons } from '../reasons/reasons.ts'
import type { Ties } from '../ties/ties.ts'

export type OfficialAccountDeps = {
  db: Db
  platforms: { official: Pick<Official, 'userInfo' | 'sendText'> }
  callbacks: Pick<Callbacks, 'findOutcome' | 'keepOutcome'>
  jobs: Pick<Jobs, 'add'>
  accounts: Pick<Accounts, 'ensureOfficial' | 'learnOfficial'>
  claims: Pick<PhoneClaims, 'claim' | 'mayQuery'>
  ties: Pick<Ties, 'standingOf' | 'newsOf'>
  projects: Pick<Projects, 'tellFor'>
  reasons: Pick<Reasons, 'tellAccount'>
  miniAppId: string
  /** OFFICIAL_REPLY_LIMIT: messages we may send after one of his; 0: none at all. */
  replyLimit: number
  clock: () => Date
  log: Log
}
