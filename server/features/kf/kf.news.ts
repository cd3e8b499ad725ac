import type { KfDeps } from './kf.deps.ts'
import { msgidFor } from './kf.replies.ts'
import { SESSION_MS } from './kf.rules.ts'
import { lookAtSession } from './kf.session.ts'
import { findOpenChat } from './kf.store.ts'

export type KfNews = {
  externalUserId: string
  /** What it is about: the same thing is said once. */
  subject: string
  text: string
  page: { page: string; text: string }
}
type Told = { kind: 'sent' | 'closed' } | { kind: 'refused'; reason: 'other' }

/**
 * Says what nobody asked for, with a way into the mini-program: while the platform allows it, 48 h after the customer's last
 * message and five times. `closed`: not now. Throws WecomError and OutsideError; with the same subject it may be tried again.
 */
export async function tellNews(
  deps: KfDeps,
  { externalUserId, subject, text, page }: KfNews,
): Promise<Told> {
  const since = new Date(deps.clock().getTime() - SESSION_MS)
  const openKfId = await findOpenChat(deps.db, { externalUserId, since })
  if (openKfId === undefined) return { kind: 'closed' }
  const chat = { openKfId, externalUserId }
  const sent = await deps.platforms.kf.sendMenu({
    ...chat,
    msgid: msgidFor('news', `${externalUserId}:${subject}`),
    head: text,
    items: [{ kind: 'mini-program', appId: deps.miniAppId, pagePath: page.page, text: page.text }],
  })
  if (sent.kind === 'sent') return { kind: 'sent' }
  deps.log.info({ reason: sent.reason, errcode: sent.errcode }, 'news could not be said in a chat')
  if (sent.reason === 'state_forbids') await lookAtSession(deps, chat)
  return sent.reason === 'other' ? { kind: 'refused', reason: 'other' } : { kind: 'closed' }
}
