import type { BindingStatusAnswer } from '../../../shared/api/binding.ts'
import type { BindingNotice, NextStep } from '../../../shared/api/sign-in.ts'
import type { Why, WhyCode } from '../../../shared/api/why.ts'
import { toSentences } from '../../../shared/why.ts'

const CONFIRM = '请回到客服聊天，点一下「打开小程序完成绑定」'
/** Says nothing of whether a salesperson has added that phone (D16). */
const PHONE_STATED =
  '已收到您的手机号，请等待顾问添加您。如果他已经添加您，请点开他在微信里发给您的卡片，或获取验证码完成绑定'

type Facts = {
  why: Why
  /** While nothing is tied: how the binding stands, and what the bind page says about that. */
  state: BindingStatusAnswer['state']
  stateText: string | undefined
  phoneStated: boolean
}

const STEPS: Record<WhyCode, Exclude<NextStep, 'confirm'>> = {
  may_query: 'view_projects',
  no_order: 'view_projects',
  order_held: 'view_projects',
  suspended: 'contact_support',
  not_added: 'wait_for_advisor',
  added_otherwise: 'wait_for_advisor',
  customer_searched: 'wait_for_advisor',
  phone_missing: 'wait_for_advisor',
  phone_in_question: 'wait_for_advisor',
  no_phone_stated: 'wait_for_advisor',
  not_bound: 'get_code',
  ended: 'get_code',
}

/** The one thing a customer should do now. */
export function toNextStep({ why, state, stateText, phoneStated }: Facts): {
  step: NextStep
  text: string
} {
  const step = STEPS[why.code]
  if (step !== 'get_code') return { step, text: toSentences(why) }
  if (state === 'awaiting_confirmation') return { step: 'confirm', text: stateText ?? CONFIRM }
  return { step, text: phoneStated ? PHONE_STATED : toSentences(why) }
}

export type Tie = {
  app: string
  way: string
  tiedAt: Date
  endedAt: Date | null
  endedBy: 'customer' | 'contact' | 'not_me' | 'admin' | null
  silent: boolean
}
type News = { own: Tie | undefined; beside: Tie | undefined; now: Date }

const NEWS_MS = 7 * 24 * 3_600_000
const END_IT = '如果不是您本人操作，请在「我的」里解除绑定，或在客服聊天里发送「解绑」。'
const ENDED: Partial<Record<NonNullable<Tie['endedBy']>, string>> = {
  contact: '绑定已在客服聊天里解除。如果不是您本人操作，请联系您的顾问。',
  admin: '绑定已由工作人员解除。如有疑问，请联系您的顾问。',
}

/** The newest thing that happened to the binding and that nobody has told here (D22); what the account itself did it knows. */
export function toNotice({ own, beside, now }: News): BindingNotice | undefined {
  const candidates = [own && toOwnNotice(own), beside && toBesideNotice(beside)].filter(
    (one) => one !== undefined,
  )
  const news = candidates.filter(({ at }) => now.getTime() - at.getTime() < NEWS_MS)
  const [newest] = news.toSorted((one, other) => other.at.getTime() - one.at.getTime())
  return newest && { ...newest, at: newest.at.toISOString() }
}

type Candidate = { kind: BindingNotice['kind']; text: string; at: Date }

function toOwnNotice({ way, tiedAt, endedAt, endedBy, silent }: Tie): Candidate | undefined {
  if (endedAt === null)
    return silent
      ? { kind: 'bound', text: `这个小程序帐号已绑定（${way}）。${END_IT}`, at: tiedAt }
      : undefined
  const text = endedBy === null ? undefined : ENDED[endedBy]
  return text === undefined ? undefined : { kind: 'unbound', text, at: endedAt }
}

function toBesideNotice({ app, way, tiedAt }: Tie): Candidate {
  return {
    kind: 'bound_beside',
    text: `您的微信还绑定了一个${app === 'official' ? '公众号' : '小程序'}帐号（${way}）。${END_IT}`,
    at: tiedAt,
  }
}
