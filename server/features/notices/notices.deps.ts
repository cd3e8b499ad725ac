import type { ActionType } from '../../../shared/advisors.ts'
import type { BookingPart, BookingState } from '../../../shared/bookings.ts'
import type { Db, Within } from '../../lib/db.ts'
import type { Jobs } from '../../lib/jobs.ts'
import type { Log } from '../../lib/log.ts'
import type { Weixin } from '../../outside/weixin/weixin.ts'
import type { QuietHours } from '../../lib/quiet-hours.ts'
import type { Advisors } from '../advisors/advisors.ts'
import type { Publish } from '../facts.ts'
import type { Kf } from '../kf/kf.ts'
import type { OfficialAccount } from '../official-account/official-account.ts'
import type { Projects } from '../projects/projects.ts'
import type { Settings } from '../settings/settings.ts'

type Leads = {
  findAction: (actionId: string) => Promise<
    | {
        actionId: string
        advisorId: string
        accountId: number
        actionType: ActionType
        isNew: boolean
        customerName: string | null
        leadId: string | null
        lastAt: Date
      }
    | undefined
  >
}
type Bookings = {
  findMove: (moveId: number) => Promise<
    | {
        bookingId: string
        moveId: number
        advisorId: string
        accountId: number
        state: BookingState
        current: BookingState
        by: 'customer' | 'advisor' | 'office'
        day: string
        part: BookingPart
        service: string
        customerName: string | null
        leadId: string | null
        actionId: string | null
      }
    | undefined
  >
}
export type BookingMove = NonNullable<Awaited<ReturnType<Bookings['findMove']>>>

export type NoticesDeps = {
  db: Db
  platforms: { subscribe: Weixin['subscribe'] }
  jobs: Pick<Jobs, 'add'>
  facts: Publish
  settings: Pick<Settings, 'read'>
  projects: Pick<Projects, 'findFor'>
  advisors: Pick<Advisors, 'find' | 'findOf'>
  leads: Pick<Leads, 'findAction'>
  bookings: Pick<Bookings, 'findMove'>
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
