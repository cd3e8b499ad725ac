import { maskPhone } from '../../../shared/phone.ts'
import type { SandboxCall, SandboxDelivery } from './sandbox-control.ts'
import * as words from './playground.words.rules.ts'

const { wordOf } = words

export type Lane = 'received' | 'decided' | 'sent'
export type Tone = 'plain' | 'good' | 'wait' | 'bad'
/** One line of the timeline. `row` is the row of a decision table, `evidence` an E number; people are named by the page. */
export type Entry = {
  key: string
  at: number
  lane: Lane
  tone: Tone
  title: string
  note?: string
  row?: string
  evidence?: string
  openid?: string
  externalUserId?: string
  member?: string
}
/** A callback as server/outside/wecom reads it, as far as it is shown. */
type Heard = {
  kind: string
  change?: string
  userId?: string
  externalUserId?: string
  event?: string
}

/** What the store reads. */
export type MessageRow = {
  id: number
  at: Date
  externalUserId: string | null
  intent: { kind: string; type?: string }
  outcome: string | null
}
export type ClaimRow = { id: number; at: Date; openid: string; phone: string; isContested: boolean }
export type AttemptRow = {
  id: string
  at: Date
  decidedAt: Date | null
  openid: string
  externalUserId: string
  via: string
  state: string
  reason: string | null
}
export type TicketRow = {
  id: string
  at: Date
  usedAt: Date | null
  externalUserId: string
  usedBy: string | null
  outcome: string | null
}
export type EvidenceRow = {
  id: number
  at: Date
  kind: string
  openid: string | null
  externalUserId: string | null
  phone: string | null
  member: string | null
  revokedAt: Date | null
  revokedReason: string | null
}
export type DecisionRow = {
  id: number
  at: Date
  openid: string | null
  externalUserId: string | null
  phone: string | null
  decision: string
  outcome: string
  actor: string
  reason: string | null
  moved: string[] | null
  stay: string[] | null
}
/** A push of the official account, as far as it is kept: what was said to it. */
export type PushRow = { id: number; at: Date; openid: string | null; said: string }
export type NoticeRow = { kind: string; subject: string; at: Date; openid: string }
export type FollowEventRow = {
  id: number
  at: Date
  type: string
  externalUserId: string
  member: string
  addWay: number | null
}
export type StandingRow = { externalUserId: string; status: string; mayQuery: boolean }

const ms = (at: Date): number => at.getTime()

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
    return { ...base, title: `回调：${heard.event ?? '其他事件'}` }
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

export const fromNotice = ({ kind, subject, at, openid }: NoticeRow): Entry => ({
  key: `notice-${kind}-${subject}`,
  at: ms(at),
  lane: 'decided',
  tone: kind === 'bound' ? 'good' : 'plain',
  title: `公众号：${wordOf(words.NOTICES, kind)}`,
  note: '只在微信允许主动发消息的时间里，且只说一次',
  openid,
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

export const fromCode = ({
  id,
  at,
  openid,
  digits,
}: {
  id: number
  at: Date
  openid: string
  digits: number
}): Entry => ({
  key: `code-${String(id)}`,
  at: ms(at),
  lane: 'decided',
  tone: 'plain',
  title: `发出 ${String(digits)} 位验证码和绑定链接`,
  note: '5 分钟内有效、用一次；数据库里只有 HMAC',
  openid,
})

export function fromAttempt({
  id,
  at,
  decidedAt,
  openid,
  externalUserId,
  via,
  state,
  reason,
}: AttemptRow): Entry[] {
  const who = { lane: 'decided' as const, openid, externalUserId }
  const how = via === 'kf_link' ? '绑定链接' : via === 'kf_code' ? '验证码' : '确认卡片'
  const begun: Entry = {
    ...who,
    key: `attempt-${id}`,
    at: ms(at),
    tone: 'wait',
    title: `开始一次绑定（${how}）`,
    note: '先核对是谁，再由决策表决定',
  }
  if (decidedAt === null || state === 'open') return [begun]
  const isBound = state === 'bound'
  return [
    begun,
    {
      ...who,
      key: `attempt-end-${id}`,
      at: ms(decidedAt),
      tone: isBound ? 'good' : 'bad',
      title: isBound ? '这次绑定完成' : `这次绑定作废：${wordOf(words.ENDINGS, reason ?? state)}`,
    },
  ]
}

export function fromTicket({
  id,
  at,
  usedAt,
  externalUserId,
  usedBy,
  outcome,
}: TicketRow): Entry[] {
  const issued: Entry = {
    key: `ticket-${id}`,
    at: ms(at),
    lane: 'decided',
    tone: 'plain',
    title: '生成一次性确认凭证',
    note: '只发到这个聊天，10 分钟有效',
    externalUserId,
  }
  if (usedAt === null) return [issued]
  const isIssuer = outcome === 'issuer'
  const opened: Entry = {
    key: `ticket-used-${id}`,
    at: ms(usedAt),
    lane: 'received',
    tone: isIssuer ? 'good' : 'bad',
    title: isIssuer ? '发码的帐号打开了确认卡片' : '另一个帐号打开了确认卡片',
    externalUserId,
    ...(usedBy !== null && { openid: usedBy }),
  }
  return [issued, opened]
}

export function fromEvidence(row: EvidenceRow, after: number): Entry[] {
  const known = words.EVIDENCE[row.kind]
  const who = {
    ...(row.openid !== null && { openid: row.openid }),
    ...(row.externalUserId !== null && { externalUserId: row.externalUserId }),
    ...(row.member !== null && { member: row.member }),
  }
  const base = { lane: 'decided' as const, evidence: known?.id ?? row.kind, ...who }
  const noted: Entry = {
    ...base,
    key: `evidence-${String(row.id)}`,
    at: ms(row.at),
    tone: 'good',
    title: `记下证据：${known?.text ?? row.kind}`,
    ...(row.phone !== null && { note: row.phone }),
  }
  const revoked: Entry[] =
    row.revokedAt === null
      ? []
      : [
          {
            ...base,
            key: `evidence-end-${String(row.id)}`,
            at: ms(row.revokedAt),
            tone: 'bad',
            title: '证据失效',
            note: wordOf(words.REVOKED, row.revokedReason ?? ''),
          },
        ]
  return [noted, ...revoked].filter((entry) => entry.at > after)
}

const BAD = new Set(['refuse', 'untie', 'suspend', 'revoke', 'hand over'])
const MEMBER = /^[a-z][a-z0-9_.@-]*$/

/** Who did it, if that was a member: keys of admins and our own tables have names of other kinds. */
export const memberOf = (actor: string): Pick<Entry, 'member'> =>
  MEMBER.test(actor) && actor !== 'contact' && actor !== 'playground' ? { member: actor } : {}

function toOutcome({ phone, reason, moved, stay }: DecisionRow): string | null {
  if (moved === null || stay === null)
    return phone ?? (reason === null ? null : wordOf(words.ENDINGS, reason))
  const list = (orderNos: readonly string[]): string =>
    orderNos.length === 0 ? '无' : orderNos.join('、')
  return `${phone ?? ''} 转走：${list(moved)}；留给他：${list(stay)}`.trim()
}

export function fromDecision(row: DecisionRow): Entry {
  const { id, at, openid, externalUserId, decision, outcome, actor } = row
  const note = toOutcome(row)
  return {
    key: `decision-${String(id)}`,
    at: ms(at),
    lane: 'decided',
    tone: BAD.has(outcome) ? 'bad' : 'good',
    row: decision,
    title: `${wordOf(words.OUTCOMES, outcome)}：${wordOf(words.DECISIONS, decision)}`,
    ...(note !== null && { note }),
    ...(openid !== null && { openid }),
    ...(externalUserId !== null && { externalUserId }),
    ...memberOf(actor),
  }
}

export function fromFollowEvent({
  id,
  at,
  type,
  externalUserId,
  member,
  addWay,
}: FollowEventRow): Entry | null {
  if (type !== 'add_external_contact') return null
  const isSearch = addWay === 2
  return {
    key: `follow-${String(id)}`,
    at: ms(at),
    lane: 'decided',
    tone: isSearch ? 'good' : 'wait',
    title: `核对添加方式：${wordOf(words.ADD_WAYS, String(addWay))}（add_way ${String(addWay)}）`,
    note: isSearch
      ? '再看是不是成员搜索、备注里是否只有一个号码'
      : '不是手机号搜索，不能证明手机号',
    externalUserId,
    member,
  }
}

export const fromReview = ({
  id,
  at,
  kind,
  externalUserId,
}: {
  id: number
  at: Date
  kind: string
  externalUserId: string | null
}): Entry => ({
  key: `review-${String(id)}`,
  at: ms(at),
  lane: 'decided',
  tone: 'bad',
  title: `请人工核实：${wordOf(words.REVIEWS, kind)}`,
  ...(externalUserId !== null && { externalUserId }),
})

export const fromWrongTry = ({
  id,
  at,
  externalUserId,
}: {
  id: number
  at: Date
  externalUserId: string
}): Entry => ({
  key: `try-${String(id)}`,
  at: ms(at),
  lane: 'decided',
  tone: 'bad',
  title: '记一次错误的验证码',
  note: '15 分钟 5 次就暂停；数字本身不保存',
  externalUserId,
})

export function fromCall({ at, method, path, errcode }: SandboxCall, index: number): Entry {
  const name = path.replace(/^\/(?:wecom\/cgi-bin|weixin)\//, '')
  return {
    key: `call-${String(at)}-${String(index)}`,
    at,
    lane: 'sent',
    tone: errcode === 0 ? 'plain' : Object.hasOwn(words.REFUSALS, errcode) ? 'wait' : 'bad',
    title: wordOf(words.CALLS, name),
    note: `${method} ${name}${errcode === 0 ? '' : ` · ${String(errcode)} ${words.REFUSALS[errcode] ?? ''}`}`,
  }
}

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

const LANES: Readonly<Record<Lane, number>> = { sent: 0, decided: 1, received: 2 }

/** Newest first; in one millisecond an effect stands above its cause. */
export const toTimeline = (
  entries: readonly (Entry | null)[],
  after: number,
  most: number,
): Entry[] =>
  entries
    .filter((entry) => entry !== null)
    .filter((entry) => entry.at > after)
    .toSorted((a, b) => b.at - a.at || LANES[a.lane] - LANES[b.lane])
    .slice(0, most)
