import { inTransaction } from '../../lib/db.ts'
import type { KfDeps } from './kf.deps.ts'
import { kfJobs } from './kf.jobs.ts'
import { msgidFor } from './kf.replies.ts'
import { BIND_SCENE } from './kf.rules.ts'
import { lookAtSession, type Chat } from './kf.session.ts'
import * as store from './kf.store.ts'
import { TO_HUMAN, toNotHandedText } from './kf.texts.ts'

type Said = { chat: Chat; sourceId: string; sentAt: Date; waits: number }
/** Long enough for a confirmation to be sent: once a human has the chat, the bot may not write. */
const CONFIRMATION_FIRST_MS = 5_000
/** A look-up that fails for longer must not keep a customer's question from a human. */
const WAITS_AT_MOST = 6

export async function listen(deps: KfDeps, said: Said): Promise<void> {
  const { chat, ...words } = said
  await lookAtEntry(deps, said)
  const attempt = await deps.binding.findAttempt(chat.externalUserId)
  const mustWait =
    attempt !== null &&
    attempt !== 'ran_out' &&
    (said.waits === 0 || (attempt === 'checking' && said.waits < WAITS_AT_MOST))
  if (mustWait) {
    return deps.jobs.add(deps.db, [
      kfJobs.listen.of(
        { ...chat, ...words, waits: said.waits + 1 },
        new Date(deps.clock().getTime() + CONFIRMATION_FIRST_MS),
      ),
    ])
  }
  await toHuman(deps, said)
}

/** The event of a bind link can be missing; how the customer last came in is remembered for 48 h (platform-facts 2.6). */
async function lookAtEntry(
  deps: KfDeps,
  { chat: { externalUserId, openKfId }, sourceId, sentAt }: Said,
): Promise<void> {
  if (await deps.customers.isBoundContact(deps.db, externalUserId)) return
  const { found } = await deps.platforms.kf.customers([externalUserId], { withEnterContext: true })
  const entered = found[0]?.enterContext
  if (entered?.scene !== BIND_SCENE || entered.sceneParam === undefined) return
  const hash = deps.bindCodes.hashNonce(entered.sceneParam)
  await inTransaction(deps, (tx) =>
    tx.binding.redeem(tx.db, {
      by: 'kf_link',
      hash,
      externalUserId,
      openKfId,
      sentAt,
      msgid: `entry:${sourceId}`,
    }),
  )
}

/** Only a session that waits for us is handed over; one that a human has stays where it is. */
async function toHuman(deps: KfDeps, { chat, sourceId }: Said): Promise<void> {
  const { openKfId } = chat
  if (!isOurs((await lookAtSession(deps, chat)).state)) return
  const moved = await deps.platforms.kf.transferTo({ ...chat, state: 'queue' })
  if (moved.kind === 'moved') {
    await store.markHandedOver(deps.db, { openKfId, msgid: sourceId })
    if (moved.msgCode !== undefined)
      await deps.platforms.kf.sendOnEvent(
        moved.msgCode,
        { kind: 'text', text: TO_HUMAN },
        msgidFor('to-human', sourceId),
      )
    return
  }
  // The session went elsewhere between the two calls: whoever has it now reads the words.
  if (moved.reason === 'not_allowed' && !isOurs((await deps.platforms.kf.serviceState(chat)).state))
    return
  deps.log.warn(
    { reason: moved.reason, errcode: moved.errcode, openKfId },
    'a customer could not be handed to a human',
  )
  await deps.platforms.kf.sendText({
    ...chat,
    msgid: msgidFor('nobody', sourceId),
    text: toNotHandedText(moved.reason, deps.serviceHours),
  })
}

const isOurs = (state: string): boolean => state === 'unhandled' || state === 'assistant'
