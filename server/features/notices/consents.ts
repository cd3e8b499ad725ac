import { inTransaction } from '../../lib/db.ts'
import type { Receipt } from '../../outside/weixin/miniprogram.push.ts'
import type { Settings } from '../../../shared/api/settings.ts'
import { isAccepted } from '../../../shared/notices.ts'
import type { NoticesDeps, Tx } from './notices.deps.ts'
import { isBelieved } from './notices.rules.ts'
import * as store from './consents.store.ts'
import * as ledger from './ledger.store.ts'

const DAY_MS = 24 * 3_600_000

/** The templates that there are, by the settings. */
export const listTemplates = (settings: Pick<Settings, 'noticeTemplates'>): string[] =>
  Object.values(settings.noticeTemplates).flatMap((template) => template?.templateId ?? [])

type Pushed = { openid: string; templateIds: readonly string[] }

/** Whose consents are meant, and which are to templates of ours; of nobody and nothing nothing is kept. */
async function findSubjects(
  { db, settings, log }: Pick<NoticesDeps, 'db' | 'settings' | 'log'>,
  { openid, templateIds }: Pushed,
): Promise<store.Subject[]> {
  const accountId = await store.findAccount(db, openid)
  const known = listTemplates(await settings.read(db))
  const named = [...new Set(templateIds)].filter((id) => known.includes(id))
  if (accountId === undefined || named.length < templateIds.length)
    log.info(
      { isKnown: accountId !== undefined, templateIds },
      'a push about subscribe messages names somebody or something that is not ours',
    )
  return accountId === undefined ? [] : named.map((templateId) => ({ accountId, templateId }))
}

type Answered = { openid: string; at: Date; accepted: string[]; rejected: string[] }

/**
 * WeChat says that he was asked: one consent for each template he accepted. A no may have been meant for always, which ends
 * what he accepted before, and the push does not tell the one from the other.
 */
export const noteAsked = (
  deps: NoticesDeps,
  { openid, at, accepted, rejected }: Answered,
): Promise<void> =>
  inTransaction(deps, async (tx) => {
    const now = tx.clock()
    for (const subject of await findSubjects(tx, { openid, templateIds: rejected }))
      await endAll(tx, subject, at)
    for (const subject of await findSubjects(tx, { openid, templateIds: accepted })) {
      await store.lockConsents(tx.db, subject)
      await store.insertConsent(tx.db, { ...subject, givenAt: at, source: 'push', now })
    }
  })

/** WeChat says that he turned it off: whether older consents come back when he turns it on is in no source, so none counts. */
export const noteTurnedOff = (
  deps: NoticesDeps,
  { openid, at, templateIds }: { openid: string; at: Date; templateIds: string[] },
): Promise<void> =>
  inTransaction(deps, async (tx) => {
    for (const subject of await findSubjects(tx, { openid, templateIds }))
      await endAll(tx, subject, at)
  })

/** None is left, and none that was given until then counts. */
export async function endAll(
  { db, clock }: Pick<Tx, 'db' | 'clock'>,
  subject: store.Subject,
  at: Date,
): Promise<void> {
  await store.lockConsents(db, subject)
  await store.endConsents(db, { ...subject, at, now: clock() })
}

/** WeChat says what became of messages: kept, for those whose answer was lost. */
export async function noteReceipts(
  { db, clock }: Pick<NoticesDeps, 'db' | 'clock'>,
  { openid, receipts }: { openid: string; receipts: readonly Receipt[] },
): Promise<void> {
  const accountId = await store.findAccount(db, openid)
  if (accountId !== undefined)
    await ledger.insertReceipts(db, { accountId, receipts, now: clock() })
}

type Reported = { accountId: number; results: Readonly<Record<string, string>> }

/** His own mini-program says what he answered: a hint, believed within bounds and only while WeChat itself tells nothing. */
export async function noteReported(
  deps: NoticesDeps,
  { accountId, results }: Reported,
): Promise<void> {
  if (deps.hasPush) return
  const known = listTemplates(await deps.settings.read())
  const accepted = known.filter((id) => isAccepted(results[id] ?? ''))
  await inTransaction(deps, async (tx) => {
    for (const templateId of accepted) await noteOne(tx, { accountId, templateId })
  })
}

async function noteOne({ db, clock }: Pick<Tx, 'db' | 'clock'>, subject: store.Subject) {
  const now = clock()
  await store.lockConsents(db, subject)
  const left = (await store.countLeft(db, subject.accountId)).get(subject.templateId) ?? 0
  const today = await store.countGivenSince(db, {
    ...subject,
    since: new Date(now.getTime() - DAY_MS),
  })
  if (isBelieved({ left, today }))
    await store.insertConsent(db, { ...subject, givenAt: now, source: 'client', now })
}
