import { randomUUID } from 'node:crypto'
import { isPage, kindOfField } from '../../../shared/notices.ts'
import { inTransaction } from '../../lib/db.ts'
import type { SubscribeRefusal } from '../../outside/weixin/subscribe.ts'
import { release, resolveLater, sendOut, settle, take, type Message } from './by-subscribe.ts'
import { findAccount } from './consents.store.ts'
import { listTemplates } from './consents.ts'
import { fitField } from './fields.rules.ts'
import * as ledger from './ledger.store.ts'
import type { NoticesDeps } from './notices.deps.ts'
import { VERDICTS } from './notices.rules.ts'

export type Asked = { openid: string; templateId: string } & Message
type NotSent =
  | 'unknown_openid'
  | 'unknown_template'
  | 'unknown_page'
  | 'no_consent'
  | 'not_now'
  | 'unknown_outcome'
export type Answered =
  | { kind: 'sent'; msgId: string }
  | { kind: NotSent }
  | { kind: 'bad_field'; field: string }
  | { kind: 'misconfigured'; reason: SubscribeRefusal }

/** One message of a program of the company, by a consent of the same ledger; at once, and never twice. */
export async function sendMessage(deps: NoticesDeps, asked: Asked): Promise<Answered> {
  const accountId = await findAccount(deps.db, asked.openid)
  const problem = await findProblem(deps, asked)
  if (problem) return problem
  if (accountId === undefined) return { kind: 'unknown_openid' }
  const message = { ...asked, data: fitAll(asked.data) }
  const notice = await order(deps, accountId, message)
  if (notice === undefined) return { kind: 'no_consent' }
  const sending = { notice, message }
  const sent = await sendOut(deps, { ...sending, release: cancel(deps, notice) }).catch(
    (error: unknown) => {
      deps.log.warn({ err: error, noticeId: notice.id }, 'WeChat takes no message now')
      return 'not now' as const
    },
  )
  if (sent === 'not now') return { kind: 'not_now' }
  if (sent === undefined) return { kind: 'unknown_outcome' }
  await settle(deps, { ...sending, sent })
  if (sent.kind === 'sent') return { kind: 'sent', msgId: sent.msgId ?? '' }
  await fail(deps, notice, sent.reason)
  if (sent.reason === 'bad_field') return { kind: 'bad_field', field: sent.field ?? '' }
  return VERDICTS[sent.reason].consent === 'ended'
    ? { kind: 'no_consent' }
    : { kind: 'misconfigured', reason: sent.reason }
}

async function findProblem(
  { settings }: NoticesDeps,
  { templateId, page, data }: Asked,
): Promise<Answered | null> {
  if (!listTemplates(await settings.read()).includes(templateId))
    return { kind: 'unknown_template' }
  if (page !== undefined && !isPage(page)) return { kind: 'unknown_page' }
  const field = Object.keys(data).find(
    (key) => kindOfField(key) === undefined || fitField(key, data[key]!) === '',
  )
  return field === undefined ? null : { kind: 'bad_field', field }
}

const fitAll = (data: Message['data']): Record<string, string> =>
  Object.fromEntries(Object.entries(data).map(([key, value]) => [key, fitField(key, value)]))

type Notice = { id: number; accountId: number }

/** Nothing is written down where no consent is left. */
const order = (deps: NoticesDeps, accountId: number, message: Asked): Promise<Notice | undefined> =>
  inTransaction(deps, async (tx) => {
    const now = tx.clock()
    const notices = [{ kind: 'message' as const, subject: randomUUID(), accountId }]
    const [inserted] = await ledger.insertNotices(tx.db, { notices, now })
    const notice = { id: inserted!.id, accountId }
    if (!(await take(tx, { notice, message }))) {
      await ledger.deleteNotice(tx.db, notice.id)
      return undefined
    }
    await tx.jobs.add(tx.db, [resolveLater(notice, now)])
    return notice
  })

const cancel = (deps: NoticesDeps, notice: Notice) => async () => {
  await release(deps, notice)()
  await fail(deps, notice, 'not sent')
}

const fail = ({ db, clock }: NoticesDeps, { id }: Notice, reason: string) =>
  ledger.setState(db, { noticeId: id, state: 'failed', reason, now: clock() })
