import type { Asked } from '../../lib/subscribe.ts'
import type { NoticeTemplate } from '../../services/notices.ts'

/** How it ended when it was last asked; `off`: the main switch, so that WeChat does not even ask. */
export type Outcome = 'accepted' | 'declined' | 'off' | 'banned' | 'failed'
export type ConsentFacts = { templates: NoticeTemplate[]; outcome: Outcome | null; busy: boolean }
export const NOTHING_ASKED: ConsentFacts = { templates: [], outcome: null, busy: false }
export type ConsentView = {
  /** Without a template there is nothing to agree to. */
  shown: boolean
  title: string
  note: string
  /** How many messages are still to come. */
  left: string[]
  said: string
  tone: 'good' | 'warn'
  button: string
  busy: boolean
}

/** What is told: how a project goes on, or what became of a booking. */
export type ConsentKind = 'stage' | 'bookingState'
type KindWords = { title: string; button: string; accepted: string; elsewhere: string }
const KINDS: Record<ConsentKind, KindWords> = {
  stage: {
    title: '有新进展时通知我',
    button: '订阅进度通知',
    accepted: '已经记下，项目有新进展时微信会通知您。',
    elsewhere: '进度随时可以在这里查看。',
  },
  bookingState: {
    title: '有结果时通知我',
    button: '订阅预约结果',
    accepted: '已经记下，顾问处理后微信会通知您。',
    elsewhere: '结果随时可以在「我的预约」里查看。',
  },
}

const SETTINGS = '点右上角「…」→「设置」→「通知管理」'
export const OUTCOMES: Record<Exclude<Outcome, 'accepted' | 'banned'>, string> = {
  declined: `您选择了不接收，以后想收通知可以再点一次。如果没有弹出询问，请${SETTINGS}，改为接收。`,
  off: `微信里的通知总开关关着，所以没有弹出询问。请${SETTINGS}，打开「接收通知」后再点一次。`,
  failed: '没有订阅成功，请稍后再试一次。',
}

const MAIN_SWITCH_OFF = 20004

/** One yes is enough for a yes. */
export function toOutcome(asked: Asked): Outcome {
  if ('errCode' in asked) return asked.errCode === MAIN_SWITCH_OFF ? 'off' : 'failed'
  const said = Object.values(asked.consents)
  if (said.includes('accept')) return 'accepted'
  if (said.includes('reject')) return 'declined'
  return said.length > 0 ? 'banned' : 'failed'
}

const toSaid = (outcome: Outcome, { accepted, elsewhere }: KindWords): string => {
  if (outcome === 'accepted') return accepted
  return outcome === 'banned' ? `微信暂时不允许发送这类通知。${elsewhere}` : OUTCOMES[outcome]
}

export function toConsentView(
  { templates, outcome, busy }: ConsentFacts,
  kind: ConsentKind,
): ConsentView {
  const words = KINDS[kind]
  const hasSome = templates.some(({ remaining }) => remaining > 0)
  const isNew = outcome === 'accepted'
  return {
    shown: templates.length > 0,
    title: words.title,
    note: '每同意一次，可收到一条通知。收到后可以再来订阅。',
    // what WeChat tells the server comes a moment after a yes: until then nothing is said that it would contradict
    left: templates
      .filter(({ remaining }) => remaining > 0 || !isNew)
      .map(({ title, remaining }) => toLeft(templates.length > 1 ? `${title}：` : '', remaining)),
    said: outcome === null ? '' : toSaid(outcome, words),
    tone: outcome === null || outcome === 'accepted' ? 'good' : 'warn',
    button: hasSome || isNew ? '再订阅一条' : words.button,
    busy,
  }
}

const toLeft = (prefix: string, remaining: number): string =>
  remaining > 0 ? `${prefix}还可收到 ${String(remaining)} 条` : `${prefix}还没有订阅`
