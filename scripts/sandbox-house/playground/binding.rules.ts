import { ms, type Entry } from './timeline.rules.ts'
import * as words from './playground.words.rules.ts'

const { wordOf } = words

// Codes, attempts, tickets and wrong digits.

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
  title: `发出 ${String(digits)} 位绑定码和绑定链接`,
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
  const how = via === 'kf_link' ? '绑定链接' : via === 'kf_code' ? '绑定码' : '确认卡片'
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
  title: '记一次错误的绑定码',
  note: '15 分钟 5 次就暂停；数字本身不保存',
  externalUserId,
})
