import { inTransaction } from '../../lib/db.ts'
import { findQuietEnd } from '../../lib/quiet-hours.ts'
import type { Kind } from './kind.ts'
import * as ledger from './ledger.store.ts'
import type { NoticesDeps, Tx } from './notices.deps.ts'
import { noticeJobs } from './notices.jobs.ts'
import { toQuietHours } from './notices.rules.ts'

/** Orders notices, each thing once, for when who hears of it may be disturbed. */
export async function order(
  deps: NoticesDeps,
  audience: Kind['for'],
  find: (tx: Tx) => Promise<readonly ledger.NewNotice[]>,
): Promise<void> {
  const at = (await findPause(deps, audience)) ?? undefined
  await inTransaction(deps, async (tx) => {
    const added = await ledger.insertNotices(tx.db, { notices: await find(tx), now: tx.clock() })
    await tx.jobs.add(
      tx.db,
      added.map(({ id, accountId }) => noticeJobs.send.of({ noticeId: id, accountId }, at)),
    )
  })
}

/** When they may be told again; null: now. Advisors work here: their nights are those of the members. */
export async function findPause(
  { settings, staffQuiet, timeZone, clock }: NoticesDeps,
  audience: Kind['for'],
): Promise<Date | null> {
  const quiet =
    audience === 'advisor' ? staffQuiet : toQuietHours((await settings.read()).noticeQuietHours)
  return findQuietEnd(clock(), quiet, timeZone)
}
