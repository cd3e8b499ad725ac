import type { Asked } from '../../lib/subscribe.ts'
import type { NoticeTemplate } from '../../services/notices.ts'

/** How it ended when it was last asked; `off`: the main switch, so that WeChat does not even ask. */
export type Outcome = 'accepted' | 'declined' | 'off' | 'banned' | 'failed'
export type ConsentFacts = { templates: NoticeTemplate[]; outcome: Outcome | null; busy: boolean }
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

const SETTINGS = '点右上角「…」→「设置」→「通知管理」'
const WORDS: Record<Outcome, string> = {
  accepted: '已经记下，项目有新进展时微信会通知您。',
  declined: `您选择了不接收，以后想收通知可以再点一次。如果没有弹出询问，请${SETTINGS}，改为接收。`,
  off: `微信里的通知总开关关着，所以没有弹出询问。请${SETTINGS}，打开「接收通知」后再点一次。`,
  banned: '微信暂时不允许发送这类通知。进度随时可以在这里查看。',
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

export function toConsentView({ templates, outcome, busy }: ConsentFacts): ConsentView {
  const hasSome = templates.some(({ remaining }) => remaining > 0)
  const isNew = outcome === 'accepted'
  return {
    shown: templates.length > 0,
    title: '有新进展时通知我',
    note: '每同意一次，可收到一条通知。收到后可以再来订阅。',
    // what WeChat tells the server comes a moment after a yes: until then nothing is said that it would contradict
    left: templates
      .filter(({ remaining }) => remaining > 0 || !isNew)
      .map(({ title, remaining }) => toLeft(templates.length > 1 ? `${title}：` : '', remaining)),
    said: outcome === null ? '' : WORDS[outcome],
    tone: outcome === null || outcome === 'accepted' ? 'good' : 'warn',
    button: hasSome || isNew ? '再订阅一条' : '订阅进度通知',
    busy,
  }
}

const toLeft = (prefix: string, remaining: number): string =>
  remaining > 0 ? `${prefix}还可收到 ${String(remaining)} 条` : `${prefix}还没有订阅`
