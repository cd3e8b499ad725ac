import type { BindingStatusAnswer } from '../../../shared/api/binding.ts'

/** The numbers of product.md, section 2, "Short codes". */
export const CODE = {
  lifeMs: 5 * 60_000,
  toleranceMs: 5_000,
  liveAtMost: 2,
  notReissuedForMs: 24 * 3_600_000,
  messageTooOldMs: 15 * 60_000,
} as const
export const CONFIRMATION_LIFE_MS = 10 * 60_000
/** How long a welcome card may wait to be opened. */
export const WELCOME_TICKET_MS = 72 * 3_600_000
/** How long ended codes, attempts and tickets are kept. */
export const KEPT_MS = 30 * 24 * 3_600_000
/** How long an attempt waits for a human to end his session with the customer. */
export const HUMAN_SESSION_MS = 2 * 3_600_000

type Code = { status: 'live' | 'used' | 'superseded' | 'expired'; issuedAt: Date; expiresAt: Date }
type Attempt = { state: 'open' | 'bound' | 'refused' | 'expired' | 'superseded'; reason: string | null; createdAt: Date; expiresAt: Date; decidedAt: Date | null }
export type StatusFacts = {
  /** When the account was tied to its customer; null: it is not. */
  tiedAt: Date | null
  mayQuery: boolean
  latestCode: Code | null
  latestAttempt: Attempt | null
  now: Date
}

type Reason = NonNullable<BindingStatusAnswer['reason']>

const TEXTS: Record<Reason, string> = {
  checking: '已收到您的验证码，正在核对，请稍候',
  awaiting_tap: '请回到客服聊天，点一下「打开小程序完成绑定」',
  say_anything: '请在聊天里发任意一句话，随后会收到确认卡片',
  human_serving: '人工客服正在为您服务，结束后会自动发来确认卡片',
  unionid_mismatch: '发送验证码的微信与当前微信不是同一个人，请用本人微信发送',
  account_taken: '当前小程序已与另一位联系人绑定，请先解绑，或联系顾问处理',
  contact_taken: '该微信已绑定另一个小程序帐号，请先在那里解绑，或联系顾问处理',
  not_me: '对方在聊天中点了「不是我」，本次绑定已取消',
  withdrawn: '验证码消息已被撤回，本次绑定已取消',
  opened_by_other: '确认卡片被另一个微信打开，为安全起见本次绑定已作废，请重新获取验证码',
  code_expired: '验证码已过期，请获取新的验证码',
  superseded: '验证码已被新的操作替换，请获取新的验证码',
  not_added_yet: '绑定已完成，请等待顾问通过手机号添加您',
}

const answer = (state: BindingStatusAnswer['state'], reason?: Reason, expiresAt?: Date): BindingStatusAnswer => ({
  state, ...(expiresAt && { expiresAt: expiresAt.toISOString() }), ...(reason && { reason, text: TEXTS[reason] }),
})

/** What the bind page shows: the newest of tie, attempt and code decides. */
export function toStatus(facts: StatusFacts): BindingStatusAnswer {
  const { latestAttempt: attempt, latestCode: code, tiedAt, now } = facts
  if (tiedAt && !(attempt?.decidedAt && attempt.state === 'refused' && attempt.decidedAt > tiedAt && now.getTime() - attempt.decidedAt.getTime() < CONFIRMATION_LIFE_MS)) {
    return answer('bound', facts.mayQuery ? undefined : 'not_added_yet')
  }
  if (attempt?.state === 'open' && attempt.expiresAt > now) return answer('awaiting_confirmation', toReason(attempt.reason), attempt.expiresAt)
  if (code?.status === 'live' && code.expiresAt > now) return answer('code_live', undefined, code.expiresAt)
  if (attempt && !(code && code.issuedAt > attempt.createdAt)) return toEnded(attempt)
  return code ? answer('expired', code.status === 'superseded' ? 'superseded' : 'code_expired') : answer('none')
}

function toEnded(attempt: Attempt): BindingStatusAnswer {
  if (attempt.state === 'refused') return answer('refused', toReason(attempt.reason))
  if (attempt.state === 'superseded') return answer('expired', 'superseded')
  return attempt.state === 'bound' ? answer('none') : answer('expired', 'code_expired')
}

const toReason = (reason: string | null): Reason => (reason !== null && Object.hasOwn(TEXTS, reason) ? (reason as Reason) : 'checking')
