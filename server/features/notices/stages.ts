import type { ProjectDetail } from '../../../shared/api/projects.ts'
import type { Settings } from '../../../shared/api/settings.ts'
import { toMilestone } from '../../../shared/stages.ts'
import { inTransaction } from '../../lib/db.ts'
import type { JobRun } from '../../lib/jobs.ts'
import { findQuietEnd } from '../../lib/quiet-hours.ts'
import { sayInChat } from './by-chat.ts'
import { resolve, sendAgain, sendBySubscribe, type Passed } from './by-subscribe.ts'
import { fillFields } from './fields.rules.ts'
import * as ledger from './ledger.store.ts'
import type { NoticesDeps } from './notices.deps.ts'
import { noticeJobs } from './notices.jobs.ts'
import { toQuietHours } from './notices.rules.ts'
import { OPEN_PROJECT, STAGE_NOTE, toStageText } from './notices.texts.ts'
import * as store from './stages.store.ts'

/** A project has moved on: everybody who may see it is told, once for each stage, when customers may be disturbed. */
export async function tellStage(
  deps: NoticesDeps,
  { projectId, stage }: { projectId: string; stage: string },
): Promise<void> {
  const at = (await findPause(deps)) ?? undefined
  await inTransaction(deps, async (tx) => {
    const now = tx.clock()
    const accountIds = await store.pageAudience(tx.db, projectId)
    const notices = accountIds.map((accountId) => ({
      kind: 'stage' as const,
      subject: `${projectId}:${stage}`,
      accountId,
      projectId,
      stage,
    }))
    const added = await ledger.insertNotices(tx.db, { notices, now })
    await tx.jobs.add(
      tx.db,
      added.map(({ id, accountId }) => noticeJobs.send.of({ noticeId: id, accountId }, at)),
    )
  })
}

/** When customers may be told again; null: now. */
async function findPause({ settings, timeZone, clock }: NoticesDeps): Promise<Date | null> {
  const { noticeQuietHours } = await settings.read()
  return findQuietEnd(clock(), toQuietHours(noticeQuietHours), timeZone)
}

type About = { noticeId: number; accountId: number }
type StageNotice = ledger.Notice & { projectId: string; stage: string }

const isOfStage = (notice: ledger.Notice | undefined): notice is StageNotice =>
  notice?.kind === 'stage'

/** Tells by the first way that is open. */
export async function send(deps: NoticesDeps, about: About, run: JobRun): Promise<void> {
  const pause = await findPause(deps)
  if (pause !== null) return deps.jobs.add(deps.db, [noticeJobs.send.of(about, pause)])
  const notice = await ledger.findNotice(deps.db, about.noticeId)
  if (!isOfStage(notice) || notice.state !== 'waiting') return
  const project = await lookAgain(deps, notice)
  if (!project) return
  const passed = await sendBySubscribeIfMini(deps, { notice, project, run })
  if (passed === 'next') await sendOtherwise(deps, { notice, project, run })
}

/** What became of a message whose answer was lost, and what follows. */
export async function resolveDoubt(deps: NoticesDeps, about: About, run: JobRun): Promise<void> {
  const pause = await findPause(deps)
  if (pause !== null) return deps.jobs.add(deps.db, [noticeJobs.resolve.of(about, pause)])
  const notice = await ledger.findNotice(deps.db, about.noticeId)
  if (notice?.state !== 'unknown' && notice?.state !== 'waiting') return
  const resolved = await resolve(deps, notice)
  if (resolved === 'done' || !isOfStage(notice)) return
  const project = await lookAgain(deps, notice)
  if (!project) return
  const telling = { notice, project, run }
  if (resolved === 'unclear') return askTheirs(deps, notice)
  const message = await toMessage(deps, telling)
  if (resolved === 'again' && message) {
    if ((await sendAgain(deps, { notice, message })) === 'done') return
  }
  await sendOtherwise(deps, telling)
}

/**
 * The project as he may see it now. What he may not see any more, and a stage that is over, are told to nobody, and not later
 * either (ownership.md, semantics 1).
 */
async function lookAgain(deps: NoticesDeps, notice: StageNotice): Promise<ProjectDetail | null> {
  const { accountId, projectId, stage } = notice
  const project = await deps.projects.findFor(accountId, projectId)
  const isStill = typeof project !== 'string' && toMilestone(project.stages) === stage
  if (isStill) return project
  await drop(deps, notice, typeof project === 'string' ? NO_RIGHT : 'another stage by now')
  return null
}
const NO_RIGHT = 'no right any more'

const drop = async (
  { db, clock }: NoticesDeps,
  { id }: StageNotice,
  reason: string,
): Promise<void> => {
  await ledger.setState(db, { noticeId: id, state: 'dropped', reason, now: clock() })
}

type Telling = { notice: StageNotice; project: ProjectDetail; run: JobRun }

const pageOf = ({ id }: ProjectDetail): string => `pages/project-detail/project-detail?id=${id}`

async function toMessage(
  { settings, timeZone }: NoticesDeps,
  { notice, project }: Pick<Telling, 'notice' | 'project'>,
) {
  const template: Settings['noticeTemplates']['stage'] = (await settings.read()).noticeTemplates
    .stage
  if (template === null || notice.app !== 'miniprogram') return null
  const { title, orderNo } = project
  const at = notice.orderedAt
  const values = { project: title, orderNo, stage: notice.stage, at, note: STAGE_NOTE }
  return {
    openid: notice.openid,
    templateId: template.templateId,
    page: `${template.page.split('?', 1)[0]!}?id=${project.id}`,
    data: fillFields(template.fields, { values, at, timeZone }),
  }
}

async function sendBySubscribeIfMini(deps: NoticesDeps, telling: Telling): Promise<Passed> {
  const message = await toMessage(deps, telling)
  const isBegunOtherwise = await ledger.findSending(deps.db, {
    noticeId: telling.notice.id,
    way: 'kf',
  })
  if (message === null || isBegunOtherwise) return 'next'
  return sendBySubscribe(deps, { notice: telling.notice, message, run: telling.run })
}

/** The chat of the contact, else the official account, else members. */
async function sendOtherwise(deps: NoticesDeps, telling: Telling): Promise<void> {
  const { notice } = telling
  const tied = await store.findTied(deps.db, notice.accountId)
  if (!tied) return drop(deps, notice, NO_RIGHT)
  const passed =
    (await sayByKf(deps, telling, tied)) === 'next' &&
    (await sayByOfficial(deps, telling, tied)) === 'next'
  if (passed) await askMembers(deps, notice, tied)
}

type Tied = { customerId: number; externalUserId: string }

const wordsOf = ({ notice, project }: Telling) => ({
  subject: notice.subject,
  text: toStageText({ title: project.title, stage: notice.stage }),
  page: { page: pageOf(project), text: OPEN_PROJECT },
})

const sayByKf = (deps: NoticesDeps, telling: Telling, { externalUserId }: Tied): Promise<Passed> =>
  sayInChat(deps, {
    ...telling,
    way: 'kf',
    target: `${externalUserId}:${telling.notice.subject}`,
    say: () => deps.kf.tellNews({ externalUserId, ...wordsOf(telling) }),
  })

async function sayByOfficial(
  deps: NoticesDeps,
  telling: Telling,
  { externalUserId }: Tied,
): Promise<Passed> {
  const { official } = deps
  if (official === null) return 'next'
  return sayInChat(deps, {
    ...telling,
    way: 'official',
    target: `${externalUserId}:${telling.notice.subject}`,
    say: () => official.tellNews({ externalUserId, ...wordsOf(telling) }),
  })
}

/** Whether a message arrived nobody knows, and a second one would be one too many. */
async function askTheirs(deps: NoticesDeps, notice: StageNotice): Promise<void> {
  const tied = await store.findTied(deps.db, notice.accountId)
  return tied ? askMembers(deps, notice, tied) : drop(deps, notice, NO_RIGHT)
}

/** Nothing of ours surely reaches him: a member is asked to, once for each customer. */
const askMembers = (
  deps: NoticesDeps,
  { id, subject }: StageNotice,
  { customerId }: Tied,
): Promise<void> =>
  inTransaction(deps, async (tx) => {
    const target = `${String(customerId)}:${subject}`
    const isNew = await ledger.takeWay(tx.db, { noticeId: id, way: 'staff', target, takenAt: null })
    await ledger.setState(tx.db, {
      noticeId: id,
      state: 'told',
      now: tx.clock(),
      ...(!isNew && { reason: 'by another account' }),
    })
    await tx.facts.publish(tx.db, [{ fact: 'customer.not-reached', noticeId: id }])
  })

export type Unreached = { noticeId: number; customerId: number; projectId: string; stage: string }

/** Customers whom members are to tell, taken; what is no news any more is told to nobody. */
export async function claimUnreached(deps: NoticesDeps, now: Date): Promise<Unreached[]> {
  const claimed = await store.claimUnreached(deps.db, now)
  const found = await Promise.all(
    claimed.map(async ({ customerId, ...one }) => {
      const notice = await ledger.findNotice(deps.db, one.noticeId)
      const isNews = isOfStage(notice) && (await lookAgain(deps, notice)) !== null
      return isNews && customerId !== null ? [{ ...one, customerId }] : []
    }),
  )
  return found.flat()
}
