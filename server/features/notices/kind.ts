import type { SubscribeMessage } from '../../outside/weixin/subscribe.ts'
import type { Notice } from './ledger.store.ts'
import type { NoticesDeps } from './notices.deps.ts'

/** His chats with the company, and what is said there. */
export type Chat = {
  externalUserId: string
  text: string
  page: { page: string; text: string }
}

/** A customer whom a member is to tell, because nothing of ours surely reached him. */
export type Unreached = {
  /** null: he is bound to nobody. */
  customerId: number | null
  /** As he called himself; of who is bound, the company knows better. */
  name: string | null
  projectId: string | null
  /** null: that of the project. */
  title: string | null
  stage: string
  /** The member who has to do with it, besides those of the customer and the project. */
  userId: string | null
}
/** What an advisor is told as a member of WeCom. */
export type Line = { userId: string; text: string }

/** Who is asked or told by members' app message; `target`: the same is said once, whoever of his accounts it is about. */
export type ByMember = { target: string } & (
  | { fact: 'customer.not-reached'; unreached: Unreached }
  | { fact: 'advisor.not-reached'; line: Line }
)

/** What is told, and by which ways it may be: in this order, each null where it is not open. */
export type Telling = {
  message: SubscribeMessage | null
  chat: Chat | null
  member: ByMember | null
}
export type Looked = Telling | { dropped: string }

/** One kind of what there is to tell. */
export type Kind<N extends Notice = Notice> = {
  /** Whose quiet hours count. */
  for: 'customer' | 'advisor'
  /** Looks again, at the moment of sending: at the right of who is told, and whether it is still so. */
  look: (deps: NoticesDeps, notice: N) => Promise<Looked>
}
