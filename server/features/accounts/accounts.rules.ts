import type { BindingNotice, NextStep } from '../../../shared/api/sign-in.ts'
import type { BindingStatusAnswer } from '../../../shared/api/binding.ts'

const TEXTS: Record<NextStep, string> = {
  get_code: '请获取验证码，并发送给企业微信客服，完成绑定',
  confirm: '请回到客服聊天，点一下「打开小程序完成绑定」',
  wait_for_advisor:
    '绑定已完成。请等待您的顾问通过手机号添加您为企业微信好友，添加后即可查看项目进度',
  view_projects: '您可以查看项目进度了',
  contact_support: '您的绑定需要人工核实，请联系您的顾问或客服',
}

/** Says nothing of whether a salesperson has added that phone (D16). */
const PHONE_STATED =
  '已收到您的手机号，请等待顾问添加您。如果他已经添加您，请点开他在微信里发给您的卡片，或获取验证码完成绑定'
const NOT_VERIFIED =
  '绑定已完成，顾问也已经是您的好友。请联系他在企业微信里登记并核实您的手机号，核实后即可查看项目进度'

type Facts = {
  state: BindingStatusAnswer['state']
  /** What the bind page says about that state. */
  stateText: string | undefined
  mayQuery: boolean
  suspended: boolean
  /** An advisor has the customer as his contact. */
  followed: boolean
  phoneStated: boolean
}

/** The one thing a customer should do now. */
export function toNextStep(facts: Facts): { step: NextStep; text: string } {
  const step = decide(facts)
  return { step, text: toText(step, facts) }
}

function toText(step: NextStep, { stateText, followed, phoneStated }: Facts): string {
  if (step === 'confirm') return stateText ?? TEXTS.confirm
  if (step === 'get_code' && phoneStated) return PHONE_STATED
  return step === 'wait_for_advisor' && followed ? NOT_VERIFIED : TEXTS[step]
}

function decide({ state, mayQuery, suspended }: Facts): NextStep {
  if (suspended) return 'contact_support'
  if (mayQuery) return 'view_projects'
  if (state === 'bound') return 'wait_for_advisor'
  return state === 'awaiting_confirmation' ? 'confirm' : 'get_code'
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
