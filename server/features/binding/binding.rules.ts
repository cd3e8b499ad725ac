import type { BindingStatusAnswer } from '../../../shared/api/binding.ts'
import type { Why } from '../../../shared/api/why.ts'
import { toSentences } from '../../../shared/why.ts'

export const CONFIRMATION_LIFE_MS = 10 * 60_000
/** How long a welcome card may wait to be opened. */
export const WELCOME_TICKET_MS = 72 * 3_600_000
/** How long ended codes, attempts and tickets are kept. */
export const KEPT_MS = 30 * 24 * 3_600_000
/** How long an attempt waits for a human to end his session with the customer. */
export const HUMAN_SESSION_MS = 2 * 3_600_000

type Code = {
  status: 'live' | 'used' | 'superseded' | 'expired' | 'alarmed'
  issuedAt: Date
  expiresAt: Date
}
type Attempt = {
  via: 'kf_code' | 'kf_link' | 'ticket'
  state: 'open' | 'bound' | 'refused' | 'expired' | 'superseded'
  reason: string | null
  createdAt: Date
  expiresAt: Date
  decidedAt: Date | null
}
export type StatusFacts = {
  /** When the account was tied to its customer; null: it is not. */
  tiedAt: Date | null
  /** Tied, and why he sees no projects all the same; null: he may. */
  why: Why | null
  latestCode: Code | null
  latestAttempt: Attempt | null
  /** The account has stated a phone that still waits (E6). */
  phoneStated: boolean
  now: Date
}

type Reason = NonNullable<BindingStatusAnswer['reason']>

const TEXTS: Record<Exclude<Reason, 'not_added_yet'>, string> = {
  checking: '已经收到，正在核对，请稍候',
  card_opened:
    '请填写您的手机号，和顾问登记的一致就会完成绑定。也可以打开客服聊天，发任意一句话，再点收到的「打开小程序完成绑定」',
  awaiting_tap: '请回到客服聊天，点一下「打开小程序完成绑定」',
  say_anything: '请在聊天里发任意一句话，随后会收到确认卡片',
  human_serving: '人工客服正在为您服务，结束后会自动发来确认卡片',
  unionid_mismatch: '打开客服聊天的微信与当前微信不是同一个人，请用本人的微信操作',
  account_taken: '当前小程序已与另一位联系人绑定，请先解绑，或联系客服处理',
  contact_taken: '该微信已绑定另一个小程序帐号，请先在那里解绑，或联系客服处理',
  not_me: '客服聊天里点了「不是我」，本次绑定已取消。如果是误点，请重新打开客服聊天',
  withdrawn: '绑定码消息已被撤回，本次绑定已取消',
  opened_by_other:
    '确认卡片不是在这个微信里打开的，为安全起见本次绑定已作废。请用这个微信重新打开客服聊天',
  code_expired: '这一次已经过期，请重新打开客服聊天',
  superseded: '已被新的操作替换，请重新打开客服聊天',
  code_too_short:
    '为安全起见，6 位绑定码暂停使用。请获取新的 8 位绑定码，或点「打开客服聊天」直接绑定，不用输入绑定码',
}

/** The same for who came by a card: he never had a code. */
const TEXTS_OF_CARD: Partial<Record<Reason, string>> = {
  checking: '正在核对，请稍候',
  unionid_mismatch:
    '这张卡片是发给另一个微信的，没有绑定。请用收到卡片的微信打开，或打开客服聊天完成绑定',
  opened_by_other: '确认卡片不是在这个微信里打开的，为安全起见本次绑定已作废',
}
/** It did not bind by itself: whether that is because nobody was found by this number is told to nobody who only claims it (D16). */
const PHONE_STATED =
  '已收到您的手机号。还差一步：请打开客服聊天，发任意一句话，再点收到的「打开小程序完成绑定」'

type More = { reason?: keyof typeof TEXTS; expiresAt?: Date; text?: string | undefined }

const answer = (
  state: BindingStatusAnswer['state'],
  { reason, expiresAt, text }: More = {},
): BindingStatusAnswer => ({
  state,
  ...(expiresAt && { expiresAt: expiresAt.toISOString() }),
  ...(reason && { reason, text: text ?? TEXTS[reason] }),
})

/** What the bind page shows: the newest of tie, attempt and code decides. */
export function toStatus(facts: StatusFacts): BindingStatusAnswer {
  const { latestAttempt: attempt, latestCode: code, tiedAt, now } = facts
  if (
    tiedAt &&
    !(
      attempt?.decidedAt &&
      attempt.state === 'refused' &&
      attempt.decidedAt > tiedAt &&
      now.getTime() - attempt.decidedAt.getTime() < CONFIRMATION_LIFE_MS
    )
  ) {
    return toBound(facts.why)
  }
  const isCodeLive = code?.status === 'live' && code.expiresAt > now
  // A code that was asked for after the attempt is what its owner wants to see; the attempt can be finished all the same.
  if (
    attempt?.state === 'open' &&
    attempt.expiresAt > now &&
    !(isCodeLive && code.issuedAt > attempt.createdAt)
  )
    return toOpen(attempt, facts.phoneStated)
  if (isCodeLive) return answer('code_live', { expiresAt: code.expiresAt })
  if (attempt && !(code && code.issuedAt > attempt.createdAt)) return toEnded(attempt)
  return code
    ? answer('expired', { reason: REASON_OF_END[code.status] ?? 'code_expired' })
    : answer('none')
}

const toBound = (why: Why | null): BindingStatusAnswer => ({
  state: 'bound',
  ...(why && { reason: 'not_added_yet', text: toSentences(why), why }),
})

const REASON_OF_END: Partial<Record<Code['status'], keyof typeof TEXTS>> = {
  superseded: 'superseded',
  alarmed: 'code_too_short',
}

function toOpen(attempt: Attempt, phoneStated: boolean): BindingStatusAnswer {
  const reason = toReason(attempt.reason)
  const text = reason === 'card_opened' && phoneStated ? PHONE_STATED : toText(attempt, reason)
  return answer('awaiting_confirmation', { reason, expiresAt: attempt.expiresAt, text })
}

function toEnded(attempt: Attempt): BindingStatusAnswer {
  const reason = toReason(attempt.reason)
  if (attempt.state === 'refused')
    return answer('refused', { reason, text: toText(attempt, reason) })
  if (attempt.via === 'ticket') return answer('none')
  if (attempt.state === 'superseded') return answer('expired', { reason: 'superseded' })
  return attempt.state === 'bound' ? answer('none') : answer('expired', { reason: 'code_expired' })
}

const toText = ({ via }: Attempt, reason: keyof typeof TEXTS): string | undefined =>
  via === 'ticket' ? TEXTS_OF_CARD[reason] : undefined

const toReason = (reason: string | null): keyof typeof TEXTS =>
  reason !== null && Object.hasOwn(TEXTS, reason) ? (reason as keyof typeof TEXTS) : 'checking'
