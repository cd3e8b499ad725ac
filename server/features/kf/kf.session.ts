import type { KfDeps } from './kf.deps.ts'
import { SESSION_MS } from './kf.rules.ts'
import * as store from './kf.store.ts'

export type Chat = { openKfId: string; externalUserId: string }

/** Whether people have this chat now, or it waits for them: what is written there is for them. */
export const isWithPeople = (state: string): boolean => state === 'human' || state === 'queue'

/**
 * Who has the session of a chat. A first word that a servicer has at once, whom we gave nothing, shows that people serve the
 * account: no answer of ours can be sent there, only what comes with an event (D24, platform-facts 11).
 */
export async function lookAtSession(deps: KfDeps, chat: Chat) {
  const session = await deps.platforms.kf.serviceState(chat)
  const now = deps.clock()
  if (
    session.state !== 'human' ||
    !(await store.isFirstWord(deps.db, { ...chat, since: new Date(now.getTime() - SESSION_MS) }))
  )
    return session
  if (await store.noteServedByPeople(deps.db, { openKfId: chat.openKfId, now })) {
    deps.log.warn(
      { openKfId: chat.openKfId },
      'people serve this kf account from the first word on: binding needs an account of its own (docs/connecting.md, step 3)',
    )
  }
  return session
}
