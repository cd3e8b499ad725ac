import { normalisePhone } from '../../../shared/phone.ts'
import { isProgressQuestion, toWord } from '../../../shared/progress.ts'
import type { OfficialPush } from '../../outside/weixin/official.push.ts'

/** What a push means to us. Of the words of the customer only a phone he states goes on; nothing else is kept. */
export type Intent =
  | { kind: 'phone'; phone: string }
  | { kind: 'progress' | 'subscribed' | 'unsubscribed' | 'unclear' }
  /** Nothing that anybody expects an answer to. */
  | { kind: 'none' }

/** What people put before their phone when they send it. */
const BEFORE_A_PHONE = /^(?:我的?)?(?:联系)?(?:手机号?码?|电话号?码?|号码)?(?:是|为)?\s*[:：]?\s*/

export function understand(push: OfficialPush): Intent {
  switch (push.kind) {
    case 'text': return understandText(push.text)
    case 'clicked': return { kind: isProgressQuestion(push.menuKey) ? 'progress' : 'none' }
    case 'message': return { kind: 'unclear' }
    case 'subscribed':
    case 'unsubscribed': return { kind: push.kind }
    case 'other': return { kind: 'none' }
  }
}

function understandText(text: string): Intent {
  if (isProgressQuestion(text)) return { kind: 'progress' }
  const phone = normalisePhone(toWord(text).replace(BEFORE_A_PHONE, ''))
  return phone === null ? { kind: 'unclear' } : { kind: 'phone', phone }
}

/** What is said to a push; enough to say it again when the push is repeated. */
export type Outcome =
  | { accountId: number; said: 'claimed' | 'own_phone' | 'progress' | 'greeting' | 'help' | 'nothing' }
  | { accountId: number; said: 'too_soon'; waitMs: number }

/** WeChat is asked who somebody is when he comes or wants something: then his unionid may tie him (E3). */
export const isWorthIdentifying = ({ said }: Outcome): boolean => said !== 'nothing' && said !== 'help'

/** What a push tells of the follower himself: he wrote, did something else, or left. */
export type Sign = 'wrote' | 'acted' | 'left'

export function toSign({ kind }: OfficialPush): Sign | null {
  switch (kind) {
    case 'text':
    case 'message': return 'wrote'
    case 'clicked':
    case 'subscribed': return 'acted'
    case 'unsubscribed': return 'left'
    case 'other': return null
  }
}

/** What decides whether the account may write to a follower by itself; `sentAt` of the messages it has sent. */
export type Reach = { wroteAt: Date | null; actedAt: Date | null; leftAt: Date | null; sentAt: readonly Date[] }

const AFTER_A_MESSAGE_MS = 48 * 3_600_000
const AFTER_AN_ACT = { ms: 60_000, most: 3 }

/** The platform's windows (platform-facts 6): `limit` messages within 48 h of one of his, three within a minute of another act. */
export function mayWriteTo({ wroteAt, actedAt, leftAt, sentAt }: Reach, limit: number, now: Date): boolean {
  const isOpen = (since: Date | null, ms: number, most: number): boolean =>
    since !== null && now.getTime() - since.getTime() < ms && sentAt.filter((at) => at >= since).length < most
  return leftAt === null && (isOpen(wroteAt, AFTER_A_MESSAGE_MS, limit) || isOpen(actedAt, AFTER_AN_ACT.ms, Math.min(limit, AFTER_AN_ACT.most)))
}
