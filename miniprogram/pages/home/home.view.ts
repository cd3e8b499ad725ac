import type { MeAnswer, NextStep } from '../../../shared/api/sign-in.ts'
import type { WhyCode } from '../../../shared/api/why.ts'
import type { PhoneUse } from '../../components/phone-form/phone-form.view.ts'
import { toSteps, type GuideStep } from '../../components/step-guide/step-guide.view.ts'
import { formatMoment } from '../../lib/format.ts'
import { PAGES } from '../../lib/ui.ts'

export type HomeView = {
  title: string
  text: string
  /** The one button; no `url`: nothing for the customer to do here but wait. */
  action: string
  url: string
  steps: GuideStep[]
  showPhoneForm: boolean
  phoneUse: PhoneUse
  showProjects: boolean
  showSample: boolean
  /** Whether the answer may change without the customer's doing. */
  waiting: boolean
  waitingText: string
  /** What happened to the binding without the customer's doing here. */
  notice: { text: string; when: string } | null
}

type Card = { title: string; action: string; url: string; current: number }

const GUIDE = [
  ['获取验证码', '打开绑定页面，会看到 6 位数字'],
  ['发给微信客服', '把数字发给客服，再点聊天里的确认卡片'],
  ['顾问加您为好友', '顾问通过手机号添加您，您点「接受」即可'],
] as const

const CARDS: Record<NextStep, Card> = {
  get_code: { title: '先完成绑定', action: '获取验证码', url: PAGES.bind, current: 0 },
  confirm: { title: '还差一步确认', action: '查看绑定进展', url: PAGES.bind, current: 1 },
  wait_for_advisor: { title: '等顾问添加您', action: '', url: '', current: 2 },
  view_projects: {
    title: '看看项目走到哪了',
    action: '查看我的项目',
    url: PAGES.projects,
    current: 3,
  },
  contact_support: { title: '需要人工核实', action: '', url: '', current: 1 },
}

/** The advisor has the customer as his contact, and the number is still to be verified. */
const VERIFYING = {
  title: '等顾问核实手机号',
  step: ['顾问核实手机号', '顾问核实您的手机号，就能看到项目'],
} as const

const IN_VERIFICATION: ReadonlySet<WhyCode> = new Set([
  'added_otherwise',
  'customer_searched',
  'phone_missing',
  'phone_in_question',
])

type Me = Pick<MeAnswer, 'nextStep' | 'nextStepText' | 'why' | 'bindingStatus' | 'notice'>

/** Always exactly one next step; its sentence is the server's. */
export function toHomeView(
  { nextStep, nextStepText, why, bindingStatus, notice }: Me,
  now: number,
): HomeView {
  const { current, ...card } = CARDS[nextStep]
  const isStated = bindingStatus === 'partial'
  const isVerifying = IN_VERIFICATION.has(why.code)
  const guide = isVerifying ? [...GUIDE.slice(0, 2), VERIFYING.step] : GUIDE
  return {
    ...card,
    ...(isVerifying && { title: VERIFYING.title }),
    text: nextStepText,
    steps:
      nextStep === 'view_projects' || nextStep === 'contact_support' ? [] : toSteps(guide, current),
    showPhoneForm: nextStep === 'get_code' || nextStep === 'wait_for_advisor',
    phoneUse: isStated ? 'change' : 'tell',
    showProjects: nextStep === 'view_projects',
    showSample: nextStep !== 'view_projects',
    waiting: nextStep === 'confirm' || nextStep === 'wait_for_advisor' || isStated,
    notice: notice ? { text: notice.text, when: formatMoment(notice.at, now) } : null,
    waitingText: isVerifying ? '核实完成后，这里会自动更新' : '添加完成后，这里会自动更新',
  }
}
