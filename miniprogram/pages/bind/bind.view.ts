import type { BindCodeAnswer, BindingStatusAnswer } from '../../../shared/api/binding.ts'
import type { PhoneUse } from '../../components/phone-form/phone-form.view.ts'
import { toSteps, type GuideStep } from '../../components/step-guide/step-guide.view.ts'
import { formatCountdown, groupCode, secondsLeft } from '../../lib/format.ts'
import { toMessage, type Problem } from '../../lib/problem.ts'
import type { ChatLink } from '../../lib/ui.ts'
import { toBoundView, type BoundView } from './bound.view.ts'

/** Everything the page knows; instants in server milliseconds. */
export type BindFacts = {
  status: BindingStatusAnswer | null
  code: BindCodeAnswer | null
  /** The chat, once a code or the server has told where it is. */
  chat: ChatLink | null
  /** The phone that he stated, masked; empty: none, or not known yet. */
  stated: string
  /** A card that an advisor sent: the customer is asked first whether he is meant. */
  question: Words | null
  /** A ticket from the chat is being opened. */
  opening: boolean
  problem: Problem | null
  /** Until when the server asked to wait with a new code; 0: not at all. */
  waitUntil: number
  /** The part with the digits is unfolded. */
  digitsOpen: boolean
  copied: boolean
  /** This WeChat did not open the chat. */
  chatRefused: boolean
  unstable: boolean
  /** How many codes were fetched without being asked for, since the customer came or tapped. */
  renewals: number
  now: number
}

type Words = { title: string; text: string }
type Phase = 'loading' | 'question' | 'opening' | 'code' | 'confirm' | 'bound' | 'ended' | 'problem'

type BindView = {
  phase: Phase
  steps: GuideStep[]
  live: string
  title: string
  text: string
  /** How to bind where people answer the chat. */
  hint: string
  /** What to do where the chat cannot be opened from here: send digits, or take another phone. */
  help: '' | 'digits' | 'elsewhere'
  /** The chat, as WeChat lists it. */
  chatName: string
  digits: DigitsView
  /** Where the button of a page that is bound leads. */
  way: BoundView['way']
  /** What a phone is asked for; '': it is not. */
  phoneUse: PhoneUse | ''
  stated: string
  again: { text: string; off: boolean }
  problem: Problem | null
  canChat: boolean
  /** The attempt failed for a reason that he may have to ask about. */
  asks: boolean
}

/** The fallback of the link: folded, and not there at all where nobody would answer digits. */
type DigitsView = {
  offered: boolean
  /** What unfolds it. */
  offer: string
  open: boolean
  text: string
  /** One by one, as they are to be read out. */
  said: string
  countdown: string
  urgent: boolean
  leftPercent: number
  copied: boolean
  steps: GuideStep[]
}

const CODE_SECONDS = 300
const URGENT_SECONDS = 60

const CARD_STEP = ['点聊天里的确认卡片', '点「打开小程序完成绑定」，就好了'] as const
const GUIDE = [['打开客服聊天', '点下面的按钮，会打开微信里的客服聊天'], CARD_STEP] as const
const GUIDE_BY_DIGITS = [
  ['复制绑定码', '点上面的「复制绑定码」，数字就存好了'],
  ['去聊天里粘贴', '长按输入框，选「粘贴」，再点「发送」'],
  CARD_STEP,
] as const
const SERVED_BY_PEOPLE = '客服聊天由人工接待，不用发送绑定码，点收到的确认卡片就好。'

const ENDED = {
  expired: '绑定码已过期',
  refused: '这次绑定没有成功',
  none: '还没有开始绑定',
} as const

/** Their words name 联系客服. */
const ASKS: ReadonlySet<string> = new Set(['account_taken', 'contact_taken'])

/** The chat without the nonce: a spent nonce would make the bot answer that it is invalid. */
export const toChat = ({ kfUrl, corpId }: ChatLink): ChatLink => ({
  kfUrl: kfUrl.replace(/&scene_param=[^&]*$/, ''),
  corpId,
})

/** A ticket that the server refused, in its words; a new start is the way on. */
export const toTicketProblem = (error: unknown): Problem => ({
  kind: 'error',
  title: '确认没有成功',
  text: toMessage(error),
  action: '重新开始',
  trace: '',
})

/** An advisor's card may have been forwarded: its holder says first that he is meant. */
export const toCardQuestion = (advisorName?: string): Words => ({
  title: advisorName ? `顾问${advisorName}邀请您` : '顾问邀请您',
  text: '绑定后可以查看您的项目进度。如果这张卡片是顾问发给您本人的，请点「是我本人」；如果是别人转发的，请点「不是发给我的」。',
})

export const isLive = (code: BindCodeAnswer | null, now: number): code is BindCodeAnswer =>
  code !== null && secondsLeft(code.expiresAt, now) > 0

export function toPhase({ status, code, question, opening, problem, now }: BindFacts): Phase {
  if (question) return 'question'
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
  const { status } = facts
  const asksForPhone = phase === 'confirm' && status?.reason === 'card_opened'
  return {
    phase,
    steps:
      phase === 'code' || (phase === 'confirm' && !asksForPhone)
        ? toSteps(GUIDE, phase === 'code' ? 0 : 1)
        : [],
    live: facts.unstable
      ? '网络不太稳定，正在重试…'
      : asksForPhone
        ? '完成后，这里会自动更新'
        : '点完卡片，这里会自动更新',
    way: 'home',
    phoneUse: asksForPhone ? 'prove' : '',
    ...(phase === 'bound' ? toBoundView(facts) : toWords(phase, facts)),
    hint: phase === 'code' && facts.code?.servedByPeople ? SERVED_BY_PEOPLE : '',
    help:
      phase !== 'code' || !facts.chatRefused
        ? ''
        : facts.code?.servedByPeople
          ? 'elsewhere'
          : 'digits',
    chatName: facts.code?.kfName ? `「${facts.code.kfName}」` : '我们公司的客服',
    digits: toDigits(phase, facts),
    stated: facts.stated,
    again: toAgain(phase, facts),
    problem: phase === 'problem' ? facts.problem : null,
    canChat: facts.chat !== null && !facts.chatRefused,
    asks:
      phase === 'ended' &&
      status?.reason !== undefined &&
      ASKS.has(status.reason) &&
      facts.chat !== null,
  }
}

function toDigits(phase: Phase, { code, digitsOpen, copied, now }: BindFacts): DigitsView {
  const shown = phase === 'code' && code !== null && !code.servedByPeople ? code : null
  const seconds = shown && digitsOpen ? secondsLeft(shown.expiresAt, now) : 0
  return {
    offered: shown !== null,
    offer: shown ? `没有看到卡片？改用 ${shown.bindCode.length} 位绑定码` : '',
    open: shown !== null && digitsOpen,
    text: shown && digitsOpen ? groupCode(shown.bindCode) : '',
    said: shown && digitsOpen ? [...shown.bindCode].join(' ') : '',
    countdown: formatCountdown(seconds),
    urgent: seconds < URGENT_SECONDS,
    leftPercent: Math.min(100, Math.round((seconds / CODE_SECONDS) * 100)),
    copied,
    steps: shown && digitsOpen ? toSteps(GUIDE_BY_DIGITS, copied ? 1 : 0) : [],
  }
}

function toWords(phase: Phase, facts: BindFacts): Words {
  const { status, question } = facts
  const text = status?.text ?? ''
  if (phase === 'question') return question ?? { title: '', text }
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
  return toEndedWords(facts)
}

/** Who never saw the digits is not told that they have expired. */
function toEndedWords({ status, digitsOpen, waitUntil, now }: BindFacts): Words {
  const state = status?.state === 'refused' || status?.state === 'none' ? status.state : 'expired'
  if (state !== 'refused' && secondsLeft(waitUntil, now) > 0)
    return { title: '请稍等一会儿', text: '刚才试得有点多，过一会儿就可以重新开始。' }
  const isLink =
    state === 'expired' && !digitsOpen && (status?.reason ?? 'code_expired') === 'code_expired'
  if (isLink)
    return {
      title: '等得有点久了',
      text: '为了安全，绑定要在 5 分钟内完成。请重新开始，很快就好。',
    }
  return { title: ENDED[state], text: status?.text ?? '请重新开始绑定。' }
}

/** The button for a new code, shut while the server asked to wait. */
function toAgain(
  phase: Phase,
  { waitUntil, now, status, digitsOpen }: BindFacts,
): BindView['again'] {
  const wait = secondsLeft(waitUntil, now)
  if (wait > 0)
    return {
      text: `${wait > 90 ? `${Math.ceil(wait / 60)} 分钟` : `${wait} 秒`}后可重试`,
      off: true,
    }
  if (phase === 'code') return { text: '换一个绑定码', off: false }
  if (phase === 'confirm')
    return {
      text: status?.reason === 'card_opened' ? '改用客服聊天绑定' : '没收到卡片？重新开始',
      off: false,
    }
  return { text: digitsOpen ? '获取新的绑定码' : '重新开始', off: false }
}
