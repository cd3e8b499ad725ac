import type { Db, Within } from '../../lib/db.ts'
import type { Jobs } from '../../lib/jobs.ts'
import type { Log } from '../../lib/log.ts'
import type { Weixin } from '../../outside/weixin/weixin.ts'
import type { Publish } from '../facts.ts'
import type { Kf } from '../kf/kf.ts'
import type { OfficialAccount } from '../official-account/official-account.ts'
import type { Projects } from '../projects/projects.ts'
import type { Settings } from '../settings/settings.ts'

export type NoticesDeps = {
  db: Db
  platforms: { subscribe: Weixin['subscribe'] }
  jobs: Pick<Jobs, 'add'>
  facts: Publish
  settings: Pick<Settings, 'read'>
  projects: Pick<Projects, 'findFor'>
  kf: Pick<Kf, 'tellNews'>
  /** null: the company has no official account. */
  official: Pick<OfficialAccount, 'tellNews'> | null
  /** WECHAT_PUSH_* are set: WeChat itself tells who consented and what arrived, and nobody else is believed. */
  hasPush: boolean
  /** Since when this process hears that push. */
  upSince: Date
  timeZone: string
  clock: () => Date
  log: Log
}
export type Tx = Within<NoticesDeps>
