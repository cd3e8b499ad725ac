import { maskPhone } from '../../../shared/phone.ts'
import type { Db } from '../../lib/db.ts'
import { OutsideError } from '../../lib/http-client.ts'
import type { Jobs } from '../../lib/jobs.ts'
import type { Log } from '../../lib/log.ts'
import type { Wecom } from '../../outside/wecom/wecom.ts'
import { tellWaitingJob } from './staff.orders.ts'
import { findQuietEnd, HOME, toCard, type QuietHours } from './staff.rules.ts'
import * as store from './staff.store.ts'

type Deps = {
  db: Db
  wecom: Pick<Wecom, 'contacts' | 'messages'>
  jobs: Pick<Jobs, 'add'>
  /** STAFF_NOTIFY_USERIDS; empty: every member who may have customers. */
  notifyUserIds: readonly string[]
  quiet: QuietHours
  timeZone: string
  baseUrl: string | null
  clock: () => Date
  log: Log
}

/** What one app message may name (platform-facts 4.8). */
const MOST_RECEIVERS = 1000

/** Tells staff by app message that customers wait: once per claim, never at night, phones masked. */
export function createNotices(deps: Deps) {
  return {
    /** Tells of all claims that nobody was told about, in one message; in quiet hours only orders to do so after them. */
    tellWaiting: () => tellWaiting(deps),
  }
}
export type Notices = ReturnType<typeof createNotices>

async function tellWaiting(deps: Deps): Promise<void> {
  const now = deps.clock()
  const quietEnd = findQuietEnd(now, deps.quiet, deps.timeZone)
  if (quietEnd !== null) return deps.jobs.add(deps.db, [tellWaitingJob(quietEnd)])
  if (deps.baseUrl === null) return deps.log.warn('staff cannot be told of waiting customers: PUBLIC_BASE_URL is not set')
  const toUsers = (deps.notifyUserIds.length > 0 ? deps.notifyUserIds : await deps.wecom.contacts.followUsers()).slice(0, MOST_RECEIVERS)
  if (toUsers.length === 0) return deps.log.warn('staff cannot be told of waiting customers: no member has 客户联系, and STAFF_NOTIFY_USERIDS is not set')
  const claims = await store.claimUntold(deps.db, now)
  if (claims.length > 0) await send(deps, { toUsers, claims, url: `${deps.baseUrl}${HOME}` })
}

/** Taken before it is sent: whoever dies in between tells nobody, rather than everybody twice. */
async function send(deps: Deps, { toUsers, claims, url }: { toUsers: string[]; claims: { id: number; phone: string }[]; url: string }): Promise<void> {
  try {
    const card = toCard(claims.map(({ phone }) => maskPhone(phone)))
    const { invalidUsers } = await deps.wecom.messages.sendTextCard({ toUsers, ...card, url, buttonText: '去添加' })
    if (invalidUsers.length > 0) deps.log.warn({ invalidUsers }, 'some members cannot be told of waiting customers')
  } catch (error) {
    if (error instanceof OutsideError && error.sent) return deps.log.warn({ err: error }, 'nobody knows whether staff were told of waiting customers')
    await store.releaseUntold(deps.db, claims.map(({ id }) => id))
    throw error
  }
}
