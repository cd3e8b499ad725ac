import type { BindingStatusAnswer } from '../../../shared/api/binding.ts'
import type { BindingNotice, MeAnswer, NextStep } from '../../../shared/api/sign-in.ts'
import type { Told } from '../../../shared/why-customer.ts'
import { toSentences } from '../../../shared/why.ts'

const CONFIRM = '请回到客服聊天，点一下「打开小程序完成绑定」'

type Facts = {
  told: Told
  /** While nothing is tied: how the binding stands, and what the bind page says about that. */
  state: BindingStatusAnswer['state']
  stateText: string | undefined
}

/** The one thing a customer should do now: what the reason says, unless an attempt waits for him. */
export function toNextStep({ told: { why, step }, state, stateText }: Facts): {
  step: NextStep
  text: string
} {
  return step === 'get_code' && state === 'awaiting_confirmation'
    ? { step: 'confirm', text: stateText ?? CONFIRM }
    : { step, text: toSentences(why) }
}

type Claim = {
  phoneMasked: string
  since: Date
  expiresAt: Date
  status: 'waiting' | 'bound' | 'expired'
}

/** What he has stated and nobody has proven yet, as long as it waits. */
export const toStatedPhone = (
  claim: Claim | null,
  now: Date,
): Required<MeAnswer>['claim'] | null =>
  claim?.status === 'waiting' && claim.expiresAt > now
    ? {
        phoneMasked: claim.phoneMasked,
        since: claim.since.toISOString(),
        expiresAt: claim.expiresAt.toISOString(),
      }
    : null

export type Tie = {
  app: string
  way: string
  tiedAt: Date
  endedAt: Date | null
  endedBy: 'customer' | 'contact' | 'not_me' | 'admin' | null
  silent: boolean
}
/** `changedAt`: an admin changed the phone; `toldAt`: since when that stands on the pages of this account. */
type PhoneChange = { changedAt: Date | null; toldAt: Date | null; mayQuery: boolean }
export type News = {
  own: Tie | undefined
  beside: Tie | undefined
  attemptAt: Date | null
  phone: PhoneChange
  now: Date
}

const DAY_MS = 24 * 3_600_000
/** What happened longer ago is no news. */
export const NEWS_MS = 7 * DAY_MS
const END_IT = '如果不是您本人操作，请在「我的」里解除绑定，或在客服聊天里发送「解绑」。'
const ENDED: Partial<Record<NonNullable<Tie['endedBy']>, string>> = {
  contact: '绑定已在客服聊天里解除。如果不是您本人操作，请联系客服。',
  admin: '绑定已由工作人员解除。如有疑问，请联系客服。',
}
const ATTEMPT =
  '有一次绑定不是您的小程序帐号申请的，已经作废，您的项目没有给别人看到。请不要替别人发送绑定码，也不要点别人发来的客服链接。'
const PHONE_CHANGED =
  '您登记的手机号已由工作人员更改，为安全起见需要重新登录。新的手机号核实之后，就能再次查看项目进度。如有疑问，请联系客服。'

/** The newest thing that happened to the binding and that nobody has told here (D22); what the account itself did it knows. */
export function toNotice({ own, beside, attemptAt, phone, now }: News): BindingNotice | undefined {
  const candidates = [
    own && toOwnNotice(own),
    beside && toBesideNotice(beside),
    attemptAt ? toAttemptNotice(attemptAt) : undefined,
  ].filter((one) => one !== undefined)
  const news = candidates.filter(({ at }) => now.getTime() - at.getTime() < NEWS_MS)
  const changed = toPhoneNotice(phone, now)
  const [newest] = [...news, ...(changed ? [changed] : [])].toSorted(
    (one, other) => other.at.getTime() - one.at.getTime(),
  )
  return newest && { ...newest, at: newest.at.toISOString() }
}

type Candidate = { kind: BindingNotice['kind']; title: string; text: string; at: Date }

function toOwnNotice({ way, tiedAt, endedAt, endedBy, silent }: Tie): Candidate | undefined {
  if (endedAt === null)
    return silent
      ? {
          kind: 'bound',
          title: '绑定已完成',
          text: `这个小程序帐号已绑定：${way}。您不用再做什么。${END_IT}`,
          at: tiedAt,
        }
      : undefined
  const text = endedBy === null ? undefined : ENDED[endedBy]
  return text === undefined
    ? undefined
    : { kind: 'unbound', title: '绑定已解除', text, at: endedAt }
}

function toBesideNotice({ app, way, tiedAt }: Tie): Candidate {
  return {
    kind: 'bound_beside',
    title: '绑定有变化',
    text: `另有一个${app === 'official' ? '公众号' : '小程序'}帐号也绑定了您的微信：${way}。是您本人操作的，不用再做什么。${END_IT}`,
    at: tiedAt,
  }
}

const toAttemptNotice = (at: Date): Candidate => ({
  kind: 'attempt',
  title: '拦下了一次绑定',
  text: ATTEMPT,
  at,
})

/** However late he comes he reads it for a day, unless his new phone has been proven by then. */
function toPhoneNotice(
  { changedAt, toldAt, mayQuery }: PhoneChange,
  now: Date,
): Candidate | undefined {
  if (changedAt === null || mayQuery) return undefined
  const wasTold = toldAt !== null && toldAt >= changedAt
  if (wasTold && now.getTime() - toldAt.getTime() >= DAY_MS) return undefined
  return { kind: 'phone_changed', title: '手机号已变更', text: PHONE_CHANGED, at: changedAt }
}
