import type { Db, Within } from '../../lib/db.ts'
import type { Jobs } from '../../lib/jobs.ts'
import type { Log } from '../../lib/log.ts'
import type { Weixin } from '../../outside/weixin/weixin.ts'
import type { QuietHours } from '../../lib/quiet-hours.ts'
import type { Advisors } from '../advisors/advisors.ts'
import type { Bookings } from '../bookings/bookings.ts'
import type { Publish } from '../facts.ts'
import type { Kf } from '../kf/kf.ts'
import type { Leads } from '../leads/leads.ts'
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
  advisors: Pick<Advisors, 'find' | 'findOf'>
  leads: Pick<Leads, 'findAction'>
  bookings: Pick<Bookings, 'findMove' | 'findOfAction'>
  kf: Pick<Kf, 'tellNews'>
  /** null: the company has no official account. */
  official: Pick<OfficialAccount, 'tellNews'> | null
  /** WECHAT_PUSH_* are set: WeChat itself tells who consented and what arrived, and nobody else is believed. */
  hasPush: boolean
  /** Since when this process hears that push. */
  upSince: Date
  /** When members are not disturbed, and so no advisor. */
  staffQuiet: QuietHours
  timeZone: string
  clock: () => Date
  log: Log
}
export type Tx = Within<NoticesDeps>
