import { maskPhone } from '../../../shared/phone.ts'
import type { Db } from '../../lib/db.ts'
import { OutsideError } from '../../lib/http-client.ts'
import type { Jobs } from '../../lib/jobs.ts'
import type { Log } from '../../lib/log.ts'
import type { Wecom } from '../../outside/wecom/wecom.ts'
import { tellWaitingJob } from './staff.orders.ts'
import { chooseReceivers, findQuietEnd, HOME, toCard, type QuietHours } from './staff.rules.ts'
import * as store from './staff.store.ts'

type Deps = {
  db: Db
  wecom: Pick<Wecom, 'contacts' | 'messages' | 'kf'>
  jobs: Pick<Jobs, 'add'>
  openKfId: string
  /** STAFF_NOTIFY_USERIDS; empty: who is on duty in the customer-service account. */
  notifyUserIds: readonly string[]
  quiet: QuietHours
  timeZone: string
  baseUrl: string | null
  clock: () => Date
  log: Log
}

/** What one app message may name (platform-facts 4.8). */
const MOST_RECEIVERS = 1000

/** Tells the responsible members by app message that customers wait: once per claim, never at night, phones masked. */
export function createNotices(deps: Deps) {
  return {
    /** Tells of all claims that nobody was told about, each group of receivers in one message; in quiet hours only orders to do so after them. */
    tellWaiting: () => tellWaiting(deps),
  }
}
export type Notices = ReturnType<typeof createNotices>

async function tellWaiting(deps: Deps): Promise<void> {
  const now = deps.clock()
  const quietEnd = findQuietEnd(now, deps.quiet, deps.timeZone)
  if (quietEnd !== null) return deps.jobs.add(deps.db, [tellWaitingJob(quietEnd)])
  if (deps.baseUrl === null) return deps.log.warn('staff cannot be told of waiting customers: PUBLIC_BASE_URL is not set')
  const [mayAdd, onDuty] = await Promise.all([deps.wecom.contacts.followUsers(), findOnDuty(deps)])
  if (mayAdd.length === 0) return deps.log.warn('staff cannot be told of waiting customers: no member has 客户联系')
  const claims = await store.claimUntold(deps.db, now)
  const messages = groupByReceivers(claims, ({ responsible }) => chooseReceivers({ responsible, named: deps.notifyUserIds, onDuty, mayAdd }))
  await sendAll(deps, messages, `${deps.baseUrl}${HOME}`)
}

/** Somebody is told also while nobody can say who is on duty. */
async function findOnDuty({ notifyUserIds, wecom, openKfId, log }: Deps): Promise<string[]> {
  if (notifyUserIds.length > 0) return []
  try {
    return await wecom.kf.pageServicersOnDuty(openKfId)
  } catch (error) {
    log.warn({ err: error }, 'who is on duty in the customer-service account could not be asked')
    return []
  }
}

type Message = { toUsers: string[]; claims: store.Untold[] }

function groupByReceivers(claims: readonly store.Untold[], receiversOf: (claim: store.Untold) => string[]): Message[] {
  const messages = new Map<string, Message>()
  for (const claim of claims) {
    const toUsers = receiversOf(claim).slice(0, MOST_RECEIVERS)
    const message = messages.get(toUsers.join('|')) ?? { toUsers, claims: [] }
    messages.set(toUsers.join('|'), { ...message, claims: [...message.claims, claim] })
  }
  return [...messages.values()]
}

/** One message that fails does not keep the others back; then the job is tried again for what was released. */
async function sendAll(deps: Deps, messages: readonly Message[], url: string): Promise<void> {
  const sent = await Promise.allSettled(messages.map((message) => send(deps, message, url)))
  const failed = sent.find((one) => one.status === 'rejected')
  if (failed) throw failed.reason
}

/** Taken before it is sent: whoever dies in between tells nobody, rather than everybody twice. */
async function send(deps: Deps, { toUsers, claims }: Message, url: string): Promise<void> {
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
