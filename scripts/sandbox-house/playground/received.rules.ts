import { maskPhone } from '../../../shared/phone.ts'
import type { SandboxDelivery } from './sandbox-control.ts'
import { ms, type Entry } from './timeline.rules.ts'
import * as words from './playground.words.rules.ts'

const { wordOf } = words

// What came in: callbacks, messages, people in the mini-program.

/** A callback as server/outside/wecom reads it, as far as it is shown. */
type Heard = {
  kind: string
  change?: string
  userId?: string
  externalUserId?: string
  event?: string
}

export type MessageRow = {
  id: number
  at: Date
  externalUserId: string | null
  intent: { kind: string; type?: string }
  outcome: string | null
}
export type ClaimRow = { id: number; at: Date; openid: string; phone: string; isContested: boolean }
/** A push of the official account, as far as it is kept: what was said to it. */
export type PushRow = { id: number; at: Date; openid: string | null; said: string }
/** `setAside`: why nobody could make anything of it. */
export function fromCallback({
  id,
  at,
  heard,
  setAside,
}: {
  id: number
  at: Date
  heard: Heard
  setAside: string | null
}): Entry {
  const base = {
    key: `callback-${String(id)}`,
    at: ms(at),
    lane: 'received' as const,
    tone: 'plain' as const,
  }
  if (setAside !== null)
    return {
      ...base,
      tone: 'bad',
      title: '回调：读不懂，放到一边',
      note: `${setAside}；后面的不受影响`,
    }
  if (heard.kind === 'kf-rang')
    return { ...base, title: '回调：微信客服有新消息', note: '只是门铃，内容要自己去拉' }
  if (heard.kind !== 'contact-changed')
    return { ...base, title: `回调：${wordOf(words.EVENTS, heard.event ?? '其他事件')}` }
  return {
    ...base,
    title: `回调：成员${wordOf(words.CHANGES, heard.change ?? '')}`,
    ...(heard.userId !== undefined && { member: heard.userId }),
    ...(heard.externalUserId !== undefined && { externalUserId: heard.externalUserId }),
  }
}

export const fromPush = ({ id, at, openid, said }: PushRow): Entry => ({
  key: `push-${String(id)}`,
  at: ms(at),
  lane: 'received',
  tone: said === 'too_soon' ? 'bad' : 'plain',
  title: `公众号：${wordOf(words.PUSHES, said)}`,
  note: '5 秒内直接回复',
  ...(openid !== null && { openid }),
})

export function fromMessage({ id, at, externalUserId, intent, outcome }: MessageRow): Entry | null {
  if (intent.kind === 'ignored') return null
  const isBad =
    outcome === 'missed' || outcome === 'paused' || outcome === 'failed' || outcome === 'too_old'
  return {
    key: `message-${String(id)}`,
    at: ms(at),
    lane: 'received',
    tone: isBad ? 'bad' : outcome === 'claimed' ? 'good' : 'plain',
    title: wordOf(words.INTENTS, intent.kind),
    note: outcome === null ? '处理中' : wordOf(words.MESSAGE_OUTCOMES, outcome),
    ...(externalUserId !== null && { externalUserId }),
  }
}

export const fromSignIn = ({ at, openid }: { at: Date; openid: string }): Entry => ({
  key: `session-${openid}-${String(ms(at))}`,
  at: ms(at),
  lane: 'received',
  tone: 'plain',
  title: '小程序登录',
  note: 'wx.login，会话只存指纹',
  openid,
})

export const fromClaim = ({ id, at, openid, phone, isContested }: ClaimRow): Entry => ({
  key: `claim-${String(id)}`,
  at: ms(at),
  lane: 'received',
  tone: isContested ? 'bad' : 'wait',
  title: `帐号声明手机号 ${phone.includes('*') ? phone : maskPhone(phone)}`,
  note: isContested ? '已有别的帐号声明同一个号码：记为有争议' : '只是线索，不会因此绑定',
  evidence: 'E6',
  openid,
})

/** Callbacks that did not arrive, which the server itself cannot know. */
export function fromDelivery({ at, name, outcome }: SandboxDelivery, index: number): Entry | null {
  if (outcome !== 'dropped' && outcome !== 'given up') return null
  return {
    key: `delivery-${String(at)}-${String(index)}`,
    at,
    lane: 'received',
    tone: 'bad',
    title: outcome === 'dropped' ? '回调丢失（平台侧故障）' : '回调三次都没有送达',
    note: name,
  }
}
