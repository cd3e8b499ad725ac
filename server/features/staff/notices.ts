import { maskPhone } from '../../../shared/phone.ts'
import type { Db } from '../../lib/db.ts'
import type { Jobs } from '../../lib/jobs.ts'
import type { Log } from '../../lib/log.ts'
import { findQuietEnd, type QuietHours } from '../../lib/quiet-hours.ts'
import { sendTaken } from '../../lib/send-taken.ts'
import type { Wecom } from '../../outside/wecom/wecom.ts'
import type { Notices as CustomerNotices } from '../notices/notices.ts'
import type { Questions, Untold } from '../questions/questions.ts'
import type { Ties } from '../ties/ties.ts'
import * as lists from './lists.store.ts'
import { staffJobs } from './staff.jobs.ts'
import {
  chooseReceivers,
  chooseToldOfBound,
  rowOfClaim,
  toAdvisorText,
  toBoundCard,
  toCard,
  toQuestionsCard,
  toRowPath,
  toTiesText,
  toUnreachedText,
  type TieLine,
} from './staff.rules.ts'
import * as store from './staff.store.ts'

type Deps = {
  db: Db
  platforms: Pick<Wecom, 'contacts' | 'messages' | 'kf'>
  jobs: Pick<Jobs, 'add'>
  ties: Pick<Ties, 'describeWay'>
  questions: Pick<Questions, 'claimUntold' | 'releaseUntold'>
  unreached: Pick<
    CustomerNotices,
    'claimUnreached' | 'claimForAdvisors' | 'releaseFromMembers' | 'noteUntold'
  >
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

/** Tells the responsible members by app message what they must know: each thing once, never at night, phones masked. */
export function createNotices(deps: Deps) {
  return {
    /** Tells of all claims that nobody was told about, each group of receivers in one message; in quiet hours only orders to do so after them. */
    tellWaiting: () => tellWaiting(deps),
    /** The same for ties that were made or ended without a word in the contact's own chat (D22). */
    tellTies: () => tellTies(deps),
    /** Somebody was bound: orders to look in a moment whether members must do something before he may query. */
    awaitPhone: (customerId: number) =>
      deps.jobs.add(deps.db, [
        staffJobs.tellBound.of({ customerId }, new Date(deps.clock().getTime() + STATING_MS)),
      ]),
    /** Tells of bound customers whose phone nobody knows, and the members who have added one in a way that proves nothing. */
    tellBound: () => tellBound(deps),
    /** Somebody is asked about a number: orders to tell of all such questions when the load that raised them is through. */
    gatherQuestions: () =>
      deps.jobs.add(deps.db, [
        staffJobs.tellQuestions.of({}, new Date(deps.clock().getTime() + GATHERING_MS)),
      ]),
    /** Tells each member how many numbers he is asked about: in one message, once a day, by day. */
    tellQuestions: () => tellQuestions(deps),
    /** Tells who is responsible for customers whom no message reached that their project or booking has moved on: each once. */
    tellUnreached: () => tellUnreached(deps),
    /** Tells advisors whom no subscribe message reached what their customers did: each once. */
    tellAdvisors: () => tellAdvisors(deps),
  }
}
export type Notices = ReturnType<typeof createNotices>

async function tellWaiting(deps: Deps): Promise<void> {
  const now = deps.clock()
  const quietEnd = findQuietEnd(now, deps.quiet, deps.timeZone)
  if (quietEnd !== null) return deps.jobs.add(deps.db, [staffJobs.tellWaiting.of({}, quietEnd)])
  const { baseUrl } = deps
  if (baseUrl === null)
    return deps.log.warn('staff cannot be told of waiting customers: PUBLIC_BASE_URL is not set')
  const receiversOf = await findReceivers(deps)
  if (receiversOf === null)
    return deps.log.warn('staff cannot be told of waiting customers: no member has 客户联系')
  const messages = groupByReceivers(await store.claimUntold(deps.db, now), receiversOf)
  await sendAll(deps, {
    messages,
    send: ({ toUsers, about }) =>
      deps.platforms.messages.sendTextCard({
        toUsers,
        ...toCard(about.map(({ phone }) => maskPhone(phone))),
        url: `${baseUrl}${toRowPath(about.map(rowOfClaim), 'waiting')}`,
        buttonText: '去添加',
      }),
    release: (about) =>
      store.releaseUntold(
        deps.db,
        about.map(({ id }) => id),
      ),
  })
}

/** A tie that nobody could be told of for so long is no news. */
const NEWS_MS = 7 * 24 * 3_600_000

async function tellTies(deps: Deps): Promise<void> {
  const now = deps.clock()
  const since = new Date(now.getTime() - NEWS_MS)
  if (!(await store.hasUntoldTies(deps.db, { since, now }))) return
  const quietEnd = findQuietEnd(now, deps.quiet, deps.timeZone)
  if (quietEnd !== null) return deps.jobs.add(deps.db, [staffJobs.tellTies.of({}, quietEnd)])
  const receiversOf = await findReceivers(deps)
  if (receiversOf === null)
    return deps.log.warn('staff cannot be told of bindings: no member has 客户联系')
  const messages = groupByReceivers(
    await store.claimUntoldTies(deps.db, { since, now }),
    receiversOf,
  )
  await sendAll(deps, {
    messages,
    send: ({ toUsers, about }) =>
      deps.platforms.messages.sendText({ toUsers, text: toTiesText(about.map(toTieLine(deps))) }),
    release: (about) => store.releaseUntoldTies(deps.db, about),
  })
}

/** Whoever states his phone so soon after he was bound needs nobody to ask him for it. */
const STATING_MS = 2 * 60_000

async function tellBound(deps: Deps): Promise<void> {
  const now = deps.clock()
  const between = {
    since: new Date(now.getTime() - NEWS_MS),
    until: new Date(now.getTime() - STATING_MS),
    now,
  }
  if (!(await lists.hasUntoldBound(deps.db, between))) return
  const quietEnd = findQuietEnd(now, deps.quiet, deps.timeZone)
  if (quietEnd !== null) return deps.jobs.add(deps.db, [staffJobs.tellBound.of({}, quietEnd)])
  const { baseUrl } = deps
  if (baseUrl === null)
    return deps.log.warn('staff cannot be told of bound customers: PUBLIC_BASE_URL is not set')
  const receiversOf = await findReceivers(deps, chooseToldOfBound)
  if (receiversOf === null)
    return deps.log.warn('staff cannot be told of bound customers: no member has 客户联系')
  const bound = await lists.claimUntoldBound(deps.db, between)
  await sendAll(deps, {
    messages: (['unstated', 'added_otherwise'] as const).flatMap((kind) =>
      groupByReceivers(
        bound.filter((one) => one.kind === kind),
        receiversOf,
      ),
    ),
    send: ({ toUsers, about }) =>
      deps.platforms.messages.sendTextCard({ toUsers, ...toBoundMessage(baseUrl, about) }),
    release: (about) => lists.releaseUntoldBound(deps.db, about),
  })
}

/** Those of one message are of one kind. */
function toBoundMessage(baseUrl: string, about: readonly lists.UntoldBound[]) {
  const { kind } = about[0]!
  const rows = about.map(({ id }) => `customer-${String(id)}`)
  return {
    ...toBoundCard(
      kind,
      about.map(({ name }) => name),
    ),
    url: `${baseUrl}${toRowPath(rows, kind === 'unstated' ? 'unstated' : 'otherwise')}`,
    buttonText: '去处理',
  }
}

const GATHERING_MS = 60_000

async function tellQuestions(deps: Deps): Promise<void> {
  const now = deps.clock()
  const quietEnd = findQuietEnd(now, deps.quiet, deps.timeZone)
  if (quietEnd !== null) return deps.jobs.add(deps.db, [staffJobs.tellQuestions.of({}, quietEnd)])
  const { baseUrl } = deps
  if (baseUrl === null)
    return deps.log.warn(
      'staff cannot be told of questions about numbers: PUBLIC_BASE_URL is not set',
    )
  const messages = (await deps.questions.claimUntold(now)).map((untold) => ({
    toUsers: [untold.userId],
    about: [untold],
  }))
  await sendAll<Untold>(deps, {
    messages,
    send: ({ toUsers, about: [untold] }) =>
      deps.platforms.messages.sendTextCard({
        toUsers,
        ...toQuestionsCard(untold!.count),
        url: `${baseUrl}${toRowPath(rowsOf(untold!), 'questions')}`,
        buttonText: '去核实',
      }),
    release: ([untold]) => deps.questions.releaseUntold(untold!),
  })
}

/** As many as he is asked, of which one has a name. */
const rowsOf = ({ count, first }: Untold): string[] =>
  Array.from({ length: count }, () => `question-${String(first)}`)

async function tellUnreached(deps: Deps): Promise<void> {
  const now = deps.clock()
  const quietEnd = findQuietEnd(now, deps.quiet, deps.timeZone)
  if (quietEnd !== null) return deps.jobs.add(deps.db, [staffJobs.tellUnreached.of({}, quietEnd)])
  const receiversOf = await findReceivers(deps, chooseToldOfBound)
  if (receiversOf === null)
    return deps.log.warn(
      'staff cannot be told of customers who were not reached: no member has 客户联系',
    )
  const unreached = await deps.unreached.claimUnreached(now)
  await sendAll(deps, {
    messages: groupByReceivers(await store.describeUnreached(deps.db, unreached), receiversOf),
    send: ({ toUsers, about }) =>
      deps.platforms.messages.sendText({
        toUsers,
        text: toUnreachedText(
          about.map(({ phone, ...one }) => ({ ...one, phoneMasked: phone && maskPhone(phone) })),
        ),
      }),
    release: (about) => deps.unreached.releaseFromMembers(toNoticeIds(about)),
  })
}

const toNoticeIds = (about: readonly { noticeId: number }[]): number[] =>
  about.map(({ noticeId }) => noticeId)

/** Who is a member is told whatever he may do in WeCom; of who is none any more, nobody tells. */
async function tellAdvisors(deps: Deps): Promise<void> {
  const now = deps.clock()
  const quietEnd = findQuietEnd(now, deps.quiet, deps.timeZone)
  if (quietEnd !== null) return deps.jobs.add(deps.db, [staffJobs.tellAdvisors.of({}, quietEnd)])
  const claimed = await deps.unreached.claimForAdvisors(now)
  await sendAll(deps, {
    messages: groupByReceivers(claimed, ({ userId }) => [userId]),
    send: async ({ toUsers, about }) => {
      const sent = await deps.platforms.messages.sendText({
        toUsers,
        text: toAdvisorText(about.map(({ text }) => text)),
      })
      if (sent.invalidUsers.length > 0) await deps.unreached.noteUntold(toNoticeIds(about))
      return sent
    },
    release: (about) => deps.unreached.releaseFromMembers(toNoticeIds(about)),
  })
}

const toTieLine =
  ({ ties }: Deps) =>
  ({ kind, name, phone, app, tiedBy, endedBy }: store.UntoldTie): TieLine => ({
    kind,
    name,
    phoneMasked: phone && maskPhone(phone),
    app,
    way: ties.describeWay(tiedBy),
    byAdmin: endedBy === 'admin',
  })

/** Who is told of somebody; null while no member may have customers. */
async function findReceivers(
  deps: Deps,
  choose = chooseReceivers,
): Promise<((about: { responsible: string[] }) => string[]) | null> {
  const [mayAdd, onDuty] = await Promise.all([
    deps.platforms.contacts.followUsers(),
    findOnDuty(deps),
  ])
  if (mayAdd.length === 0) return null
  return ({ responsible }) => choose({ responsible, named: deps.notifyUserIds, onDuty, mayAdd })
}

/** Somebody is told also while nobody can say who is on duty. */
async function findOnDuty({ notifyUserIds, platforms, openKfId, log }: Deps): Promise<string[]> {
  if (notifyUserIds.length > 0) return []
  try {
    return await platforms.kf.pageServicersOnDuty(openKfId)
  } catch (error) {
    log.warn({ err: error }, 'who is on duty in the customer-service account could not be asked')
    return []
  }
}

type Message<Item> = { toUsers: string[]; about: Item[] }

function groupByReceivers<Item>(
  items: readonly Item[],
  receiversOf: (item: Item) => string[],
): Message<Item>[] {
  const messages = new Map<string, Message<Item>>()
  for (const item of items) {
    const toUsers = receiversOf(item).slice(0, MOST_RECEIVERS)
    const message = messages.get(toUsers.join('|')) ?? { toUsers, about: [] }
    messages.set(toUsers.join('|'), { ...message, about: [...message.about, item] })
  }
  return [...messages.values()]
}

type Sending<Item> = {
  messages: readonly Message<Item>[]
  send: (message: Message<Item>) => Promise<{ invalidUsers: string[] }>
  release: (about: Item[]) => Promise<unknown>
}

/** One message that fails does not keep the others back; then the job is tried again for what was released. */
async function sendAll<Item>(deps: Deps, { messages, ...way }: Sending<Item>): Promise<void> {
  const sent = await Promise.allSettled(
    messages.map((message) => sendOne(deps, { message, ...way })),
  )
  const failed = sent.find((one) => one.status === 'rejected')
  if (failed) throw failed.reason
}

async function sendOne<Item>(
  deps: Deps,
  { message, send, release }: Omit<Sending<Item>, 'messages'> & { message: Message<Item> },
): Promise<void> {
  const sent = await sendTaken({
    send: () => send(message),
    release: () => release(message.about),
    doubt: (error) => deps.log.warn({ err: error }, 'nobody knows whether staff were told'),
  })
  if (sent && sent.invalidUsers.length > 0)
    deps.log.warn({ invalidUsers: sent.invalidUsers }, 'some members cannot be told')
}
