import { normalisePhone, toSentNumber } from '../../../shared/phone.ts'
import { readProjectQuestion, toWord, type ProjectQuestion } from '../../../shared/project-texts.ts'
import type { OfficialPush } from '../../outside/weixin/official.push.ts'

/** `about`: what of his projects; absent: their progress, as the last version kept it. */
type About = { kind: 'progress'; about?: Exclude<ProjectQuestion, 'progress'> }

/** What a push means to us. Of the words of the customer only a phone he states goes on; nothing else is kept. */
export type Intent =
  | { kind: 'phone'; phone: string }
  /** `bad_phone`: digits that can only be meant as a phone; `unbind`, `human`: he asks how to. */
  | { kind: 'bad_phone' | 'unbind' | 'human' | 'subscribed' | 'unsubscribed' | 'unclear' }
  | About
  /** Nothing that anybody expects an answer to. */
  | { kind: 'none' }

const WORDS: Record<'unbind' | 'human', ReadonlySet<string>> = {
  unbind: new Set(['解绑', '解除绑定', '取消绑定', '怎么解绑', '如何解绑']),
  human: new Set([
    '人工',
    '客服',
    '人工客服',
    '人工服务',
    '转人工',
    '找人工',
    '找客服',
    '联系客服',
    '在线客服',
    '客服电话',
  ]),
}

export function understand(push: OfficialPush): Intent {
  switch (push.kind) {
    case 'text':
      return understandText(push.text)
    case 'clicked':
      return understandWord(push.menuKey) ?? { kind: 'none' }
    case 'message':
      return { kind: 'unclear' }
    case 'subscribed':
    case 'unsubscribed':
      return { kind: push.kind }
    case 'other':
      return { kind: 'none' }
  }
}

function understandWord(text: string): Intent | undefined {
  const about = readProjectQuestion(text)
  if (about !== null) return { kind: 'progress', ...(about !== 'progress' && { about }) }
  const kind = (['unbind', 'human'] as const).find((one) => WORDS[one].has(toWord(text)))
  return kind && { kind }
}

function understandText(text: string): Intent {
  const phone = normalisePhone(text)
  return (
    understandWord(text) ??
    (phone !== null
      ? { kind: 'phone', phone }
      : { kind: isMeantAsPhone(text) ? 'bad_phone' : 'unclear' })
  )
}

/** As many digits as phones have anywhere, and nothing else. A code of six is none. */
const isMeantAsPhone = (text: string): boolean =>
  /^(?:\+86|0086|\+)?\d{7,15}$/.test(toSentNumber(text) ?? '')

/** What is said to a push; enough to say it again when the push is repeated. */
export type Outcome =
  | {
      accountId: number
      said:
        | 'claimed'
        | 'own_phone'
        | 'greeting'
        | 'greeting_bound'
        | 'bad_phone'
        | 'unbind'
        | 'human'
        | 'help'
        | 'nothing'
    }
  | { accountId: number; said: 'too_soon'; waitMs: number }
  | { accountId: number; said: 'progress'; about?: Exclude<ProjectQuestion, 'progress'> }

/** WeChat is asked who somebody is when he comes or wants something: then his unionid may tie him (E3). */
export const isWorthIdentifying = ({ kind }: Intent): boolean =>
  kind === 'phone' || kind === 'progress' || kind === 'subscribed'

/** Whether the answer tells somebody who may query that he may; the progress does so by being shown. */
export const saysMayQuery = ({ said }: Outcome): boolean =>
  said === 'own_phone' || said === 'progress' || said === 'greeting_bound'

/** What a push tells of the follower himself: he wrote, did something else, or left. */
export type Sign = 'wrote' | 'acted' | 'left'

export function toSign({ kind }: OfficialPush): Sign | null {
  switch (kind) {
    case 'text':
    case 'message':
      return 'wrote'
    case 'clicked':
    case 'subscribed':
      return 'acted'
    case 'unsubscribed':
      return 'left'
    case 'other':
      return null
  }
}

/** What decides whether the account may write to a follower by itself; `sentAt` of the messages it has sent. */
export type Reach = {
  wroteAt: Date | null
  actedAt: Date | null
  leftAt: Date | null
  sentAt: readonly Date[]
}

const AFTER_A_MESSAGE_MS = 48 * 3_600_000
const AFTER_AN_ACT = { ms: 60_000, most: 3 }

/** The platform's windows (platform-facts 6): `limit` messages within 48 h of one of his, three within a minute of another act. */
export function mayWriteTo(
  { wroteAt, actedAt, leftAt, sentAt }: Reach,
  limit: number,
  now: Date,
): boolean {
  const isOpen = (since: Date | null, ms: number, most: number): boolean =>
    since !== null &&
    now.getTime() - since.getTime() < ms &&
    sentAt.filter((at) => at >= since).length < most
  return (
    leftAt === null &&
    (isOpen(wroteAt, AFTER_A_MESSAGE_MS, limit) ||
      isOpen(actedAt, AFTER_AN_ACT.ms, Math.min(limit, AFTER_AN_ACT.most)))
  )
}
