import type { NextStep } from '../../../shared/api/sign-in.ts'
import type { BindingStatusAnswer } from '../../../shared/api/binding.ts'

const TEXTS: Record<NextStep, string> = {
  get_code: '请获取验证码，并发送给企业微信客服，完成绑定',
  confirm: '请回到客服聊天，点一下「打开小程序完成绑定」',
  wait_for_advisor: '绑定已完成。请等待您的顾问通过手机号添加您为企业微信好友，添加后即可查看项目进度',
  view_projects: '您可以查看项目进度了',
  contact_support: '您的绑定需要人工核实，请联系您的顾问或客服',
}

/** The one thing a customer should do now. */
export function toNextStep(facts: { state: BindingStatusAnswer['state']; mayQuery: boolean; suspended: boolean }): { step: NextStep; text: string } {
  const step = decide(facts)
  return { step, text: TEXTS[step] }
}

function decide({ state, mayQuery, suspended }: { state: BindingStatusAnswer['state']; mayQuery: boolean; suspended: boolean }): NextStep {
  if (suspended) return 'contact_support'
  if (mayQuery) return 'view_projects'
  if (state === 'bound') return 'wait_for_advisor'
  return state === 'awaiting_confirmation' ? 'confirm' : 'get_code'
}
