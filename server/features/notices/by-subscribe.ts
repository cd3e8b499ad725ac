import { inTransaction } from '../../lib/db.ts'
import type { JobRun } from '../../lib/jobs.ts'
import { sendTaken } from '../../lib/send-taken.ts'
import type { SubscribeMessage, SubscribeSent } from '../../outside/weixin/subscribe.ts'
import * as consents from './consents.store.ts'
import { endAll } from './consents.ts'
import * as store from './ledger.store.ts'
import type { NoticesDeps, Tx } from './notices.deps.ts'
import { noticeJobs } from './notices.jobs.ts'
import { decideAgain, VERDICTS } from './notices.rules.ts'

const WAY = 'subscribe'
/** WeChat tells what became of a message within seconds; its three tries, and a server that comes back, take longer. */
const RECEIPT_MS = 5 * 60_000

type Notice = { id: number; accountId: number }
type Doubtful = Notice & Pick<store.Notice, 'kind'>
export type Message = Omit<SubscribeMessage, 'openid' | 'templateId'>
type Sending = { notice: Notice; message: SubscribeMessage }
/** `next`: nothing was sent this way. */
export type Passed = 'done' | 'next'
type Refused = Extract<SubscribeSent, { kind: 'refused' }>

/** WeChat takes no message now, and none was sent. */
class NotNow extends Error {}

/** Takes a consent and says so before anything is sent; false when none is left. */
export async function take(tx: Tx, { notice, message }: Sending): Promise<boolean> {
  const { templateId } = message
  const now = tx.clock()
  const consentId = await consents.takeConsent(tx.db, {
    accountId: notice.accountId,
    templateId,
    now,
  })
  if (consentId === undefined) return false
  return store.takeWay(tx.db, {
    noticeId: notice.id,
    way: WAY,
    target: String(notice.id),
    takenAt: now,
    consentId,
    templateId,
  })
}

/** The message to which he consented, if he did. What was taken and never ended is in doubt: whoever took it has died. */
export async function sendBySubscribe(
  deps: NoticesDeps,
  { run, ...sending }: Sending & { run: JobRun },
): Promise<Passed> {
  const known = await store.findSending(deps.db, { noticeId: sending.notice.id, way: WAY })
  if (known) return known.outcome === 'refused' ? 'next' : doubt(deps, sending.notice)
  if (!(await inTransaction(deps, (tx) => take(tx, sending)))) return 'next'
  const sent = await sendOut(deps, { ...sending, release: release(deps, sending.notice) }).catch(
    (error: unknown) => {
      // What still does not leave at the last try goes another way.
      if (!run.lastAttempt) throw error
      deps.log.warn({ err: error, noticeId: sending.notice.id }, 'WeChat takes no message now')
      return 'next' as const
    },
  )
  if (sent === 'next') return 'next'
  return sent === undefined ? doubt(deps, sending.notice) : settle(deps, { ...sending, sent })
}

type Out = Sending & { release: () => Promise<unknown> }

/** undefined: nobody knows whether it arrived. Throws when it certainly was not sent, and is released. */
export async function sendOut(
  deps: NoticesDeps,
  { notice, message, release }: Out,
): Promise<Exclude<SubscribeSent, { kind: 'unclear' }> | undefined> {
  const sent = await sendTaken({
    send: async () => {
      const answer = await deps.platforms.subscribe.send(message)
      if (answer.kind === 'refused' && VERDICTS[answer.reason].then === 'later')
        throw new NotNow(answer.reason)
      return answer
    },
    release,
    doubt: (error) =>
      deps.log.warn(
        { err: error, noticeId: notice.id },
        'nobody knows whether a subscribe message arrived',
      ),
  })
  return sent?.kind === 'unclear' ? undefined : sent
}

/** Gives back what was taken for a message that did not leave. */
export const release = (deps: NoticesDeps, notice: Notice) => () =>
  inTransaction(deps, async (tx) => {
    await giveBack(tx, notice)
    await store.releaseWay(tx.db, { noticeId: notice.id, way: WAY })
  })

/** Not after a second try: the first may have spent it. */
async function giveBack({ db }: Tx, { id, accountId }: Notice): Promise<void> {
  const known = await store.findSending(db, { noticeId: id, way: WAY })
  if (known?.consentId == null || known.templateId === null || known.tries > 1) return
  await consents.lockConsents(db, { accountId, templateId: known.templateId })
  await consents.giveBack(db, known.consentId)
}

type Answered = Sending & { sent: Exclude<SubscribeSent, { kind: 'unclear' }> }

/** Writes down what WeChat said. */
export async function settle(deps: NoticesDeps, answered: Answered): Promise<Passed> {
  const { notice, message, sent } = answered
  return inTransaction<NoticesDeps, Passed>(deps, async (tx) => {
    if (sent.kind === 'refused') return heed(tx, { notice, message, sent })
    await note(tx, notice, { outcome: 'sent', msgId: sent.msgId })
    await store.endAlarms(tx.db, { templateId: message.templateId, now: tx.clock() })
    return 'done'
  })
}

async function note(
  { db, clock }: Tx,
  { id }: Notice,
  told: { outcome: 'sent' | 'presumed'; msgId?: string | undefined },
): Promise<void> {
  await store.settleWay(db, { noticeId: id, way: WAY, ...told })
  await store.setState(db, { noticeId: id, state: 'told', now: clock() })
}

async function heed(
  tx: Tx,
  { notice, message, sent }: Sending & { sent: Refused },
): Promise<Passed> {
  const { templateId } = message
  const { reason, errcode, field } = sent
  const { consent, alarm } = VERDICTS[reason]
  if (consent === 'back') await giveBack(tx, notice)
  if (consent === 'ended') await endAll(tx, { accountId: notice.accountId, templateId }, tx.clock())
  await store.settleWay(tx.db, { noticeId: notice.id, way: WAY, outcome: 'refused', reason })
  const about = { noticeId: notice.id, templateId, reason, errcode, field }
  tx.log[reason === 'other' ? 'warn' : 'info'](about, 'WeChat took no subscribe message')
  if (alarm) await raise(tx, about)
  return 'next'
}

type Fault = { templateId: string; reason: string; errcode: number; field: string | undefined }

/** Once, until a message by this template is taken again. */
async function raise({ db, clock, log }: Tx, fault: Fault): Promise<void> {
  const kind = [fault.templateId, fault.reason, fault.field ?? ''].join(' ').trim()
  if (await store.raiseAlarm(db, { kind, now: clock() }))
    log.error(
      fault,
      'WeChat refuses the subscribe messages of a template: its settings must be mended (npm run doctor says what is wrong)',
    )
}

/** It left, or whoever sent it died: what became of it is looked at when WeChat has had time to tell. */
const doubt = (deps: NoticesDeps, notice: Notice): Promise<Passed> =>
  inTransaction<NoticesDeps, Passed>(deps, async (tx) => {
    const now = tx.clock()
    await store.settleWay(tx.db, { noticeId: notice.id, way: WAY, outcome: 'unknown' })
    await store.setState(tx.db, { noticeId: notice.id, state: 'unknown', now })
    await tx.jobs.add(tx.db, [resolveLater(notice, now)])
    return 'done'
  })

export const resolveLater = ({ id, accountId }: Notice, now: Date) =>
  noticeJobs.resolve.of({ noticeId: id, accountId }, new Date(now.getTime() + RECEIPT_MS))

/** `again`: it may be sent once more, which is written down. `unclear`: nobody will ever know, and nothing may be sent. */
export type Resolved = Passed | 'again' | 'unclear'

/** What became of a message that may have arrived. `next`: it did not, and other ways are open. */
export async function resolve(deps: NoticesDeps, notice: Doubtful): Promise<Resolved> {
  const known = await store.findSending(deps.db, { noticeId: notice.id, way: WAY })
  if (known === undefined || known.templateId === null) return 'done'
  if (known.outcome === null) return doubt(deps, notice)
  if (known.outcome !== 'unknown') return known.outcome === 'refused' ? 'next' : 'done'
  const doubted = { ...known, templateId: known.templateId }
  return inTransaction(deps, (tx) => decide(tx, notice, doubted))
}

type Doubted = store.Sending & { templateId: string }

async function decide(
  tx: Tx,
  notice: Doubtful,
  { templateId, takenAt, tries }: Doubted,
): Promise<Resolved> {
  const subject = { accountId: notice.accountId, templateId }
  await consents.lockConsents(tx.db, subject)
  const about = { noticeId: notice.id, ...subject, takenAt }
  const receipt = await store.findReceipt(tx.db, about)
  if (receipt) return believe(tx, notice, receipt)
  if (notice.kind === 'message') return 'done'
  const again = decideAgain({
    // WeChat gives up telling a server that is away; when it does is in no source.
    hasHeard: tx.hasPush && tx.upSince <= takenAt,
    left: (await consents.countLeft(tx.db, notice.accountId)).get(templateId) ?? 0,
    alsoInDoubt: await store.countInDoubt(tx.db, about),
    tries,
  })
  if (again === 'never') return 'unclear'
  if (again === 'another consent')
    await consents.takeConsent(tx.db, { ...subject, now: tx.clock() })
  await store.tryWayAgain(tx.db, { noticeId: notice.id, way: WAY })
  return 'again'
}

async function believe(
  tx: Tx,
  notice: Notice,
  { msgId, errorCode }: { msgId: string; errorCode: string },
): Promise<Passed> {
  if (errorCode === '0') {
    await note(tx, notice, { outcome: 'sent', msgId })
    return 'done'
  }
  const refused = { outcome: 'refused', reason: `receipt ${errorCode}`, msgId } as const
  await store.settleWay(tx.db, { noticeId: notice.id, way: WAY, ...refused })
  return 'next'
}

/** After `resolve` said so. That its consent is spent says that the first one has arrived. */
export async function sendAgain(deps: NoticesDeps, sending: Sending): Promise<Passed> {
  const { notice, message } = sending
  const sent = await sendOut(deps, {
    ...sending,
    release: () => store.takeTryBack(deps.db, { noticeId: notice.id, way: WAY }),
  })
  if (sent === undefined) return doubt(deps, notice)
  if (sent.kind === 'refused' && sent.reason === 'no_consent')
    return inTransaction<NoticesDeps, Passed>(deps, async (tx) => {
      await endAll(tx, { accountId: notice.accountId, templateId: message.templateId }, tx.clock())
      await note(tx, notice, { outcome: 'presumed' })
      return 'done'
    })
  return settle(deps, { notice, message, sent })
}
