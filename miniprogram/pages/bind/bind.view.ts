import type { BindCodeAnswer, BindingStatusAnswer } from '../../../shared/api/binding.ts'
import { toSteps, type GuideStep } from '../../components/step-guide/step-guide.view.ts'
import { formatCountdown, groupCode, secondsLeft } from '../../lib/format.ts'
import { toMessage, type Problem } from '../../lib/problem.ts'
import type { ChatLink } from '../../lib/ui.ts'

/** Everything the page knows; instants in server milliseconds. */
export type BindFacts = {
  status: BindingStatusAnswer | null
  code: BindCodeAnswer | null
  /** The chat, once a code or the server has told where it is. */
  chat: ChatLink | null
  /** A ticket from the chat is being opened. */
  opening: boolean
  problem: Problem | null
  /** Until when the server asked to wait with a new code; 0: not at all. */
  waitUntil: number
  copied: boolean
  unstable: boolean
  now: number
}

type Phase = 'loading' | 'opening' | 'code' | 'confirm' | 'bound' | 'ended' | 'problem'

type BindView = {
  phase: Phase
  digits: string
  countdown: string
  urgent: boolean
  leftPercent: number
  steps: GuideStep[]
  live: string
  title: string
  text: string
  /** How to bind where people answer the chat. */
  hint: string
  /** bound, and an advisor still has to add the customer */
  waitsForAdvisor: boolean
  /** A welcome card was opened and does not suffice: a phone is the simplest way on. */
  asksForPhone: boolean
  again: { text: string; off: boolean }
  problem: Problem | null
  canChat: boolean
}

const CODE_SECONDS = 300
const URGENT_SECONDS = 60

const GUIDE = [
  ['复制验证码', '点「复制验证码」，数字就存好了'],
  ['打开客服聊天，发送验证码', '在聊天里长按输入框，选「粘贴」，再点「发送」'],
  ['点聊天里的确认卡片', '点「打开小程序完成绑定」，就好了'],
] as const

/** Where people answer the chat, digits get no answer; what comes with opening it does. */
const GUIDE_BY_LINK = [['打开客服聊天', '点「打开客服聊天」，不用发送验证码'], GUIDE[2]] as const
const SERVED_BY_PEOPLE =
  '客服聊天由人工接待，验证码不会自动回复。请直接点「打开客服聊天」，再点收到的确认卡片。'

const ENDED = {
  expired: '验证码已过期',
  refused: '这次绑定没有成功',
  none: '还没有验证码',
} as const

/** The chat without the nonce: a spent nonce would make the bot answer that it is invalid. */
export const toChat = ({ kfUrl, corpId }: ChatLink): ChatLink => ({
  kfUrl: kfUrl.replace(/&scene_param=[^&]*$/, ''),
  corpId,
})

/** A ticket that the server refused, in its words; a new code is the way on. */
export const toTicketProblem = (error: unknown): Problem => ({
  kind: 'error',
  title: '确认没有成功',
  text: toMessage(error),
  action: '获取新的验证码',
  trace: '',
})

/** An advisor's card may have been forwarded: its holder says first that he is meant. */
export const toCardQuestion = (advisorName?: string): { title: string; text: string } => ({
  title: advisorName ? `顾问${advisorName}邀请您` : '顾问邀请您',
  text: '绑定后可以查看您的项目进度。如果这张卡片是顾问发给您本人的，请点「是我本人」；如果是别人转发的，请点「先不」。',
})

export const isLive = (code: BindCodeAnswer | null, now: number): code is BindCodeAnswer =>
  code !== null && secondsLeft(code.expiresAt, now) > 0

export function toPhase({ status, code, opening, problem, now }: BindFacts): Phase {
  if (opening) return 'opening'
  if (problem) return 'problem'
  if (!status) return 'loading'
  if (status.state === 'bound') return 'bound'
  if (status.state === 'awaiting_confirmation') return 'confirm'
  if (status.state === 'code_live' && isLive(code, now)) return 'code'
  return 'ended'
}

export function toBindView(facts: BindFacts): BindView {
  const phase = toPhase(facts)
  const { status, code, now } = facts
  const asksForPhone = phase === 'confirm' && status?.reason === 'card_opened'
  const seconds = phase === 'code' && code ? secondsLeft(code.expiresAt, now) : 0
  return {
    phase,
    digits: phase === 'code' && code ? groupCode(code.bindCode) : '',
    countdown: formatCountdown(seconds),
    urgent: seconds < URGENT_SECONDS,
    leftPercent: Math.min(100, Math.round((seconds / CODE_SECONDS) * 100)),
    steps: asksForPhone ? [] : toGuide(phase, facts),
    live: facts.unstable
      ? '网络不太稳定，正在重试…'
      : asksForPhone
        ? '完成后，这里会自动更新'
        : phase === 'confirm'
          ? '确认后，这里会自动更新'
          : '发送后，这里会自动更新',
    ...toWords(phase, status),
    hint: phase === 'code' && code?.servedByPeople ? SERVED_BY_PEOPLE : '',
    waitsForAdvisor: phase === 'bound' && status?.reason !== undefined,
    asksForPhone,
    again: toAgain(facts),
    problem: phase === 'problem' ? facts.problem : null,
    canChat: facts.chat !== null,
  }
}

function toGuide(phase: Phase, { code, copied }: BindFacts): GuideStep[] {
  const guide = code?.servedByPeople ? GUIDE_BY_LINK : GUIDE
  if (phase === 'confirm') return toSteps(guide, guide.length - 1)
  return phase === 'code' ? toSteps(guide, copied && guide === GUIDE ? 1 : 0) : []
}

function toWords(
  phase: Phase,
  status: BindingStatusAnswer | null,
): { title: string; text: string } {
  const text = status?.text ?? ''
  if (phase === 'bound')
    return { title: '绑定成功', text: text || '您现在可以查看自己的项目进度了。' }
  if (phase === 'confirm')
    return {
      title:
        status?.reason === 'checking'
          ? '正在核对'
          : status?.reason === 'card_opened'
            ? '还差一步'
            : '还差一步确认',
      text: text || '请回到客服聊天，点一下确认卡片',
    }
  if (phase !== 'ended') return { title: '', text: '' }
  return {
    title:
      ENDED[status?.state === 'refused' || status?.state === 'none' ? status.state : 'expired'],
    text: text || '请获取新的验证码，再发给客服。',
  }
}

/** The button for a new code, shut while the server asked to wait. */
function toAgain({ waitUntil, now, code, status }: BindFacts): BindView['again'] {
  const wait = secondsLeft(waitUntil, now)
  if (wait > 0)
    return {
      text: `${wait > 90 ? `${Math.ceil(wait / 60)} 分钟` : `${wait} 秒`}后可重新获取`,
      off: true,
    }
  return {
    text: status?.state === 'code_live' && isLive(code, now) ? '换一个验证码' : '获取新的验证码',
    off: false,
  }
}
