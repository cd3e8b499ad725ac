import { inTransaction } from '../../lib/db.ts'
import { itemFault } from '../../lib/item-fault.ts'
import type { JobRun } from '../../lib/jobs.ts'
import { act } from './kf.act.ts'
import type { KfDeps } from './kf.deps.ts'
import { kfJobs } from './kf.jobs.ts'
import { isWithPeople, lookAtSession, type Chat } from './kf.session.ts'
import * as store from './kf.store.ts'

/** A collision may be a race, which ends well when it is run again; what is still the message's own fault then stays so. */
const TRIES_OF_A_FAULT = 3

export async function handle(
  deps: KfDeps,
  { externalUserId, run }: { externalUserId: string; run: JobRun },
): Promise<void> {
  try {
    while (await handleNext(deps, externalUserId));
  } catch (error) {
    const reason = run.attempt < TRIES_OF_A_FAULT ? undefined : itemFault(error)
    if (reason === undefined && !run.lastAttempt) throw error
    await setAside(deps, externalUserId)
    if (reason === undefined) throw error
    deps.log.error(
      { reason, externalUserId },
      'a chat message could not be acted on and was set aside',
    )
  }
}

/** Answers whether there was one. */
async function handleNext(deps: KfDeps, externalUserId: string): Promise<boolean> {
  const next = await store.peekWaiting(deps.db, externalUserId)
  if (!next) return false
  const toPeople =
    next.intent.kind === 'code' &&
    (await isForPeople(deps, { openKfId: next.openKfId, externalUserId }))
  return inTransaction(deps, async (tx) => {
    const message = await store.findWaiting(tx.db, externalUserId)
    if (!message) return false
    const { id } = message
    const outcome = await act(tx, { ...message, toPeople: toPeople && id === next.id })
    await store.markHandled(tx.db, { id, outcome, now: tx.clock() })
    return true
  })
}

/** What cannot be asked is taken for the bot's chat, where digits count as a try. */
async function isForPeople(deps: KfDeps, chat: Chat): Promise<boolean> {
  try {
    const { state } = await lookAtSession(deps, chat)
    return isWithPeople(state)
  } catch (error) {
    deps.log.warn({ err: error }, 'who has a chat could not be asked; digits in it count as a try')
    return false
  }
}

/** A message that fails again and again must not hold up those behind it; the log says that somebody must look. */
async function setAside(deps: KfDeps, externalUserId: string): Promise<void> {
  await inTransaction(deps, async (tx) => {
    const message = await store.findWaiting(tx.db, externalUserId)
    if (message)
      await store.markHandled(tx.db, { id: message.id, outcome: 'failed', now: tx.clock() })
    await tx.jobs.add(tx.db, [kfJobs.handle.of({ externalUserId })])
  })
}
