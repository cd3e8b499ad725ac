import type { NextStep } from '../../../shared/api/sign-in.ts'
import type { BindingStatusAnswer } from '../../../shared/api/binding.ts'

const TEXTS: Record<NextStep, string> = {
  get_code: '请获取验证码，并发送给企业微信客服，完成绑定',
  confirm: '请回到客服聊天，点一下「打开小程序完成绑定」',
  wait_for_advisor: '绑定已完成。请等待您的顾问通过手机号添加您为企业微信好友，添加后即可查看项目进度',
  view_projects: '您可以查看项目进度了',
  contact_support: '您的绑定需要人工核实，请联系您的顾问或客服',
}

/** Says nothing of whether a salesperson has added that phone (D16). */
const PHONE_STATED = '已收到您的手机号，请等待顾问添加您。如果他已经添加您，请点开他在微信里发给您的卡片，或获取验证码完成绑定'
const NOT_VERIFIED = '绑定已完成，顾问也已经是您的好友。请联系他在企业微信里登记并核实您的手机号，核实后即可查看项目进度'

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
