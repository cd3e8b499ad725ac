import { inTransaction } from '../../lib/db.ts'
import type { JobRun } from '../../lib/jobs.ts'
import { sayInChat } from './by-chat.ts'
import { resolve, sendAgain, sendBySubscribe, type Passed } from './by-subscribe.ts'
import type { ByMember, Telling } from './kind.ts'
import { audienceOf, look, type Told } from './kinds.ts'
import * as ledger from './ledger.store.ts'
import type { NoticesDeps, Tx } from './notices.deps.ts'
import { noticeJobs } from './notices.jobs.ts'
import { findPause } from './ordering.ts'

type About = { noticeId: number; accountId: number | null }

/** Tells by the first way that is open. */
export async function send(deps: NoticesDeps, about: About, run: JobRun): Promise<void> {
  const notice = await ledger.findNotice(deps.db, about.noticeId)
  if (notice?.state !== 'waiting' || notice.kind === 'message') return
  const pause = await findPause(deps, audienceOf(notice))
  if (pause !== null) return deps.jobs.add(deps.db, [noticeJobs.send.of(about, pause)])
  const telling = await lookAgain(deps, notice)
  if (!telling) return
  const passed = await sendBySubscribeIfOpen(deps, { notice, telling, run })
  if (passed === 'next') await sendOtherwise(deps, { notice, telling, run })
}

/** What became of a message whose answer was lost, and what follows. */
export async function resolveDoubt(
  deps: NoticesDeps,
  about: About & { accountId: number },
  run: JobRun,
): Promise<void> {
  const notice = await ledger.findNotice(deps.db, about.noticeId)
  if (notice?.state !== 'unknown' && notice?.state !== 'waiting') return
  const addressed = { ...notice, accountId: about.accountId }
  if (notice.kind === 'message') return void (await resolve(deps, addressed))
  const pause = await findPause(deps, audienceOf(notice))
  if (pause !== null) return deps.jobs.add(deps.db, [noticeJobs.resolve.of(about, pause)])
  const resolved = await resolve(deps, addressed)
  if (resolved === 'done') return
  const telling = await lookAgain(deps, notice)
  if (!telling) return
  // Whether it arrived nobody knows, and a second message would be one too many.
  if (resolved === 'unclear') return askMember(deps, { notice, telling, otherwise: 'unclear' })
  const { message } = telling
  if (resolved === 'again' && message)
    if ((await sendAgain(deps, { notice: addressed, message })) === 'done') return
  await sendOtherwise(deps, { notice, telling, run })
}

/** What is no news any more, or not for him, is told to nobody, and not later either (ownership.md, semantics 1). */
async function lookAgain(deps: NoticesDeps, notice: Told): Promise<Telling | null> {
  const looked = await look(deps, notice)
  if (!('dropped' in looked)) return looked
  await end(deps, notice, { state: 'dropped', reason: looked.dropped })
  return null
}

const end = (
  { db, clock }: NoticesDeps,
  { id }: Told,
  how: { state: 'dropped' | 'failed'; reason: string },
) => ledger.setState(db, { noticeId: id, ...how, now: clock() })

type Sending = { notice: Told; telling: Telling; run: JobRun }

async function sendBySubscribeIfOpen(
  deps: NoticesDeps,
  { notice, telling: { message }, run }: Sending,
): Promise<Passed> {
  const { id, accountId } = notice
  if (message === null || accountId === null) return 'next'
  if (await ledger.findSending(deps.db, { noticeId: id, way: 'kf' })) return 'next'
  return sendBySubscribe(deps, { notice: { id, accountId }, message, run })
}

/** His chat with the company, else the official account, else members. */
async function sendOtherwise(deps: NoticesDeps, sending: Sending): Promise<void> {
  const passed =
    (await sayByKf(deps, sending)) === 'next' && (await sayByOfficial(deps, sending)) === 'next'
  if (passed) await askMember(deps, { ...sending, otherwise: 'no way is open' })
}

const toTarget = ({ notice: { subject } }: Sending, externalUserId: string): string =>
  `${externalUserId}:${subject}`

async function sayByKf(deps: NoticesDeps, sending: Sending): Promise<Passed> {
  const { chat } = sending.telling
  if (chat === null) return 'next'
  return sayInChat(deps, {
    ...sending,
    way: 'kf',
    target: toTarget(sending, chat.externalUserId),
    say: () => deps.kf.tellNews({ ...chat, subject: sending.notice.subject }),
  })
}

async function sayByOfficial(deps: NoticesDeps, sending: Sending): Promise<Passed> {
  const { official } = deps
  const { chat } = sending.telling
  if (official === null || chat === null) return 'next'
  return sayInChat(deps, {
    ...sending,
    way: 'official',
    target: toTarget(sending, chat.externalUserId),
    say: () => official.tellNews({ ...chat, subject: sending.notice.subject }),
  })
}

type Asking = { notice: Told; telling: Telling; otherwise: string }

/** Nothing of ours surely reaches him: a member is asked to, or told, once; who has none is not told. */
async function askMember(deps: NoticesDeps, { notice, telling, otherwise }: Asking): Promise<void> {
  const { member } = telling
  if (member === null) return void (await end(deps, notice, { state: 'failed', reason: otherwise }))
  await inTransaction(deps, (tx) => leaveToMember(tx, notice, member))
}

async function leaveToMember(tx: Tx, { id }: Told, { target, fact }: ByMember): Promise<void> {
  const isNew = await ledger.takeWay(tx.db, { noticeId: id, way: 'staff', target, takenAt: null })
  await ledger.setState(tx.db, {
    noticeId: id,
    state: 'told',
    now: tx.clock(),
    ...(!isNew && { reason: 'by another account' }),
  })
  await tx.facts.publish(tx.db, [{ fact, noticeId: id }])
}

/** Takes what members are to tell, or be told, and nobody was yet; what is no news any more is told to nobody. */
export async function claim<Fact extends ByMember['fact']>(
  deps: NoticesDeps,
  fact: Fact,
  now: Date,
): Promise<({ noticeId: number } & Extract<ByMember, { fact: Fact }>)[]> {
  const noticeIds = await ledger.claimForMembers(deps.db, { kinds: KINDS_OF[fact], now })
  const found = await Promise.all(noticeIds.map((noticeId) => lookAtClaimed(deps, noticeId)))
  return found.flatMap((one) =>
    one?.fact === fact ? [one as { noticeId: number } & Extract<ByMember, { fact: Fact }>] : [],
  )
}

const KINDS_OF: Record<ByMember['fact'], readonly Told['kind'][]> = {
  'customer.not-reached': ['stage', 'booking_state'],
  'advisor.not-reached': ['advisor_action', 'advisor_booking'],
}

async function lookAtClaimed(deps: NoticesDeps, noticeId: number) {
  const notice = await ledger.findNotice(deps.db, noticeId)
  if (notice === undefined || notice.kind === 'message') return undefined
  const telling = await lookAgain(deps, notice)
  if (!telling) return undefined
  if (telling.member === null) await noteUntold(deps, [noticeId])
  return telling.member === null ? undefined : { noticeId, ...telling.member }
}

/** There is no such member any more. */
export async function noteUntold(
  { db, clock }: Pick<NoticesDeps, 'db' | 'clock'>,
  noticeIds: readonly number[],
): Promise<void> {
  const reason = 'no member to tell'
  for (const noticeId of noticeIds) {
    await ledger.settleWay(db, { noticeId, way: 'staff', outcome: 'refused', reason })
    await ledger.setState(db, { noticeId, state: 'failed', reason, now: clock() })
  }
}
