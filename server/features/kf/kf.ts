// The chat of the customer-service accounts. Keeps kf_messages (never the words, only what they mean) and kf_cursors.
// Woken by WeCom's ring for new messages and by the clock, which pulls what no ring announced; then by what `binding`
// and `customers` tell. Answers in the chat or hands it over to people; tells `binding` that a code or link was used,
// denied or recalled, and `customers` that a contact wants to be unbound.
import type { ProjectQuestion } from '../../../shared/project-texts.ts'
import type { JobRun } from '../../lib/jobs.ts'
import type { BindingEnd, EventCode, UnboundBy } from '../facts.ts'
import type { KfDeps } from './kf.deps.ts'
import { handle } from './kf.handle.ts'
import { listen } from './kf.listen.ts'
import { tellNews, type KfNews } from './kf.news.ts'
import { catchUp, pull } from './kf.pull.ts'
import {
  askUnbind,
  tellKept,
  confirm,
  greet,
  tellEnd,
  tellMissed,
  tellOver,
  tellProjects,
  tellTied,
  tellUnbound,
} from './kf.replies.ts'
import type { Chat } from './kf.session.ts'
import * as store from './kf.store.ts'

const KEPT_MS = 30 * 24 * 3_600_000

/** Pulls the messages of a kf account, understands them, and answers or hands over to a human. */
export function createKf(deps: KfDeps) {
  return {
    /** Reads all new messages of an account; one at a time per account. */
    pull: (ring: Parameters<typeof pull>[1]) => pull(deps, ring),
    /** Pulls every account that may have rung unheard. */
    catchUp: () => catchUp(deps),
    /** Forgets messages older than 30 days. */
    tidy: () => store.deleteBefore(deps.db, new Date(deps.clock().getTime() - KEPT_MS)),
    /** Acts on the waiting messages of a contact, in order; one that fails again and again is set aside. */
    handle: (externalUserId: string, run: JobRun) => handle(deps, { externalUserId, run }),
    /** Greets on entering, within 20 s. */
    greet: (entered: Parameters<typeof greet>[1]) => greet(deps, entered),
    /** Says 验证码无效或已过期, or that the contact must wait. */
    tellMissed: (chat: Chat, missed: { sourceId: string; pausedUntil: Date | null }) =>
      tellMissed(deps, { chat, ...missed }),
    /** Says how an attempt ended. */
    tellEnd: (chat: Chat, end: BindingEnd, pendingId: string) =>
      tellEnd(deps, { chat, end, pendingId }),
    /** Sends the item to tap (D3), or tells the page why it cannot. */
    confirm: (chat: Chat, ids: { pendingId: string; ticketId: string; event: EventCode | null }) =>
      confirm(deps, { chat, ...ids }),
    /** Asks whether the binding shall really end. */
    askUnbind: (chat: Chat, sourceId: string) => askUnbind(deps, { chat, sourceId }),
    /** Says to who would rather not unbind that nothing has changed. */
    tellKept: (chat: Chat, sourceId: string) => tellKept(deps, { chat, sourceId }),
    /** Says what is the case now to who taps 不是我 below an attempt that was over already. */
    tellOver: (chat: Chat, sourceId: string) => tellOver(deps, { chat, sourceId }),
    /** Says that a tie was made of which this chat knows nothing, where the customer last wrote (D22). */
    tellTied: (tieId: number) => tellTied(deps, tieId),
    /** Says that it has ended, where the customer last wrote. */
    tellUnbound: (externalUserId: string, end: { sourceId: string; by?: UnboundBy | undefined }) =>
      tellUnbound(deps, { externalUserId, ...end }),
    /** Says how far the projects are, what was ordered, or what was installed. */
    tellProjects: (chat: Chat, asked: { sourceId: string; about: ProjectQuestion }) =>
      tellProjects(deps, { chat, ...asked }),
    /** Says what nobody asked for, where and while the platform allows it. */
    tellNews: (news: KfNews) => tellNews(deps, news),
    /** Words that are not for us: looks once more for a bind link, then hands the session to a human. */
    listen: (chat: Chat, said: { sourceId: string; sentAt: Date; waits: number }) =>
      listen(deps, { chat, ...said }),
  }
}
export type Kf = ReturnType<typeof createKf>
