import type { JobRun } from '../../lib/jobs.ts'
import type { Passed } from './by-subscribe.ts'
import * as store from './ledger.store.ts'
import type { NoticesDeps } from './notices.deps.ts'

/** What a chat answers: `closed`: nothing may be written there now. */
export type Said =
  { kind: 'sent' } | { kind: 'closed' } | { kind: 'unknown' } | { kind: 'refused'; reason: string }

type Telling = {
  notice: Pick<store.Notice, 'id'>
  way: 'kf' | 'official'
  target: string
  /** Says it; with the same name a second time it is not said twice. */
  say: () => Promise<Said>
  run: JobRun
}

/**
 * The customer's chat with the company, in WeCom or in the official account; which of them may be written to, the chat itself
 * knows. What another of his accounts had said there is said.
 */
export async function sayInChat(
  deps: NoticesDeps,
  { notice, way, target, say, run }: Telling,
): Promise<Passed> {
  const at = { noticeId: notice.id, way }
  const known = await store.findSending(deps.db, at)
  if (known?.outcome === 'refused') return 'next'
  const isMine =
    known !== undefined || (await store.takeWay(deps.db, { ...at, target, takenAt: deps.clock() }))
  if (!isMine) return end(deps, notice, 'by another account')
  try {
    return await note(deps, { ...at, said: await say(), wasTaken: known !== undefined })
  } catch (error) {
    if (!run.lastAttempt) throw error
    deps.log.warn({ err: error, ...at }, 'a chat cannot be written to')
    await store.settleWay(deps.db, { ...at, outcome: 'refused', reason: 'no answer' })
    return 'next'
  }
}

type Noted = { noticeId: number; way: 'kf' | 'official'; said: Said; wasTaken: boolean }

/** A repeated name is refused with a number that is in no source: what was taken before has been said then (D23). */
async function note(deps: NoticesDeps, { noticeId, way, said, wasTaken }: Noted): Promise<Passed> {
  const isSaidBefore = wasTaken && said.kind === 'refused' && said.reason === 'other'
  if (said.kind === 'closed' || (said.kind === 'refused' && !isSaidBefore)) {
    const reason = said.kind === 'closed' ? 'closed' : said.reason
    await store.settleWay(deps.db, { noticeId, way, outcome: 'refused', reason })
    return 'next'
  }
  const outcome = isSaidBefore ? 'presumed' : said.kind === 'sent' ? 'sent' : 'unknown'
  await store.settleWay(deps.db, { noticeId, way, outcome })
  return end(deps, { id: noticeId })
}

async function end(
  { db, clock }: NoticesDeps,
  { id }: { id: number },
  reason?: string,
): Promise<Passed> {
  await store.setState(db, {
    noticeId: id,
    state: 'told',
    now: clock(),
    ...(reason !== undefined && { reason }),
  })
  return 'done'
}
