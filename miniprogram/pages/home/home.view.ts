import type { MeAnswer, NextStep } from '../../../shared/api/sign-in.ts'
import type { PhoneUse } from '../../components/phone-form/phone-form.view.ts'
import {
  toProjectCard,
  type ProjectCardView,
} from '../../components/project-card/project-card.view.ts'
import { toSteps, type GuideStep } from '../../components/step-guide/step-guide.view.ts'
import { formatMoment } from '../../lib/format.ts'
import { PAGES, type ChatLink } from '../../lib/ui.ts'
import { toWaiting } from '../../lib/waiting.ts'
import type { ProjectPage } from '../../services/projects.ts'

export type HomeView = {
  label: string
  title: string
  text: string
  /** The one button: it leads to `url`, or to the chat of `support`; empty: there is nothing to tap. */
  action: string
  url: string
  support: ChatLink | null
  /** The same chat, where another place than that button leads to it. */
  chat: ChatLink | null
  steps: GuideStep[]
  /** What a phone is asked for; '': it is not. */
  phoneUse: PhoneUse | ''
  /** The phone that was stated, masked. */
  stated: string
  mayQuery: boolean
  /** A wait that ends by itself; the card says that it goes on. */
  waits: boolean
  /** Whether the answer may change without the customer's doing. */
  looksAgain: boolean
  /** What happened to the binding without the customer's doing here; `asks`: below it is the way to the chat, which no other button is. */
  notice: { title: string; text: string; when: string; asks: boolean } | null
}

type Step = NextStep | 'unknown'
type Card = { label: string; title: string; action?: string; url?: string }

const GUIDE = [
  ['打开客服聊天', '点「开始绑定」，再点「打开客服聊天」'],
  ['点聊天里的确认卡片', '点「打开小程序完成绑定」'],
  ['留下手机号', '顾问按手机号添加您，您点「接受」，就能看到项目'],
] as const

const CARDS: Record<Step, Card> = {
  get_code: { label: '下一步', title: '先完成绑定', action: '开始绑定', url: PAGES.bind },
  confirm: { label: '下一步', title: '还差一步确认', action: '查看绑定进展', url: PAGES.bind },
  state_phone: { label: '下一步', title: '请留下您的手机号' },
  wait_for_advisor: { label: '正在进行', title: '等顾问添加您，请点「接受」' },
  ask_advisor: { label: '下一步', title: '请联系客服' },
  view_projects: {
    label: '绑定已完成',
    title: '您的项目',
    action: '查看我的项目',
    url: PAGES.projects,
  },
  contact_support: { label: '下一步', title: '需要人工核实' },
  unknown: { label: '绑定进展', title: '请看下面的说明' },
}
/** The advisor has the customer as his contact, and the number is still to be verified. */
const VERIFYING = '等顾问核实手机号'

/** News that tell him to ask about it. */
const ASKS: ReadonlySet<string> = new Set(['unbound', 'phone_changed'])
const LEADS_TO_CHAT: ReadonlySet<Step> = new Set(['ask_advisor', 'contact_support', 'unknown'])
const STEP_OF_GUIDE: Partial<Record<Step, number>> = { get_code: 0, confirm: 1 }

type Me = Pick<
  MeAnswer,
  'nextStep' | 'nextStepText' | 'why' | 'bindingStatus' | 'notice' | 'claim' | 'support'
>

/** Always exactly one next step; its sentence is the server's. */
export function toHomeView(me: Me, now: number): HomeView {
  const { step, waits } = toStep(me)
  const { label, title, action = '', url = '' } = CARDS[step]
  const support = LEADS_TO_CHAT.has(step) ? (me.support ?? null) : null
  const current = STEP_OF_GUIDE[step]
  return {
    label: waits ? `${label}，完成后这里会自动更新` : label,
    title: step === 'wait_for_advisor' && me.why.code !== 'not_added' ? toWaitTitle(me) : title,
    text: me.nextStepText,
    action: support ? '联系客服' : action,
    url,
    support,
    chat: me.support ?? null,
    steps: current === undefined ? [] : toSteps(GUIDE, current),
    phoneUse: toPhoneUse(step, me),
    stated: me.claim?.phoneMasked ?? '',
    mayQuery: step === 'view_projects',
    waits,
    looksAgain:
      step !== 'view_projects' && !(step === 'get_code' && me.bindingStatus === 'unbound'),
    notice: me.notice
      ? {
          title: me.notice.title,
          text: me.notice.text,
          when: formatMoment(me.notice.at, now),
          asks: ASKS.has(me.notice.kind) && support === null && me.support !== undefined,
        }
      : null,
  }
}

/** What the server says, and what it means where waiting is concerned: a server of an older version waits for everything. */
function toStep({ nextStep, why, claim }: Me): { step: Step; waits: boolean } {
  if (!Object.hasOwn(CARDS, nextStep)) return { step: 'unknown', waits: false }
  if (nextStep !== 'wait_for_advisor') return { step: nextStep, waits: false }
  const waiting = toWaiting(why.code, claim !== undefined)
  if (waiting === 'phone') return { step: 'state_phone', waits: false }
  if (waiting === 'endless') return { step: 'ask_advisor', waits: false }
  return { step: nextStep, waits: waiting === 'ends' }
}

const toWaitTitle = ({ why }: Me): string =>
  why.code === 'phone_missing' || why.code === 'phone_in_question'
    ? VERIFYING
    : CARDS.wait_for_advisor.title

/** The phone is the next step of who is bound; before that it is an offer, and a stated one may be changed. */
function toPhoneUse(step: Step, { claim, bindingStatus }: Me): PhoneUse | '' {
  if (step === 'state_phone') return 'next'
  if (claim) return 'change'
  if (step !== 'get_code') return ''
  return bindingStatus === 'partial' ? 'change' : 'tell'
}

export type HomeProjects = {
  /** The one that counts now: the newest that runs, else the newest. */
  main: ProjectCardView
  label: string
  /** The way to the others; empty: there is one only. */
  all: string
}

/** The projects as the home shows them; null: there are none. The list comes newest first. */
export function toHomeProjects(
  { items, nextCursor }: ProjectPage,
  now: number,
): HomeProjects | null {
  const main = items.find(({ finished }) => !finished) ?? items[0]
  if (!main) return null
  return {
    main: toProjectCard(main, now),
    label: main.finished ? '您的项目，已经完成' : '正在进行的项目',
    all:
      nextCursor !== undefined
        ? '查看全部项目'
        : items.length > 1
          ? `查看全部 ${items.length} 个项目`
          : '',
  }
}
