import { forEveryOne } from '../../lib/item-fault.ts'
import { sendTaken } from '../../lib/send-taken.ts'
import type { OfficialSendRefusal } from '../../outside/weixin/official.ts'
import type { OfficialAccountDeps } from './official-account.deps.ts'
import { officialJobs } from './official-account.jobs.ts'
import { mayWriteTo } from './official-account.rules.ts'
import * as store from './official-account.store.ts'
import { BOUND, toMiniProgramLink, toTiedText, UNBOUND } from './official-account.texts.ts'

/** Older ends are no news. */
const NEWS_MS = 3_600_000

/** Whatever is not answered by then never will be: its process is dead. */
const ANSWERING_MS = 10_000
const AGAIN_AFTER_MS = 2_000

/** Only who is tied and may query hears of it: whether a salesperson has added a phone is told to nobody who only claims it (D16). */
export async function tellBound(deps: OfficialAccountDeps, externalUserId: string): Promise<void> {
  const now = deps.clock().getTime()
  await forEveryOne(await store.pageMayQuery(deps.db, externalUserId), async ({ tieId, ...to }) => {
    // The look-up for an answer may have tied him just now: if the answer says so itself, it marks this as said.
    if (
      await store.isBeingAnswered(deps.db, {
        accountId: to.accountId,
        since: new Date(now - ANSWERING_MS),
      })
    ) {
      await deps.jobs.add(deps.db, [
        officialJobs.tellBound.of({ externalUserId }, new Date(now + AGAIN_AFTER_MS)),
      ])
    } else {
      await sayOnce(deps, { kind: 'bound', subject: String(tieId), ...to, text: BOUND })
    }
  })
}

/** Whose own account it is hears of it by `tellBound`, or on the page. */
export async function tellTied(deps: OfficialAccountDeps, tieId: number): Promise<void> {
  const tie = await deps.ties.newsOf(deps.db, tieId)
  if (!tie?.silent || tie.furtherApp || tie.endedAt !== null) return
  for (const { tieId: _, ...to } of await store.pageOthersTied(deps.db, tie)) {
    await sayOnce(deps, {
      kind: 'tied',
      subject: `${String(tieId)}:${String(to.accountId)}`,
      ...to,
      text: toTiedText(tie),
    })
  }
}

/** Told also to whom ended it himself: if it was not he, this is how he learns of it. */
export async function tellUnbound(
  deps: OfficialAccountDeps,
  externalUserId: string,
): Promise<void> {
  const ended = await store.pageEnded(deps.db, {
    externalUserId,
    after: new Date(deps.clock().getTime() - NEWS_MS),
  })
  await forEveryOne(ended, ({ tieId, ...to }) =>
    sayOnce(deps, { kind: 'unbound', subject: String(tieId), ...to, text: UNBOUND }),
  )
}

export type OfficialNews = {
  externalUserId: string
  /** What it is about: the same thing is said once. */
  subject: string
  text: string
  page: { page: string; text: string }
}

/**
 * Says what nobody asked for to the first follower of this contact who may be written to now (mayWriteTo). `closed`: to none.
 * `unknown`: it was taken before, or left without an answer. Throws what did not leave; it may be tried again.
 */
export async function tellNews(
  deps: OfficialAccountDeps,
  { externalUserId, subject, text, page }: OfficialNews,
): Promise<{ kind: 'sent' | 'closed' | 'unknown' }> {
  const words = `${text}\n${toMiniProgramLink({ appId: deps.miniAppId, ...page })}`
  for (const { accountId, openid } of await store.pageMayQuery(deps.db, externalUserId)) {
    const reach = await store.findReach(deps.db, accountId)
    const now = deps.clock()
    if (reach === undefined || !mayWriteTo(reach, deps.replyLimit, now)) continue
    const name = { kind: 'news', subject: `${subject}:${String(accountId)}` } as const
    if (!(await store.takeNotice(deps.db, { ...name, accountId, way: 'message', now })))
      return { kind: 'unknown' }
    const sent = await send(deps, { ...name, accountId, openid, text: words })
    if (sent?.kind !== 'refused') return { kind: sent ? 'sent' : 'unknown' }
  }
  return { kind: 'closed' }
}

type Notice = {
  kind: 'answer' | 'bound' | 'tied' | 'unbound' | 'news'
  subject: string
  accountId: number
  openid: string
  text: string
}

/** A customer-service message, if the follower may be written to now; else he learns it when he asks. */
export async function sayOnce(deps: OfficialAccountDeps, notice: Notice): Promise<void> {
  const { kind, subject, accountId } = notice
  const now = deps.clock()
  const reach = await store.findReach(deps.db, accountId)
  // Nothing was noted of a follower whose push is still being decided: he has just written.
  const isOpen = reach === undefined ? kind === 'answer' : mayWriteTo(reach, deps.replyLimit, now)
  const way = isOpen ? 'message' : 'none'
  if (!(await store.takeNotice(deps.db, { kind, subject, accountId, way, now }))) return
  if (isOpen) await send(deps, notice)
  else
    deps.log.info(
      { accountId, notice: kind },
      'a follower of the official account may not be written to now',
    )
}

/** undefined: nobody knows whether it arrived. */
async function send(deps: OfficialAccountDeps, { openid, text, ...notice }: Notice) {
  const sent = await sendTaken({
    send: () => deps.platforms.official.sendText(openid, text),
    release: () => store.releaseNotice(deps.db, notice),
    doubt: (error) =>
      deps.log.warn(
        { err: error, accountId: notice.accountId },
        'nobody knows whether a message of the official account arrived',
      ),
  })
  if (sent?.kind === 'refused') await heed(deps, { ...notice, reason: sent.reason })
  return sent
}

async function heed(
  { db, clock, log }: OfficialAccountDeps,
  { accountId, kind, reason }: { accountId: number; kind: string; reason: OfficialSendRefusal },
): Promise<void> {
  const now = clock()
  log.info(
    { accountId, notice: kind, reason },
    'WeChat took no message for a follower of the official account',
  )
  if (reason === 'not_following') await store.upsertSign(db, { accountId, sign: 'left', now })
  if (
    reason === 'not_authorized' &&
    (await store.takeNotice(db, {
      kind: 'warning',
      subject: reason,
      accountId: null,
      way: 'none',
      now,
    }))
  ) {
    log.warn(
      'the official account may not send customer-service messages: have it verified, or set OFFICIAL_REPLY_LIMIT=0',
    )
  }
}
